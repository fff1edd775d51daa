#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "broker/rpc/convert.h"
#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/tlog/leaf.h"

namespace sluis::rpc {
namespace {

v1::Outcome ToWireOutcome(policy::Outcome outcome) {
  switch (outcome) {
    case policy::Outcome::kPermitted:
      return v1::OUTCOME_PERMITTED;
    case policy::Outcome::kNeedsApproval:
      return v1::OUTCOME_NEEDS_APPROVAL;
    case policy::Outcome::kDeniedNoBasis:
      return v1::OUTCOME_DENIED_NO_BASIS;
    case policy::Outcome::kDeniedProhibited:
      return v1::OUTCOME_DENIED_PROHIBITED;
    case policy::Outcome::kInvalid:
      return v1::OUTCOME_UNSPECIFIED;
  }
  return v1::OUTCOME_UNSPECIFIED;
}

template <typename Strings>
void Copy(const Strings& from, google::protobuf::RepeatedPtrField<std::string>* to) {
  for (const auto& text : from) to->Add(std::string(text));
}

void CopyNeeds(const std::map<std::string, policy::ApprovalNeed>& needs,
               google::protobuf::RepeatedPtrField<v1::ApprovalNeed>* out) {
  for (const auto& [condition, need] : needs) {
    v1::ApprovalNeed* line = out->Add();
    line->set_condition(condition);
    line->set_count(need.k);
    Copy(need.roles, line->mutable_roles());
  }
}

void CopyForms(const std::map<std::string, std::string>& fields,
               google::protobuf::RepeatedPtrField<v1::FieldForm>* out) {
  for (const auto& [field, form] : fields) {
    v1::FieldForm* line = out->Add();
    line->set_field(field);
    line->set_form(form);
  }
}

void CopyApprovals(const storage::ExchangeRecord& exchange, v1::Exchange* out) {
  for (const storage::ApprovalRecord& approval : exchange.approvals) {
    v1::Approval* line = out->add_approvals();
    line->set_role(approval.role);
    line->set_organisation(approval.organisation.str());
    line->set_granted(approval.granted);
    ToWire(approval.time, line->mutable_time());
  }
}

void CopyTerms(const storage::ExchangeRecord& exchange, v1::Exchange* out) {
  out->set_action(exchange.action);
  out->set_purpose(exchange.purpose);
  out->set_legal_basis(exchange.basis);
  ToWire(exchange.provider, out->mutable_provider());
  ToWire(exchange.recipient, out->mutable_recipient());
  ToWire(exchange.provider_desk, out->mutable_provider_desk());
  ToWire(exchange.recipient_desk, out->mutable_recipient_desk());
  out->set_case_(CaseName(exchange.case_id));
  out->set_case_phase(exchange.case_phase);
  out->set_regime(exchange.regime);
  out->set_subject_category(exchange.subject_category);
  Copy(exchange.fields, out->mutable_fields());
  out->set_mode(exchange.subset ? v1::RELEASE_MODE_SUBSET : v1::RELEASE_MODE_ALL_OR_NOTHING);
  out->set_emergency(exchange.emergency);
  out->set_recall_kind(static_cast<v1::RecallKind>(exchange.recall_kind));
  out->mutable_time_to_live()->set_seconds(absl::ToInt64Seconds(exchange.time_to_live));
}

void CopyPseudonyms(const exchange::ExchangeResult& result, v1::Exchange* out) {
  const storage::ExchangeRecord& exchange = result.exchange;
  if (exchange.from_domain) out->set_from_domain(exchange.from_domain->hex());
  out->set_from_purpose(exchange.from_purpose);
  if (!exchange.domain.empty()) out->set_domain(exchange.domain.hex());
  out->set_statement(exchange.statement);
  out->set_recipient_context(result.recipient_context);
  out->set_queue_reason(static_cast<v1::QueueReason>(exchange.queue_reason));
  out->set_release_refusal(exchange.release_refusal);
}

void CopyHop(const storage::HopRecord& hop, v1::TranscryptionHop* out) {
  out->set_batch_response(hop.batch_response);
  out->set_payload_digests(hop.payload_digests);
  out->set_signature(hop.signature);
  out->set_proof_digest(hop.proof_digest);
  out->set_sealed_proof(hop.sealed_proof);
  for (const storage::CommitmentRecord& commitment : hop.commitments) {
    ToWire(commitment, out->add_commitments());
  }
}

void CopyLookup(const exchange::ExchangeResult& result, v1::Exchange* out) {
  out->set_register_(result.exchange.register_name);
  out->set_subject_sent(result.exchange.subject_sent);
  for (const int position : result.recorded_hits) out->add_recorded_hits(position);
  if (!result.question || !result.question->transcryption) return;
  v1::Transcryption* question = out->mutable_question();
  question->set_signed_request(result.question->signed_request);
  question->set_statement(result.question->statement);
  CopyHop(result.question->transcryption->first, question->mutable_first());
  CopyHop(result.question->transcryption->second, question->mutable_second());
}

void CopyTranscryptions(const storage::MailboxRecord& content, v1::Delivery* out) {
  for (std::size_t i = 0; i < content.transcryptions.size(); ++i) {
    v1::Transcryption* line = out->add_transcryptions();
    line->set_signed_request(content.signed_requests[i]);
    line->set_statement(content.statement);
    CopyHop(content.transcryptions[i].first, line->mutable_first());
    CopyHop(content.transcryptions[i].second, line->mutable_second());
  }
}

void CopySubject(const storage::SubjectRecord& subject, v1::SealedSubject* out) {
  out->set_sealed(subject.sealed);
  out->set_verified(subject.verified);
  out->set_signature(subject.signature);
  out->set_request_id(subject.request_id);
}

// For showing it without reading the record; what counts stands in its bytes.
void CopyRecordTime(const Bytes& record, v1::LogRecord* out) {
  const Json json = Json::parse(record, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("time") || !json["time"].is_string()) return;
  const absl::StatusOr<absl::Time> time = ParseRfc3339(json["time"].get<std::string>());
  if (time.ok()) ToWire(*time, out->mutable_time());
}

}  // namespace

void ToWire(absl::Time time, google::protobuf::Timestamp* out) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  std::int64_t seconds = micros / 1'000'000;
  std::int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  out->set_seconds(seconds);
  out->set_nanos(static_cast<std::int32_t>(rest) * 1000);
}

