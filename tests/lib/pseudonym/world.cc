#include "tests/lib/pseudonym/world.h"

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

constexpr Hop kHops[] = {Hop::kFirst, Hop::kSecond};

const char* ActionOf(RequestKind kind) {
  switch (kind) {
    case RequestKind::kReverse:
      return "reidentify";
    case RequestKind::kMove:
      return "move";
    case RequestKind::kInquire:
      return "inquire";
    default:
      return "disclose";
  }
}

Json RequestJson(const World::Ask& ask) {
  const bool provides = ask.kind == RequestKind::kTranscrypt || ask.kind == RequestKind::kPassOn;
  const Party& provider = provides ? ask.from.party : ask.to.party;
  const Party& recipient = provides ? ask.to.party : ask.from.party;
  const Party& subject = provides ? provider : recipient;
  const Domain& about = ask.d_to.kind() == DomainKind::kCase ? ask.d_to : ask.d_from;
  const bool has_case = about.kind() == DomainKind::kCase;
  Json properties = {{"provider_organisation", provider.oin},
                     {"provider_unit", provider.unit},
                     {"recipient_organisation", recipient.oin},
                     {"recipient_unit", recipient.unit}};
  if (ask.kind == RequestKind::kMove || ask.kind == RequestKind::kPassOn) {
    properties["from_case"] = ask.d_from.case_id();
    properties["from_purpose"] = ask.d_from.purpose();
  }
  if (ask.kind == RequestKind::kInquire) properties["register"] = ask.d_to.register_name();
  return {{"action",
           {{"name", ActionOf(ask.kind)},
            {"properties", {{"purpose", has_case ? about.purpose() : "toets"}}}}},
          {"resource",
           {{"id", has_case ? about.case_id() : std::string(32, 'a')}, {"properties", properties}}},
          {"subject", {{"properties", {{"organisation", subject.oin}, {"unit", subject.unit}}}}}};
}

}  // namespace

World::World() {
  const GroupElement& x1 = t[0].keys.public_x();
  const GroupElement& x2 = t[1].keys.public_x();
  const GroupElement y = CombineKeys(t[1].keys, x1);
  pinned =
      CeremonyRecord{x1, x2, y, ProveCeremony(t[0].keys, x2, y), ProveCeremony(t[1].keys, x1, y)};
}

Member& World::Join(const std::string& oin, const std::string& unit) {
  members_.push_back(std::make_unique<Member>());
  Member& member = *members_.back();
  member.party = {oin, unit};
  trust.Add(member.party, member.signing.public_key());
  Open(member);
  return member;
}

void World::Open(Member& member) {
  const Context context = Context::Draw(member.party).value();
  const ShareMaterial share1 = MakeShare(t[0].keys, context),
                      share2 = MakeShare(t[1].keys, context);
  const SessionStep first = MakeSessionStep(t[0].keys, context, pinned->y);
  const SessionStep second = MakeSessionStep(t[1].keys, context, first.y_out);
  SessionKey key = OpenSession(share1, share2,
                               {MultiplyBase(t[0].keys.RekeyFactor(context)),
                                MultiplyBase(t[1].keys.RekeyFactor(context)), first, second},
                               *pinned)
                       .value();
  for (Transcryptor& transcryptor : t) {
    transcryptor.sessions.Record(context, key.y, kNow + absl::Hours(24));
  }
  member.sessions.push_back({context, std::move(key)});
}

Domain World::NewCase(const Member& recipient, const std::string& purpose, std::uint32_t epoch) {
  const Domain domain =
      Domain::Case(epoch, HexEncode(AsView(RandomArray<16>())), recipient.party, purpose).value();
  for (Transcryptor& transcryptor : t) transcryptor.salts.emplace(domain, CaseSalt::Draw());
  return domain;
}

Domain World::IndexOf(const Member& owner) const {
  return Domain::Index(7, owner.party, "personen").value();
}

Route World::RouteOf(const Ask& ask) const {
  return {ask.d_from, ask.d_to, ask.from.session().context, ask.to.session(ask.to_session).context};
}

DecisionStatement World::StatementFor(const Ask& ask, std::optional<std::int64_t> bulk) const {
  StatementTerms terms;
  terms.exchange = "ex-" + HexEncode(AsView(RandomArray<16>()));
  terms.issued = absl::ToUnixSeconds(kNow) - 20;
  terms.expires = absl::ToUnixSeconds(kNow) + 3600;
  terms.pack = pack;
  terms.request = RequestJson(ask);
  terms.outcome = "PERMITTED";
  terms.fields = {{"p-naam", "pseudonym"}};
  terms.rules = {"P-01"};
  terms.bulk = bulk;
  return DecisionStatement::Sign(terms, broker).value();
}

SignedRequest World::Sign(const Ask& ask, const DecisionStatement& statement) const {
  const GroupElement& y = ask.from.session().key.y;
  std::vector<ItemToSend> items;
  for (std::size_t j = 0; j < ask.elements.size(); ++j) {
    items.push_back({Encrypt(ask.elements[j], y).value(),
                     j < ask.payloads.size() ? ask.payloads[j] : Digest{}});
  }
  return SignRequest({ask.kind, ask.from.party, RouteOf(ask), y, ask.issued, ask.issued + ask.life,
                      statement.digest(), ask.verifiable, ask.shuffle, ask.queued},
                     items, ask.from.signing)
      .value();
}

