#include "lib/pseudonym/dleq.h"

#include <gtest/gtest.h>

#include "lib/pseudonym/internal/with_nonces.h"
#include "tests/lib/pseudonym/fixed_nonces.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;
using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

std::vector<GroupElement> ElementsOf(const std::string& text) {
  std::vector<GroupElement> out;
  for (std::size_t at = 0; at < text.size(); at += 65) {
    out.push_back(GroupElement::Decode(Unhex(Json(text.substr(at, 64)))).value());
  }
  return out;
}

// RFC 9497 A.1.2: the same transcript with the VOPRF context string.
TEST(DleqVectors, Rfc9497) {
  for (const auto& file : LoadVectors("rfc9497-voprf")) {
    const Bytes context = Unhex(file.content.at("groupDST")).substr(12);
    const SecretScalar key = SecretOf(file.content.at("skSm"));
    const GroupElement public_key = ElementOfHex(file.content.at("pkSm"));
    ASSERT_FALSE(file.content.at("vectors").empty());
    for (const Json& v : file.content.at("vectors")) {
      const auto in = ElementsOf(v.at("BlindedElement")),
                 out = ElementsOf(v.at("EvaluationElement"));
      std::vector<Statement> statements;
      for (std::size_t i = 0; i < in.size(); ++i) statements.push_back({in[i], out[i]});
      FixedNonces nonces{Unhex(v.at("Proof").at("r"))};
      const Proof proof = ProveDleq(nonces, key, public_key, statements, context);
      EXPECT_EQ(proof.Encode(), Unhex(v.at("Proof").at("proof")));
      EXPECT_OK(VerifyDleq(proof, public_key, statements, context));
      // The coPRF context keeps it apart.
      EXPECT_THAT(VerifyDleq(proof, public_key, statements), HasReason("E_PROOF"));
    }
  }
}

struct Claim {
  SecretScalar secret = SecretScalar::Random();
  GroupElement b = MultiplyBase(secret);
  std::vector<Statement> statements;
  explicit Claim(int size) {
    for (int i = 0; i < size; ++i) {
      const GroupElement c = MultiplyBase(SecretScalar::Random());
      statements.push_back({c, Multiply(secret, c)});
    }
  }
};

TEST(DleqTest, EveryPlaceCounts) {
  const Claim claim(3);
  const Proof proof = ProveDleq(claim.secret, claim.b, claim.statements);
  ASSERT_OK(VerifyDleq(proof, claim.b, claim.statements));
  const GroupElement other = MultiplyBase(SecretScalar::Random());
  EXPECT_THAT(VerifyDleq(proof, other, claim.statements), HasReason("E_PROOF"));
  for (std::size_t i = 0; i < claim.statements.size(); ++i) {
    auto wrong = claim.statements;
    wrong[i].c = other;
    EXPECT_THAT(VerifyDleq(proof, claim.b, wrong), HasReason("E_PROOF"));
    wrong = claim.statements;
    wrong[i].d = other;
    EXPECT_THAT(VerifyDleq(proof, claim.b, wrong), HasReason("E_PROOF"));
  }
  auto swapped = claim.statements;
  std::swap(swapped[0], swapped[2]);
  EXPECT_THAT(VerifyDleq(proof, claim.b, swapped), HasReason("E_PROOF"));
  auto shorter = claim.statements;
  shorter.pop_back();
  EXPECT_THAT(VerifyDleq(proof, claim.b, shorter), HasReason("E_PROOF"));
}

TEST(DleqTest, EveryBitOfTheProofCounts) {
  const Claim claim(1);
  const Bytes proof = ProveDleq(claim.secret, claim.b, claim.statements).Encode();
  for (std::size_t bit = 0; bit < proof.size() * 8; bit += 7) {
    Bytes wrong = proof;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << (bit % 8)));
    const auto decoded = Proof::Decode(wrong);
    if (decoded.ok()) {
      EXPECT_THAT(VerifyDleq(*decoded, claim.b, claim.statements), HasReason("E_PROOF"));
    } else {
      EXPECT_THAT(decoded, HasReason("E_SCALAR"));
    }
  }
}

// The zero proof runs through the identity at every step and must still be an ordinary refusal.
TEST(DleqTest, ZeroHalvesAreDecodedAndRefused) {
  const Claim claim(2);
  ASSERT_OK_AND_ASSIGN(const Proof zero, Proof::Decode(Bytes(kProofSize, '\0')));
  EXPECT_THAT(VerifyDleq(zero, claim.b, claim.statements), HasReason("E_PROOF"));
}

TEST(DleqTest, ListsAreBounded) {
  const Claim claim(1);
  const Proof proof = ProveDleq(claim.secret, claim.b, claim.statements);
  EXPECT_THAT(VerifyDleq(proof, claim.b, {}), HasReason("E_PROOF"));
  const std::vector<Statement> many(kMaxStatements + 1, claim.statements[0]);
  EXPECT_THAT(VerifyDleq(proof, claim.b, many), HasReason("E_PROOF"));
}

// One wrong item among right ones, which a sum without weights would let cancel.
TEST(DleqTest, ErrorsDoNotCancel) {
  Claim claim(2);
  const GroupElement shift = MultiplyBase(SecretScalar::Random());
  claim.statements[0].d = Add(claim.statements[0].d, shift).value();
  claim.statements[1].d = Subtract(claim.statements[1].d, shift).value();
  const Proof proof = ProveDleq(claim.secret, claim.b, claim.statements);
  EXPECT_THAT(VerifyDleq(proof, claim.b, claim.statements), HasReason("E_PROOF"));
}

}  // namespace
}  // namespace sluis::pseudonym
