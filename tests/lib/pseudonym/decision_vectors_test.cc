// decision-statement.json: statements, malformed ones, and what they cover. Arrangements are read
// by tests/lib/identity.
#include <gtest/gtest.h>

#include <map>

#include "lib/crypto/hash.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/request_check.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_literals;
using sluis::testing::HasReason;
using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

struct Broker {
  Ed25519PrivateKey key;
  Digest pack;
};

Broker BrokerOf(const Json& content) {
  Broker broker{
      Ed25519PrivateKey::FromSeed(SecretBytes::Take(Unhex(content.at("broker_seed")))).value(),
      DigestOfHex(content.at("pack"))};
  EXPECT_EQ(AsView(broker.key.public_key().raw()), Unhex(content.at("broker_public")));
  return broker;
}

DecisionStatement CheckStatement(const Json& s, const Broker& broker) {
  auto statement = DecisionStatement::Verify(Unhex(s.at("wire")), broker.key.public_key());
  EXPECT_OK(statement);
  EXPECT_EQ(statement->json(), s.at("json").get<std::string>());
  EXPECT_EQ(AsView(statement->digest()), Unhex(s.at("mandate_digest")));
  EXPECT_EQ("sluis/decision/v1\0"s + ToBytes(statement->digest()), Unhex(s.at("signed_bytes")));
  EXPECT_EQ(broker.key.Sign(Unhex(s.at("signed_bytes"))), Unhex(s.at("signature")));
  const auto again = DecisionStatement::Sign(statement->terms(), broker.key);
  EXPECT_OK(again);
  EXPECT_EQ(again->wire(), Unhex(s.at("wire")));
  return *std::move(statement);
}

absl::Status RunCovers(const Json& c, const DecisionStatement& statement, const Digest& pack) {
  const Bytes head_bytes = Unhex(c.at("head"));
  const absl::Time now = absl::FromUnixSeconds(c.at("now").get<std::int64_t>());
  const std::uint64_t count = c.at("count");
  const Digest packs[] = {pack};
  if (head_bytes[1] == 5) {
    const EnrolHead head = EnrolHead::Decode(head_bytes).value();
    EXPECT_EQ(head.Encode(), head_bytes);
    EXPECT_EQ(AsView(head.key_id), Unhex(c.at("key_id")));
    return CheckCoversEnrolment(statement, head.mandate, head.signer,
                                Domain::DecodeIndex(head.d_index).value(), count, now, packs);
  }
  const RequestHead head = RequestHead::Decode(head_bytes).value();
  return CheckCovers(statement, head, RouteOf(head).value(), count, now, packs);
}

TEST(DecisionVectors, EveryValue) {
  for (const auto& file : LoadVectors("decision-statement")) {
    const Broker broker = BrokerOf(file.content);
    std::map<std::string, DecisionStatement> statements;
    for (const Json& s : file.content.at("statements")) {
      SCOPED_TRACE(s.at("id").dump());
      statements.emplace(s.at("id"), CheckStatement(s, broker));
    }
    for (const Json& m : file.content.at("malformed")) {
      SCOPED_TRACE(m.at("id").dump());
      EXPECT_THAT(DecisionStatement::Verify(Unhex(m.at("wire")), broker.key.public_key()),
                  HasReason(m.at("expect").get<std::string>()));
    }
    int good = 0, bad = 0;
    for (const Json& c : file.content.at("covers")) {
      SCOPED_TRACE(c.at("id").dump());
      const absl::Status status = RunCovers(c, statements.at(c.at("statement")), broker.pack);
      if (c.at("expect") == "ok") {
        EXPECT_OK(status);
        ++good;
      } else {
        EXPECT_THAT(status, HasReason(c.at("expect").get<std::string>()));
        ++bad;
      }
    }
    EXPECT_GT(good, 0);
    EXPECT_GT(bad, 0);
  }
}

}  // namespace
}  // namespace sluis::pseudonym
