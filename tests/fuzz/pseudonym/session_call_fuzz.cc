// Session calls. Property: an accepted one is put together from its parts; no stranger's verifies.
#include "lib/pseudonym/session.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  static const Ed25519PublicKey key = Ed25519PrivateKey::Generate().public_key();
  const auto session = SignedSession::Decode(input);
  if (!session.ok()) return 0;
  fuzz::Require(session->bytes() == input);
  fuzz::Require(input.substr(4, input.size() - 4 - kEd25519SignatureSize) ==
                session->head().Encode());
  fuzz::Require(!session->VerifySignature(key).ok());
  return 0;
}
