#include "tests/broker/exchange/pseudonym_world.h"

#include <utility>

#include "broker/rpc/transcryptor_messages.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/identity/arrangement.h"
#include "lib/pseudonym/sealed_parts.h"
#include "lib/pseudonym/shred_order.h"
#include "lib/sealing/sealed_field.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using pseudonym::Hop;

// As the wire would bring it: what it says about the request as it is, and that it cannot be
// reached as an absence.
template <typename Response>
absl::Status Carried(int hop, const absl::StatusOr<Response>& response) {
  if (response.ok()) return absl::OkStatus();
  if (absl::IsUnavailable(response.status())) return TranscryptorAway(hop);
  return Error(ErrorCode::kPrecondition, ReasonOf(response.status()), MessageOf(response.status()));
}

template <typename Response, typename Result, typename Convert>
void Answer(int hop, const absl::StatusOr<Response>& response, const Reply<Result>& reply,
            Convert convert) {
  if (absl::Status status = Carried(hop, response); !status.ok()) return reply(status);
  reply(convert(*response));
}

template <typename T>
Nothing ToNothing(const T&) {
  return {};
}

GroupElement Element(const Bytes& bytes) { return GroupElement::Decode(bytes).value(); }

// As the first transcryptor signs what it answers (pseudonyms.md §7.2), whatever that is.
void SignAnswer(const HopAsk& ask, const Ed25519PrivateKey& key, storage::HopRecord& answer) {
  const auto request = pseudonym::SignedRequest::Decode(ask.signed_request).value();
  answer.signature = key.Sign(ByteWriter()
                                  .Raw(BytesView("sluis/response/v1", 18))
                                  .U8(1)
                                  .Raw(AsView(request.digest()))
                                  .Raw(AsView(Sha256(request.FirstBatch().Encode())))
                                  .Raw(AsView(Sha256(answer.batch_response)))
                                  .Raw(AsView(Sha256(answer.payload_digests)))
                                  .Raw(answer.proof_digest)
                                  .bytes());
}

}  // namespace

void PortToOne::Transcrypt(HopAsk ask, Reply<storage::HopRecord> reply) {
  if (away) return reply(TranscryptorAway(hop));
  asked.push_back(ask);
  ++transcribed;
  if (meanwhile) std::exchange(meanwhile, nullptr)();
  Answer(hop, process->Transcrypt(rpc::ToWire(ask)), reply, [&](const auto& response) {
    storage::HopRecord record = rpc::FromWire(response);
    if (corrupt) corrupt(record);
    if (signs_it) SignAnswer(ask, *signing, record);
    return record;
  });
}

void PortToOne::EvaluateEnrolment(EnrolmentAsk ask, Reply<EnrolmentHop> reply) {
  if (away) return reply(TranscryptorAway(hop));
  ++evaluated;
  Answer(hop, process->EvaluateEnrolment(rpc::ToWire(ask)), reply, [&](const auto& response) {
    EnrolmentHop made = rpc::FromWire(response);
    if (corrupt_enrolment) corrupt_enrolment(made);
    return made;
  });
}

void PortToOne::OpenSession(SignedBytes head, std::optional<SessionEvaluation> from_first,
                            Reply<SessionHalf> reply) {
  if (away) return reply(TranscryptorAway(hop));
  orders.push_back("open");
  Answer(hop, process->OpenSession(rpc::ToWire(head, from_first)), reply,
         [](const auto& response) { return rpc::FromWire(response); });
}

void PortToOne::RecordSession(SignedBytes head, SessionEvaluation one, SessionEvaluation two,
                              Reply<Nothing> reply) {
  if (away) return reply(TranscryptorAway(hop));
  using Response = transcryptor::wire::RecordSessionResponse;
  Answer(hop, process->RecordSession(rpc::ToWire(head, one, two)), reply, &ToNothing<Response>);
}

void PortToOne::RevokeSession(SignedBytes head, Reply<Nothing> reply) {
  if (away) return reply(TranscryptorAway(hop));
  orders.push_back("revoke");
  using Response = transcryptor::wire::RevokeSessionResponse;
  Answer(hop, process->RevokeSession(rpc::ToRevoke(head)), reply, &ToNothing<Response>);
}

void PortToOne::ShredDomain(SignedBytes order, Reply<absl::Time> reply) {
  if (away) return reply(TranscryptorAway(hop));
  orders.push_back("shred");
  Answer(hop, process->ShredDomain(rpc::ToShred(order)), reply,
         [](const auto& response) { return absl::FromUnixSeconds(response.destroyed()); });
}

