// requests.json, and the signed requests of negative-encodings.json, through all checks in their
// order.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/internal/knowledge.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/signed_request.h"
#include "tests/lib/pseudonym/fixed_nonces.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/pseudonym_ports.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;
using sluis::testing::HasReason;
using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

Ed25519PrivateKey KeyOf(const Json& seed) {
  return Ed25519PrivateKey::FromSeed(SecretBytes::Take(Unhex(seed))).value();
}

// The requests of the files of a topic, by id; a context of a negative case names one.
std::map<std::string, Json> RequestsById() {
  std::map<std::string, Json> by_id;
  for (const auto& file : LoadVectors("requests")) {
    for (const Json& v : file.content.value("vectors", Json::array())) by_id[v.at("id")] = v;
  }
  return by_id;
}

struct Statements {
  std::map<std::string, Bytes> wires;
  std::optional<Ed25519PublicKey> broker;
  std::vector<Digest> packs;
};

Statements LoadStatements() {
  Statements out;
  for (const auto& file : LoadVectors("decision-statement")) {
    if (file.content.contains("broker_public")) {
      out.broker = Ed25519PublicKey::Parse(Unhex(file.content.at("broker_public"))).value();
      out.packs.push_back(DigestOfHex(file.content.at("pack")));
    }
    for (const Json& s : file.content.value("statements", Json::array())) {
      out.wires[s.at("id")] = Unhex(s.at("wire"));
    }
  }
  return out;
}

// A transcryptor that knows every signer of the vectors, and the sessions of one request.
class VectorGate {
 public:
  VectorGate(const std::map<std::string, Json>& requests, const Statements& statements)
      : statements_(statements), judge_(statements.packs) {
    for (const auto& [id, v] : requests) {
      const auto key = Ed25519PublicKey::Parse(Unhex(v.at("signer_public"))).value();
      trust_.Add({v.at("signer_oin"), v.at("signer_unit")}, key);
    }
  }
  // A directory could name a party without unit; the request is then refused as the sender's fault.
  void TrustWithoutUnit(const Json& v) {
    trust_.Add({v.at("signer_oin"), ""},
               Ed25519PublicKey::Parse(Unhex(v.at("signer_public"))).value());
  }
  absl::StatusOr<AdmittedRequest> Admit(BytesView bytes, const Json& context) {
    testing::MemoryNonceCache nonces;
    testing::MemoryQuotaBook quota;
    testing::MemorySessions sessions;
    const auto original = SignedRequest::Decode(Unhex(context.at("signed_request"))).value();
    const auto route = RouteOf(original.head()).value();
    const absl::Time now =
        absl::FromUnixSeconds(static_cast<std::int64_t>(original.head().issued) + 10);
    sessions.Record(route.c_from, original.head().y_from, now + absl::Hours(1));
    sessions.Record(route.c_to, MultiplyBase(SecretScalar::Random()), now + absl::Hours(1));
    RequestGate gate(trust_, *statements_.broker, judge_, nonces, quota, sessions);
    return gate.Admit(bytes, statements_.wires.at(context.at("statement")), now);
  }

 private:
  const Statements& statements_;
  testing::MemoryTrustList trust_;
  testing::FixedJudge judge_;
};

std::vector<ItemToSend> ItemsOf(const Json& v) {
  std::vector<ItemToSend> items;
  for (const Json& i : v.at("items")) {
    SecretScalar b = SecretOf(i.at("b"));
    EXPECT_EQ(MultiplyBase(b).bytes(), Unhex(i.at("B")));
    items.push_back({{{ElementOfHex(i.at("B")), ElementOfHex(i.at("C"))}, std::move(b)},
                     DigestOfHex(i.at("payload_digest"))});
  }
  return items;
}

// The terms that the head was made from.
RequestTerms TermsOf(const RequestHead& head) {
  return {head.kind,
          head.signer,
          RouteOf(head).value(),
          head.y_from,
          absl::FromUnixSeconds(static_cast<std::int64_t>(head.issued)),
          absl::FromUnixSeconds(static_cast<std::int64_t>(head.expires)),
          head.mandate,
          head.verifiable(),
          head.shuffle(),
          head.queued()};
}

