#include "tests/lib/pseudonym/vector_run.h"

#include <gtest/gtest.h>

#include "lib/crypto/hash.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/ceremony.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/hop_signature.h"
#include "lib/pseudonym/internal/hop_scalars.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/session.h"
#include "lib/pseudonym/transcryption.h"
#include "tests/lib/pseudonym/fixed_nonces.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {

using sluis::testing::Unhex;

SecretScalar SecretOf(const Json& hex) {
  return SecretScalar::Decode(SecretBytes::Take(Unhex(hex))).value();
}
GroupElement ElementOfHex(const Json& hex) { return GroupElement::Decode(Unhex(hex)).value(); }
Digest DigestOfHex(const Json& hex) {
  const Bytes raw = Unhex(hex);
  Digest digest{};
  EXPECT_EQ(raw.size(), digest.size());
  std::copy_n(Data(raw), digest.size(), digest.begin());
  return digest;
}

Ed25519PrivateKey KeyOf(const Json& seed, const Json& expected_public) {
  auto key = Ed25519PrivateKey::FromSeed(SecretBytes::Take(Unhex(seed))).value();
  EXPECT_EQ(AsView(key.public_key().raw()), Unhex(expected_public));
  return key;
}

namespace {

BytesView Bare(const SecretScalar& scalar) { return scalar.Reveal(SecretAccess::ForTest()); }

// The local identifier as typed code makes it, where the domain is one of ours.
void CheckLocal(const Json& wire, const Json& local, const Json* salt) {
  const auto domain = Domain::Decode(Unhex(wire));
  if (!domain.ok()) return;  // "plain-1": free text, as libpep takes it
  std::optional<CaseSalt> bytes;
  if (salt != nullptr) bytes = CaseSalt::FromBytes(SecretBytes::Take(Unhex(*salt))).value();
  // A case without salt exists in vectors alone.
  if (domain->kind() == DomainKind::kCase && !bytes) return;
  ASSERT_OK_AND_ASSIGN(const SecretBytes made, LocalIdentifier(*domain, bytes ? &*bytes : nullptr));
  EXPECT_EQ(made.Reveal(SecretAccess::ForTest()), Unhex(local));
}

HopScalars CheckFactors(const Json& v, std::size_t i) {
  const SecretBytes ps = SecretBytes::Take(Unhex(v.at("PS")[i]));
  const SecretBytes es = SecretBytes::Take(Unhex(v.at("ES")[i]));
  const Json& from_local = v.contains("d_from_local") ? v.at("d_from_local")[i] : v.at("d_from");
  const Json& to_local = v.at("d_to_local")[i];
  CheckLocal(v.at("d_from"), from_local,
             v.contains("case_salt_from") ? &v.at("case_salt_from")[i] : nullptr);
  CheckLocal(v.at("d_to"), to_local, v.contains("case_salt") ? &v.at("case_salt")[i] : nullptr);
  SecretScalar s_from = DeriveFactor(ps, FactorLabel::kReshuffle, Unhex(from_local));
  SecretScalar s_to = DeriveFactor(ps, FactorLabel::kReshuffle, Unhex(to_local));
  SecretScalar k_from = DeriveFactor(es, FactorLabel::kRekeyPseudonym, Unhex(v.at("c_from")));
  SecretScalar k_to = DeriveFactor(es, FactorLabel::kRekeyPseudonym, Unhex(v.at("c_to")));
  const std::pair<const char*, const SecretScalar*> expected[] = {
      {"s_from", &s_from}, {"s_to", &s_to}, {"k_from", &k_from}, {"k_to", &k_to}};
  for (const auto& [name, factor] : expected)
    EXPECT_EQ(Bare(*factor), Unhex(v.at(name)[i])) << name;
  return HopScalars::Combine(std::move(s_from), std::move(s_to), std::move(k_from), std::move(k_to))
      .value();
}

void CheckCommitments(const Json& v, std::size_t i, const HopCommitments& c) {
  EXPECT_EQ(c.s_from.bytes(), Unhex(v.at("S_from")[i]));
  EXPECT_EQ(c.s_to.bytes(), Unhex(v.at("S_to")[i]));
  EXPECT_EQ(c.k_from.bytes(), Unhex(v.at("K_from")[i]));
  EXPECT_EQ(c.k_to.bytes(), Unhex(v.at("K_to")[i]));
}

CeremonyRecord CheckCeremony(const Json& v) {
  const SecretScalar x1 = SecretOf(v.at("x")[0]), x2 = SecretOf(v.at("x")[1]);
  const GroupElement big1 = MultiplyBase(x1), big2 = MultiplyBase(x2), y = Multiply(x2, big1);
  EXPECT_EQ(big1.bytes(), Unhex(v.at("X")[0]));
  EXPECT_EQ(big2.bytes(), Unhex(v.at("X")[1]));
  EXPECT_EQ(y.bytes(), Unhex(v.at("Y")));
  FixedNonces first{Unhex(v.at("setup_nonce")[0])}, second{Unhex(v.at("setup_nonce")[1])};
  const CeremonyRecord record{big1, big2, y, ProveCeremony(first, x1, big2, y),
                              ProveCeremony(second, x2, big1, y)};
  EXPECT_EQ(record.proof1.Encode(), Unhex(v.at("setup_proof")[0]));
  EXPECT_EQ(record.proof2.Encode(), Unhex(v.at("setup_proof")[1]));
  EXPECT_OK(VerifyCeremony(record));
  return record;
}

// Both sessions of the run; the target's opened as a party opens it.
SecretScalar CheckSessions(const Json& v, const CeremonyRecord& pinned,
                           const std::vector<HopFactors>& hops) {
  std::vector<ShareMaterial> shares;
  for (std::size_t i = 0; i < 2; ++i) {
    const SecretScalar x = SecretOf(v.at("x")[i]);
    EXPECT_EQ(Bare(x.Times(hops[i].scalars().k_from)), Unhex(v.at("u_from")[i]));
    FixedNonces nonces{Unhex(v.at("share_nonce")[i])};
    shares.push_back(MakeShare(nonces, x, hops[i].scalars().k_to));
    EXPECT_EQ(Bare(shares[i].u), Unhex(v.at("u_to")[i]));
    const SecretBytes wire = SecretBytes::Take(Unhex(v.at("share_material_to")[i]));
    EXPECT_TRUE(shares[i].Encode().Equals(wire));
    const auto decoded = ShareMaterial::Decode(wire);
    EXPECT_OK(decoded);
    EXPECT_OK(VerifyShare(*decoded, i == 0 ? pinned.x1 : pinned.x2, hops[i].commitments().k_to));
  }
  const SecretScalar sk_from = SecretOf(v.at("u_from")[0]).Times(SecretOf(v.at("u_from")[1]));
  EXPECT_EQ(Bare(sk_from), Unhex(v.at("sk_from")));
  EXPECT_EQ(MultiplyBase(sk_from).bytes(), Unhex(v.at("Y_from")));
  RandomNonces random;
  const SessionStep first = MakeSessionStep(random, hops[0].scalars().k_to, pinned.y);
  const SessionStep second = MakeSessionStep(random, hops[1].scalars().k_to, first.y_out);
  auto key =
      OpenSession(shares[0], shares[1],
                  {hops[0].commitments().k_to, hops[1].commitments().k_to, first, second}, pinned);
  EXPECT_OK(key);
  EXPECT_EQ(Bare(key->sk), Unhex(v.at("sk_to")));
  return std::move(key->sk);
}

std::vector<Ciphertext> CheckSubjects(const Json& v) {
  std::vector<Ciphertext> items;
  for (const Json& s : v.at("subjects")) {
    const GroupElement m =
        s.contains("input") ? HashToGroup(Unhex(s.at("input"))) : ElementOfHex(s.at("element"));
    EXPECT_EQ(m.bytes(), Unhex(s.at("M")));
    if (s.contains("filler_uniform")) {
      EXPECT_EQ(GroupElement::FromUniform(Unhex(s.at("filler_uniform"))).value(), m);
    }
    FixedNonces nonces{Unhex(s.at("b"))};
    const auto encrypted = Encrypt(nonces, m, ElementOfHex(v.at("Y_from")));
    EXPECT_OK(encrypted);
    EXPECT_EQ(encrypted->ciphertext.b.bytes(), Unhex(s.at("B0")));
    EXPECT_EQ(encrypted->ciphertext.c.bytes(), Unhex(s.at("C0")));
    EXPECT_EQ(Decrypt(encrypted->ciphertext, SecretOf(v.at("sk_from"))).value(), m);
    items.push_back(encrypted->ciphertext);
  }
  return items;
}

HeaderBase BaseOf(const Json& hop, const HopFactors& factors, const GroupElement& y_in) {
  if (!hop.contains("header")) return MakeHeaderBase(factors, y_in);
  const Json& n = hop.at("header_nonces");
  FixedNonces nonces{Unhex(n[0]), Unhex(n[1]), Unhex(n[2])};
  return MakeHeaderBase(nonces, factors, y_in);
}

HopOutput CheckHop(const Json& hop, const HopFactors& factors, const BatchRequest& received) {
  EXPECT_EQ(Bare(factors.scalars().s), Unhex(hop.at("s")));
  EXPECT_EQ(Bare(factors.scalars().k), Unhex(hop.at("k")));
  EXPECT_EQ(Bare(factors.scalars().t), Unhex(hop.at("t")));
  EXPECT_EQ(received.y_from.bytes(), Unhex(hop.at("Y_in")));
  const bool proofs = hop.contains("header");
  FixedNonces nonces;
  for (std::size_t j = 0; j < hop.at("items").size(); ++j) {
    nonces.Add(Unhex(hop.at("items")[j].at("r")));
    if (proofs) nonces.Add(Unhex(hop.at("material_nonces")[j]));
  }
  if (proofs) nonces.Add(Unhex(hop.at("header_nonces")[3])).Add(Unhex(hop.at("header_nonces")[4]));
  const HeaderBase base = BaseOf(hop, factors, received.y_from);
  auto output =
      TranscryptBatch(nonces, factors, base, {received.items, received.y_from, false, proofs});
  EXPECT_OK(output);
  EXPECT_EQ(output->response.y_to.bytes(), Unhex(hop.at("Y_out")));
  EXPECT_EQ(output->response.Encode(), Unhex(hop.at("batch_response")));
  EXPECT_EQ(BatchResponse::Decode(Unhex(hop.at("batch_response"))).value().Encode(),
            output->response.Encode());
  for (std::size_t j = 0; j < hop.at("items").size(); ++j) {
    EXPECT_EQ(output->response.items[j].b.bytes(), Unhex(hop.at("items")[j].at("B")));
    EXPECT_EQ(output->response.items[j].c.bytes(), Unhex(hop.at("items")[j].at("C")));
  }
  return *std::move(output);
}

void CheckProofs(const Json& hop, const HopFactors& factors, const BatchRequest& received,
                 const HopOutput& output) {
  const auto block = ProofBlock::Decode(output.proof_block.Reveal(SecretAccess::ForTest()));
  ASSERT_OK(block);
  EXPECT_EQ(block->Encode(), output.proof_block.Reveal(SecretAccess::ForTest()));
  EXPECT_EQ(block->header.Encode(), Unhex(hop.at("header")));
  ASSERT_EQ(block->materials.size(), hop.at("materials").size());
  for (std::size_t j = 0; j < block->materials.size(); ++j) {
    EXPECT_EQ(block->materials[j].Encode(), Unhex(hop.at("materials")[j]));
  }
  EXPECT_OK(VerifyHop(
      *block, {received.items, received.y_from, output.response, false, factors.commitments()},
      nullptr));
  if (hop.contains("proof_block_sha256")) {
    EXPECT_EQ(AsView(Sha256(output.proof_block.Reveal(SecretAccess::ForTest()))),
              Unhex(hop.at("proof_block_sha256")));
  }
}

}  // namespace

