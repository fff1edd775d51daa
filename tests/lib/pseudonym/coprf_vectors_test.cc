// coprf.json: every value that libpep 0.14 publishes, and what an older revision would have given.
#include <gtest/gtest.h>
#include <sodium.h>

#include <numeric>

#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/internal/attribute_batch.h"
#include "lib/pseudonym/internal/hop_scalars.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/transcryption.h"
#include "tests/lib/pseudonym/fixed_nonces.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

BytesView Bare(const SecretScalar& scalar) { return scalar.Reveal(SecretAccess::ForTest()); }
SecretBytes SecretHex(const Json& hex) { return SecretBytes::Take(Unhex(hex)); }

// The ChaCha20 stream that upstream draws from: key = Seed with its last byte replaced.
Bytes Stream(const Json& seed, int label, std::size_t size) {
  Bytes key = Unhex(seed);
  key.back() = static_cast<char>(label);
  const std::uint8_t nonce[crypto_stream_chacha20_NONCEBYTES] = {};
  Bytes stream(size, '\0');
  crypto_stream_chacha20(reinterpret_cast<std::uint8_t*>(stream.data()), size, nonce, Data(key));
  return stream;
}

Bytes ScalarAt(const Bytes& stream, std::size_t offset) {
  return Bytes(Scalar::Reduce(BytesView(stream).substr(offset, kUniformSize)).bytes());
}

struct Secrets {
  explicit Secrets(const Json& derive)
      : ps(SecretHex(derive.at("PS_1"))), es(SecretHex(derive.at("ES_1"))) {}
  SecretScalar Domain(const Json& id) const {
    return DeriveFactor(ps, FactorLabel::kReshuffle, Unhex(id));
  }
  SecretScalar Session(const Json& id, FactorLabel label = FactorLabel::kRekeyPseudonym) const {
    return DeriveFactor(es, label, Unhex(id));
  }
  SecretBytes ps, es;
};

void RunDeriveFactor(const Json& d) {
  const Secrets secrets(d);
  const SecretScalar k = secrets.Session(d.at("SessionIdentifier"));
  const SecretScalar k_attribute =
      secrets.Session(d.at("SessionIdentifier"), FactorLabel::kRekeyAttribute);
  const SecretScalar s = secrets.Domain(d.at("DomainIdentifier"));
  EXPECT_EQ(Bare(k), Unhex(d.at("k_c")));
  EXPECT_EQ(MultiplyBase(k).bytes(), Unhex(d.at("K_c")));
  EXPECT_EQ(Bare(k_attribute), Unhex(d.at("k'_c")));
  EXPECT_EQ(MultiplyBase(k_attribute).bytes(), Unhex(d.at("K'_c")));
  EXPECT_EQ(Bare(s), Unhex(d.at("s_d")));
  EXPECT_EQ(MultiplyBase(s).bytes(), Unhex(d.at("S_d")));
  EXPECT_EQ(d.at("labelRekeyPseudonym"), "01");
  EXPECT_EQ(d.at("labelRekeyAttribute"), "02");
  EXPECT_EQ(d.at("labelReshuffle"), "03");
}

HopFactors FactorsOf(const Secrets& secrets, const Json& v) {
  return HopFactors(std::make_unique<const HopScalars>(
      HopScalars::Combine(secrets.Domain(v.at("DomainFrom")), secrets.Domain(v.at("DomainTo")),
                          secrets.Session(v.at("SessionFrom")), secrets.Session(v.at("SessionTo")))
          .value()));
}

void RunSingle(const Secrets& secrets, const Json& v, const Bytes& stream, const Json& offsets) {
  EXPECT_EQ(ScalarAt(stream, offsets.at("y_offset")), Unhex(v.at("y")));
  EXPECT_EQ(ScalarAt(stream, offsets.at("b_offset")), Unhex(v.at("b")));
  EXPECT_EQ(ScalarAt(stream, offsets.at("r_offset")), Unhex(v.at("r")));
  const GroupElement m = HashToGroup(Unhex(v.at("Identifier")));
  EXPECT_EQ(m.bytes(), Unhex(v.at("M")));
  const SecretScalar y = SecretOf(v.at("y"));
  EXPECT_EQ(MultiplyBase(y).bytes(), Unhex(v.at("Y")));
  const SecretScalar sk_from = y.Times(secrets.Session(v.at("SessionFrom")));
  const GroupElement pk_from = MultiplyBase(sk_from);
  EXPECT_EQ(pk_from.bytes(), Unhex(v.at("pk_from")));
  FixedNonces b{Unhex(v.at("b"))};
  ASSERT_OK_AND_ASSIGN(const Encrypted encrypted, Encrypt(b, m, pk_from));
  EXPECT_EQ(encrypted.ciphertext.Encode(), Unhex(v.at("V")));

  const HopFactors factors = FactorsOf(secrets, v);
  EXPECT_EQ(Bare(factors.scalars().s), Unhex(v.at("s")));
  EXPECT_EQ(Bare(factors.scalars().k), Unhex(v.at("k")));
  FixedNonces r{Unhex(v.at("r"))};
  ASSERT_OK_AND_ASSIGN(
      const HopOutput output,
      TranscryptBatch(r, factors, MakeHeaderBase(factors, pk_from),
                      {{&encrypted.ciphertext, 1}, pk_from, false, /*verifiable=*/false}));
  EXPECT_EQ(output.response.items[0].Encode(), Unhex(v.at("V'")));
  EXPECT_EQ(output.response.y_to.bytes(), Unhex(v.at("Y_to")));
  const SecretScalar sk_to = y.Times(secrets.Session(v.at("SessionTo")));
  EXPECT_EQ(Bare(sk_to), Unhex(v.at("sk_to")));
  ASSERT_OK_AND_ASSIGN(const GroupElement p, Decrypt(output.response.items[0], sk_to));
  EXPECT_EQ(p.bytes(), Unhex(v.at("P")));
}

