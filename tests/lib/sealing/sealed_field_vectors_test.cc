// The published vectors of sealed fields: sealing.json, and what negative-encodings.json holds of
// them.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/hkdf.h"
#include "lib/crypto/hpke_testonly.h"
#include "lib/sealing/padding.h"
#include "lib/sealing/sealed_field.h"
#include "lib/sealing/sealed_field_testonly.h"
#include "lib/sealing/subject.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis {
namespace {

using testing::HasReason;
using testing::LoadVectors;
using testing::Unhex;

PartyId VectorParty(const std::string& oin, const std::string& unit) {
  return {Oin::Parse(oin).value(), UnitPath::Parse(unit).value()};
}

struct VectorKeys {
  SealContext context;
  Ed25519PrivateKey sender;
  X25519PrivateKey recipient;
};

X25519PrivateKey OpeningKey(const Json& hex) {
  return X25519PrivateKey::FromBytes(SecretBytes::Take(Unhex(hex))).value();
}

VectorKeys KeysOf(const Json& v) {
  return {
      {VectorParty(v.at("sender_oin"), v.at("sender_unit")),
       VectorParty(v.at("recipient_oin"), v.at("recipient_unit")), v.at("case"), v.at("purpose"),
       static_cast<Aead>(v.at("aead").get<int>())},
      Ed25519PrivateKey::FromSeed(SecretBytes::Take(Unhex(v.at("sender_ed25519_seed")))).value(),
      OpeningKey(v.at("skR"))};
}

// Reads the context back out of `info` bytes.
SealContext ContextOf(BytesView info) {
  ByteReader reader(info);
  SealContext context;
  const auto text = [&reader] { return Bytes(reader.Lp2().value()); };
  EXPECT_EQ(reader.Raw(14).value(), BytesView("sluis/seal/v1\0", 14));
  EXPECT_EQ(reader.U16().value(), kHpkeKem);
  EXPECT_EQ(reader.U16().value(), kHpkeKdf);
  context.aead = static_cast<Aead>(reader.U16().value());
  const Bytes sender_oin = text();
  context.sender = VectorParty(sender_oin, text());
  const Bytes recipient_oin = text();
  context.recipient = VectorParty(recipient_oin, text());
  context.case_id = text();
  context.purpose = text();
  EXPECT_EQ(reader.remaining(), 32U);
  return context;
}

// RFC 9180 §4 and §5.1, written down once more: what HPKE derives on the way.
SecretBytes LabeledExtract(BytesView suite, BytesView salt, BytesView label, BytesView key) {
  return HkdfExtract(salt, {"HPKE-v1", suite, label, key});
}

SecretBytes LabeledExpand(BytesView suite, const SecretBytes& prk, BytesView label, BytesView info,
                          std::size_t length) {
  const Bytes size = ByteWriter().U16(static_cast<std::uint16_t>(length)).bytes();
  return HkdfExpand(prk, {size, "HPKE-v1", suite, label, info}, length);
}

BytesView Bare(const SecretBytes& secret) { return secret.Reveal(SecretAccess::ForTest()); }

void CheckKeySchedule(const Json& v, const VectorKeys& keys) {
  const Bytes kem = ByteWriter().Raw("KEM").U16(kHpkeKem).bytes();
  const Bytes hpke = ByteWriter()
                         .Raw("HPKE")
                         .U16(kHpkeKem)
                         .U16(kHpkeKdf)
                         .U16(static_cast<std::uint16_t>(keys.context.aead))
                         .bytes();
  ASSERT_OK_AND_ASSIGN(const SecretBytes dh,
                       OpeningKey(v.at("skE")).Agree(keys.recipient.public_key()));
  const Bytes kem_context = Unhex(v.at("enc")) + Unhex(v.at("pkR"));
  const SecretBytes shared = LabeledExpand(kem, LabeledExtract(kem, "", "eae_prk", Bare(dh)),
                                           "shared_secret", kem_context, 32);
  EXPECT_EQ(Bare(shared), Unhex(v.at("shared_secret")));
  const Bytes schedule = Bytes(1, '\0') + Bytes(Bare(LabeledExtract(hpke, "", "psk_id_hash", ""))) +
                         Bytes(Bare(LabeledExtract(hpke, "", "info_hash", Unhex(v.at("info")))));
  const SecretBytes secret = LabeledExtract(hpke, Bare(shared), "secret", "");
  EXPECT_EQ(Bare(LabeledExpand(hpke, secret, "key", schedule, Unhex(v.at("key")).size())),
            Unhex(v.at("key")));
  EXPECT_EQ(Bare(LabeledExpand(hpke, secret, "base_nonce", schedule, 12)),
            Unhex(v.at("base_nonce")));
}

void RunPositive(const Json& v) {
  const VectorKeys keys = KeysOf(v);
  const Bytes sealed = Unhex(v.at("sealed"));
  const X25519PublicKey& recipient = keys.recipient.public_key();
  EXPECT_EQ(AsView(keys.sender.public_key().raw()), Unhex(v.at("sender_ed25519_public")));
  EXPECT_EQ(AsView(recipient.raw()), Unhex(v.at("pkR")));
  EXPECT_EQ(AsView(recipient.KeyId()), Unhex(v.at("recipient_key_id")));
  EXPECT_EQ(SealInfo(keys.context, recipient), Unhex(v.at("info")));

  ASSERT_OK_AND_ASSIGN(const SealedView view, ParseSealed(sealed));
  EXPECT_EQ(view.aad, Unhex(v.at("aad")));
  EXPECT_EQ(view.enc, Unhex(v.at("enc")));
  EXPECT_EQ(view.ciphertext, Unhex(v.at("ct")));
  EXPECT_EQ(view.signature, Unhex(v.at("signature")));
  EXPECT_EQ(view.bucket, v.at("bucket"));
  EXPECT_EQ(AsView(view.digest), Unhex(v.at("payload_digest")));
  EXPECT_EQ(AsView(Sha256(view.ciphertext)), Unhex(v.at("ct_sha256")));
  EXPECT_EQ(ByteWriter()
                .Raw(BytesView("sluis/sealed/v1\0", 16))
                .Raw(AsView(Sha256(Unhex(v.at("info")))))
                .Raw(AsView(Sha256(view.aad)))
                .Raw(view.enc)
                .Raw(AsView(Sha256(view.ciphertext)))
                .bytes(),
            Unhex(v.at("signed_bytes")));
  EXPECT_OK(keys.sender.public_key().Verify(Unhex(v.at("signed_bytes")), view.signature));

  ASSERT_OK_AND_ASSIGN(const OpenedField opened,
                       OpenSealed(sealed, keys.context, keys.recipient, keys.sender.public_key(),
                                  view.label.created));
  EXPECT_EQ(opened.content.Reveal(SecretAccess::ForTest()), Unhex(v.at("content")));

  // Sealed again with the ephemeral key of the vector: the same bytes.
  ASSERT_OK_AND_ASSIGN(HpkeSender hpke, HpkeTestAccess::SenderWithEphemeral(
                                            keys.context.aead, recipient, Unhex(v.at("info")),
                                            OpeningKey(v.at("skE"))));
  ASSERT_OK_AND_ASSIGN(const Bytes again,
                       SealWithSenderForTest(std::move(hpke), keys.context, view.label,
                                             Unhex(v.at("content")), recipient, keys.sender));
  EXPECT_EQ(again, sealed);
  CheckKeySchedule(v, keys);
}

void RunRefused(const Json& r, const Json& original) {
  const VectorKeys keys = KeysOf(original);
  const Bytes sealed = Unhex(original.at("sealed"));
  const SealContext context = r.contains("info") ? ContextOf(Unhex(r.at("info"))) : keys.context;
  // The info that is used names the key in it: the altered one where the case gives info, else the
  // right one.
  const X25519PublicKey named = r.contains("pkR") && r.contains("info")
                                    ? X25519PublicKey::Parse(Unhex(r.at("pkR"))).value()
                                    : keys.recipient.public_key();
  if (r.contains("info")) {
    EXPECT_EQ(SealInfo(context, named), Unhex(r.at("info")));
  }
  ASSERT_OK_AND_ASSIGN(const SealedView view, ParseSealed(sealed));
  const X25519PrivateKey with = OpeningKey(r.contains("skR") ? r.at("skR") : original.at("skR"));
  const auto verified = VerifySealed(view, context, named, keys.sender.public_key());
  const absl::Status outcome = verified.ok() ? verified->Open(with).status() : verified.status();
  EXPECT_THAT(outcome, HasReason(r.at("expect").get<std::string>()));
}

std::map<std::string, Json> VectorsById() {
  std::map<std::string, Json> by_id;
  for (const auto& file : LoadVectors("sealing")) {
    for (const Json& v : file.content.value("vectors", Json::array())) by_id[v.at("id")] = v;
  }
  return by_id;
}

TEST(SealedFieldVectors, EveryVector) {
  const auto by_id = VectorsById();
  for (const auto& file : LoadVectors("sealing")) {
    int run = 0;
    for (const Json& v : file.content.value("vectors", Json::array())) {
      SCOPED_TRACE(v.at("id").dump());
      RunPositive(v);
      ++run;
    }
    for (const Json& r : file.content.value("refused", Json::array())) {
      SCOPED_TRACE(r.at("id").dump());
      ASSERT_TRUE(by_id.contains(r.at("of")));
      RunRefused(r, by_id.at(r.at("of")));
      ++run;
    }
    EXPECT_GT(run, 0) << file.path;
  }
}

absl::Status RunSealedCase(const Json& c, const std::map<std::string, Json>& by_id) {
  const Json& original = by_id.at(c.at("context"));
  const VectorKeys keys = KeysOf(original);
  return OpenSealed(Unhex(c.at("hex")), keys.context, keys.recipient, keys.sender.public_key(),
                    absl::FromUnixSeconds(0x6ab13b80))
      .status();
}

absl::Status RunPaddedCase(const Json& c) {
  return UnpadContent(SecretBytes::Take(Unhex(c.at("hex"))), c.at("bucket")).status();
}

// Structures that this library decodes are run; those of pseudonyms and transcryption run in
// tests/lib/pseudonym and tests/lib/crypto. A structure in neither list fails.
TEST(SealedFieldVectors, NegativeEncodings) {
  const std::set<std::string> elsewhere = {"signed_request",
                                           "element",
                                           "domain_case",
                                           "batch_request",
                                           "proof",
                                           "pseudonym_batch_header",
                                           "domain_index",
                                           "scalar",
                                           "verify_header",
                                           "session_key_shares",
                                           "rerandomize_material",
                                           "batch_response",
                                           "context",
                                           "share_material",
                                           "domain_origin",
                                           "verify_material",
                                           "verify_share"};
  const std::set<std::string> of_crypto = {"x25519_public"};  // tests/lib/crypto/x25519_test.cc
  const auto by_id = VectorsById();
  std::map<std::string, int> run;
  for (const auto& file : LoadVectors("negative-encodings")) {
    for (const Json& c : file.content.at("cases")) {
      SCOPED_TRACE(c.at("id").dump());
      const std::string structure = c.at("structure");
      if (elsewhere.contains(structure) || of_crypto.contains(structure)) continue;
      absl::Status outcome;
      if (structure == "sealed") {
        outcome = RunSealedCase(c, by_id);
      } else if (structure == "padded") {
        outcome = RunPaddedCase(c);
      } else if (structure == "bsn") {
        outcome = Subject::Create(SubjectKind::kBsn, Unhex(c.at("hex"))).status();
      } else {
        ADD_FAILURE() << "no decoder for structure " << structure;
        continue;
      }
      EXPECT_THAT(outcome, HasReason(c.at("expect").get<std::string>()));
      ++run[structure];
    }
  }
  EXPECT_GT(run["sealed"], 0);
  EXPECT_GT(run["padded"], 0);
  EXPECT_GT(run["bsn"], 0);
}

}  // namespace
}  // namespace sluis