VectorRun RunVector(const Json& v) {
  const CeremonyRecord pinned = CheckCeremony(v);
  std::vector<HopFactors> factors;
  for (std::size_t i = 0; i < 2; ++i) {
    factors.emplace_back(std::make_unique<const HopScalars>(CheckFactors(v, i)));
    CheckCommitments(v, i, factors[i].commitments());
  }
  VectorRun run{{}, {}, CheckSessions(v, pinned, factors)};
  BatchRequest batch{BatchType::kPseudonym, Unhex(v.at("d_from")), Unhex(v.at("d_to")),
                     Unhex(v.at("c_from")), Unhex(v.at("c_to")),   ElementOfHex(v.at("Y_from")),
                     CheckSubjects(v)};
  EXPECT_EQ(batch.Encode(), Unhex(v.at("batch_request")));
  EXPECT_EQ(BatchRequest::Decode(Unhex(v.at("batch_request"))).value().Encode(), batch.Encode());
  for (std::size_t i = 0; i < 2; ++i) {
    const Json& hop = v.at("hops")[i];
    EXPECT_EQ(hop.at("hop"), i + 1);
    HopOutput output = CheckHop(hop, factors[i], batch);
    if (hop.contains("header")) CheckProofs(hop, factors[i], batch, output);
    BatchRequest next = batch;
    next.y_from = output.response.y_to;
    next.items = output.response.items;
    run.hops.push_back({std::move(factors[i]), batch.y_from, std::move(batch),
                        std::move(output.response),
                        Bytes(output.proof_block.Reveal(SecretAccess::ForTest()))});
    batch = std::move(next);
  }
  for (const Ciphertext& item : batch.items) {
    run.pseudonyms.push_back(Decrypt(item, run.sk_to).value());
  }
  EXPECT_EQ(run.pseudonyms.size(), v.at("P").size());
  for (std::size_t j = 0; j < v.at("P").size(); ++j) {
    EXPECT_EQ(run.pseudonyms[j].bytes(), Unhex(v.at("P")[j]));
  }
  return run;
}

