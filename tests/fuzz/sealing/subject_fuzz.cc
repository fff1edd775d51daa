// Contents of sealed identities. Property: an identity has one spelling, and it is canonical JSON.
#include <cstdint>
#include <cstdlib>

#include "lib/base/json.h"
#include "lib/sealing/subject.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sluis::BytesView input(reinterpret_cast<const char*>(data), size);
  const sluis::SecretBytes content = sluis::SecretBytes::CopyOf(input);
  const auto subject = sluis::ParseIdentity(content);
  if (!subject.ok()) return 0;
  if (!sluis::EncodeIdentity(*subject).Equals(content)) std::abort();
  if (!sluis::ParseCanonicalJson(input).ok()) std::abort();
  return 0;
}