std::string Name(const char* stem, std::size_t i) { return stem + std::to_string(i); }

std::vector<Ciphertext> EncryptAll(const Json& v, const std::string& kind, std::size_t count,
                                   const GroupElement& pk) {
  std::vector<Ciphertext> items;
  for (std::size_t i = 0; i < count; ++i) {
    FixedNonces b{Unhex(v.at(Name((kind + "B_").c_str(), i)))};
    const auto encrypted = Encrypt(b, ElementOfHex(v.at(Name((kind + "M_").c_str(), i))), pk);
    EXPECT_OK(encrypted);
    EXPECT_EQ(encrypted->ciphertext.Encode(), Unhex(v.at(Name((kind + "V_").c_str(), i))));
    items.push_back(encrypted->ciphertext);
  }
  return items;
}

std::vector<std::uint32_t> ParseOrder(const std::string& text) {
  std::vector<std::uint32_t> order;
  for (const char c : text) {
    if (c != ',') order.push_back(static_cast<std::uint32_t>(c - '0'));
  }
  return order;
}

// r is drawn in output order, upstream and here.
void RunPseudonymBatch(const Secrets& secrets, const Json& single, const Json& v,
                       const Json& derived) {
  const SecretScalar y = SecretOf(derived.at("y"));
  const GroupElement pk_from = MultiplyBase(y.Times(secrets.Session(single.at("SessionFrom"))));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(HashToGroup(Unhex(v.at(Name("PseudonymInput_", i)))).bytes(),
              Unhex(v.at(Name("PseudonymM_", i))));
  }
  const auto items = EncryptAll(v, "Pseudonym", 3, pk_from);
  const auto order = ParseOrder(v.at("PseudonymPermutation"));
  ASSERT_TRUE(IsPermutation(order));
  const HopFactors factors = FactorsOf(secrets, single);
  FixedNonces nonces;
  nonces.SetOrder(order);
  for (const Json& r : derived.at("pseudonym_r")) nonces.Add(Unhex(r));
  ASSERT_OK_AND_ASSIGN(const HopOutput output,
                       TranscryptBatch(nonces, factors, MakeHeaderBase(factors, pk_from),
                                       {items, pk_from, /*shuffle=*/true, /*verifiable=*/false}));
  const SecretScalar sk_to = y.Times(secrets.Session(single.at("SessionTo")));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(output.response.items[i].Encode(), Unhex(v.at(Name("PseudonymOut_", i))));
    EXPECT_EQ(Decrypt(output.response.items[i], sk_to)->bytes(),
              Unhex(v.at(Name("PseudonymP_", i))));
  }
}

void RunAttributeBatch(const Secrets& secrets, const Json& single, const Json& v,
                       const Json& derived) {
  const SecretScalar y = SecretOf(derived.at("y_attribute"));
  const SecretScalar k_from =
      secrets.Session(single.at("SessionFrom"), FactorLabel::kRekeyAttribute);
  const SecretScalar k_to = secrets.Session(single.at("SessionTo"), FactorLabel::kRekeyAttribute);
  EXPECT_EQ(Bare(k_from.Inverse().Times(k_to)), Unhex(v.at("k_attribute")));
  const GroupElement pk_from = MultiplyBase(y.Times(k_from));
  const auto items = EncryptAll(v, "Attribute", 3, pk_from);
  EXPECT_EQ(v.at("AttributePermutation"), "0,1,2");
  const SecretScalar any = SecretScalar::Random();
  FixedNonces nonces{Bare(any)};
  for (std::size_t i = 0; i < 3; ++i) {
    nonces.Add(Unhex(derived.at("attribute_r")[i])).Add(Bare(SecretScalar::Random()));
  }
  nonces.Add(Bare(SecretScalar::Random()));
  ASSERT_OK_AND_ASSIGN(const AttributeOutput output,
                       RekeyAttributes(nonces, k_from, k_to, pk_from, items));
  EXPECT_OK(VerifyAttributes(output, items, pk_from, MultiplyBase(k_from), MultiplyBase(k_to)));
  const SecretScalar sk_to = y.Times(k_to);
  EXPECT_EQ(output.response.y_to, MultiplyBase(sk_to));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(output.response.items[i].Encode(), Unhex(v.at(Name("AttributeOut_", i))));
    EXPECT_EQ(Decrypt(output.response.items[i], sk_to)->bytes(),
              Unhex(v.at(Name("AttributeP_", i))));
    EXPECT_EQ(v.at(Name("AttributeP_", i)), v.at(Name("AttributeM_", i)));
  }
}