void CheckItem(const Json& item, const RequestItem& decoded) {
  EXPECT_EQ(MultiplyBase(SecretOf(item.at("w"))).bytes(), Unhex(item.at("A")));
  EXPECT_EQ(decoded.proof.Encode(), Unhex(item.at("pok")));
  EXPECT_EQ(decoded.ciphertext.b.bytes(), Unhex(item.at("B")));
  EXPECT_EQ(decoded.ciphertext.c.bytes(), Unhex(item.at("C")));
  EXPECT_EQ(AsView(decoded.payload), Unhex(item.at("payload_digest")));
}

Bytes SignedBytesOf(const Json& v) {
  ByteWriter items, proofs;
  for (const Json& i : v.at("items")) {
    items.Raw(Unhex(i.at("B"))).Raw(Unhex(i.at("C"))).Raw(Unhex(i.at("payload_digest")));
    proofs.Raw(Unhex(i.at("pok")));
  }
  return ByteWriter()
      .Raw("sluis/request/v1\0"sv)
      .Raw(AsView(Sha256(Unhex(v.at("head")))))
      .U32(static_cast<std::uint32_t>(v.at("items").size()))
      .Raw(AsView(Sha256(items.bytes())))
      .Raw(AsView(Sha256(proofs.bytes())))
      .bytes();
}

void RunPositive(const Json& v) {
  ASSERT_OK_AND_ASSIGN(const RequestHead head, RequestHead::Decode(Unhex(v.at("head"))));
  EXPECT_EQ(head.Encode(), Unhex(v.at("head")));
  EXPECT_EQ(static_cast<int>(head.kind), v.at("kind"));
  EXPECT_EQ(head.signer, (Party{v.at("signer_oin"), v.at("signer_unit")}));
  EXPECT_EQ(AsView(head.key_id), Unhex(v.at("key_id")));
  EXPECT_EQ(head.y_from.bytes(), Unhex(v.at("Y_from")));
  EXPECT_EQ(KnowledgeContext(Unhex(v.at("head"))), Unhex(v.at("pok_context")));

  const Ed25519PrivateKey key = KeyOf(v.at("signer_seed"));
  EXPECT_EQ(AsView(key.public_key().raw()), Unhex(v.at("signer_public")));
  FixedNonces nonces;
  nonces.SetNonce(head.nonce);
  for (const Json& i : v.at("items")) nonces.Add(Unhex(i.at("w")));
  ASSERT_OK_AND_ASSIGN(const SignedRequest request,
                       SignRequest(nonces, TermsOf(head), ItemsOf(v), key));
  EXPECT_EQ(request.bytes(), Unhex(v.at("signed_request")));
  EXPECT_EQ(AsView(request.digest()), Unhex(v.at("request_digest")));
  EXPECT_EQ(SignedBytesOf(v), Unhex(v.at("signed_bytes")));
  EXPECT_EQ(key.Sign(Unhex(v.at("signed_bytes"))), Unhex(v.at("signature")));
  EXPECT_TRUE(request.bytes().ends_with(Unhex(v.at("signature"))));
  ASSERT_EQ(request.items().size(), v.at("items").size());
  for (std::size_t j = 0; j < request.items().size(); ++j) {
    CheckItem(v.at("items")[j], request.items()[j]);
  }
}

TEST(RequestVectors, EveryValueAndAdmitted) {
  const auto requests = RequestsById();
  const Statements statements = LoadStatements();
  ASSERT_FALSE(requests.empty());
  for (const auto& [id, v] : requests) {
    SCOPED_TRACE(id);
    RunPositive(v);
    if (!v.contains("statement")) continue;  // ours-only vectors carry their own, if any
    VectorGate gate(requests, statements);
    EXPECT_OK(gate.Admit(Unhex(v.at("signed_request")), v));
  }
}

TEST(RequestVectors, RefusedWithTheirCode) {
  const auto requests = RequestsById();
  const Statements statements = LoadStatements();
  int run = 0;
  for (const auto& file : LoadVectors("negative-encodings")) {
    for (const Json& c : file.content.at("cases")) {
      if (c.at("structure") != "signed_request") continue;
      SCOPED_TRACE(c.at("id").dump());
      VectorGate gate(requests, statements);
      const Json& context = requests.at(c.at("context"));
      if (c.at("id") == "sreq-unit-empty-in-head") gate.TrustWithoutUnit(context);
      EXPECT_THAT(gate.Admit(Unhex(c.at("hex")), context),
                  HasReason(c.at("expect").get<std::string>()));
      ++run;
    }
  }
  EXPECT_GT(run, 0);
}

}  // namespace
}  // namespace sluis::pseudonym