absl::StatusOr<AdmittedRequest> World::Admit(int hop, BytesView request, BytesView statement,
                                             absl::Time now) {
  Transcryptor& at = t[hop - 1];
  RequestGate gate(trust, broker.public_key(), judge, at.nonces, at.quota, at.sessions);
  return gate.Admit(request, statement, now);
}

void World::Publish(const Route& route) {
  for (int i = 0; i < 2; ++i) {
    const auto factors = t[i].Factors(route);
    if (!factors.ok()) continue;
    const HopCommitments& c = factors->commitments();
    const std::pair<const Bytes*, const GroupElement*> all[] = {{&route.d_from.bytes(), &c.s_from},
                                                                {&route.d_to.bytes(), &c.s_to},
                                                                {&route.c_from.bytes(), &c.k_from},
                                                                {&route.c_to.bytes(), &c.k_to}};
    for (const auto& [id, value] : all) {
      AcceptCommitment(SignCommitment(kHops[i], *id, *value, t[i].signing),
                       t[i].signing.public_key(), commitments)
          .IgnoreError();
    }
  }
}

absl::StatusOr<HopAnswer> World::RunHop(int hop, const AdmittedRequest& admitted,
                                        const BatchRequest& batch) {
  Transcryptor& at = t[hop - 1];
  SLUIS_ASSIGN_OR_RETURN(const HopFactors factors, at.Factors(admitted.route));
  if (hop == 2) SLUIS_RETURN_IF_ERROR(CheckSecondHopY(factors, batch.y_from, admitted.y_to));
  const RequestHead& head = admitted.request.head();
  const HeaderBase base = MakeHeaderBase(factors, batch.y_from);
  SLUIS_ASSIGN_OR_RETURN(HopOutput output, TranscryptBatch(factors, base,
                                                           {batch.items, batch.y_from,
                                                            head.shuffle(), head.verifiable()}));
  HopAnswer answer{batch.Encode(),
                   output.response.Encode(),
                   Bytes(output.proof_block.Reveal(SecretAccess::ForTest())),
                   {}};
  const auto payloads = admitted.request.Payloads();
  answer.signature = SignHop({kHops[hop - 1], admitted.request.digest(), answer.batch_request,
                              answer.batch_response, payloads, answer.proof_block},
                             at.signing);
  return answer;
}

absl::Status World::VerifyAnswer(int hop, const SignedRequest& request, const Route& route,
                                 const HopAnswer& answer) {
  const auto payloads = request.Payloads();
  SLUIS_RETURN_IF_ERROR(VerifyHopSignature({kHops[hop - 1], request.digest(), answer.batch_request,
                                            answer.batch_response, payloads, answer.proof_block},
                                           answer.signature, t[hop - 1].signing.public_key()));
  if (!request.head().verifiable()) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const BatchRequest batch, BatchRequest::Decode(answer.batch_request));
  SLUIS_ASSIGN_OR_RETURN(const BatchResponse response,
                         BatchResponse::Decode(answer.batch_response));
  SLUIS_ASSIGN_OR_RETURN(const ProofBlock block, ProofBlock::Decode(answer.proof_block));
  SLUIS_ASSIGN_OR_RETURN(const HopCommitments kept,
                         CommitmentsOf(kHops[hop - 1], route, commitments));
  return VerifyHop(block, {batch.items, batch.y_from, response, request.head().shuffle(), kept},
                   &headers);
}

absl::StatusOr<std::vector<GroupElement>> World::Run(const SignedRequest& request,
                                                     const DecisionStatement& statement,
                                                     const SecretScalar& sk) {
  SLUIS_ASSIGN_OR_RETURN(const AdmittedRequest first, Admit(1, request.bytes(), statement.wire()));
  Publish(first.route);
  SLUIS_ASSIGN_OR_RETURN(const HopAnswer answer1, RunHop(1, first, request.FirstBatch()));
  SLUIS_ASSIGN_OR_RETURN(const AdmittedRequest second, Admit(2, request.bytes(), statement.wire()));
  SLUIS_RETURN_IF_ERROR(VerifyAnswer(1, request, first.route, answer1));
  SLUIS_ASSIGN_OR_RETURN(const BatchResponse middle, BatchResponse::Decode(answer1.batch_response));
  SLUIS_ASSIGN_OR_RETURN(const HopAnswer answer2, RunHop(2, second, request.SecondBatch(middle)));
  SLUIS_RETURN_IF_ERROR(VerifyAnswer(2, request, second.route, answer2));
  SLUIS_ASSIGN_OR_RETURN(const BatchResponse last, BatchResponse::Decode(answer2.batch_response));
  std::vector<GroupElement> out;
  for (const Ciphertext& item : last.items) {
    SLUIS_ASSIGN_OR_RETURN(const GroupElement element, Decrypt(item, sk));
    out.push_back(element);
  }
  return out;
}

absl::StatusOr<std::vector<GroupElement>> World::Transcrypt(const Ask& ask) {
  const DecisionStatement statement = StatementFor(ask);
  return Run(Sign(ask, statement), statement, ask.to.session(ask.to_session).key.sk);
}

}  // namespace sluis::pseudonym