// Upstream draws everything of a batch from one stream.
void CheckBatchStream(const Json& v, const Json& derived) {
  Bytes key = Unhex(v.at("BatchSeed"));
  ASSERT_EQ(key.back(), static_cast<char>(derived.at("stream").get<int>()));
  const Bytes stream = Stream(v.at("BatchSeed"), derived.at("stream"), 2048);
  EXPECT_EQ(ScalarAt(stream, 0), Unhex(derived.at("y")));
  EXPECT_EQ(ScalarAt(stream, 64), Unhex(derived.at("y_attribute")));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ScalarAt(stream, 128 + 64 * i), Unhex(v.at(Name("PseudonymB_", i))));
    EXPECT_EQ(GroupElement::FromUniform(BytesView(stream).substr(528 + 128 * i, 64))->bytes(),
              Unhex(v.at(Name("AttributeM_", i))));
    EXPECT_EQ(ScalarAt(stream, 592 + 128 * i), Unhex(v.at(Name("AttributeB_", i))));
    EXPECT_EQ(ScalarAt(stream, derived.at("pseudonym_r_offset").get<std::size_t>() + 64 * i),
              Unhex(derived.at("pseudonym_r")[i]));
    EXPECT_EQ(ScalarAt(stream, derived.at("attribute_r_offset").get<std::size_t>() + 64 * i),
              Unhex(derived.at("attribute_r")[i]));
  }
  EXPECT_EQ(v.at("typePseudonym"), "01");
  EXPECT_EQ(v.at("typeAttribute"), "02");
}

void RunShare(const Secrets& secrets, const Json& derive, const Json& v, const Bytes& stream,
              const Json& derived) {
  EXPECT_EQ(ScalarAt(stream, derived.at("b_offset")), Unhex(v.at("b_1")));
  const SecretScalar x = SecretOf(v.at("b_1"));
  EXPECT_EQ(MultiplyBase(x).bytes(), Unhex(v.at("B_1")));
  const SecretScalar k = secrets.Session(derive.at("SessionIdentifier"));
  EXPECT_EQ(MultiplyBase(k).bytes(), Unhex(v.at("K_c_1")));
  RandomNonces nonces;
  const ShareMaterial share = MakeShare(nonces, x, k);
  EXPECT_EQ(Bare(share.u), Unhex(v.at("u_1")));
  EXPECT_EQ(share.big_u.bytes(), Unhex(v.at("U_1")));
  EXPECT_OK(VerifyShare(share, ElementOfHex(v.at("B_1")), ElementOfHex(v.at("K_c_1"))));
}

void CheckMustDiffer(const Json& sections, const Json& old) {
  const Bytes context = Unhex(old.at("context_string"));
  EXPECT_NE(kCoPrfContext, context);
  const Json& single = sections.at("Single pseudonym");
  EXPECT_EQ(HashToGroup(Unhex(single.at("Identifier")), context).bytes(),
            Unhex(old.at("M_patient_42")));
  EXPECT_NE(HashToGroup(Unhex(single.at("Identifier"))).bytes(), Unhex(old.at("M_patient_42")));
  const Json& derive = sections.at("DeriveFactor");
  EXPECT_NE(Bare(Secrets(derive).Domain(derive.at("DomainIdentifier"))), Unhex(old.at("s_d")));
}

TEST(CoPrfVectors, EveryValue) {
  for (const auto& file : LoadVectors("coprf")) {
    const Json& sections = file.content.at("sections");
    const Json& derived = file.content.at("derived");
    const Json& suite = sections.at("suite");
    EXPECT_EQ(suite.at("Ciphersuite"), "ristretto255-SHA512");
    EXPECT_EQ(kCoPrfContext, Unhex(suite.at("ContextString")));
    const Json& derive = sections.at("DeriveFactor");
    const Json& single = sections.at("Single pseudonym");
    const Json& batch = sections.at("Batch of three");
    const Secrets secrets(derive);
    RunDeriveFactor(derive);
    RunSingle(secrets, single, Stream(suite.at("Seed"), derived.at("single").at("stream"), 512),
              derived.at("single"));
    CheckBatchStream(batch, derived.at("batch"));
    RunPseudonymBatch(secrets, single, batch, derived.at("batch"));
    RunAttributeBatch(secrets, single, batch, derived.at("batch"));
    RunShare(secrets, derive, sections.at("Session key share"),
             Stream(suite.at("Seed"), derived.at("share").at("stream"), 512), derived.at("share"));
    CheckMustDiffer(sections, file.content.at("must_differ"));
  }
}

}  // namespace
}  // namespace sluis::pseudonym