void PortToOne::PutArrangement(storage::ArrangementRecord arrangement, Reply<Nothing> reply) {
  if (away) return reply(TranscryptorAway(hop));
  ++arrangements;
  orders.push_back("arrangement");
  if (!refuses_arrangements.ok()) return reply(refuses_arrangements);
  using Response = transcryptor::wire::PutArrangementResponse;
  Answer(hop, process->PutArrangement(rpc::ToWire(arrangement)), reply, &ToNothing<Response>);
}

PseudonymWorld::PseudonymWorld() {
  auto one = transcryptor::Secrets::Generate(Hop::kFirst);
  auto two = transcryptor::Secrets::Generate(Hop::kSecond);
  const auto first_id = one.Identity(Oin::Parse("00000099900000001000").value(), "midden");
  const auto second_id = two.Identity(Oin::Parse("00000099900000002000").value(), "midden");
  set_ = pseudonym::KeySet::Join(
             pseudonym::WriteContribution(first_id, second_id, one.keys, one.signing).value(),
             pseudonym::WriteContribution(second_id, first_id, two.keys, two.signing).value())
             .value();
  second.hop = 2;
  plane_.reset(new PseudonymPlane{Ed25519PrivateKey::Generate(), first_id.signing,
                                  second_id.signing, first, second});
  const PolicyInForce policy = policies->Current();
  const auto start = [&](PortToOne& port, Hop hop, transcryptor::Secrets secrets) {
    port.signing =
        Ed25519PrivateKey::FromSeed(secrets.signing.Seed(SecretAccess::ForTest())).value();
    port.process = transcryptor::Transcryptor::Create(
                       std::move(secrets), *set_,
                       {hop, plane_->decision_key.public_key(), {}, absl::UnixEpoch()},
                       {*port.state, *port.replay,
                        [policy] {
                          transcryptor::PolicyInForce own;
                          own.pack = policy.pack;
                          own.digest = policy.digest;
                          return own;
                        },
                        [this] { return directories->Current(); }, clock})
                       .value();
  };
  start(first, Hop::kFirst, std::move(one));
  start(second, Hop::kSecond, std::move(two));
  Restart();
}

PseudonymWorld::~PseudonymWorld() { journal->Stop(); }

const Ed25519PrivateKey& PseudonymWorld::KeyOf(const Desk& desk) const {
  return PartnerOf(desk.party.oin).SigningKey(desk.party.unit.str());
}

absl::StatusOr<SessionResult> PseudonymWorld::TryOpenSession(const Desk& desk,
                                                             const pseudonym::SignedSession& head) {
  const Bytes& wire = head.bytes();
  const PartyOrder order{desk.party, wire.substr(4, wire.size() - 4 - kEd25519SignatureSize),
                         wire.substr(wire.size() - kEd25519SignatureSize)};
  return Await<SessionResult>([&](Reply<SessionResult> reply) {
    service->OpenSession(As(desk), Stamp("OpenSession"), order, std::move(reply));
  });
}

Session PseudonymWorld::OpenSessionOf(const Desk& desk) {
  const auto context = pseudonym::Context::Draw(pseudonym::Party::Of(desk.party)).value();
  const absl::Time now = clock.Now();
  const auto head = pseudonym::SignSession(context, now, now + absl::Seconds(300),
                                           now + absl::Hours(24 * 30), KeyOf(desk))
                        .value();
  const SessionResult opened = TryOpenSession(desk, head).value();
  CheckReceipts(opened.receipts);
  const X25519PrivateKey& sealing = *PartnerOf(desk.party.oin).sealing.at(desk.party.unit.str());
  const auto share = [&](Hop hop) {
    const SessionHalf& half = opened.halves[hop == Hop::kFirst ? 0 : 1];
    const pseudonym::TranscryptorIdentity& from = set_->half(hop);
    return pseudonym::OpenShare(half.sealed_share, context, pseudonym::TranscryptorParty(from.oin),
                                sealing, from.signing, now)
        .value();
  };
  const SessionEvaluation& one = opened.halves[0].evaluation;
  const SessionEvaluation& two = opened.halves[1].evaluation;
  const GroupElement y1 = Element(one.point), y2 = Element(two.point);
  return {context, pseudonym::OpenSession(
                       share(Hop::kFirst), share(Hop::kSecond),
                       {Element(one.commitment.point),
                        Element(two.commitment.point),
                        {set_->ceremony().y, y1, pseudonym::Proof::Decode(one.proof).value()},
                        {y1, y2, pseudonym::Proof::Decode(two.proof).value()}},
                       set_->ceremony())
                       .value()};
}

