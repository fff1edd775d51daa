#include "lib/pseudonym/internal/attribute_batch.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {

absl::StatusOr<AttributeOutput> RekeyAttributes(Nonces& nonces, const SecretScalar& k_from,
                                                const SecretScalar& k_to, const GroupElement& y,
                                                std::span<const Ciphertext> items) {
  const SecretScalar k = k_from.Inverse().Times(k_to);
  if (k.IsOne()) return Refuse("E_FACTOR_TRIVIAL", "a factor of one changes nothing");
  const SecretScalar inverse = k.Inverse();
  const GroupElement big_k = MultiplyBase(k), y_to = Multiply(k, y);
  const Statement for_k[] = {{big_k, MultiplyBase(k_to)}};
  const Proof proof_k = ProveDleq(nonces, k_from, MultiplyBase(k_from), for_k);
  std::vector<Ciphertext> out;
  std::vector<RerandomizeMaterial> materials;
  std::vector<Statement> for_b;
  for (const Ciphertext& item : items) {
    const SecretScalar r = nonces.Next();
    const GroupElement big_r = MultiplyBase(r), yr = Multiply(r, y);
    SLUIS_ASSIGN_OR_RETURN(const GroupElement b, Add(item.b, big_r));
    SLUIS_ASSIGN_OR_RETURN(const GroupElement c, Add(item.c, yr));
    const Statement for_r[] = {{y, yr}};
    materials.push_back({big_r, yr, ProveDleq(nonces, r, big_r, for_r)});
    out.push_back({Multiply(inverse, b), c});
    for_b.push_back({out.back().b, b});
  }
  for_b.push_back({y, y_to});
  const Proof proof_b = ProveDleq(nonces, k, big_k, for_b);
  return AttributeOutput{
      {y_to, std::move(out)}, {big_k, y_to, proof_k, proof_b}, std::move(materials)};
}

absl::Status VerifyAttributes(const AttributeOutput& output, std::span<const Ciphertext> input,
                              const GroupElement& y, const GroupElement& k_from,
                              const GroupElement& k_to) {
  const AttributeBatchHeader& header = output.header;
  if (output.response.items.size() != input.size() || output.materials.size() != input.size() ||
      output.response.y_to != header.y_to) {
    return Refuse("E_PROOF", "the counts or the Y of input, output and proof differ");
  }
  const Statement for_k[] = {{header.k, k_to}};
  SLUIS_RETURN_IF_ERROR(VerifyDleq(header.proof_k, k_from, for_k));
  std::vector<Statement> for_b;
  for (std::size_t j = 0; j < input.size(); ++j) {
    const RerandomizeMaterial& material = output.materials[j];
    const Ciphertext& out = output.response.items[j];
    SLUIS_RETURN_IF_ERROR(VerifyMaterial(material, y));
    SLUIS_ASSIGN_OR_RETURN(const GroupElement b, Add(input[j].b, material.r));
    SLUIS_ASSIGN_OR_RETURN(const GroupElement c, Add(input[j].c, material.yr));
    if (c != out.c) return Refuse("E_PROOF", "an item was changed beyond its rerandomisation");
    for_b.push_back({out.b, b});
  }
  for_b.push_back({y, header.y_to});
  return VerifyDleq(header.proof_b, header.k, for_b);
}

}  // namespace sluis::pseudonym
