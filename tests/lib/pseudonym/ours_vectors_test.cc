// ours-*.json, made by tests/vectors/ours.py with arithmetic of its own: kind 06, SessionHead,
// commitment signatures, hit signatures, AttributeBatchHeader, the header of a release and the
// human form.
#include <gtest/gtest.h>

#include <map>

#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/human_form.h"
#include "lib/pseudonym/inquiry.h"
#include "lib/pseudonym/internal/attribute_batch.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/session.h"
#include "lib/sealing/release_header.h"
#include "tests/lib/pseudonym/fixed_nonces.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/pseudonym_ports.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;
using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

template <std::size_t N>
std::array<std::uint8_t, N> ArrayOf(const Json& hex) {
  const Bytes raw = Unhex(hex);
  std::array<std::uint8_t, N> out{};
  EXPECT_EQ(raw.size(), N);
  std::copy_n(Data(raw), N, out.begin());
  return out;
}

absl::Time TimeOf(const Json& seconds) {
  return absl::FromUnixSeconds(seconds.get<std::int64_t>());
}

void RunCommitments(const Json& v) {
  testing::MemoryCommitments store;
  for (const Json& c : v.at("commitments")) {
    const std::size_t i = c.at("hop").get<std::size_t>() - 1;
    const Hop hop = i == 0 ? Hop::kFirst : Hop::kSecond;
    const Ed25519PrivateKey key =
        KeyOf(v.at("transcryptor_seed")[i], v.at("transcryptor_public")[i]);
    const Commitment made =
        SignCommitment(hop, Unhex(c.at("identifier")), ElementOfHex(c.at("value")), key);
    EXPECT_EQ(made.Encode(), Unhex(c.at("wire")));
    EXPECT_EQ(made.signature, Unhex(c.at("signature")));
    EXPECT_EQ(key.Sign(Unhex(c.at("signed_bytes"))), Unhex(c.at("signature")));
    ASSERT_OK_AND_ASSIGN(const Commitment decoded, Commitment::Decode(Unhex(c.at("wire"))));
    EXPECT_OK(AcceptCommitment(decoded, key.public_key(), store));
  }
  const Route route{Domain::DecodeCase(Unhex(v.at("d_from"))).value(),
                    Domain::DecodeCase(Unhex(v.at("d_to"))).value(),
                    Context::Decode(Unhex(v.at("c_from"))).value(),
                    Context::Decode(Unhex(v.at("c_to"))).value()};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto kept = CommitmentsOf(i == 0 ? Hop::kFirst : Hop::kSecond, route, store);
    ASSERT_OK(kept);
    EXPECT_EQ(*kept,
              (HopCommitments{ElementOfHex(v.at("S_from")[i]), ElementOfHex(v.at("S_to")[i]),
                              ElementOfHex(v.at("K_from")[i]), ElementOfHex(v.at("K_to")[i])}));
  }
}

// What a transcription straight from the origin gives for the same subject.
GroupElement Direct(const Json& v) {
  GroupElement element = HashToGroup(Unhex(v.at("subject")));
  for (std::size_t i = 0; i < 2; ++i) {
    const auto keys =
        TranscryptorKeys::Create(SecretBytes::Take(Unhex(v.at("PS")[i])),
                                 SecretBytes::Take(Unhex(v.at("ES")[i])), SecretOf(v.at("x")[i]))
            .value();
    const CaseSalt salt =
        CaseSalt::FromBytes(SecretBytes::Take(Unhex(v.at("case_salt")[i]))).value();
    const auto from =
        keys.ReshuffleFactor(Domain::DecodeOrigin(Unhex(v.at("d_origin"))).value(), nullptr);
    const auto to = keys.ReshuffleFactor(Domain::DecodeCase(Unhex(v.at("d_to"))).value(), &salt);
    element = Multiply(from->Inverse().Times(*to), element);
  }
  return element;
}

TEST(OursVectors, PassOn) {
  for (const auto& file : LoadVectors("ours-pass-on")) {
    ASSERT_FALSE(file.content.at("vectors").empty());
    for (const Json& v : file.content.at("vectors")) {
      SCOPED_TRACE(v.at("id").dump());
      const VectorRun run = RunVector(v);
      CheckSignedRun(v, run);
      RunCommitments(v);
      EXPECT_EQ(Direct(v).bytes(), Unhex(v.at("direct_from_origin")));
      EXPECT_EQ(run.pseudonyms[0], Direct(v));
    }
  }
}

