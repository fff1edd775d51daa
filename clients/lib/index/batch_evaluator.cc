#include "clients/lib/index/batch_evaluator.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_format.h"
#include "clients/lib/index/record_file.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/inquiry.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::edge {
namespace {

using pseudonym::Hop;

constexpr absl::Duration kCallLife = absl::Minutes(5);
// A statement is not used in the last moments of its life.
constexpr absl::Duration kStatementMargin = absl::Seconds(30);
constexpr int kAttempts = 2;

absl::Status Blame(const absl::Status& status, Hop hop) {
  if (status.ok()) return status;
  return Error(ErrorCode::kDataLoss, ReasonOf(status),
               absl::StrFormat("what transcryptor %d made of a batch does not hold: %s; nothing of "
                               "the batch was kept; tell the operator",
                               static_cast<int>(hop), MessageOf(status)),
               {{"transcryptor", absl::StrFormat("%d", static_cast<int>(hop))}});
}

// One hop against its signature, its pinned commitments and its published factor.
class HopCheck {
 public:
  HopCheck(const EnrolmentTerms& terms, const pseudonym::SignedEnrolment& sent, Hop hop,
           const wire::EnrolmentHop& answer)
      : terms_(terms), sent_(sent), hop_(hop), answer_(answer) {}

  absl::StatusOr<pseudonym::EnrolResponse> Response(BytesView before) const {
    SLUIS_RETURN_IF_ERROR(pseudonym::VerifyEnrolSignature(
        hop_, sent_.digest(), before, answer_.response(), answer_.signature(), Key()));
    return pseudonym::EnrolResponse::Decode(answer_.response());
  }

  absl::StatusOr<GroupElement> Factor() const {
    SLUIS_ASSIGN_OR_RETURN(const GroupElement origin, Commitment(0, sent_.head().d_origin));
    SLUIS_ASSIGN_OR_RETURN(const GroupElement index, Commitment(1, sent_.head().d_index));
    SLUIS_ASSIGN_OR_RETURN(const auto tie, pseudonym::FactorTie::Decode(answer_.factor()));
    SLUIS_RETURN_IF_ERROR(pseudonym::VerifyTie(tie, origin, index));
    return tie.f;
  }

 private:
  const Ed25519PublicKey& Key() const { return terms_.trust.key_set.half(hop_).signing; }

  absl::StatusOr<GroupElement> Commitment(int which, BytesView domain) const {
    if (answer_.commitments_size() != 2 || answer_.commitments(which).subject() != domain) {
      return pseudonym::Refuse("E_PROOF", "its commitments are not those of origin and index");
    }
    const wire::Commitment& from = answer_.commitments(which);
    SLUIS_ASSIGN_OR_RETURN(const GroupElement value, GroupElement::Decode(from.point()));
    SLUIS_RETURN_IF_ERROR(pseudonym::AcceptCommitment(
        {hop_, Bytes(domain), value, from.signature()}, Key(), terms_.commitments));
    return value;
  }

  const EnrolmentTerms& terms_;
  const pseudonym::SignedEnrolment& sent_;
  Hop hop_;
  const wire::EnrolmentHop& answer_;
};

struct CheckedHop {
  pseudonym::EnrolResponse response;
  GroupElement f;
};

absl::StatusOr<CheckedHop> CheckHop(const HopCheck& check, BytesView before, Hop hop) {
  auto response = check.Response(before);
  if (!response.ok()) return Blame(response.status(), hop);
  auto f = check.Factor();
  if (!f.ok()) return Blame(f.status(), hop);
  return CheckedHop{*std::move(response), *f};
}

absl::StatusOr<std::vector<pseudonym::IndexPseudonym>> Unblind(const pseudonym::EnrolBatch& batch,
                                                               const CheckedHop& first,
                                                               const CheckedHop& second) {
  auto pseudonyms = batch.Unblind(first.response, second.response, first.f, second.f);
  if (pseudonyms.ok()) return pseudonyms;
  // Which of the two it was is looked for only now: it costs as much again.
  const bool first_holds =
      pseudonym::VerifyEnrolResponse(first.response, Hop::kFirst, batch.blinded(), first.f).ok();
  return Blame(pseudonyms.status(), first_holds ? Hop::kSecond : Hop::kFirst);
}

SecretBytes SortedRecords(const SubjectBatch& batch,
                          const std::vector<pseudonym::IndexPseudonym>& pseudonyms) {
  std::vector<SecretBytes> keys;
  keys.reserve(pseudonyms.size());
  for (const auto& one : pseudonyms) keys.push_back(pseudonym::IndexKey(one));
  const auto key_of = [&](std::size_t i) { return keys[i].Reveal(SecretAccess::ForStorage()); };
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return key_of(a) < key_of(b); });
  SecretBytes records(order.size() * kIndexRecordSize);
  const auto out = records.RevealForWriting(SecretAccess::ForStorage());
  for (std::size_t i = 0; i < order.size(); ++i) {
    WriteRecord(key_of(order[i]), batch.kind,
                batch.subjects[order[i]].value(SecretAccess::ForStorage()),
                out.subspan(i * kIndexRecordSize, kIndexRecordSize));
  }
  return records;
}

}  // namespace

