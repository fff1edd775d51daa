#include "broker/daemon/policy_source.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "policy/signed/admission.h"
#include "policy/signed/jurist.h"

namespace sluis::daemon {
namespace {

constexpr std::size_t kMaxMark = 4096;
constexpr int kMarkMode = 0600;

void LogDifference(const policy::Difference& difference) {
  LogEvent(LogLevel::kError, "policy_differs",
           absl::StrFormat("compiled=%s reference=%s version=%s",
                           policy::OutcomeName(difference.compiled),
                           policy::OutcomeName(difference.reference), difference.pack_version));
}

exchange::PolicyInForce InForce(const policy::Bundle& bundle, std::uint32_t compared_one_in) {
  exchange::PolicyInForce policy;
  policy.pack = bundle.pack();
  policy.digest = bundle.digest();
  policy.stale_after = bundle.stale_after();
  policy.decider = std::make_shared<const policy::SampledPolicy>(
      std::make_shared<const policy::CompiledPack>(policy.pack),
      policy::SamplingOptions{compared_one_in, LogDifference});
  return policy;
}

// A missing file is a first start.
absl::StatusOr<std::optional<policy::PackMark>> ReadMarkFile(const std::filesystem::path& file) {
  if (file.empty()) return std::nullopt;
  const absl::StatusOr<Bytes> text = ReadFile(file, kMaxMark);
  if (absl::IsNotFound(text.status())) return std::nullopt;
  SLUIS_RETURN_IF_ERROR(text.status());
  SLUIS_ASSIGN_OR_RETURN(policy::PackMark mark, policy::ReadMark(*text));
  return mark;
}

}  // namespace

absl::StatusOr<PolicyTerms> MakePolicyTerms(const std::string& bundle, const std::string& mark,
                                            const std::vector<std::string>& activators,
                                            const std::vector<std::string>& jurists,
                                            bool demonstration) {
  SLUIS_ASSIGN_OR_RETURN(policy::Activators persons, policy::Activators::Create(activators));
  SLUIS_ASSIGN_OR_RETURN(std::vector<tlog::VerifierKey> keys, policy::ParseJurists(jurists));
  return PolicyTerms{bundle, mark, std::move(persons), std::move(keys), demonstration};
}

absl::StatusOr<std::unique_ptr<PolicyFromBundle>> PolicyFromBundle::Load(PolicyTerms terms,
                                                                         const Clock& clock) {
  std::unique_ptr<PolicyFromBundle> source(new PolicyFromBundle(std::move(terms), clock));
  SLUIS_ASSIGN_OR_RETURN(source->marked_, ReadMarkFile(source->terms_.mark));
  SLUIS_RETURN_IF_ERROR(source->Take().status());
  return source;
}

exchange::PolicyInForce PolicyFromBundle::Current() const { return held_.Get()->policy; }

std::optional<PolicyFromBundle::Before> PolicyFromBundle::Replaced() const {
  return held_.Get()->before;
}

absl::StatusOr<std::shared_ptr<const policy::Bundle>> PolicyFromBundle::ReadBundle() const {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, ReadFile(terms_.bundle, policy::kMaxBundle));
  SLUIS_ASSIGN_OR_RETURN(
      const policy::AdmittedBundle admitted,
      policy::AdmitBundle(bytes, terms_.activators, terms_.jurists, clock_.Now()));
  SLUIS_RETURN_IF_ERROR(CheckMayFollow(*admitted.bundle));
  const absl::Status& all_signed = admitted.rules_signed;
  if (!terms_.demonstration) SLUIS_RETURN_IF_ERROR(all_signed);
  if (!all_signed.ok()) {
    LogEvent(LogLevel::kWarning, "policy_demonstration",
             absl::StrFormat("rules_without_jurist=%s", DetailOf(all_signed).metadata["count"]));
  }
  return admitted.bundle;
}

absl::Status PolicyFromBundle::CheckMayFollow(const policy::Bundle& candidate) const {
  const policy::PackMark mark = policy::MarkOf(candidate);
  if (marked_) SLUIS_RETURN_IF_ERROR(policy::CheckFollows(*marked_, mark));
  const std::shared_ptr<const Held> held = held_.Get();
  if (held == nullptr) return absl::OkStatus();
  return policy::CheckFollows(policy::MarkOf(*held->bundle), mark);
}

