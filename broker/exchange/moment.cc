#include "broker/exchange/moment.h"

#include <optional>
#include <utility>

#include "broker/exchange/approval_task.h"
#include "broker/exchange/create_exchange.h"
#include "broker/exchange/exchange_result.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

constexpr int kCasesAtOnce = 500;

}  // namespace

Moment::Moment(std::unique_ptr<storage::Reader> reader, Caller caller, PolicyInForce policy,
               std::shared_ptr<const identity::Directory> directory, absl::Time now, bool audits)
    : reader_(std::move(reader)),
      caller_(std::move(caller)),
      policy_(std::move(policy)),
      directory_(std::move(directory)),
      now_(now),
      audits_(audits) {}

absl::StatusOr<ExchangeResult> Moment::TryOut(
    const CreateExchange& ask, const std::vector<storage::ApprovalRecord>& approvals) const {
  ExchangeResult result;
  SLUIS_RETURN_IF_ERROR(
      DecideTrial({*reader_, caller_, policy_, *directory_, now_}, ask, &result, approvals));
  return result;
}

absl::StatusOr<std::optional<ExchangeResult>> Moment::FindTask(const ExchangeId& id) const {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> found, reader_->FindExchange(id));
  if (!found || !IsTaskOf(caller_, *found)) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(ExchangeResult result, ToResult(*std::move(found)));
  return result;
}

absl::StatusOr<std::vector<storage::CaseRecord>> Moment::Cases() const {
  std::vector<storage::CaseRecord> all;
  std::optional<CaseId> after;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(std::vector<storage::CaseRecord> page,
                           reader_->ListCases(caller_.party, after, kCasesAtOnce));
    all.insert(all.end(), page.begin(), page.end());
    if (page.size() < kCasesAtOnce) return all;
    after = page.back().id;
  }
}

}  // namespace sluis::exchange
