#include "lib/pseudonym/hop_proof.h"

#include <algorithm>
#include <vector>

#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

absl::Status NoProof(std::string_view message) { return Refuse("E_PROOF", message); }

Digest BaseDigest(const PseudonymBatchHeader& header, const HopCommitments& commitments,
                  const GroupElement& y_from) {
  return Sha256({header.s.bytes(), header.k.bytes(), header.t.bytes(), header.y_to.bytes(),
                 header.proof_s.Encode(), header.proof_k.Encode(), header.proof_t.Encode(),
                 commitments.s_from.bytes(), commitments.s_to.bytes(), commitments.k_from.bytes(),
                 commitments.k_to.bytes(), y_from.bytes()});
}

absl::Status CheckShape(const ProofBlock& block, const HopClaim& claim) {
  const std::size_t count = claim.input.size();
  if (claim.response.items.size() != count || block.permutation.size() != count ||
      block.materials.size() != count) {
    return NoProof("the counts of input, output and proof differ");
  }
  if (!IsPermutation(block.permutation)) return NoProof("not a permutation of the items");
  if (!claim.shuffle && !std::is_sorted(block.permutation.begin(), block.permutation.end())) {
    return NoProof("the items stand in another order than was asked for");
  }
  if (claim.response.y_to != block.header.y_to) return NoProof("another Y than the proof is about");
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyHeaderBase(const PseudonymBatchHeader& header, const HopCommitments& commitments,
                              const GroupElement& y_from, VerifiedHeaders* memory) {
  const GroupElement& generator = GroupElement::Generator();
  if (header.s == generator || header.k == generator) {
    return Refuse("E_FACTOR_TRIVIAL", "a factor of one changes nothing");
  }
  const Digest digest = BaseDigest(header, commitments, y_from);
  if (memory != nullptr && memory->Contains(digest)) return absl::OkStatus();
  const Statement for_s[] = {{header.s, commitments.s_to}};
  const Statement for_k[] = {{header.k, commitments.k_to}};
  const Statement for_t[] = {{header.t, header.s}, {y_from, header.y_to}};
  SLUIS_RETURN_IF_ERROR(VerifyDleq(header.proof_s, commitments.s_from, for_s));
  SLUIS_RETURN_IF_ERROR(VerifyDleq(header.proof_k, commitments.k_from, for_k));
  SLUIS_RETURN_IF_ERROR(VerifyDleq(header.proof_t, header.k, for_t));
  if (memory != nullptr) memory->Remember(digest);
  return absl::OkStatus();
}

absl::Status VerifyMaterial(const RerandomizeMaterial& material, const GroupElement& y_from) {
  const Statement statement[] = {{y_from, material.yr}};
  return VerifyDleq(material.proof, material.r, statement);
}

absl::Status VerifyHop(const ProofBlock& block, const HopClaim& claim, VerifiedHeaders* memory) {
  SLUIS_RETURN_IF_ERROR(CheckShape(block, claim));
  SLUIS_RETURN_IF_ERROR(VerifyHeaderBase(block.header, claim.commitments, claim.y_from, memory));
  std::vector<Statement> for_b, for_c;
  for (std::size_t j = 0; j < block.materials.size(); ++j) {
    const RerandomizeMaterial& material = block.materials[j];
    SLUIS_RETURN_IF_ERROR(VerifyMaterial(material, claim.y_from));
    const Ciphertext& in = claim.input[block.permutation[j]];
    const Ciphertext& out = claim.response.items[j];
    SLUIS_ASSIGN_OR_RETURN(const GroupElement b, Add(in.b, material.r));
    SLUIS_ASSIGN_OR_RETURN(const GroupElement c, Add(in.c, material.yr));
    for_b.push_back({b, out.b});
    for_c.push_back({c, out.c});
  }
  SLUIS_RETURN_IF_ERROR(VerifyDleq(block.header.proof_b, block.header.t, for_b));
  return VerifyDleq(block.header.proof_c, block.header.s, for_c);
}

}  // namespace sluis::pseudonym
