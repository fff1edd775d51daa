#include "tests/clients/lib/edge_world.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/crypto/key_file.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using identity::testing::TestPartner;

void Write(const std::filesystem::path& path, const std::string& text) {
  ASSERT_OK(WriteFileAtomic(path, text));
}

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

std::string VkeyOf(const std::string& name, const Ed25519PrivateKey& key) {
  return tlog::VerifierKey::Create(name, tlog::KeyType::kEd25519, key.public_key())->Format();
}

}  // namespace

EdgeWorld::EdgeWorld() {
  const absl::Time now = absl::Now();
  const auto server = authority_.IssueWithKey(::sluis::testing::LoopbackServer(now));
  broker.Start(server.certificate, server.key, authority_.Pem());
  WriteParty(town, "town", kTownUnit);
  WriteParty(police, "police", kPoliceUnit);
  WriteParty(prosecution, "om", kProsecutionUnit);
  broker.now = [this] { return clock.Now(); };
  broker.forms = {
      {"net-relaties", "pseudonym"}, {"p-naam", "pseudonym"}, {"ant-aantal", "category"}};
  WritePerson(prosecution, "om", kProsecutionUnit);
  WritePerson(town, "town", kTownUnit);
  WritePerson(police, "police", kPoliceUnit);
  ServeDirectory(7);
}

EdgeWorld::~EdgeWorld() { broker.Stop(); }

void EdgeWorld::WriteParty(TestPartner& partner, const std::string& folder,
                           const std::string& unit) {
  const std::filesystem::path root = dir_.path() / folder;
  ASSERT_OK(EnsurePrivateFolder(root));
  const std::string oin = partner.entry.oin.str();
  const auto tls = authority_.IssueWithKey(::sluis::testing::ClientOf(oin, absl::Now()));
  partner.entry.certificates.front().thumbprint = ParsePeerCertificate(tls.certificate)->thumbprint;
  Write(root / "tls.pem", tls.certificate);
  Write(root / "tls.key", tls.key);
  Write(root / "ca.pem", authority_.Pem());
  ASSERT_OK(WriteKeyFile(root / "signing.key", *partner.signing.at(unit)));
  ASSERT_OK(WriteKeyFile(root / "sealing.key", *partner.sealing.at(unit)));
  Write(root / "key-set.json", broker.transcryptors.key_set().document());
  const PartyId id = identity::testing::PartyOf(oin, unit);
  broker.desks.insert_or_assign(id.ToString(),
                                SealRecipient{id, partner.sealing.at(unit)->public_key()});
  broker.hit_keys.insert_or_assign(id.ToString(), partner.signing.at(unit)->public_key());
  Write(root / "party.txtpb",
        "organisation: " + Quoted(oin) + "\nunit: " + Quoted(unit) +
            "\nbroker {\n  address: " + Quoted(broker.address()) +
            "\n  identifier: \"sluis-test\"\n  trust_anchor: \"ca.pem\"\n}\n" +
            "tls { certificate: \"tls.pem\" key: \"tls.key\" }\n" +
            "signing_key: \"signing.key\"\nsealing_key: \"sealing.key\"\n" +
            "log_vkey: " + Quoted(broker.log.vkey()) +
            "\ndirectory_officers: " + Quoted(VkeyOf(officers.first_name, officers.first)) +
            "\ndirectory_officers: " + Quoted(VkeyOf(officers.second_name, officers.second)) +
            "\ndemonstration: true\npseudonyms {\n  key_set: \"key-set.json\"\n  decision_key: " +
            Quoted(Base64Encode(AsView(broker.decision_key.public_key().raw()))) + "\n}\n");
}

void EdgeWorld::WritePerson(TestPartner& partner, const std::string& party,
                            const std::string& unit) {
  const std::filesystem::path folder = dir_.path() / (party + "-person");
  ASSERT_OK(EnsurePrivateFolder(folder));
  ASSERT_OK(WriteKeyFile(folder / "assertion.key", *partner.assertion_key));
  Write(folder / "profile.txtpb",
        "party: \"../" + party + "\"\nstaff_number: \"m-17\"\nunit: " + Quoted(unit) +
            "\nroles: \"behandelaar\"\nassurance: SUBSTANTIAL\n" +
            "key { file: \"assertion.key\" algorithm: \"ES256\" key_id: \"key-1\" issuer: " +
            Quoted(partner.entry.issuer) + " client_id: " + Quoted(partner.entry.client_id) +
            " }\n");
}

