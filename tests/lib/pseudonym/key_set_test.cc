// The public side of the ceremony, orders to shred, and what a transcryptor seals: every document
// is exactly one text, signed and proven, or refused.
#include "lib/pseudonym/key_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/pseudonym/shred_order.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using ::sluis::testing::HasReason;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

struct Operator {
  TranscryptorKeys keys = TranscryptorKeys::Generate();
  Ed25519PrivateKey signing = Ed25519PrivateKey::Generate();
  X25519PrivateKey sealing = X25519PrivateKey::Generate();
  TranscryptorIdentity Identity(Hop hop, const char* oin, const char* name = "midden") const {
    return {
        hop, *Oin::Parse(oin), name, signing.public_key(), sealing.public_key(), keys.public_x()};
  }
};

class KeySetTest : public ::testing::Test {
 protected:
  static constexpr char kFirst[] = "00000099900000001000";
  static constexpr char kSecond[] = "00000099900000002000";
  TranscryptorIdentity One() const { return one.Identity(Hop::kFirst, kFirst); }
  TranscryptorIdentity Two() const { return two.Identity(Hop::kSecond, kSecond); }
  Bytes FromOne() const { return WriteContribution(One(), Two(), one.keys, one.signing).value(); }
  Bytes FromTwo() const { return WriteContribution(Two(), One(), two.keys, two.signing).value(); }
  KeySet Set() const { return KeySet::Join(FromOne(), FromTwo()).value(); }
  // The document with one member replaced, in canonical form again.
  static Bytes With(const Bytes& document, const Json::json_pointer& at, const Json& value) {
    Json json = Json::parse(document);
    json[at] = value;
    return CanonicalJson(json).value();
  }
  Operator one, two;
};

TEST_F(KeySetTest, BothOperatorsGetTheSameBytes) {
  const Bytes from_one = FromOne(), from_two = FromTwo();
  ASSERT_OK_AND_ASSIGN(const KeySet at_one, KeySet::Join(from_one, from_two));
  ASSERT_OK_AND_ASSIGN(const KeySet at_two, KeySet::Join(from_two, from_one));
  EXPECT_EQ(at_one.document(), at_two.document());
  ASSERT_OK_AND_ASSIGN(const KeySet read, KeySet::Parse(at_one.document()));
  EXPECT_EQ(read.half(Hop::kFirst), One());
  EXPECT_EQ(read.half(Hop::kSecond), Two());
  EXPECT_EQ(read.ceremony().y, Multiply(one.keys.x(), two.keys.public_x()));
  EXPECT_EQ(read.digest(), at_two.digest());
}

TEST_F(KeySetTest, HalfIsSignedAndCanonical) {
  const Bytes half = WritePublicHalf(One(), one.signing);
  EXPECT_EQ(*ParsePublicHalf(half), One());
  EXPECT_THAT(ParsePublicHalf(WritePublicHalf(One(), two.signing)), HasReason("E_SIGNATURE"));
  EXPECT_THAT(ParsePublicHalf(half + "\n"), HasReason("E_STATEMENT"));
  EXPECT_THAT(ParsePublicHalf(half.substr(0, half.size() - 1)), HasReason("E_STATEMENT"));
  using P = Json::json_pointer;
  EXPECT_THAT(ParsePublicHalf(With(half, P("/half/hop"), 3)), HasReason("E_STATEMENT"));
  EXPECT_THAT(ParsePublicHalf(With(half, P("/half/hop"), 2)), HasReason("E_SIGNATURE"));
  EXPECT_THAT(ParsePublicHalf(With(half, P("/half/extra"), 1)), HasReason("E_STATEMENT"));
  EXPECT_THAT(ParsePublicHalf(With(half, P("/half/oin"), "1")), HasReason("E_STATEMENT"));
  EXPECT_THAT(ParsePublicHalf(With(half, P("/half/x"), Base64Encode(Bytes(32, '\0')))),
              HasReason("E_STATEMENT"));
}

TEST_F(KeySetTest, ContributionNeedsTwoHalvesOfOneCeremony) {
  const auto refused = [&](const TranscryptorIdentity& own, const TranscryptorIdentity& other) {
    return WriteContribution(own, other, one.keys, one.signing);
  };
  EXPECT_THAT(refused(One(), one.Identity(Hop::kFirst, kSecond)), HasReason("E_STATEMENT"));
  EXPECT_THAT(refused(One(), two.Identity(Hop::kSecond, kFirst)), HasReason("E_STATEMENT"));
  EXPECT_THAT(refused(One(), two.Identity(Hop::kSecond, kSecond, "noord")),
              HasReason("E_STATEMENT"));
  EXPECT_THAT(refused(One(), one.Identity(Hop::kSecond, kSecond)), HasReason("E_STATEMENT"));
}