CreateExchange PseudonymWorld::Signal(const Desk& from) {
  CreateExchange ask;
  ask.parent = ask.provider = from.party;
  ask.recipient = RiecOffice().party;
  ask.action = "disclose";
  ask.purpose = "riec-signaalweging";
  ask.basis = "wgs-riec";
  ask.case_id = CaseId::FromBytes(RandomArray<16>());
  ask.new_case_phase = "signaal";
  ask.regime = "avg";
  ask.subject_category = "bestuurder";
  ask.fields = {"sig-thema", "sig-feiten", "p-naam", "sig-datum"};
  ask.time_to_live = absl::Hours(24 * 14);
  return ask;
}

CreateExchange PseudonymWorld::InsideSignal() {
  CreateExchange ask = Signal(Supervisor());
  ask.recipient = Oov().party;
  ask.purpose = "signaal-intake";
  ask.basis = "avg-6-1-e+gemeentewet-172";
  ask.subject_category = "bewoner";
  ask.fields = {"sig-thema", "sig-feiten", "p-naam"};
  return ask;
}

std::vector<Released> PseudonymWorld::SignalFields() const {
  return {{"sig-thema", "category", "thema"},
          {"sig-feiten", "exact", "wat er is gezien"},
          {"p-naam", "pseudonym", R"({"ref":0})"},
          {"sig-datum", "generalised", "2026-11"}};
}

absl::StatusOr<ExchangeResult> PseudonymWorld::PrepareWith(const Desk& desk, const ExchangeId& id,
                                                           const std::string& regime,
                                                           const std::string& category) {
  return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->PrepareOne(As(desk), Stamp("PrepareAnswer"), {id, regime, category, false},
                        std::move(reply));
  });
}

sluis::exchange::Answer PseudonymWorld::SendAbout(const ExchangeResult& result, const Session& from,
                                                  const std::vector<std::string>& bsns,
                                                  const std::vector<Released>& fields,
                                                  const SendTerms& terms) {
  const storage::ExchangeRecord& exchange = result.exchange;
  const auto& sender = PartnerOf(exchange.provider_desk.oin);
  const auto& receiver = PartnerOf(exchange.recipient_desk.oin);
  const Ed25519PrivateKey& key = sender.SigningKey(exchange.provider_desk.unit.str());
  std::vector<pseudonym::ItemToSend> items;
  for (const std::string& bsn : bsns) {
    const Subject subject = Subject::Create(SubjectKind::kBsn, bsn).value();
    items.push_back({pseudonym::Encrypt(
                         pseudonym::ElementOf(subject).element(SecretAccess::ForTest()), from.key.y)
                         .value(),
                     {}});
  }
  if (terms.known) items.push_back({pseudonym::Encrypt(*terms.known, from.key.y).value(), {}});
  const SealContext context{.sender = exchange.provider_desk,
                            .recipient = exchange.recipient_desk,
                            .case_id = exchange.case_id.hex(),
                            .purpose = exchange.purpose};
  const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(clock.Now()));
  ReleaseHeader header;
  header.exchange = exchange.id;
  header.regime = terms.regime;
  header.subject_category = terms.category;
  sluis::exchange::Answer answer;
  answer.exchange = exchange.id;
  for (const Released& field : fields) {
    FieldLabel label{.schema = "release",
                     .field = field.field,
                     .legal_basis = exchange.basis,
                     .created = now,
                     .expires = now + absl::Hours(24 * 14)};
    const BytesView id = exchange.id.bytes();
    std::copy(id.begin(), id.end(), label.seal_id.begin());
    const bool about = field.form == "pseudonym" && items.size() == 1;
    if (about) label.item_digest = items[0].encrypted.ciphertext.ItemDigest();
    answer.sealed_fields.push_back(
        Seal(context, label, field.content,
             receiver.sealing.at(exchange.recipient_desk.unit.str())->public_key(), key)
            .value());
    const Digest digest = ParseSealed(answer.sealed_fields.back())->digest;
    if (about) items[0].payload = Sha256(answer.sealed_fields.back());
    header.fields.push_back({field.field, field.form, digest});
  }
  if (terms.payload != Digest{}) items.at(0).payload = terms.payload;
  if (!items.empty()) {
    const auto statement = pseudonym::DecisionStatement::Verify(
        terms.statement.value_or(exchange.statement), plane_->decision_key.public_key());
    const pseudonym::RequestTerms request{
        .kind = terms.kind,
        .signer = pseudonym::Party::Of(exchange.provider_desk),
        .route =
            {terms.d_from.value_or(pseudonym::Domain::Origin(SubjectKind::kBsn)),
             terms.d_to.value_or(
                 pseudonym::Domain::Case(1, exchange.domain.hex(),
                                         pseudonym::Party::Of(exchange.recipient_desk),
                                         exchange.purpose)
                     .value()),
             from.context,
             pseudonym::Context::Decode(terms.c_to.value_or(result.recipient_context)).value()},
        .y_from = from.key.y,
        .issued = clock.Now(),
        .expires = clock.Now() + terms.lifetime,
        .mandate = statement.ok() ? statement->digest() : Digest{},
        .queued = terms.queued};
    answer.signed_requests = {pseudonym::SignRequest(request, items, key).value().bytes()};
    header.signed_requests = {Sha256(answer.signed_requests[0])};
  }
  answer.header = EncodeReleaseHeader(header).value();
  answer.signature = SignReleaseHeader(answer.header, key);
  return answer;
}

