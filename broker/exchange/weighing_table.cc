#include "broker/exchange/weighing_table.h"

#include "absl/strings/str_format.h"
#include "broker/exchange/leaves.h"
#include "lib/base/clock.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"

namespace sluis::exchange {
namespace {

constexpr char kRiec[] = "riec";

absl::Status LogTable(Turn& turn, const storage::WeighingTableRecord& table) {
  journal::LeafDraft draft = StructuralLeaf(turn, tlog::LeafKind::kCaseChange,
                                            {{"case", table.domain.hex()},
                                             {"change", "weighing-table"},
                                             {"riec", table.riec.str()},
                                             {"quarter", table.quarter}});
  draft.other = table.riec == draft.acting ? Oin() : table.riec;
  return turn.log.Append(std::move(draft)).status();
}

}  // namespace

std::string QuarterOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, AmsterdamZone());
  return absl::StrFormat("%04d-Q%d", day.year(), (day.month() - 1) / 3 + 1);
}

bool GoesToWeighingTable(const View& view, const storage::ExchangeRecord& exchange) {
  const identity::Partner* recipient = view.directory.FindPartner(exchange.recipient.oin);
  return exchange.action == "disclose" && exchange.purpose == kWeighingPurpose &&
         recipient != nullptr && recipient->kind == kRiec;
}

absl::StatusOr<CaseId> OpenWeighingTable(Turn& turn, const Oin& riec) {
  const std::string quarter = QuarterOf(turn.now);
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::WeighingTableRecord> known,
                         turn.store.FindWeighingTable(riec, quarter));
  if (known) return known->domain;
  const storage::WeighingTableRecord table{.domain = CaseId::FromBytes(RandomArray<16>()),
                                           .riec = riec,
                                           .quarter = quarter,
                                           .create_time = turn.now};
  SLUIS_RETURN_IF_ERROR(turn.store.PutWeighingTable(table));
  SLUIS_RETURN_IF_ERROR(LogTable(turn, table));
  return table.domain;
}

absl::StatusOr<bool> IsAtWeighingTable(const View& view, const storage::ExchangeRecord& exchange) {
  if (!GoesToWeighingTable(view, exchange)) return false;
  if (exchange.domain.empty()) return true;
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::WeighingTableRecord> table,
                         view.store.FindWeighingTableOf(exchange.domain));
  return table && table->riec == exchange.recipient.oin &&
         table->quarter == QuarterOf(exchange.create_time);
}

absl::StatusOr<bool> IsWeighingTableOf(const View& view, const CaseId& domain, const Oin& riec) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::WeighingTableRecord> table,
                         view.store.FindWeighingTableOf(domain));
  return table && table->riec == riec;
}

}  // namespace sluis::exchange
