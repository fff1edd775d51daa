#include "lib/pseudonym/transcryption.h"

#include <numeric>

#include "lib/base/status_macros.h"
#include "lib/pseudonym/internal/hop_scalars.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

struct ItemOut {
  Ciphertext blinded;  // (B + R, C + Yr)
  Ciphertext out;
  GroupElement r, yr;
};

// The nonce of the item is used up when this returns.
absl::StatusOr<ItemOut> TranscryptItem(const HopScalars& f, const SecretScalar& r,
                                       const GroupElement& y, const Ciphertext& in) {
  const GroupElement big_r = MultiplyBase(r);
  const GroupElement yr = Multiply(r, y);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement b, Add(in.b, big_r));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement c, Add(in.c, yr));
  return ItemOut{{b, c}, {Multiply(f.t, b), Multiply(f.s, c)}, big_r, yr};
}

std::vector<std::uint32_t> OrderOf(Nonces& nonces, const HopInput& input) {
  if (input.shuffle) return nonces.Permutation(input.items.size());
  std::vector<std::uint32_t> order(input.items.size());
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

// The batch while its proofs are made.
struct Work {
  std::vector<Ciphertext> outputs;
  std::vector<Statement> b_statements, c_statements;
  std::vector<RerandomizeMaterial> materials;
};

absl::Status AddItem(Nonces& nonces, const HopScalars& f, const HopInput& input, std::size_t index,
                     Work& work) {
  const SecretScalar r = nonces.Next();
  SLUIS_ASSIGN_OR_RETURN(const ItemOut item,
                         TranscryptItem(f, r, input.y_from, input.items[index]));
  work.outputs.push_back(item.out);
  if (!input.verifiable) return absl::OkStatus();
  const Statement statement[] = {{input.y_from, item.yr}};
  work.materials.push_back({item.r, item.yr, ProveDleq(nonces, r, item.r, statement)});
  work.b_statements.push_back({item.blinded.b, item.out.b});
  work.c_statements.push_back({item.blinded.c, item.out.c});
  return absl::OkStatus();
}

SecretBytes MakeProofBlock(Nonces& nonces, const HopScalars& f, const HeaderBase& base,
                           std::vector<std::uint32_t> order, Work& work) {
  const Proof proof_b = ProveDleq(nonces, f.t, base.t, work.b_statements);
  const Proof proof_c = ProveDleq(nonces, f.s, base.s, work.c_statements);
  const PseudonymBatchHeader header{base.s,       base.k,       base.t,  base.y_to, base.proof_s,
                                    base.proof_k, base.proof_t, proof_b, proof_c};
  ProofBlock block{header, std::move(order), std::move(work.materials)};
  SecretBytes encoded = SecretBytes::Take(block.Encode());
  block.WipeOrder();
  return encoded;
}

}  // namespace

HeaderBase MakeHeaderBase(const HopFactors& factors, const GroupElement& y_from) {
  RandomNonces nonces;
  return MakeHeaderBase(nonces, factors, y_from);
}

HeaderBase MakeHeaderBase(Nonces& nonces, const HopFactors& factors, const GroupElement& y_from) {
  const HopScalars& f = factors.scalars();
  const HopCommitments& commitments = factors.commitments();
  const GroupElement s = MultiplyBase(f.s), k = MultiplyBase(f.k), t = MultiplyBase(f.t);
  const GroupElement y_to = factors.Rekeyed(y_from);
  const Statement for_s[] = {{s, commitments.s_to}};
  const Statement for_k[] = {{k, commitments.k_to}};
  const Statement for_t[] = {{t, s}, {y_from, y_to}};
  const Proof proof_s = ProveDleq(nonces, f.s_from, commitments.s_from, for_s);
  const Proof proof_k = ProveDleq(nonces, f.k_from, commitments.k_from, for_k);
  const Proof proof_t = ProveDleq(nonces, f.k, k, for_t);
  return {s, k, t, y_to, proof_s, proof_k, proof_t};
}

absl::StatusOr<HopOutput> TranscryptBatch(const HopFactors& factors, const HeaderBase& base,
                                          const HopInput& input) {
  RandomNonces nonces;
  return TranscryptBatch(nonces, factors, base, input);
}

absl::StatusOr<HopOutput> TranscryptBatch(Nonces& nonces, const HopFactors& factors,
                                          const HeaderBase& base, const HopInput& input) {
  if (input.items.empty()) return Refuse("E_EMPTY_BATCH", "a batch holds at least one item");
  if (input.items.size() > kMaxBatch) {
    return Refuse("E_BATCH_SIZE", "a batch holds at most 4096 items");
  }
  std::vector<std::uint32_t> order = OrderOf(nonces, input);
  Work work;
  for (const std::uint32_t index : order) {
    SLUIS_RETURN_IF_ERROR(AddItem(nonces, factors.scalars(), input, index, work));
  }
  HopOutput output{{base.y_to, std::move(work.outputs)}, {}};
  if (input.verifiable) {
    output.proof_block = MakeProofBlock(nonces, factors.scalars(), base, std::move(order), work);
  }
  return output;
}

}  // namespace sluis::pseudonym