absl::StatusOr<SecretBytes> BatchEvaluator::Evaluate(const SubjectBatch& batch) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<SecretBytes> records = EvaluateOnce(batch);
    const std::string reason = ReasonOf(records.status());
    const bool ended = reason == "E_EXPIRED" || reason == "E_MANDATE";
    if (!ended || attempt == kAttempts) return records;
    const MutexLock lock(mutex_);
    statement_.reset();
  }
}

absl::Status BatchEvaluator::EnsureStatement() {
  const absl::Time needed = terms_.clock.Now() + kStatementMargin;
  if (statement_ && absl::FromUnixSeconds(statement_->terms().expires) > needed) {
    return absl::OkStatus();
  }
  SLUIS_ASSIGN_OR_RETURN(const Bytes wire, port_.Prepare(terms_.d_index.register_name()));
  SLUIS_ASSIGN_OR_RETURN(statement_,
                         pseudonym::DecisionStatement::Verify(wire, terms_.trust.decision_key));
  return absl::OkStatus();
}

absl::StatusOr<BatchEvaluator::Sent> BatchEvaluator::Send(const SubjectBatch& batch,
                                                          const pseudonym::EnrolBatch& blinded) {
  const MutexLock lock(mutex_);
  SLUIS_RETURN_IF_ERROR(EnsureStatement());
  const absl::Time now = terms_.clock.Now();
  SLUIS_ASSIGN_OR_RETURN(
      auto enrolment, pseudonym::SignEnrolment({.signer = terms_.party,
                                                .d_origin = pseudonym::Domain::Origin(batch.kind),
                                                .d_index = terms_.d_index,
                                                .issued = now,
                                                .expires = now + kCallLife,
                                                .mandate = statement_->digest(),
                                                .enrolment = terms_.enrolment,
                                                .batch = batch.number},
                                               blinded.blinded(), terms_.signing));
  SLUIS_ASSIGN_OR_RETURN(auto answer, port_.Evaluate(enrolment.bytes(), statement_->wire()));
  return Sent{std::move(enrolment), std::move(answer)};
}

absl::StatusOr<SecretBytes> BatchEvaluator::EvaluateOnce(const SubjectBatch& batch) {
  std::vector<pseudonym::SubjectElement> elements;
  elements.reserve(batch.subjects.size());
  for (const Subject& subject : batch.subjects) {
    elements.push_back(pseudonym::ElementOf(subject));
  }
  SLUIS_ASSIGN_OR_RETURN(const auto blinded, pseudonym::EnrolBatch::Blind(elements));
  elements.clear();
  SLUIS_ASSIGN_OR_RETURN(const Sent sent, Send(batch, blinded));
  SLUIS_ASSIGN_OR_RETURN(
      const CheckedHop first,
      CheckHop({terms_, sent.enrolment, Hop::kFirst, sent.answer.first()}, "", Hop::kFirst));
  SLUIS_ASSIGN_OR_RETURN(const CheckedHop second,
                         CheckHop({terms_, sent.enrolment, Hop::kSecond, sent.answer.second()},
                                  sent.answer.first().response(), Hop::kSecond));
  SLUIS_ASSIGN_OR_RETURN(const auto pseudonyms, Unblind(blinded, first, second));
  return SortedRecords(batch, pseudonyms);
}

}  // namespace sluis::edge
