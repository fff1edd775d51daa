// enrolment.json: enrolments, inquiries from origin and case, hop signatures, and what is refused.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/hop_signature.h"
#include "lib/pseudonym/inquiry.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "tests/lib/pseudonym/fixed_nonces.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/pseudonym_ports.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_literals;
using sluis::testing::HasReason;
using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

BytesView BareOf(const SecretScalar& scalar) { return scalar.Reveal(SecretAccess::ForTest()); }

std::vector<GroupElement> ElementsOf(const Json& list) {
  std::vector<GroupElement> out;
  for (const Json& hex : list) out.push_back(ElementOfHex(hex));
  return out;
}

EnrolFactor CheckFactor(const Json& v, std::size_t i) {
  const SecretBytes ps = SecretBytes::Take(Unhex(v.at("PS")[i]));
  SecretScalar origin = DeriveFactor(ps, FactorLabel::kReshuffle, Unhex(v.at("d_from")));
  SecretScalar index = DeriveFactor(ps, FactorLabel::kReshuffle, Unhex(v.at("d_to")));
  EXPECT_EQ(BareOf(origin), Unhex(v.at("s_origin")[i]));
  EXPECT_EQ(BareOf(index), Unhex(v.at("s_index")[i]));
  // The typed path of a transcryptor comes to the same.
  const auto keys =
      TranscryptorKeys::Create(ps.Clone(), SecretBytes::Random(32), SecretScalar::Random()).value();
  const auto typed = EnrolFactor::Derive(keys, Domain::DecodeOrigin(Unhex(v.at("d_from"))).value(),
                                         Domain::DecodeIndex(Unhex(v.at("d_to"))).value());
  EXPECT_OK(typed);
  EnrolFactor factor = EnrolFactor::Combine(std::move(origin), std::move(index)).value();
  EXPECT_TRUE(typed->f().Equals(factor.f()));
  EXPECT_EQ(BareOf(factor.f()), Unhex(v.at("f")[i]));
  EXPECT_EQ(factor.public_f().bytes(), Unhex(v.at("F")[i]));
  EXPECT_EQ(factor.s_origin().bytes(), Unhex(v.at("S_origin")[i]));
  EXPECT_EQ(factor.s_index().bytes(), Unhex(v.at("S_index")[i]));
  FixedNonces nonces{Unhex(v.at("tie_nonce")[i])};
  const FactorTie tie = MakeTie(nonces, factor);
  EXPECT_EQ(tie.proof.Encode(), Unhex(v.at("tie_proof")[i]));
  const auto decoded = FactorTie::Decode(tie.Encode());
  EXPECT_OK(decoded);
  EXPECT_OK(VerifyTie(*decoded, factor.s_origin(), factor.s_index()));
  return factor;
}

EnrolBatch CheckBlinding(const Json& v) {
  std::vector<SubjectElement> subjects;
  FixedNonces nonces;
  for (std::size_t j = 0; j < v.at("subjects").size(); ++j) {
    const GroupElement m = HashToGroup(Unhex(v.at("subjects")[j]));
    EXPECT_EQ(m.bytes(), Unhex(v.at("M")[j]));
    subjects.emplace_back(m);
    nonces.Add(Unhex(v.at("r")[j]));
  }
  auto batch = BlindEnrolment(nonces, subjects);
  EXPECT_OK(batch);
  EXPECT_EQ(batch->blinded(), ElementsOf(v.at("blinded")));
  return *std::move(batch);
}

SignedEnrolment CheckSigned(const Json& v, const EnrolBatch& batch) {
  const Ed25519PrivateKey key = KeyOf(v.at("signer_seed"), v.at("signer_public"));
  const EnrolHead head = EnrolHead::Decode(Unhex(v.at("head"))).value();
  EXPECT_EQ(head.Encode(), Unhex(v.at("head")));
  EXPECT_EQ(head.signer, (Party{v.at("signer_oin"), v.at("signer_unit")}));
  auto made = AssembleEnrolment(head, batch.blinded(), key);
  EXPECT_OK(made);
  EXPECT_EQ(made->bytes(), Unhex(v.at("signed_enrolment")));
  ByteWriter elements;
  for (const Json& element : v.at("blinded")) elements.Raw(Unhex(element));
  EXPECT_EQ(ByteWriter()
                .Raw("sluis/enrol/v1\0"s)
                .Raw(AsView(Sha256(Unhex(v.at("head")))))
                .U32(static_cast<std::uint32_t>(v.at("blinded").size()))
                .Raw(AsView(Sha256(elements.bytes())))
                .bytes(),
            Unhex(v.at("signed_bytes")));
  EXPECT_OK(made->VerifySignature(key.public_key()));
  EXPECT_OK(CheckEnrolmentForm(*made));
  return *std::move(made);
}

