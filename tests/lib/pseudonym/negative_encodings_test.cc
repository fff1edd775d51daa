// negative-encodings.json: every structure of this library, each refused with its code.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/session.h"
#include "lib/pseudonym/structures.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;
using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

std::map<std::string, Json> RunsById() {
  std::map<std::string, Json> by_id;
  for (const auto& file : LoadVectors("two-transcryptors")) {
    for (const Json& v : file.content.value("vectors", Json::array())) by_id[v.at("id")] = v;
  }
  return by_id;
}

SecretBytes Secret(const Json& c) { return SecretBytes::Take(Unhex(c.at("hex"))); }

// The first hop of the run, with `header` in place of its own.
absl::Status VerifyHeader(const Json& c, const Json& v) {
  const auto header = PseudonymBatchHeader::Decode(Unhex(c.at("hex")));
  if (!header.ok()) return header.status();
  const Json& hop = v.at("hops")[0];
  const auto request = BatchRequest::Decode(Unhex(v.at("batch_request"))).value();
  const auto response = BatchResponse::Decode(Unhex(hop.at("batch_response"))).value();
  ProofBlock block{*header, {}, {}};
  for (const Json& material : hop.at("materials")) {
    block.permutation.push_back(static_cast<std::uint32_t>(block.permutation.size()));
    block.materials.push_back(RerandomizeMaterial::Decode(Unhex(material)).value());
  }
  const HopCommitments commitments{ElementOfHex(v.at("S_from")[0]), ElementOfHex(v.at("S_to")[0]),
                                   ElementOfHex(v.at("K_from")[0]), ElementOfHex(v.at("K_to")[0])};
  return VerifyHop(block, {request.items, request.y_from, response, false, commitments}, nullptr);
}

absl::Status VerifyMaterialCase(const Json& c, const Json& v) {
  const auto material = RerandomizeMaterial::Decode(Unhex(c.at("hex")));
  if (!material.ok()) return material.status();
  return VerifyMaterial(*material, ElementOfHex(v.at("hops")[0].at("Y_in")));
}

absl::Status VerifyShareCase(const Json& c, const Json& v) {
  const auto share = ShareMaterial::Decode(Secret(c));
  if (!share.ok()) return share.status();
  return VerifyShare(*share, ElementOfHex(v.at("X")[0]), ElementOfHex(v.at("K_to")[0]));
}

using Run = std::function<absl::Status(const Json& c, const Json& context)>;

const std::map<std::string, Run>& Decoders() {
  static const std::map<std::string, Run> decoders = {
      {"proof",
       [](const Json& c, const Json&) { return Proof::Decode(Unhex(c.at("hex"))).status(); }},
      {"batch_request",
       [](const Json& c, const Json&) {
         return BatchRequest::Decode(Unhex(c.at("hex"))).status();
       }},
      {"batch_response",
       [](const Json& c, const Json&) {
         return BatchResponse::Decode(Unhex(c.at("hex"))).status();
       }},
      {"session_key_shares",
       [](const Json& c, const Json&) { return DecodePlainShares(Secret(c)).status(); }},
      {"rerandomize_material",
       [](const Json& c, const Json&) {
         return RerandomizeMaterial::Decode(Unhex(c.at("hex"))).status();
       }},
      {"pseudonym_batch_header",
       [](const Json& c, const Json&) {
         return PseudonymBatchHeader::Decode(Unhex(c.at("hex"))).status();
       }},
      {"share_material",
       [](const Json& c, const Json&) { return ShareMaterial::Decode(Secret(c)).status(); }},
      {"domain_case",
       [](const Json& c, const Json&) { return Domain::DecodeCase(Unhex(c.at("hex"))).status(); }},
      {"domain_origin",
       [](const Json& c, const Json&) {
         return Domain::DecodeOrigin(Unhex(c.at("hex"))).status();
       }},
      {"domain_index",
       [](const Json& c, const Json&) { return Domain::DecodeIndex(Unhex(c.at("hex"))).status(); }},
      {"context",
       [](const Json& c, const Json&) { return Context::Decode(Unhex(c.at("hex"))).status(); }},
      {"verify_header", VerifyHeader},
      {"verify_material", VerifyMaterialCase},
      {"verify_share", VerifyShareCase},
  };
  return decoders;
}

// What other tests run: tests/lib/crypto, tests/lib/sealing, request_vectors_test.cc.
const std::set<std::string> kElsewhere = {"element", "scalar",        "sealed",        "padded",
                                          "bsn",     "x25519_public", "signed_request"};

TEST(NegativeEncodings, EveryStructure) {
  const auto runs = RunsById();
  std::set<std::string> run;
  for (const auto& file : LoadVectors("negative-encodings")) {
    for (const Json& c : file.content.at("cases")) {
      SCOPED_TRACE(c.at("id").dump());
      const std::string structure = c.at("structure"), expect = c.at("expect");
      if (kElsewhere.contains(structure)) continue;
      ASSERT_TRUE(Decoders().contains(structure)) << structure;
      const Json context = c.contains("context") ? runs.at(c.at("context")) : Json();
      EXPECT_THAT(Decoders().at(structure)(c, context), HasReason(expect));
      EXPECT_NE(ClassOf(expect), RefusalClass::kOther);
      run.insert(structure);
    }
  }
  EXPECT_EQ(run.size(), Decoders().size());
}

}  // namespace
}  // namespace sluis::pseudonym