void ToWire(const PartyId& party, v1::Party* out) {
  out->set_organisation(party.oin.str());
  out->set_unit(party.unit.str());
}

void ToWire(const exchange::Receipts& receipts,
            google::protobuf::RepeatedPtrField<v1::Receipt>* out) {
  for (const journal::CommittedLeaf& leaf : receipts) {
    v1::Receipt* line = out->Add();
    line->set_index(static_cast<std::int64_t>(leaf.index));
    line->set_kind(tlog::KindName(leaf.kind));
    line->set_text(leaf.receipt);
  }
}

void ToWire(const policy::Decision& decision, const std::string& digest, absl::Time time,
            v1::Decision* out) {
  out->set_outcome(ToWireOutcome(decision.outcome));
  CopyForms(decision.fields, out->mutable_fields());
  for (const auto& [field, outcome] : decision.field_outcomes) {
    v1::FieldOutcome* line = out->add_field_outcomes();
    line->set_field(field);
    line->set_outcome(ToWireOutcome(outcome));
  }
  out->set_retention(decision.retention);
  out->set_onward(decision.onward);
  Copy(decision.onward_to, out->mutable_onward_to());
  out->set_handling(decision.handling);
  out->set_feedback_due(decision.feedback_due);
  Copy(decision.notify, out->mutable_notify());
  Copy(decision.marks, out->mutable_marks());
  CopyNeeds(decision.approvals_needed, out->mutable_approvals_needed());
  Copy(decision.deciding_rules, out->mutable_deciding_rules());
  out->set_reason_nl(decision.reason_nl);
  out->set_reason_en(decision.reason_en);
  out->set_policy_pack(digest);
  ToWire(time, out->mutable_time());
  out->set_emergency(decision.emergency);
}

void ToWire(const exchange::ExchangeResult& result, v1::Exchange* out) {
  const storage::ExchangeRecord& exchange = result.exchange;
  if (!exchange.id.empty()) out->set_name(ExchangeName(exchange.owner, exchange.id));
  CopyTerms(exchange, out);
  CopyApprovals(exchange, out);
  if (exchange.subject) CopySubject(*exchange.subject, out->mutable_subject());
  if (exchange.earlier)
    out->set_earlier_exchange(ExchangeName(exchange.provider_desk, *exchange.earlier));
  if (exchange.recalled_by)
    out->set_recalled_by(ExchangeName(exchange.provider_desk, *exchange.recalled_by));
  out->set_state(static_cast<v1::ExchangeState>(exchange.state));
  ToWire(result.decision, result.policy_digest, result.decided, out->mutable_decision());
  out->set_refusal_reason(static_cast<v1::RefusalReason>(exchange.refusal_reason));
  ToWire(exchange.create_time, out->mutable_create_time());
  if (exchange.expire_time != absl::InfiniteFuture())
    ToWire(exchange.expire_time, out->mutable_expire_time());
  out->set_retain_until(exchange.retain_until);
  out->set_requester(exchange.requester);
  CopyPseudonyms(result, out);
  CopyLookup(result, out);
  ToWire(result.receipts, out->mutable_receipts());
  CopyForms(result.answerable, out->mutable_answerable());
  out->set_decision_receipt(result.decision_receipt);
}

