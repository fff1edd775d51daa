#include "lib/sealing/sealed_field.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/sealing/padding.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

const absl::Time kNow = absl::FromUnixSeconds(1790000000);

PartyId Party(const std::string& oin, const std::string& unit) {
  return {Oin::Parse(oin).value(), UnitPath::Parse(unit).value()};
}

// A pair of parties with their keys and a label, all fresh.
struct Fixture {
  SealContext context{Party("00000099000000001000", "politie/informatie"),
                      Party("00000099000000002000", "gemeente/oov"),
                      "ed9204cd1160fd9a3ed27bfbf2466bdd", "openbare-orde"};
  FieldLabel label{
      "signaal",        1, "sig-feiten", "wgs-2-riec", kNow, kNow + absl::Hours(24), {},
      RandomArray<16>()};
  Ed25519PrivateKey sender = Ed25519PrivateKey::Generate();
  X25519PrivateKey recipient = X25519PrivateKey::Generate();

  Bytes Sealed(BytesView content) const {
    return Seal(context, label, content, recipient.public_key(), sender).value();
  }
  absl::StatusOr<OpenedField> Open(BytesView sealed, absl::Time now = kNow) const {
    return OpenSealed(sealed, context, recipient, sender.public_key(), now);
  }
};

std::string_view Content(const OpenedField& field) {
  return field.content.Reveal(SecretAccess::ForTest());
}

TEST(SealedFieldTest, ContentOfAnyLengthComesBackWithItsLabel) {
  const Fixture f;
  std::mt19937 random(20261123);
  std::uniform_int_distribution<std::size_t> sizes(0, 20000);
  for (int i = 0; i < 40; ++i) {
    const Bytes content = RandomBytes(sizes(random));
    const Bytes sealed = f.Sealed(content);
    ASSERT_OK_AND_ASSIGN(const OpenedField opened, f.Open(sealed));
    EXPECT_TRUE(Content(opened) == content) << content.size();
    EXPECT_EQ(opened.label, f.label);
    EXPECT_EQ(ParseSealed(sealed)->digest, Sha256(sealed));
  }
}

TEST(SealedFieldTest, LargestContent) {
  const Fixture f;
  const Bytes content = RandomBytes(kMaxSealedContent);
  EXPECT_TRUE(Content(*f.Open(f.Sealed(content))) == content);
  EXPECT_THAT(Seal(f.context, f.label, content + "x", f.recipient.public_key(), f.sender),
              HasReason("E_LENGTH"));
}

TEST(SealedFieldTest, OneSizeForAllContentOfABucket) {
  const Fixture f;
  EXPECT_EQ(f.Sealed("").size(), f.Sealed(Bytes(252, 'x')).size());
  EXPECT_LT(f.Sealed("").size(), f.Sealed(Bytes(253, 'x')).size());
  EXPECT_NE(f.Sealed("same"), f.Sealed("same"));
}

TEST(SealedFieldTest, EveryChangedByteIsRefused) {
  const Fixture f;
  const Bytes sealed = f.Sealed("content");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (const int flip : {0x01, 0x80}) {
      Bytes altered = sealed;
      altered[i] = static_cast<char>(altered[i] ^ flip);
      EXPECT_FALSE(f.Open(altered).ok()) << "byte " << i << " ^ " << flip;
    }
  }
}

TEST(SealedFieldTest, EveryPrefixIsTruncatedAndEveryExtensionTrailing) {
  const Fixture f;
  const Bytes sealed = f.Sealed("content");
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_THAT(ParseSealed(BytesView(sealed).substr(0, size)), HasReason("E_TRUNCATED")) << size;
  }
  EXPECT_THAT(ParseSealed(sealed + '\0'), HasReason("E_TRAILING"));
}

TEST(SealedFieldTest, BoundToEveryPartOfTheContext) {
  const Fixture f;
  const Bytes sealed = f.Sealed("content");
  const auto open_in = [&](const SealContext& context) {
    return OpenSealed(sealed, context, f.recipient, f.sender.public_key(), kNow);
  };
  EXPECT_OK(open_in(f.context));
  SealContext other = f.context;
  other.sender.unit = UnitPath::Parse("politie/basisteam").value();
  EXPECT_THAT(open_in(other), HasReason("E_SIGNATURE"));
  other = f.context;
  other.recipient.unit = UnitPath::Parse("gemeente/wethouder").value();
  EXPECT_THAT(open_in(other), HasReason("E_SIGNATURE"));
  other = f.context;
  other.recipient.oin = Oin::Parse("00000099000000003000").value();
  EXPECT_THAT(open_in(other), HasReason("E_SIGNATURE"));
  other = f.context;
  other.case_id = "";
  EXPECT_THAT(open_in(other), HasReason("E_SIGNATURE"));
  other = f.context;
  other.purpose = "woonoverlast-151d";
  EXPECT_THAT(open_in(other), HasReason("E_SIGNATURE"));
  other = f.context;
  other.aead = Aead::kChaCha20Poly1305;
  EXPECT_THAT(open_in(other), HasReason("E_SIGNATURE"));
}

