// Decision statements: the input is the JSON, signed here, so that the reading behind the signature
// is reached. Property: an accepted one has one spelling.
#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/decision_statement.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  static const Ed25519PrivateKey broker = Ed25519PrivateKey::Generate();
  const Bytes to_sign =
      ByteWriter().Raw(BytesView("sluis/decision/v1\0", 18)).Raw(AsView(Sha256(input))).bytes();
  const Bytes wire = ByteWriter()
                         .U32(static_cast<std::uint32_t>(input.size()))
                         .Raw(input)
                         .Raw(AsView(broker.public_key().KeyId()))
                         .Raw(broker.Sign(to_sign))
                         .bytes();
  const auto statement = DecisionStatement::Verify(wire, broker.public_key());
  if (!statement.ok()) return 0;
  fuzz::Require(statement->json() == input);
  const auto again = DecisionStatement::Sign(statement->terms(), broker);
  fuzz::Require(again.ok() && again->wire() == wire);
  return 0;
}