std::unique_ptr<Edge> EdgeWorld::EdgeOf(const std::filesystem::path& profile) {
  EdgeOptions options{.clock = &clock, .patience = {}};
  options.patience.pause = [this](absl::Duration pause) { pauses.push_back(pause); };
  options.patience.jitter = [] { return 0.0; };
  absl::StatusOr<std::unique_ptr<Edge>> edge = Edge::Open(profile, std::move(options));
  EXPECT_OK(edge);
  return edge.ok() ? *std::move(edge) : nullptr;
}

Bytes EdgeWorld::SignedDirectory(std::int64_t version) const {
  identity::DirectoryDocument document =
      identity::testing::DocumentOf({&town, &police, &prosecution});
  document.version = version;
  return officers.Sign(document);
}

void EdgeWorld::ServeDirectory(std::int64_t version) {
  broker.directory_note = SignedDirectory(version);
}

ExchangeTerms TermsIn(std::string_view case_name) {
  ExchangeTerms terms;
  terms.purpose = "bibob-onderzoek";
  terms.legal_basis = "wet-bibob-11";
  terms.counterpart = identity::testing::PartyOf(identity::testing::kPoliceOin, kPoliceUnit);
  terms.case_id = ParseCaseName(case_name).value();
  terms.regime = "wpg-8";
  terms.subject_category = "betrokkene";
  terms.fields = {"ant-verdenking", "ant-lopend-onderzoek"};
  return terms;
}

Subject Bsn(std::string_view number) { return Subject::Create(SubjectKind::kBsn, number).value(); }

std::string EdgeWorld::Announce(Edge& from, const PartyId& to, const ExchangeTerms& terms) {
  ExchangeTerms sent = terms;
  sent.counterpart = to;
  sent.fields = {"net-relaties", "p-naam", "ant-verdenking", "ant-aantal"};
  const auto announced = from.AnnounceDisclosure(sent);
  EXPECT_OK(announced);
  return announced.ok() ? announced->name() : "";
}

ReleaseContent EdgeWorld::PeopleContent(std::vector<ReleasedSubject> people) {
  ReleaseContent content;
  content.regime = "wpg-8";
  content.subject_category = "betrokkene";
  content.values.push_back({"net-relaties", "pseudonym", SecretBytes(), std::move(people)});
  return content;
}

ExchangeTerms EdgeWorld::Terms() const { return TermsIn(CaseName(case_id)); }

Subject EdgeWorld::Person() { return Subject::Create(SubjectKind::kBsn, kTestBsn).value(); }

ReleaseContent EdgeWorld::Content(std::string_view text) {
  ReleaseContent content;
  content.regime = "wpg-8";
  content.subject_category = "betrokkene";
  content.subject_verified = true;
  content.values.push_back({"ant-verdenking", "exact", SecretBytes::CopyOf(text)});
  return content;
}

absl::StatusOr<wire::Exchange> AnswerNamed(Edge& edge, const std::string& name,
                                           const ReleaseContent& content) {
  const absl::StatusOr<wire::Exchange> shown = edge.Get(name);
  return shown.ok() ? edge.Answer(*shown, content) : shown;
}

std::string EdgeWorld::Reach(wire::ExchangeState state) {
  const auto asked = Town()->Ask(Terms(), Person(), true);
  EXPECT_OK(asked);
  if (!asked.ok() || state == wire::EXCHANGE_STATE_FORWARDED)
    return asked.ok() ? asked->name() : "";
  EXPECT_OK(AnswerNamed(*Police(), asked->name(), Content()));
  if (state == wire::EXCHANGE_STATE_COLLECTED) {
    EXPECT_OK(Town()->OpenAnswer(asked->name()));
  }
  return asked->name();
}

}  // namespace sluis::edge::testing