absl::StatusOr<DeliveryResult> PseudonymWorld::Fetch(const Desk& desk, const ExchangeId& id) {
  return Await<DeliveryResult>([&](Reply<DeliveryResult> reply) {
    service->OpenDelivery(As(desk), Stamp("OpenDelivery"), id, std::move(reply));
  });
}

absl::StatusOr<GroupElement> PseudonymWorld::Receive(const Desk& desk, const ExchangeId& id,
                                                     const Session& session) {
  SLUIS_ASSIGN_OR_RETURN(const DeliveryResult delivery, Fetch(desk, id));
  EXPECT_EQ(delivery.content.transcryptions.size(), 1u);
  EXPECT_TRUE(delivery.content.transcryptions.at(0).first.sealed_proof.empty())
      << "T1's proof block is for T2 alone";
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::BatchResponse response,
                         pseudonym::BatchResponse::Decode(
                             delivery.content.transcryptions.at(0).second.batch_response));
  return pseudonym::Decrypt(response.items.at(0), session.key.sk);
}

absl::StatusOr<OrderResult> PseudonymWorld::Shred(const Desk& desk,
                                                  const pseudonym::Domain& domain) {
  return ShredAs(As(desk), Stamp("ShredDomain"), domain);
}

absl::StatusOr<OrderResult> PseudonymWorld::ShredAs(const Caller& caller, const RequestStamp& stamp,
                                                    const pseudonym::Domain& domain) {
  const Desk desk{caller.party, caller.person, caller.roles};
  const pseudonym::SignedShredOrder order =
      pseudonym::SignShredOrder(domain, clock.Now(), KeyOf(desk));
  return Await<OrderResult>([&](Reply<OrderResult> reply) {
    service->ShredDomain(caller, stamp, {desk.party, order.order, order.signature},
                         std::move(reply));
  });
}

absl::Status PseudonymWorld::RegisterMandate() {
  identity::ArrangementTerms terms;
  terms.id = "mandaat-zilverland";
  terms.fact = identity::kFactMandate;
  terms.parties = {Oov().party, SmallTown().party};
  terms.principal = SmallTown().party;
  terms.agent = Oov().party;
  terms.from = clock.Now() - absl::Hours(1);
  terms.until = clock.Now() + absl::Hours(24 * 365);
  terms.purposes = {"openbare-orde"};
  const identity::Arrangement mandate = *identity::Arrangement::Create(terms);
  storage::ArrangementRecord record;
  record.statement = mandate.statement();
  record.signatures = {{Oov().party, identity::SignArrangement(mandate, KeyOf(Oov()))},
                       {SmallTown().party, identity::SignArrangement(mandate, KeyOf(SmallTown()))}};
  return Await<ArrangementResult>([&](Reply<ArrangementResult> reply) {
           service->RegisterArrangement(As(Oov()), Stamp("RegisterArrangement"), record,
                                        std::move(reply));
         })
      .status();
}

absl::StatusOr<OrderResult> PseudonymWorld::Revoke(const Desk& desk, const Session& session) {
  const auto head =
      pseudonym::SignSession(session.context, clock.Now(), clock.Now() + absl::Seconds(300),
                             clock.Now(), KeyOf(desk))
          .value();
  const Bytes& wire = head.bytes();
  const PartyOrder order{desk.party, wire.substr(4, wire.size() - 4 - kEd25519SignatureSize),
                         wire.substr(wire.size() - kEd25519SignatureSize)};
  return Await<OrderResult>([&](Reply<OrderResult> reply) {
    service->RevokeSession(As(desk), Stamp("RevokeSession"), order, std::move(reply));
  });
}

storage::ExchangeRecord PseudonymWorld::Stored(const ExchangeId& id) {
  return store.Snapshot().value()->FindExchange(id).value().value();
}

std::vector<int> PseudonymWorld::InboxEvents(const Desk& desk) {
  std::vector<int> events;
  const std::vector<Service::InboxLine> lines = service->ReadInbox(As(desk), 0, 100).value();
  for (const Service::InboxLine& line : lines) {
    events.push_back(line.line.event);
  }
  return events;
}

}  // namespace sluis::exchange::testing
