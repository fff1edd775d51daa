// Answers to an inquiry. Property: without the owner's key none is accepted.
#include "lib/pseudonym/inquiry.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  static const Ed25519PublicKey key = Ed25519PrivateKey::Generate().public_key();
  const SecretBytes content = SecretBytes::CopyOf(input);
  const ExchangeId exchange = ExchangeId::FromBytes({1});
  fuzz::Require(!DecodeHits(content, exchange, input.size() / 65, key).ok());
  return 0;
}