void RunSession(const Json& v) {
  const Ed25519PrivateKey key = KeyOf(v.at("signer_seed"), v.at("signer_public"));
  const Context context = Context::Decode(Unhex(v.at("context"))).value();
  FixedNonces nonces;
  nonces.SetNonce(ArrayOf<16>(v.at("nonce")));
  ASSERT_OK_AND_ASSIGN(const SignedSession session,
                       SignSession(nonces, context, TimeOf(v.at("issued")), TimeOf(v.at("expires")),
                                   TimeOf(v.at("end")), key));
  EXPECT_EQ(session.bytes(), Unhex(v.at("wire")));
  EXPECT_EQ(session.head().Encode(), Unhex(v.at("head")));
  EXPECT_EQ(key.Sign(Unhex(v.at("signed_bytes"))), Unhex(v.at("signature")));
  EXPECT_TRUE(session.bytes().ends_with(Unhex(v.at("signature"))));
  EXPECT_EQ(AsView(session.head().key_id), Unhex(v.at("key_id")));
  EXPECT_EQ(session.revokes(), v.at("end") == v.at("issued"));
  EXPECT_EQ(session.head().signer, (Party{v.at("signer_oin"), v.at("signer_unit")}));
}

TEST(OursVectors, Session) {
  for (const auto& file : LoadVectors("ours-session")) {
    testing::MemoryTrustList trust;
    const absl::Time now = TimeOf(file.content.at("now"));
    for (const Json& v : file.content.at("vectors")) {
      SCOPED_TRACE(v.at("id").dump());
      RunSession(v);
      trust.Add({v.at("signer_oin"), v.at("signer_unit")},
                KeyOf(v.at("signer_seed"), v.at("signer_public")).public_key());
      testing::MemoryNonceCache nonces;
      EXPECT_OK(AdmitSession(Unhex(v.at("wire")), trust, nonces, now));
    }
    ASSERT_FALSE(file.content.at("refused").empty());
    for (const Json& c : file.content.at("refused")) {
      SCOPED_TRACE(c.at("id").dump());
      testing::MemoryNonceCache nonces;
      EXPECT_THAT(AdmitSession(Unhex(c.at("wire")), trust, nonces, now),
                  HasReason(c.at("expect").get<std::string>()));
    }
  }
}

TEST(OursVectors, Hits) {
  for (const auto& file : LoadVectors("ours-hits")) {
    for (const Json& v : file.content.at("vectors")) {
      const Ed25519PrivateKey owner = KeyOf(v.at("owner_seed"), v.at("owner_public"));
      const ExchangeId exchange = ExchangeId::FromBytes(ArrayOf<16>(v.at("exchange")));
      const std::size_t count = v.at("lines").size();
      const auto hits = std::make_unique<bool[]>(count);
      for (const Json& line : v.at("lines")) {
        const std::uint32_t position = line.at("position");
        hits[position] = line.at("hit") == 1;
        EXPECT_EQ(owner.Sign(Unhex(line.at("signed_bytes"))), Unhex(line.at("signature")));
        EXPECT_OK(VerifyHit(exchange, position, hits[position], Unhex(line.at("signature")),
                            owner.public_key()));
        EXPECT_THAT(VerifyHit(exchange, position, !hits[position], Unhex(line.at("signature")),
                              owner.public_key()),
                    HasReason("E_SIGNATURE"));
      }
      const SecretBytes content = EncodeHits(exchange, {hits.get(), count}, owner);
      EXPECT_EQ(content.Reveal(SecretAccess::ForTest()), Unhex(v.at("content")));
      ASSERT_OK_AND_ASSIGN(const auto decoded,
                           DecodeHits(content, exchange, count, owner.public_key()));
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(decoded[i].hit, hits[i]);
        EXPECT_EQ(decoded[i].signature, Unhex(v.at("lines")[i].at("signature")));
      }
      for (const Json& c : v.at("refused")) {
        SCOPED_TRACE(c.at("id").dump());
        EXPECT_THAT(DecodeHits(SecretBytes::Take(Unhex(c.at("content"))), exchange, count,
                               owner.public_key()),
                    HasReason(c.at("expect").get<std::string>()));
      }
    }
  }
}

struct AttributeRun {
  std::vector<Ciphertext> input;
  AttributeOutput output;
  GroupElement y, k_from, k_to;
};