TEST(SealedFieldTest, OnlyTheKeysOfTheTwoParties) {
  const Fixture f;
  const Bytes sealed = f.Sealed("content");
  ASSERT_OK_AND_ASSIGN(const SealedView view, ParseSealed(sealed));
  EXPECT_THAT(VerifySealed(view, f.context, f.recipient.public_key(),
                           Ed25519PrivateKey::Generate().public_key()),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(VerifySealed(view, f.context, X25519PrivateKey::Generate().public_key(),
                           f.sender.public_key()),
              HasReason("E_SIGNATURE"));
  ASSERT_OK_AND_ASSIGN(
      const VerifiedField field,
      VerifySealed(view, f.context, f.recipient.public_key(), f.sender.public_key()));
  EXPECT_THAT(field.Open(X25519PrivateKey::Generate()), HasReason("E_OPEN"));
  EXPECT_OK(field.Open(f.recipient));
}

TEST(SealedFieldTest, OpensWithinItsTime) {
  const Fixture f;
  const Bytes sealed = f.Sealed("content");
  EXPECT_OK(f.Open(sealed, f.label.created - absl::Seconds(60)));
  EXPECT_OK(f.Open(sealed, f.label.expires + absl::Seconds(60)));
  EXPECT_THAT(f.Open(sealed, f.label.created - absl::Seconds(61)), HasReason("E_EXPIRED"));
  EXPECT_THAT(f.Open(sealed, f.label.expires + absl::Seconds(61)), HasReason("E_EXPIRED"));
}

TEST(SealedFieldTest, SealsOnlyWhatCanBeWrittenDown) {
  const Fixture f;
  const auto seal = [&](const SealContext& context, const FieldLabel& label) {
    return Seal(context, label, "content", f.recipient.public_key(), f.sender);
  };
  SealContext context = f.context;
  context.case_id = "not hex";
  EXPECT_THAT(seal(context, f.label), HasReason("E_STATEMENT"));
  context = f.context;
  context.purpose = "Free text";
  EXPECT_THAT(seal(context, f.label), HasReason("E_STATEMENT"));
  context = f.context;
  context.sender = {};
  EXPECT_THAT(seal(context, f.label), HasReason("E_STATEMENT"));
  context = f.context;
  context.aead = Aead::kAes128Gcm;
  EXPECT_THAT(seal(context, f.label), HasReason("E_TYPE"));
  FieldLabel label = f.label;
  label.field = "";
  EXPECT_THAT(seal(f.context, label), HasReason("E_STATEMENT"));
  label = f.label;
  label.schema = std::string(65, 's');
  EXPECT_THAT(seal(f.context, label), HasReason("E_STATEMENT"));
  label = f.label;
  label.expires = label.created - absl::Seconds(1);
  EXPECT_THAT(seal(f.context, label), HasReason("E_LIFETIME"));
}

// What a dishonest sender signs: frames that Seal does not make.
class ForgedFrame {
 public:
  explicit ForgedFrame(const Fixture& f) : f_(f) {}

  Bytes Make(BytesView aad, BytesView padded) const {
    const Bytes info = SealInfo(f_.context, f_.recipient.public_key());
    HpkeSender hpke = HpkeSender::Create(f_.context.aead, f_.recipient.public_key(), info).value();
    const Bytes ciphertext = hpke.Seal(aad, padded);
    const Bytes message = ByteWriter()
                              .Raw(BytesView("sluis/sealed/v1\0", 16))
                              .Raw(AsView(Sha256(info)))
                              .Raw(AsView(Sha256(aad)))
                              .Raw(AsView(hpke.enc()))
                              .Raw(AsView(Sha256(ciphertext)))
                              .bytes();
    return ByteWriter()
        .Lp2(aad)
        .Raw(AsView(hpke.enc()))
        .U32(static_cast<std::uint32_t>(ciphertext.size()))
        .Raw(ciphertext)
        .Raw(f_.sender.Sign(message))
        .bytes();
  }

  static Bytes Aad(std::uint8_t version, BytesView field, std::uint64_t expires,
                   std::uint32_t bucket) {
    return ByteWriter()
        .U8(version)
        .Lp2("signaal")
        .U16(1)
        .Lp2(field)
        .Lp2("wgs-2-riec")
        .U64(1790000000)
        .U64(expires)
        .Zeros(48)
        .U32(bucket)
        .bytes();
  }

 private:
  const Fixture& f_;
};

TEST(SealedFieldTest, WellSignedButWrongFramesAreRefused) {
  const Fixture f;
  const ForgedFrame forged(f);
  const Bytes padded = ByteWriter().U32(1).Raw("a").Zeros(251).bytes();
  EXPECT_OK(f.Open(forged.Make(ForgedFrame::Aad(1, "sig-feiten", 1790086400, 256), padded)));
  const std::tuple<Bytes, Bytes, const char*> cases[] = {
      {ForgedFrame::Aad(2, "sig-feiten", 1790086400, 256), padded, "E_VERSION"},
      {ForgedFrame::Aad(1, "Sig feiten", 1790086400, 256), padded, "E_STATEMENT"},
      {ForgedFrame::Aad(1, "sig-feiten", 1789999999, 256), padded, "E_LIFETIME"},
      {ForgedFrame::Aad(1, "sig-feiten", ~std::uint64_t{0}, 256), padded, "E_LIFETIME"},
      {ForgedFrame::Aad(1, "sig-feiten", 1790086400, 1024), padded, "E_PADDING"},
      {ForgedFrame::Aad(1, "sig-feiten", 1790086400, 100), padded.substr(0, 100), "E_PADDING"},
      {ForgedFrame::Aad(1, "sig-feiten", 1790086400, 1024), padded + Bytes(768, '\0'), "E_PADDING"},
      {ForgedFrame::Aad(1, "sig-feiten", 1790086400, 256), padded.substr(0, 255) + "x",
       "E_PADDING"},
      {ForgedFrame::Aad(1, "sig-feiten", 1790086400, 256) + "x", padded, "E_TRAILING"},
  };
  for (const auto& [aad, text, reason] : cases)
    EXPECT_THAT(f.Open(forged.Make(aad, text)), HasReason(reason));
}

}  // namespace
}  // namespace sluis
