#include "tests/broker/transcryptor/world.h"

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/shred_order.h"
#include "policy/engine/loader.h"
#include "tests/broker/transcryptor/forge.h"
#include "tests/policy/the_pack.h"

namespace sluis::transcryptor::testing {

using identity::testing::kPoliceOin;
using identity::testing::kTownOin;
using pseudonym::Domain;
using pseudonym::Hop;
using pseudonym::RequestKind;

namespace {

const std::shared_ptr<const policy::Pack>& RealPack() {
  static const std::shared_ptr<const policy::Pack> pack =
      policy::LoadPackDirectory("policy/pack").value();
  return pack;
}

// A ceremony costs little, but one serves for all tests of a binary that do not look at it.
Secrets Copy(const Secrets& secrets) {
  const auto access = SecretAccess::ForTest();
  return {secrets.hop,
          secrets.finished,
          pseudonym::TranscryptorKeys::Create(SecretBytes::CopyOf(secrets.keys.ps(access)),
                                              SecretBytes::CopyOf(secrets.keys.es(access)),
                                              secrets.keys.x().Clone())
              .value(),
          Ed25519PrivateKey::FromSeed(secrets.signing.Seed(access)).value(),
          X25519PrivateKey::FromBytes(secrets.sealing.Raw(access)).value(),
          secrets.state_key.Clone()};
}

const Ceremony& SharedCeremony() {
  static const Ceremony* const ceremony = new Ceremony(Ceremony::Hold());
  return *ceremony;
}

}  // namespace

const Secrets& FirstSecrets() { return SharedCeremony().first; }
const Secrets& SecondSecrets() { return SharedCeremony().second; }

Ceremony Ceremony::Hold() {
  Secrets first = Secrets::Generate(Hop::kFirst);
  Secrets second = Secrets::Generate(Hop::kSecond);
  const auto one = first.Identity(Oin::Parse(kFirstOin).value(), "midden");
  const auto two = second.Identity(Oin::Parse(kSecondOin).value(), "midden");
  const Bytes from_one = pseudonym::WriteContribution(one, two, first.keys, first.signing).value();
  const Bytes from_two =
      pseudonym::WriteContribution(two, one, second.keys, second.signing).value();
  pseudonym::KeySet set = pseudonym::KeySet::Join(from_one, from_two).value();
  return {std::move(first), std::move(second), std::move(set)};
}

World::World()
    : clock(absl::FromCivil(absl::CivilMinute(2026, 11, 23, 9, 0), absl::UTCTimeZone())),
      town(kTownOin, {"gemeente/oov", "gemeente/toezicht"}),
      police(kPoliceOin, {"politie/informatie", "politie/basisteam"}),
      riec(kRiecOin, {"riec/bureau"}),
      pack(RealPack()),
      pack_digest(Sha256(policy::CanonicalBytes(*RealPack()))),
      set(SharedCeremony().set) {
  for (identity::UnitEntry& unit : police.entry.units) {
    if (unit.unit.str() == "politie/informatie") {
      unit.registers = {{"personen", "wpg-8", 5000, 1, {"bsn"}}};
    }
  }
  directory = identity::testing::DirectoryOf({&town, &police, &riec});
  Start(Hop::kFirst);
  Start(Hop::kSecond);
  oov_session = Open(Oov());
  toezicht_session = Open(Toezicht());
  riec_session = Open(Riec());
  riec_session_2 = Open(Riec());
  police_session = Open(Police());
}

void World::Start(Hop hop, absl::Time replay_unknown_until) {
  Half& of = half(hop);
  of.process.reset();
  const Ceremony& ceremony = SharedCeremony();
  of.process = Transcryptor::Create(
                   Copy(hop == Hop::kFirst ? ceremony.first : ceremony.second), *set,
                   {hop,
                    broker.public_key(),
                    {officer_a.public_key(), officer_b.public_key()},
                    replay_unknown_until,
                    current_epoch},
                   {*of.state, *of.replay,
                    [this] {
                      return PolicyInForce{pack,           pack_digest, previous, previous_digest,
                                           previous_until, stale_after};
                    },
                    [this] { return directory; }, clock})
                   .value();
}

absl::Status World::TryOpen(const Desk& desk, const pseudonym::SignedSession& signed_session,
                            std::optional<Session>* session) {
  const Bytes& bytes = signed_session.bytes();
  wire::OpenSessionRequest request;
  request.set_head(bytes.substr(4, bytes.size() - 4 - kEd25519SignatureSize));
  request.set_signature(bytes.substr(bytes.size() - kEd25519SignatureSize));
  SLUIS_ASSIGN_OR_RETURN(const wire::OpenSessionResponse one, first.process->OpenSession(request));
  *request.mutable_first() = one.evaluation();
  SLUIS_ASSIGN_OR_RETURN(const wire::OpenSessionResponse two, second.process->OpenSession(request));
  wire::RecordSessionRequest record;
  record.set_head(request.head());
  record.set_signature(request.signature());
  *record.mutable_first() = one.evaluation();
  *record.mutable_second() = two.evaluation();
  SLUIS_RETURN_IF_ERROR(first.process->RecordSession(record).status());
  const X25519PrivateKey& key = *desk.partner->sealing.at(desk.unit);
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::Context context,
                         pseudonym::Context::Decode(signed_session.head().context));
  SLUIS_ASSIGN_OR_RETURN(
      const pseudonym::ShareMaterial share1,
      pseudonym::OpenShare(one.sealed_share(), context,
                           pseudonym::TranscryptorParty(set->half(Hop::kFirst).oin), key,
                           set->half(Hop::kFirst).signing, clock.Now()));
  SLUIS_ASSIGN_OR_RETURN(
      const pseudonym::ShareMaterial share2,
      pseudonym::OpenShare(two.sealed_share(), context,
                           pseudonym::TranscryptorParty(set->half(Hop::kSecond).oin), key,
                           set->half(Hop::kSecond).signing, clock.Now()));
  const auto element = [](const std::string& bytes_of) {
    return GroupElement::Decode(bytes_of).value();
  };
  const auto proof = [](const std::string& bytes_of) {
    return pseudonym::Proof::Decode(bytes_of).value();
  };
  const GroupElement y1 = element(one.evaluation().point());
  const GroupElement y2 = element(two.evaluation().point());
  SLUIS_ASSIGN_OR_RETURN(
      pseudonym::SessionKey opened,
      pseudonym::OpenSession(share1, share2,
                             {element(one.evaluation().commitment().point()),
                              element(two.evaluation().commitment().point()),
                              {set->ceremony().y, y1, proof(one.evaluation().proof())},
                              {y1, y2, proof(two.evaluation().proof())}},
                             set->ceremony()));
  *session = Session{context, std::move(opened)};
  return absl::OkStatus();
}