void ToWire(const std::vector<exchange::ExchangeResult>& results,
            v1::BatchCreateExchangesResponse* out) {
  for (const exchange::ExchangeResult& result : results) ToWire(result, out->add_exchanges());
}

void ToWire(const storage::CommitmentRecord& commitment, v1::Commitment* out) {
  out->set_subject(commitment.subject);
  out->set_point(commitment.point);
  out->set_signature(commitment.signature);
}

void ToWire(const exchange::DeliveryResult& result, v1::Delivery* out) {
  ToWire(result.exchange, out->mutable_exchange());
  out->mutable_receipts()->Swap(out->mutable_exchange()->mutable_receipts());
  v1::Release* release = out->mutable_release();
  release->set_header(result.content.header);
  release->set_signature(result.content.signature);
  for (const Bytes& sealed : result.content.sealed_fields) release->add_sealed_fields(sealed);
  for (const Bytes& request : result.content.signed_requests) release->add_signed_requests(request);
  CopyTranscryptions(result.content, out);
}

void ToWire(const storage::CaseRecord& record, const exchange::Receipts& receipts, v1::Case* out) {
  out->set_name(CaseName(record.id));
  ToWire(record.holder, out->mutable_holder());
  out->set_phase(record.phase);
  out->set_open(record.open);
  for (const PartyId& party : record.participants) ToWire(party, out->add_participants());
  ToWire(record.create_time, out->mutable_create_time());
  out->set_etag(absl::StrFormat("%d", record.version));
  for (const storage::HitRecord& hit : record.hits) {
    v1::RecordedHit* line = out->add_hits();
    ToWire(hit.provider, line->mutable_provider());
    line->set_exchange(ExchangeName(hit.asker, hit.exchange));
    ToWire(hit.time, line->mutable_time());
  }
  ToWire(receipts, out->mutable_receipts());
}

void ToWire(const storage::ArrangementRecord& record, const exchange::Receipts& receipts,
            v1::Arrangement* out) {
  out->set_name(ArrangementName(record.id));
  out->set_statement(record.statement);
  for (const auto& [party, signature] : record.signatures) {
    v1::PartySignature* line = out->add_signatures();
    ToWire(party, line->mutable_party());
    line->set_signature(signature);
  }
  ToWire(receipts, out->mutable_receipts());
}

void ToWire(const exchange::RecordsResult& result, v1::ListRecordsResponse* out) {
  ToWire(result.decision, result.policy_digest, result.decided, out->mutable_decision());
  for (const exchange::RecordResult& record : result.records) {
    v1::LogRecord* line = out->add_records();
    line->set_index(static_cast<std::int64_t>(record.index));
    line->set_leaf(record.opened.leaf);
    line->set_record(record.opened.record);
    line->set_salt(record.opened.salt);
    CopyRecordTime(record.opened.record, line);
  }
  ToWire(result.receipts, out->mutable_receipts());
}

void ToWire(const policy::Option& option, v1::Option* out) {
  out->set_rule(option.rule);
  out->set_title(option.title);
  Copy(option.actions, out->mutable_actions());
  Copy(option.purposes, out->mutable_purposes());
  Copy(option.legal_bases, out->mutable_legal_bases());
  Copy(option.provider_units, out->mutable_provider_units());
  Copy(option.regimes, out->mutable_regimes());
  Copy(option.subject_categories, out->mutable_subject_categories());
  Copy(option.case_phases, out->mutable_case_phases());
  CopyForms(option.fields, out->mutable_fields());
  for (const auto& [fact, values] : option.facts) {
    out->add_facts(fact + " = " + absl::StrJoin(values, " | "));
  }
  CopyNeeds(option.approvals, out->mutable_approvals());
  out->set_retention(option.retention);
  out->set_law(option.law);
  out->set_reason_nl(option.reason_nl);
  out->set_reason_en(option.reason_en);
}

}  // namespace sluis::rpc
