#include "broker/exchange/enrolments.h"

#include <memory>

#include "broker/exchange/leaves.h"
#include "broker/exchange/statement.h"
#include "broker/exchange/subject.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::exchange {
namespace {

using pseudonym::EnrolResponse;
using pseudonym::Hop;
using pseudonym::SignedEnrolment;

constexpr std::size_t kFactorSize = 96;

Json RequestFor(const PartyId& owner, const std::string& register_name) {
  Json properties = {{"register", register_name}};
  for (const char* side : {"provider", "recipient"}) {
    properties[std::string(side) + "_organisation"] = owner.oin.str();
    properties[std::string(side) + "_unit"] = owner.unit.str();
  }
  return {{"subject",
           {{"properties", {{"organisation", owner.oin.str()}, {"unit", owner.unit.str()}}}}},
          {"action", {{"name", "enrol"}}},
          {"resource", {{"id", std::string(32, '0')}, {"properties", properties}}}};
}

pseudonym::StatementTerms TermsFor(const Turn& turn, const identity::Register& entry) {
  const std::int64_t issued = absl::ToUnixSeconds(turn.now);
  pseudonym::StatementTerms terms;
  // No exchange: an id of its own, so that two statements of one moment differ.
  terms.exchange = ExchangeId::FromBytes(RandomArray<16>()).hex();
  terms.issued = issued;
  terms.expires = issued + absl::ToInt64Seconds(kStatementLife);
  terms.pack = turn.policy.digest;
  terms.request = RequestFor(turn.caller.party, entry.id);
  terms.outcome = tlog::OutcomeName(tlog::LeafOutcome::kPermitted);
  terms.bulk = pseudonym::MostEnrolled(entry.size);
  return terms;
}

absl::Status LogKeys(Turn& turn, std::string_view change, Json members) {
  members["change"] = std::string(change);
  return turn.log.Append(StructuralLeaf(turn, tlog::LeafKind::kKeyChange, std::move(members)))
      .status();
}

absl::Status CheckEpoch(const pseudonym::Domain& index, const Caller& caller,
                        const identity::Directory& directory) {
  const identity::Register* entry = FindRegister(directory, caller.party, index.register_name());
  if (entry != nullptr && entry->epoch == index.epoch()) return absl::OkStatus();
  return pseudonym::Refuse("E_MANDATE",
                           "the partner directory has no such register, or another epoch of it");
}

// Is this an answer of that transcryptor to this batch? The proofs are for the next hop and the
// owner.
absl::Status CheckAnswer(int hop, const SignedEnrolment& enrolment, BytesView before,
                         const EnrolmentHop& answer, const Ed25519PublicKey& key) {
  const absl::StatusOr<EnrolResponse> response = EnrolResponse::Decode(answer.response);
  const Hop which = hop == 1 ? Hop::kFirst : Hop::kSecond;
  if (!response.ok() || response->hop != which) return TranscryptorFault(hop, "encoding");
  if (response->elements.size() != enrolment.elements().size()) {
    return TranscryptorFault(hop, "count");
  }
  if (answer.factor.size() != kFactorSize) return TranscryptorFault(hop, "factor");
  if (answer.commitments.size() != 2 ||
      answer.commitments[0].subject != enrolment.head().d_origin ||
      answer.commitments[1].subject != enrolment.head().d_index) {
    return TranscryptorFault(hop, "commitments");
  }
  if (!pseudonym::VerifyEnrolSignature(which, enrolment.digest(), before, answer.response,
                                       answer.signature, key)
           .ok()) {
    return TranscryptorFault(hop, "signature");
  }
  return absl::OkStatus();
}

// One batch on its way. Owns itself through the replies it waits for.
class Evaluation : public std::enable_shared_from_this<Evaluation> {
 public:
  Evaluation(const PseudonymPlane& plane, SignedEnrolment enrolment, Bytes statement,
             Reply<EnrolmentHops> reply)
      : plane_(plane),
        enrolment_(std::move(enrolment)),
        statement_(std::move(statement)),
        reply_(std::move(reply)) {}

  void Start() {
    plane_.first.EvaluateEnrolment({enrolment_.bytes(), statement_, std::nullopt},
                                   [self = shared_from_this()](absl::StatusOr<EnrolmentHop> hop) {
                                     self->First(std::move(hop));
                                   });
  }