void CheckSignedRun(const Json& v, const VectorRun& run) {
  const Ed25519PrivateKey key = KeyOf(v.at("signer_seed"), v.at("signer_public"));
  ASSERT_OK_AND_ASSIGN(const SignedRequest request,
                       SignedRequest::Decode(Unhex(v.at("signed_request"))));
  EXPECT_EQ(static_cast<int>(request.head().kind), v.at("kind"));
  EXPECT_EQ(request.head().signer, (Party{v.at("signer_oin"), v.at("signer_unit")}));
  EXPECT_OK(request.VerifySignature(key.public_key()));
  EXPECT_OK(request.VerifyKnowledge());
  EXPECT_OK(CheckRequestForm(request));
  EXPECT_EQ(request.FirstBatch().Encode(), run.hops[0].received.Encode());
  EXPECT_EQ(request.SecondBatch(run.hops[0].response).Encode(), run.hops[1].received.Encode());

  // Made again from the blinds and the nonces of the proofs of knowledge.
  FixedNonces nonces;
  std::vector<ItemToSend> items;
  for (std::size_t j = 0; j < request.items().size(); ++j) {
    nonces.Add(Unhex(v.contains("w") ? v.at("w")[j] : v.at("items")[j].at("w")));
    items.push_back({{request.items()[j].ciphertext, SecretOf(v.at("subjects")[j].at("b"))},
                     request.items()[j].payload});
  }
  ASSERT_OK_AND_ASSIGN(const SignedRequest again,
                       AssembleRequest(nonces, request.head(), items, key));
  EXPECT_EQ(again.bytes(), request.bytes());

  for (std::size_t i = 0; i < 2; ++i) {
    const Json& hop = v.at("hops")[i];
    const Ed25519PrivateKey signing =
        KeyOf(v.at("transcryptor_seed")[i], v.at("transcryptor_public")[i]);
    const Bytes received = run.hops[i].received.Encode(), response = run.hops[i].response.Encode();
    const auto payloads = request.Payloads();
    const HopRecord record{i == 0 ? Hop::kFirst : Hop::kSecond,
                           request.digest(),
                           received,
                           response,
                           payloads,
                           run.hops[i].proof_block};
    EXPECT_EQ(SignHop(record, signing), Unhex(hop.at("hop_signature")));
    EXPECT_OK(VerifyHopSignature(record, Unhex(hop.at("hop_signature")), signing.public_key()));
  }
}

}  // namespace sluis::pseudonym