Session World::Open(const Desk& desk) {
  const auto context = pseudonym::Context::Draw(desk.signer()).value();
  const absl::Time now = clock.Now();
  const auto signed_session = pseudonym::SignSession(context, now, now + absl::Seconds(300),
                                                     now + absl::Hours(24 * 30), desk.key())
                                  .value();
  std::optional<Session> session;
  EXPECT_OK(TryOpen(desk, signed_session, &session));
  return *std::move(session);
}

pseudonym::StatementTerms World::Terms(const std::string& file, int line,
                                       const std::string& case_id) {
  const Json scenario = policy::testing::ReadJsonLines("tests/scenarios/" + file +
                                                       ".jsonl")[static_cast<std::size_t>(line)];
  const std::int64_t now = absl::ToUnixSeconds(clock.Now());
  pseudonym::StatementTerms terms;
  terms.exchange = "0123456789abcdef0123456789abcdef";
  terms.issued = now;
  terms.expires = now + 3 * 24 * 3600;
  terms.pack = pack_digest;
  terms.request = scenario["request"];
  terms.request["resource"]["id"] = case_id;
  const std::string time = FormatRfc3339Millis(clock.Now());
  terms.request["context"]["time"] = time;
  for (Json& approval : terms.request["context"]["approvals"]) approval["time"] = time;
  terms.outcome = scenario["expected"]["outcome"];
  terms.fields = scenario["expected"]["fields"].get<std::map<std::string, std::string>>();
  terms.rules = scenario["expected"]["deciding_rules"].get<std::vector<std::string>>();
  return terms;
}

pseudonym::StatementTerms World::InquiryTerms() {
  pseudonym::StatementTerms terms = Terms("story", 7, kTable);
  terms.request["resource"]["properties"]["register"] = "personen";
  return terms;
}

pseudonym::StatementTerms World::PromotionTerms() {
  pseudonym::StatementTerms terms = Terms("story", 13, kCasus);
  terms.request["action"]["name"] = "move";
  terms.request["resource"]["properties"]["from_case"] = kTable;
  terms.request["resource"]["properties"]["from_purpose"] = "riec-signaalweging";
  return terms;
}

Domain World::CaseOf(const Desk& desk, const std::string& case_id, const std::string& purpose,
                     std::uint32_t epoch) const {
  return Domain::Case(epoch, case_id, desk.signer(), purpose).value();
}

pseudonym::RequestTerms World::TermsOf(RequestKind kind, const Desk& signer, const Session& from,
                                       const pseudonym::Context& to, const Domain& d_from,
                                       const Domain& d_to,
                                       const pseudonym::DecisionStatement& statement) {
  return {.kind = kind,
          .signer = signer.signer(),
          .route = {d_from, d_to, from.context, to},
          .y_from = from.key.y,
          .issued = clock.Now(),
          .expires = clock.Now() + absl::Seconds(300),
          .mandate = statement.digest()};
}

std::vector<pseudonym::ItemToSend> World::ItemsOf(const std::vector<std::string>& bsns,
                                                  const GroupElement& y) {
  std::vector<pseudonym::ItemToSend> items;
  for (const std::string& bsn : bsns) {
    const Subject subject = Subject::Create(SubjectKind::kBsn, bsn).value();
    const GroupElement element = pseudonym::ElementOf(subject).element(SecretAccess::ForTest());
    items.push_back({pseudonym::Encrypt(element, y).value(), {}});
  }
  return items;
}

