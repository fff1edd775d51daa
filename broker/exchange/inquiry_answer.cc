#include "broker/exchange/inquiry_answer.h"

#include <algorithm>
#include <set>

#include "broker/exchange/subject.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/inquiry.h"
#include "lib/sealing/padding.h"
#include "lib/sealing/sealed_field.h"

namespace sluis::exchange {
namespace {

constexpr char kPresence[] = "presence";

absl::Status Exceeds(std::string_view what) {
  return Error(ErrorCode::kPrecondition, "ANSWER_EXCEEDS_DECISION", what);
}

bool HasLabelsOf(const storage::ExchangeRecord& asked, const ReleaseHeader& header) {
  return header.regime == asked.regime && header.subject_category == asked.subject_category &&
         header.subject_verified == (asked.subject && asked.subject->verified);
}

bool HasFieldsOf(const storage::ExchangeRecord& asked, const ReleaseHeader& header) {
  std::set<std::string> missing(asked.fields.begin(), asked.fields.end());
  return std::all_of(header.fields.begin(), header.fields.end(),
                     [&](const ReleasedField& released) {
                       return released.form == kPresence && missing.erase(released.field) == 1;
                     }) &&
         missing.empty();
}

absl::Status CheckSizes(const storage::ExchangeRecord& asked,
                        const std::vector<Bytes>& sealed_fields) {
  const std::size_t content = pseudonym::kHitSize * static_cast<std::size_t>(asked.positions);
  for (const Bytes& sealed : sealed_fields) {
    SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(sealed));
    if (view.bucket == BucketFor(content)) continue;
    return Exceeds("the answer to an inquiry holds one line for each position, and nothing more");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckInquiryAnswer(const storage::ExchangeRecord& asked,
                                const VerifiedRelease& release) {
  if (asked.action != kInquire) return absl::OkStatus();
  if (!HasLabelsOf(asked, release.header)) {
    return Exceeds("an inquiry is answered with the labels of the question: others could tell");
  }
  if (!HasFieldsOf(asked, release.header)) {
    return Exceeds("an inquiry is answered with exactly what was asked, in form presence");
  }
  if (!release.header.signed_requests.empty()) {
    return Exceeds("the answer to an inquiry names nobody; leave the signed requests out");
  }
  return CheckSizes(asked, release.content.sealed_fields);
}

absl::StatusOr<std::optional<storage::QuestionRecord>> QuestionOf(storage::Reader& store,
                                                                  const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::MailboxRecord> kept, store.FindMailbox(id));
  if (!kept) return std::optional<storage::QuestionRecord>();
  return std::move(kept->question);
}

}  // namespace sluis::exchange
