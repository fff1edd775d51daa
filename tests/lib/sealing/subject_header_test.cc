#include "lib/sealing/subject_header.h"

#include <gtest/gtest.h>

#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "lib/sealing/subject.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

SubjectHeader SubjectHead() {
  SubjectHeader header;
  header.request_id.fill(0x11);
  header.sender = {Oin::Parse("00000099000000001000").value(),
                   UnitPath::Parse("gemeente/oov").value()};
  header.subject_verified = true;
  header.sealed_digest = Sha256("sealed");
  return header;
}

TEST(SubjectHeaderTest, BytesAsDocumentedAndFrozen) {
  const Ed25519PrivateKey key =
      Ed25519PrivateKey::FromSeed(SecretBytes::CopyOf(Bytes(32, '\x42'))).value();
  const Bytes expected = "\x01" + Bytes(16, '\x11') + Bytes("\0\x14", 2) + "00000099000000001000" +
                         Bytes("\0\x0c", 2) + "gemeente/oov" + "\x01" + ToBytes(Sha256("sealed"));
  EXPECT_EQ(EncodeSubjectHeader(SubjectHead()), expected);
  const Bytes message =
      ByteWriter().Raw(BytesView("sluis/subject/v1\0", 17)).Raw(AsView(Sha256(expected))).bytes();
  EXPECT_EQ(SignSubjectHeader(SubjectHead(), key), key.Sign(message));
  EXPECT_EQ(HexEncode(SignSubjectHeader(SubjectHead(), key)),
            "193d7631dcd783696a6055fa205511e20fa2fc3fb3907df11b8787f634eae503"
            "aa68403b893e506d230f137f79fc8f081a70545a7a371a80b5ea7724e88ddf02");
}

TEST(SubjectHeaderTest, BoundToEveryMember) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const Bytes signature = SignSubjectHeader(SubjectHead(), key);
  const auto verify = [&](auto change) {
    SubjectHeader header = SubjectHead();
    change(header);
    return VerifySubjectHeader(header, signature, key.public_key());
  };
  EXPECT_OK(verify([](auto&) {}));
  EXPECT_THAT(verify([](auto& h) { h.request_id[0] ^= 1; }), HasReason("E_SIGNATURE"));
  EXPECT_THAT(verify([](auto& h) { h.sender.oin = Oin::Parse("00000099000000002000").value(); }),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(verify([](auto& h) { h.sender.unit = UnitPath::Parse("gemeente/boa").value(); }),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(verify([](auto& h) { h.subject_verified = false; }), HasReason("E_SIGNATURE"));
  EXPECT_THAT(verify([](auto& h) { h.sealed_digest[31] ^= 1; }), HasReason("E_SIGNATURE"));
  EXPECT_THAT(
      VerifySubjectHeader(SubjectHead(), signature, Ed25519PrivateKey::Generate().public_key()),
      HasReason("E_SIGNATURE"));
}

TEST(SubjectHeaderTest, WholeWayOfAnIdentity) {
  const Ed25519PrivateKey sender = Ed25519PrivateKey::Generate();
  const X25519PrivateKey desk = X25519PrivateKey::Generate();
  SubjectHeader header = SubjectHead();
  const PartyId provider{Oin::Parse("00000099000000002000").value(),
                         UnitPath::Parse("politie/informatie").value()};
  const SealContext context{header.sender, provider, "", "openbare-orde"};
  const absl::Time now = absl::FromUnixSeconds(1790000000);
  FieldLabel label{
      "identity",       1, "subject", "gemeentewet-172", now, now + absl::Hours(72), {},
      header.request_id};
  const SecretBytes identity =
      EncodeIdentity(Subject::Create(SubjectKind::kBsn, "999990019").value());
  ASSERT_OK_AND_ASSIGN(
      const Bytes sealed,
      Seal(context, label, identity.Reveal(SecretAccess::ForTest()), desk.public_key(), sender));
  ASSERT_OK_AND_ASSIGN(const SealedView view, ParseSealed(sealed));
  header.sealed_digest = view.digest;
  EXPECT_OK(VerifySubjectHeader(header, SignSubjectHeader(header, sender), sender.public_key()));
  EXPECT_OK(CheckSealedSubject(header, view));
  ASSERT_OK_AND_ASSIGN(const OpenedField opened,
                       OpenSealed(sealed, context, desk, sender.public_key(), now));
  ASSERT_OK_AND_ASSIGN(const Subject subject, ParseIdentity(opened.content));
  EXPECT_EQ(subject.value(SecretAccess::ForTest()), "999990019");
}

TEST(SubjectHeaderTest, AnotherSealedFieldIsNoIdentity) {
  const SubjectHeader header = SubjectHead();
  SealedView good;
  good.digest = header.sealed_digest;
  good.label.schema = "identity";
  good.label.field = "subject";
  good.label.seal_id = header.request_id;
  EXPECT_OK(CheckSealedSubject(header, good));
  const auto check = [&](auto change) {
    SealedView view = good;
    change(view);
    return CheckSealedSubject(header, view);
  };
  EXPECT_THAT(check([](auto& v) { v.digest[0] ^= 1; }), HasReason("E_PAYLOAD"));
  EXPECT_THAT(check([](auto& v) { v.label.schema = "signaal"; }), HasReason("E_PAYLOAD"));
  EXPECT_THAT(check([](auto& v) { v.label.schema_version = 2; }), HasReason("E_PAYLOAD"));
  EXPECT_THAT(check([](auto& v) { v.label.field = "p-naam"; }), HasReason("E_PAYLOAD"));
  EXPECT_THAT(check([](auto& v) { v.label.seal_id[3] ^= 1; }), HasReason("E_PAYLOAD"));
  EXPECT_THAT(check([](auto& v) { v.label.item_digest[3] ^= 1; }), HasReason("E_PAYLOAD"));
}

}  // namespace
}  // namespace sluis
