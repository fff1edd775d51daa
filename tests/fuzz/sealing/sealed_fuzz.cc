// Frames of sealed fields. Property: an accepted frame is exactly its parts, put together again;
// what a stranger made never verifies, whatever it says.
#include <cstdint>
#include <cstdlib>

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "lib/sealing/sealed_field.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

sluis::Bytes Assembled(const sluis::SealedView& view) {
  return sluis::ByteWriter()
      .Lp2(view.aad)
      .Raw(view.enc)
      .U32(static_cast<std::uint32_t>(view.ciphertext.size()))
      .Raw(view.ciphertext)
      .Raw(view.signature)
      .bytes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  static const Ed25519PrivateKey sender = Ed25519PrivateKey::Generate();
  static const X25519PrivateKey recipient = X25519PrivateKey::Generate();
  static const SealContext context{
      {Oin::Parse("00000099000000001000").value(), UnitPath::Parse("politie/informatie").value()},
      {Oin::Parse("00000099000000002000").value(), UnitPath::Parse("gemeente/oov").value()},
      "",
      "openbare-orde"};
  const BytesView input(reinterpret_cast<const char*>(data), size);
  const auto view = ParseSealed(input);
  if (!view.ok()) return 0;
  Require(Assembled(*view) == input && view->digest == Sha256(input));
  Require(!VerifySealed(*view, context, recipient.public_key(), sender.public_key()).ok());
  return 0;
}