std::shared_ptr<const PolicyFromBundle::Held> PolicyFromBundle::Succeed(
    std::shared_ptr<const policy::Bundle> bundle) const {
  auto next = std::make_shared<Held>();
  next->policy = InForce(*bundle, terms_.compared_one_in);
  if (const std::shared_ptr<const Held> held = held_.Get(); held != nullptr) {
    // The same pack, issued anew, ends no change-over.
    const bool same = held->policy.digest == next->policy.digest;
    const absl::Time until = clock_.Now() + bundle->terms().change_over;
    next->before =
        same ? held->before
             : std::optional(Before{held->policy, std::min(until, held->policy.stale_after)});
  }
  next->bundle = std::move(bundle);
  return next;
}

void PolicyFromBundle::Announce(const policy::Bundle& bundle) const {
  LogEvent(LogLevel::kInfo, "policy_in_force",
           absl::StrFormat("version=%s digest=%s until=%s", bundle.pack()->version(),
                           HexEncode(AsView(bundle.digest())),
                           FormatRfc3339Millis(bundle.stale_after())));
  if (stale_ != nullptr)
    stale_->Set(absl::ToDoubleSeconds(bundle.stale_after() - absl::UnixEpoch()));
}

absl::StatusOr<bool> PolicyFromBundle::Take() {
  SLUIS_ASSIGN_OR_RETURN(std::shared_ptr<const policy::Bundle> bundle, ReadBundle());
  const std::shared_ptr<const Held> held = held_.Get();
  if (held != nullptr && policy::MarkOf(*held->bundle) == policy::MarkOf(*bundle)) return false;
  held_.Set(Succeed(bundle));
  Announce(*bundle);
  return true;
}

absl::StatusOr<bool> PolicyFromBundle::Reload() {
  absl::StatusOr<bool> taken = Take();
  const std::string reason = taken.ok() ? "" : ReasonOf(taken.status());
  if (!taken.ok()) {
    LogEvent(LogLevel::kWarning, "policy_refused",
             absl::StrFormat("reason=%s in_force=%s", reason, Current().pack->version()));
  }
  if (reloads_ != nullptr) {
    const char* result = !taken.ok() ? "refused" : *taken ? "taken" : "unchanged";
    reloads_->Add({{"result", result}, {"reason", reason}}).Increment();
  }
  return taken;
}

std::shared_ptr<const policy::Bundle> PolicyFromBundle::Unconfirmed() const {
  std::shared_ptr<const policy::Bundle> bundle = held_.Get()->bundle;
  return marked_ && *marked_ == policy::MarkOf(*bundle) ? nullptr : bundle;
}

absl::Status PolicyFromBundle::Confirm() {
  const policy::PackMark mark = policy::MarkOf(*held_.Get()->bundle);
  if (!terms_.mark.empty() && marked_ != std::optional(mark)) {
    SLUIS_RETURN_IF_ERROR(WriteFileAtomic(terms_.mark, policy::WriteMark(mark), kMarkMode));
  }
  marked_ = mark;
  return absl::OkStatus();
}

void PolicyFromBundle::WarnIfStale() const {
  const exchange::PolicyInForce policy = Current();
  if (clock_.Now() < policy.stale_after) return;
  LogEvent(LogLevel::kError, "policy_stale",
           absl::StrFormat("version=%s nothing is decided until a newer bundle is there",
                           policy.pack->version()));
}

void PolicyFromBundle::CountIn(prometheus::Registry& registry) {
  reloads_ = &prometheus::BuildCounter()
                  .Name("sluis_policy_reloads_total")
                  .Help("Bundles read again, by result and reason.")
                  .Register(registry);
  stale_ = &prometheus::BuildGauge()
                .Name("sluis_policy_end_time_seconds")
                .Help("Unix time at which the pack in force is older than its maximum age.")
                .Register(registry)
                .Add({});
  stale_->Set(absl::ToDoubleSeconds(Current().stale_after - absl::UnixEpoch()));
}

}  // namespace sluis::daemon