TEST_F(KeySetTest, JoinRefusesWhatDoesNotBelongTogether) {
  EXPECT_THAT(KeySet::Join(FromOne(), FromOne()), HasReason("E_STATEMENT"));
  const Operator stranger;
  const Bytes with_stranger =
      WriteContribution(One(), stranger.Identity(Hop::kSecond, kSecond), one.keys, one.signing)
          .value();
  EXPECT_THAT(KeySet::Join(with_stranger, FromTwo()), HasReason("E_STATEMENT"));
  EXPECT_THAT(KeySet::Join("{}", FromTwo()), HasReason("E_STATEMENT"));
  // An operator who proves with a key that is not his.
  Operator liar;
  const Bytes lie = WriteContribution(One(), Two(), liar.keys, one.signing).value();
  EXPECT_FALSE(KeySet::Join(lie, FromTwo()).ok());
}

TEST_F(KeySetTest, EachProofAndSignatureCounts) {
  const Bytes document = Set().document();
  using P = Json::json_pointer;
  const Json json = Json::parse(document);
  EXPECT_THAT(KeySet::Parse(With(document, P("/proofs/0"), json["proofs"][1])),
              HasReason("E_PROOF"));
  EXPECT_THAT(KeySet::Parse(With(document, P("/proofs/1"), json["proofs"][0])),
              HasReason("E_PROOF"));
  EXPECT_THAT(KeySet::Parse(With(document, P("/signatures/0"), json["signatures"][1])),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(KeySet::Parse(With(document, P("/signatures/1"), json["signatures"][0])),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(KeySet::Parse(With(document, P("/core/y"), json["core"]["first"]["x"])),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(KeySet::Parse(With(document, P("/more"), 1)), HasReason("E_STATEMENT"));
}

TEST_F(KeySetTest, FirstStartIsOfOneHalfOfOneSet) {
  const KeySet set = Set();
  const Bytes record = WriteFirstStart(set, Hop::kFirst, one.signing);
  EXPECT_OK(VerifyFirstStart(record, set, Hop::kFirst));
  EXPECT_THAT(VerifyFirstStart(record, set, Hop::kSecond), HasReason("E_MANDATE"));
  EXPECT_THAT(VerifyFirstStart(WriteFirstStart(set, Hop::kFirst, two.signing), set, Hop::kFirst),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(VerifyFirstStart("", set, Hop::kFirst), HasReason("E_STATEMENT"));
}

class OneKey : public TrustList {
 public:
  OneKey(Party party, const Ed25519PublicKey& key) : party_(std::move(party)), key_(key) {}
  std::optional<Ed25519PublicKey> SigningKey(const Party& party) const override {
    return party == party_ ? std::optional(key_) : std::nullopt;
  }

 private:
  Party party_;
  Ed25519PublicKey key_;
};

class ShredOrderTest : public ::testing::Test {
 protected:
  const Party party_{"00000099400000001000", "riec/bureau"};
  const Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate();
  const OneKey trust_{party_, key_.public_key()};
  const Domain domain_ =
      Domain::Case(1, "ed9204cd1160fd9a3ed27bfbf2466bdd", party_, "riec-signaalweging").value();
};

TEST_F(ShredOrderTest, SignedByThePartyOfTheDomain) {
  const SignedShredOrder order = SignShredOrder(domain_, kNow, key_);
  ASSERT_OK_AND_ASSIGN(const Domain named,
                       VerifyShredOrder(order.order, order.signature, trust_, kNow));
  EXPECT_EQ(named, domain_);
  // It waits for a transcryptor that is away, but is never from the future.
  EXPECT_OK(VerifyShredOrder(order.order, order.signature, trust_, kNow + absl::Hours(999)));
  EXPECT_THAT(VerifyShredOrder(order.order, order.signature, trust_, kNow - absl::Seconds(61)),
              HasReason("E_EXPIRED"));
  const SignedShredOrder forged = SignShredOrder(domain_, kNow, Ed25519PrivateKey::Generate());
  EXPECT_THAT(VerifyShredOrder(forged.order, forged.signature, trust_, kNow),
              HasReason("E_SIGNATURE"));
}

TEST_F(ShredOrderTest, EveryBitCounts) {
  const SignedShredOrder order = SignShredOrder(domain_, kNow, key_);
  for (std::size_t i = 0; i < order.order.size(); ++i) {
    Bytes altered = order.order;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(VerifyShredOrder(altered, order.signature, trust_, kNow).ok()) << i;
    EXPECT_FALSE(ShredOrder::Decode(order.order.substr(0, i)).ok()) << i;
  }
  EXPECT_THAT(ShredOrder::Decode(order.order + "x"), HasReason("E_TRAILING"));
}

}  // namespace
}  // namespace sluis::pseudonym