AttributeRun RunAttributes(const Json& v) {
  const SecretBytes es = SecretBytes::Take(Unhex(v.at("ES")));
  const SecretScalar from = DeriveFactor(es, FactorLabel::kRekeyAttribute, Unhex(v.at("id_from")));
  const SecretScalar to = DeriveFactor(es, FactorLabel::kRekeyAttribute, Unhex(v.at("id_to")));
  EXPECT_EQ(from.Reveal(SecretAccess::ForTest()), Unhex(v.at("k_from")));
  EXPECT_EQ(to.Reveal(SecretAccess::ForTest()), Unhex(v.at("k_to")));
  EXPECT_EQ(MultiplyBase(from).bytes(), Unhex(v.at("K_from")));
  EXPECT_EQ(MultiplyBase(to).bytes(), Unhex(v.at("K_to")));
  const GroupElement y = MultiplyBase(SecretOf(v.at("sk_from")));
  EXPECT_EQ(y.bytes(), Unhex(v.at("Y_from")));
  std::vector<Ciphertext> input;
  FixedNonces nonces{Unhex(v.at("nonce_K"))};
  for (const Json& item : v.at("items")) {
    FixedNonces b{Unhex(item.at("b"))};
    input.push_back(Encrypt(b, ElementOfHex(item.at("M")), y)->ciphertext);
    EXPECT_EQ(input.back().b.bytes(), Unhex(item.at("B0")));
    EXPECT_EQ(input.back().c.bytes(), Unhex(item.at("C0")));
    nonces.Add(Unhex(item.at("r"))).Add(Unhex(item.at("nonce")));
  }
  nonces.Add(Unhex(v.at("nonce_B")));
  auto output = RekeyAttributes(nonces, from, to, y, input);
  EXPECT_OK(output);
  return {std::move(input), *std::move(output), y, MultiplyBase(from), MultiplyBase(to)};
}

TEST(OursVectors, Attributes) {
  for (const auto& file : LoadVectors("ours-attributes")) {
    for (const Json& v : file.content.at("vectors")) {
      AttributeRun run = RunAttributes(v);
      EXPECT_EQ(run.output.header.Encode(), Unhex(v.at("header")));
      EXPECT_EQ(run.output.response.Encode(), Unhex(v.at("batch_response")));
      for (std::size_t j = 0; j < run.input.size(); ++j) {
        const Json& item = v.at("items")[j];
        EXPECT_EQ(run.output.materials[j].Encode(), Unhex(item.at("material")));
        EXPECT_EQ(run.output.response.items[j].b.bytes(), Unhex(item.at("B")));
        EXPECT_EQ(run.output.response.items[j].c.bytes(), Unhex(item.at("C")));
      }
      EXPECT_OK(VerifyAttributes(run.output, run.input, run.y, run.k_from, run.k_to));
      for (const Json& c : v.at("refused")) {
        SCOPED_TRACE(c.at("id").dump());
        const auto header = AttributeBatchHeader::Decode(Unhex(c.at("header")));
        absl::Status status = header.status();
        if (header.ok()) {
          run.output.header = *header;
          status = VerifyAttributes(run.output, run.input, run.y, run.k_from, run.k_to);
        }
        EXPECT_THAT(status, HasReason(c.at("expect").get<std::string>()));
      }
    }
  }
}

TEST(OursVectors, ReleaseHeader) {
  for (const auto& file : LoadVectors("ours-release-header")) {
    for (const Json& v : file.content.at("vectors")) {
      ReleaseHeader header{ExchangeId::FromBytes(ArrayOf<16>(v.at("exchange"))),
                           v.at("regime"),
                           v.at("subject_category"),
                           v.at("subject_verified"),
                           {},
                           {}};
      for (const Json& f : v.at("fields")) {
        header.fields.push_back({f.at("field"), f.at("form"), DigestOfHex(f.at("sealed_digest"))});
      }
      for (const Json& r : v.at("signed_requests")) {
        header.signed_requests.push_back(DigestOfHex(r));
      }
      ASSERT_OK_AND_ASSIGN(const Bytes bytes, EncodeReleaseHeader(header));
      EXPECT_EQ(bytes, Unhex(v.at("header")));
      ASSERT_OK_AND_ASSIGN(const ReleaseHeader back, ParseReleaseHeader(bytes));
      EXPECT_EQ(back, header);
      const Ed25519PrivateKey key = KeyOf(v.at("provider_seed"), v.at("provider_public"));
      EXPECT_EQ(SignReleaseHeader(bytes, key), Unhex(v.at("signature")));
      EXPECT_EQ(key.Sign(Unhex(v.at("signed_bytes"))), Unhex(v.at("signature")));
    }
  }
}

TEST(OursVectors, HumanForm) {
  for (const auto& file : LoadVectors("ours-human-form")) {
    ASSERT_FALSE(file.content.at("vectors").empty());
    for (const Json& v : file.content.at("vectors")) {
      const std::string human = v.at("human");
      EXPECT_EQ(HumanForm(CasePseudonym(ElementOfHex(v.at("P")))), human);
      EXPECT_EQ(ParseHumanForm(human).value(), human);
    }
  }
}

}  // namespace
}  // namespace sluis::pseudonym
