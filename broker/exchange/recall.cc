#include "broker/exchange/recall.h"

#include "broker/exchange/access.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/states.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

constexpr int kCorrect = 2;  // sluis.v1.RECALL_KIND_CORRECT

}  // namespace

absl::Status RecallEarlier(Turn& turn, storage::ExchangeRecord& recall) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord earlier,
                         AsProvider(turn.store, turn.caller, *recall.earlier));
  const bool was_waiting = earlier.state == ExchangeState::kAnswered;
  SLUIS_ASSIGN_OR_RETURN(earlier.state, NextState(earlier.state, Verb::kRecall));
  if (was_waiting) {
    SLUIS_RETURN_IF_ERROR(turn.store.DeleteMailbox(earlier.id));
    // Nothing was opened, so nothing is held and no term runs.
    earlier.expire_time = absl::InfiniteFuture();
  }
  earlier.recalled_by = recall.id;
  journal::LeafDraft draft = ExchangeLeaf(
      turn, recall,
      recall.recall_kind == kCorrect ? tlog::LeafKind::kCorrection : tlog::LeafKind::kRecall,
      tlog::LeafOutcome::kDone, {{"earlier", earlier.id.hex()}});
  draft.refers_to = earlier.answer_leaf;
  SLUIS_ASSIGN_OR_RETURN(const std::uint64_t index, Log(turn, recall, std::move(draft)));
  earlier.leaves.push_back(index);
  return turn.store.PutExchange(earlier);
}

}  // namespace sluis::exchange
