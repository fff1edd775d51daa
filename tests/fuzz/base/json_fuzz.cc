// Strict JSON. Properties: an accepted text says the same when it is written and read again;
// canonical bytes are accepted as canonical, and nothing else of the same value is.
#include <cstdint>
#include <cstdlib>

#include "lib/base/json.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto as_canonical = sluis::ParseCanonicalJson(input);
  const auto value = sluis::ParseJsonStrict(input);
  Require(value.ok() || !as_canonical.ok());
  if (!value.ok()) return 0;
  const auto again = sluis::ParseJsonStrict(value->dump());
  Require(again.ok() && *again == *value);
  const auto canonical = sluis::CanonicalJson(*value);
  Require(as_canonical.ok() == (canonical.ok() && *canonical == input));
  if (!canonical.ok()) return 0;
  const auto back = sluis::ParseCanonicalJson(*canonical);
  Require(back.ok() && *back == *value);
  return 0;
}