 private:
  void First(absl::StatusOr<EnrolmentHop> hop) {
    if (!hop.ok()) return reply_(TranscryptorRefused(1, hop.status()));
    const absl::Status fault = CheckAnswer(1, enrolment_, "", *hop, plane_.first_key);
    if (!fault.ok()) return reply_(fault);
    hops_[0] = *std::move(hop);
    plane_.second.EvaluateEnrolment(
        {enrolment_.bytes(), statement_, hops_[0]},
        [self = shared_from_this()](absl::StatusOr<EnrolmentHop> second) {
          self->Second(std::move(second));
        });
  }

  void Second(absl::StatusOr<EnrolmentHop> hop) {
    if (!hop.ok()) return reply_(TranscryptorRefused(2, hop.status()));
    const absl::Status fault =
        CheckAnswer(2, enrolment_, hops_[0].response, *hop, plane_.second_key);
    if (!fault.ok()) return reply_(fault);
    hops_[1] = *std::move(hop);
    reply_(std::move(hops_));
  }

  const PseudonymPlane& plane_;
  const SignedEnrolment enrolment_;
  const Bytes statement_;
  const Reply<EnrolmentHops> reply_;
  EnrolmentHops hops_;
};

}  // namespace

absl::StatusOr<Bytes> PrepareEnrolmentIn(Turn& turn, const std::string& register_name) {
  const identity::Register* entry = FindRegister(turn.directory, turn.caller.party, register_name);
  if (entry == nullptr) {
    return InvalidField("FIELD_INVALID", "register",
                        "the partner directory names no such register of your unit; look there");
  }
  const pseudonym::StatementTerms terms = TermsFor(turn, *entry);
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::DecisionStatement statement,
                         pseudonym::DecisionStatement::Sign(terms, turn.pseudonyms->decision_key));
  SLUIS_RETURN_IF_ERROR(LogKeys(turn, "enrolment-stated",
                                {{"register", entry->id},
                                 {"statement", HexEncode(AsView(statement.digest()))},
                                 {"items", *terms.bulk}}));
  return statement.wire();
}

absl::StatusOr<SignedEnrolment> CheckEnrolment(const Caller& caller, const EnrolmentBatch& batch,
                                               const EnrolmentSurroundings& surroundings) {
  SLUIS_ASSIGN_OR_RETURN(SignedEnrolment enrolment,
                         SignedEnrolment::Decode(batch.signed_enrolment));
  const pseudonym::EnrolHead& head = enrolment.head();
  const identity::UnitEntry* unit = surroundings.directory.FindParty(caller.party);
  if (head.signer != pseudonym::Party::Of(caller.party) || unit == nullptr) {
    return pseudonym::Refuse("E_SENDER", "a register is enrolled by its own unit");
  }
  SLUIS_RETURN_IF_ERROR(enrolment.VerifySignature(unit->signing));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::EnrolRoute route,
                         pseudonym::CheckEnrolmentForm(enrolment));
  SLUIS_RETURN_IF_ERROR(pseudonym::CheckTime(head.issued, head.expires, surroundings.now));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::DecisionStatement statement,
                         pseudonym::DecisionStatement::Verify(
                             batch.statement, surroundings.plane.decision_key.public_key()));
  SLUIS_RETURN_IF_ERROR(pseudonym::CheckCoversEnrolment(
      statement, head.mandate, head.signer, route.d_index, enrolment.elements().size(),
      surroundings.now, {&surroundings.policy_digest, 1}));
  SLUIS_RETURN_IF_ERROR(CheckEpoch(route.d_index, caller, surroundings.directory));
  return enrolment;
}

void EvaluateAtBoth(const PseudonymPlane& plane, SignedEnrolment enrolment, Bytes statement,
                    Reply<EnrolmentHops> reply) {
  std::make_shared<Evaluation>(plane, std::move(enrolment), std::move(statement), std::move(reply))
      ->Start();
}

absl::Status NoteBatchIn(Turn& turn, const SignedEnrolment& enrolment) {
  const pseudonym::EnrolHead& head = enrolment.head();
  return LogKeys(turn, "register-enrolled",
                 {{"enrolment", HexEncode(AsView(enrolment.digest()))},
                  {"statement", HexEncode(AsView(head.mandate))},
                  {"batch", head.batch},
                  {"items", enrolment.elements().size()}});
}

}  // namespace sluis::exchange