Call World::ToTable(const std::vector<std::string>& bsns, const std::string& exchange) {
  pseudonym::StatementTerms table = TableTerms();
  table.exchange = exchange;
  const pseudonym::DecisionStatement statement = Sign(table);
  const auto terms = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
                             Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
  return {pseudonym::SignRequest(terms, ItemsOf(bsns, oov_session->key.y), Oov().key()).value(),
          statement};
}

absl::StatusOr<wire::Hop> World::Hop1(const Call& call) {
  wire::TranscryptRequest request;
  request.set_signed_request(call.request.bytes());
  request.set_statement(call.statement.wire());
  SLUIS_ASSIGN_OR_RETURN(const wire::TranscryptResponse response,
                         first.process->Transcrypt(request));
  return response.hop();
}

absl::StatusOr<wire::Hop> World::Hop2(const Call& call, const wire::Hop& first_hop) {
  wire::TranscryptRequest request;
  request.set_signed_request(call.request.bytes());
  request.set_statement(call.statement.wire());
  *request.mutable_first() = first_hop;
  SLUIS_ASSIGN_OR_RETURN(const wire::TranscryptResponse response,
                         second.process->Transcrypt(request));
  return response.hop();
}

absl::StatusOr<Answers> World::Trip(const Call& call) {
  SLUIS_ASSIGN_OR_RETURN(const wire::Hop one, Hop1(call));
  SLUIS_ASSIGN_OR_RETURN(const wire::Hop two, Hop2(call, one));
  return Answers{one, two};
}

absl::StatusOr<std::vector<pseudonym::CasePseudonym>> World::Receive(const Call& call,
                                                                     const Answers& answers,
                                                                     const Desk& receiver,
                                                                     const Session& session) {
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::BatchResponse one,
                         pseudonym::BatchResponse::Decode(answers.first.batch_response()));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::BatchResponse two,
                         pseudonym::BatchResponse::Decode(answers.second.batch_response()));
  const pseudonym::TranscryptorIdentity& from = set->half(Hop::kSecond);
  SLUIS_ASSIGN_OR_RETURN(
      const SecretBytes block_bytes,
      pseudonym::OpenProofBlock(answers.second.sealed_proof(), call.request.digest(),
                                pseudonym::TranscryptorParty(from.oin), receiver.party(),
                                *receiver.partner->sealing.at(receiver.unit), from.signing,
                                clock.Now()));
  SLUIS_ASSIGN_OR_RETURN(
      const pseudonym::ProofBlock block,
      pseudonym::ProofBlock::Decode(block_bytes.Reveal(SecretAccess::ForTest())));
  std::vector<GroupElement> committed;
  for (const wire::Commitment& commitment : answers.second.commitments()) {
    SLUIS_ASSIGN_OR_RETURN(const GroupElement value, GroupElement::Decode(commitment.point()));
    SLUIS_RETURN_IF_ERROR(pseudonym::VerifyCommitment(
        {Hop::kSecond, commitment.subject(), value, commitment.signature()},
        set->half(Hop::kSecond).signing));
    committed.push_back(value);
  }
  const pseudonym::HopCommitments commitments{committed.at(0), committed.at(1), committed.at(2),
                                              committed.at(3)};
  SLUIS_RETURN_IF_ERROR(pseudonym::VerifyHop(
      block, {one.items, one.y_to, two, call.request.head().shuffle(), commitments}, nullptr));
  std::vector<pseudonym::CasePseudonym> pseudonyms;
  for (const pseudonym::Ciphertext& item : two.items) {
    SLUIS_ASSIGN_OR_RETURN(pseudonym::CasePseudonym opened,
                           pseudonym::DecryptAs<pseudonym::CasePseudonym>(item, session.key.sk));
    pseudonyms.push_back(std::move(opened));
  }
  return pseudonyms;
}

pseudonym::CasePseudonym World::TablePseudonym(const std::string& bsn) {
  const Call call = ToTable({bsn});
  const Answers answers = Trip(call).value();
  return std::move(Receive(call, answers, Riec(), *riec_session).value().front());
}

absl::StatusOr<absl::Time> World::Shred(Hop hop, const Domain& domain, const Desk& desk) {
  const pseudonym::SignedShredOrder order =
      pseudonym::SignShredOrder(domain, clock.Now(), desk.key());
  wire::ShredDomainRequest request;
  request.set_order(order.order);
  request.set_signature(order.signature);
  SLUIS_ASSIGN_OR_RETURN(const wire::ShredDomainResponse response,
                         half(hop).process->ShredDomain(request));
  return absl::FromUnixSeconds(response.destroyed());
}

std::string World::Bsn(int number) {
  for (int candidate = 999'990'000, found = 0; candidate <= 999'999'999; ++candidate) {
    const std::string text = std::to_string(candidate);
    if (PassesElevenTest(text) && found++ == number) return text;
  }
  return {};
}

}  // namespace sluis::transcryptor::testing
