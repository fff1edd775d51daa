// Mapping texts. Properties: what is accepted passes the check and can be written and read again; what is refused has the
// one reason and names a place.
#include <google/protobuf/text_format.h>

#include <cstdint>
#include <cstdlib>

#include "clients/lib/register/mapping.h"
#include "lib/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto mapping = sluis::edge::ParseMapping({reinterpret_cast<const char*>(data), size});
  if (!mapping.ok()) {
    const sluis::ErrorDetail detail = sluis::DetailOf(mapping.status());
    if (detail.reason != "MAPPING_INVALID" || detail.violations.empty()) std::abort();
    return 0;
  }
  std::string text;
  if (!google::protobuf::TextFormat::PrintToString(*mapping, &text)) std::abort();
  if (text.size() > sluis::edge::kMaxMappingBytes) return 0;
  const auto again = sluis::edge::ParseMapping(text);
  if (!again.ok() || again->SerializeAsString() != mapping->SerializeAsString()) std::abort();
  return 0;
}