std::set<Bytes> RunEnrolment(const Json& v) {
  const EnrolBatch batch = CheckBlinding(v);
  const SignedEnrolment enrolment = CheckSigned(v, batch);
  std::vector<EnrolResponse> responses;
  std::vector<EnrolFactor> factors;
  Bytes before;
  std::vector<GroupElement> input = enrolment.elements();
  for (std::size_t i = 0; i < 2; ++i) {
    const Json& hop = v.at("hops")[i];
    EXPECT_EQ(hop.at("hop"), i + 1);
    const Hop which = i == 0 ? Hop::kFirst : Hop::kSecond;
    factors.push_back(CheckFactor(v, i));
    FixedNonces nonces{Unhex(hop.at("proof_nonce"))};
    EnrolResponse response = EvaluateEnrolment(nonces, factors[i], which, input);
    EXPECT_EQ(response.elements, ElementsOf(hop.at("E")));
    EXPECT_EQ(response.proof.Encode(), Unhex(hop.at("proof")));
    EXPECT_EQ(response.Encode(), Unhex(hop.at("response")));
    EXPECT_OK(EnrolResponse::Decode(response.Encode()));
    EXPECT_OK(VerifyEnrolResponse(response, which, input, factors[i].public_f()));
    const Ed25519PrivateKey key =
        KeyOf(v.at("transcryptor_seed")[i], v.at("transcryptor_public")[i]);
    const Bytes signature =
        SignEnrolResponse(which, enrolment.digest(), before, response.Encode(), key);
    EXPECT_EQ(signature, Unhex(hop.at("hop_signature")));
    EXPECT_OK(VerifyEnrolSignature(which, enrolment.digest(), before, response.Encode(), signature,
                                   key.public_key()));
    before = response.Encode();
    input = response.elements;
    responses.push_back(std::move(response));
  }
  std::set<Bytes> index;
  auto pseudonyms =
      batch.Unblind(responses[0], responses[1], factors[0].public_f(), factors[1].public_f());
  EXPECT_OK(pseudonyms);
  for (std::size_t j = 0; j < pseudonyms->size(); ++j) {
    EXPECT_EQ((*pseudonyms)[j].bytes(SecretAccess::ForTest()), Unhex(v.at("P")[j]));
    const Bytes key(IndexKey((*pseudonyms)[j]).Reveal(SecretAccess::ForTest()));
    EXPECT_EQ(key, Unhex(v.at("index_key")[j]));
    index.insert(key);
  }
  return index;
}

// A whole transcription, as the owner sees it.
void RunInquiry(const Json& v, const std::map<std::string, std::set<Bytes>>& indexes) {
  const VectorRun run = RunVector(v);
  CheckSignedRun(v, run);
  std::vector<Bytes> keys;
  for (std::size_t j = 0; j < run.pseudonyms.size(); ++j) {
    keys.emplace_back(IndexKey(IndexPseudonym(run.pseudonyms[j])).Reveal(SecretAccess::ForTest()));
    EXPECT_EQ(keys[j], Unhex(v.at("index_key")[j]));
  }
  for (const auto& hits : v.at("hits").items()) {
    std::vector<std::size_t> found;
    for (std::size_t j = 0; j < keys.size(); ++j) {
      if (indexes.at(hits.key()).contains(keys[j])) found.push_back(j);
    }
    EXPECT_EQ(Json(found), hits.value()) << hits.key();
  }
}

absl::Status RefusedEnrolment(const Json& c, const std::map<std::string, Json>& by_id) {
  testing::MemoryTrustList trust;
  for (const auto& [id, v] : by_id) {
    trust.Add({v.at("signer_oin"), v.at("signer_unit")},
              Ed25519PublicKey::Parse(Unhex(v.at("signer_public"))).value());
  }
  const auto enrolment = SignedEnrolment::Decode(Unhex(c.at("hex")));
  if (!enrolment.ok()) return enrolment.status();
  const auto key = trust.SigningKey(enrolment->head().signer);
  if (!key) return absl::NotFoundError("signer");
  if (absl::Status status = enrolment->VerifySignature(*key); !status.ok()) return status;
  return CheckEnrolmentForm(*enrolment).status();
}

absl::Status RefusedResponse(const Json& c, const Json& v) {
  const auto response = EnrolResponse::Decode(Unhex(c.at("hex")));
  if (!response.ok()) return response.status();
  const bool first = c.at("hop") == 1;
  return VerifyEnrolResponse(*response, first ? Hop::kFirst : Hop::kSecond,
                             ElementsOf(first ? v.at("blinded") : v.at("hops")[0].at("E")),
                             ElementOfHex(v.at("F")[first ? 0 : 1]));
}

absl::Status RefusedTie(const Json& c, const Json& v) {
  const auto tie = FactorTie::Decode(Unhex(c.at("hex")));
  if (!tie.ok()) return tie.status();
  return VerifyTie(*tie, ElementOfHex(v.at("S_origin")[0]), ElementOfHex(v.at("S_index")[0]));
}

TEST(EnrolmentVectors, EveryValue) {
  for (const auto& file : LoadVectors("enrolment")) {
    std::map<std::string, std::set<Bytes>> indexes;
    std::map<std::string, Json> by_id;
    for (const Json& v : file.content.at("enrolments")) {
      SCOPED_TRACE(v.at("id").dump());
      by_id[v.at("id")] = v;
      indexes[v.at("id")] = RunEnrolment(v);
    }
    EXPECT_FALSE(by_id.empty());
    for (const Json& v : file.content.value("inquiries", Json::array())) {
      SCOPED_TRACE(v.at("id").dump());
      RunInquiry(v, indexes);
    }
    for (const Json& c : file.content.value("refused", Json::array())) {
      SCOPED_TRACE(c.at("id").dump());
      const std::string structure = c.at("structure");
      const Json& v = by_id.at(c.at("context"));
      ASSERT_TRUE(structure == "signed_enrolment" || structure == "enrol_response" ||
                  structure == "tie");
      const absl::Status status = structure == "signed_enrolment" ? RefusedEnrolment(c, by_id)
                                  : structure == "enrol_response" ? RefusedResponse(c, v)
                                                                  : RefusedTie(c, v);
      EXPECT_THAT(status, HasReason(c.at("expect").get<std::string>()));
    }
  }
}

}  // namespace
}  // namespace sluis::pseudonym
