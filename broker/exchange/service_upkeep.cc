// What nobody asks for by name: time passing, a new directory, refused log-ins, reading of whole
// bundles.
#include "broker/exchange/access.h"
#include "broker/exchange/end_exchange.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/read_records.h"
#include "broker/exchange/service.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

constexpr int kRefusedLoginsPerMinute = 60;
// api.md §4: seven days, or as long as the exchange is open.
constexpr absl::Duration kRequestIdLife = absl::Hours(24 * 7);

}  // namespace

Service::Service(ServiceOptions options, journal::Journal& journal, storage::Store& store,
                 const PolicySource& policies, const DirectorySource& directories,
                 const Clock& clock)
    : options_(std::move(options)),
      journal_(journal),
      store_(store),
      policies_(policies),
      directories_(directories),
      clock_(clock),
      refused_logins_(kRefusedLoginsPerMinute) {}

absl::StatusOr<int> Service::SweepExpired(int limit) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const std::vector<ExchangeId> due,
                         reader->ListExpired(clock_.Now(), limit));
  reader.reset();
  for (const ExchangeId& id : due) {
    SLUIS_RETURN_IF_ERROR(TakeAsOperator([&id](Turn& turn) { return ExpireIn(turn, id); }));
  }
  return static_cast<int>(due.size());
}

absl::Status Service::Prune() {
  return TakeAsOperator(
      [](Turn& turn) { return turn.store.Prune(turn.now, turn.now - kRequestIdLife); });
}

absl::Status Service::AnnounceDirectory() {
  return TakeAsOperator([](Turn& turn) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const std::int64_t known, turn.store.DirectoryVersion());
    const std::int64_t version = turn.directory.version();
    if (version == known) return absl::OkStatus();
    if (version < known) {
      return Error(ErrorCode::kPrecondition, "DIRECTORY_ROLLBACK",
                   "a newer partner directory was in force before; give the newest one");
    }
    SLUIS_RETURN_IF_ERROR(turn.store.PutDirectoryVersion(version));
    journal::LeafDraft draft =
        StructuralLeaf(turn, tlog::LeafKind::kPartnerChange,
                       {{"directory", turn.directory.name()},
                        {"directory_version", version},
                        {"statement", HexEncode(AsView(turn.directory.digest()))}});
    draft.parties.clear();
    return turn.log.Append(std::move(draft)).status();
  });
}

absl::Status Service::AnnouncePolicy(absl::Time issued, const std::vector<std::string>& signers) {
  return TakeAsOperator([&](Turn& turn) -> absl::Status {
    journal::LeafDraft draft = StructuralLeaf(turn, tlog::LeafKind::kPolicyChange,
                                              {{"pack", turn.policy.pack->bundle()},
                                               {"pack_version", turn.policy.pack->version()},
                                               {"issued", absl::ToUnixSeconds(issued)},
                                               {"signers", signers}});
    draft.parties.clear();
    return turn.log.Append(std::move(draft)).status();
  });
}

absl::Status Service::AdmitBundleRead(const Caller& caller, int use, std::uint64_t first,
                                      std::uint64_t end) {
  SLUIS_RETURN_IF_ERROR(RequireMultiFactor(caller));
  if (!options_.bundle_readers.contains(caller.party) || UseName(use).empty()) {
    return Error(ErrorCode::kDenied, "USE_NOT_ALLOWED",
                 "whole entry bundles are for desks with a mandate; ask for the records of your "
                 "own organisation");
  }
  return TakeAndWait(caller, [&](Turn& turn) {
    journal::LeafDraft draft = StructuralLeaf(
        turn, tlog::LeafKind::kLogRead, {{"use", UseName(use)}, {"first", first}, {"end", end}});
    draft.outcome = tlog::LeafOutcome::kPermitted;
    draft.retention = tlog::RetentionClass::kAccess;
    return turn.log.Append(std::move(draft)).status();
  });
}

void Service::NoteRefusedLogin(std::string_view reason) {
  const std::optional<int> passed_over = refused_logins_.Take(clock_.Now());
  if (!passed_over) return;
  journal_.Submit(
      [this, reason = std::string(reason), passed_over](storage::Transaction&,
                                                        journal::LeafSink& log) {
        journal::LeafDraft draft;
        draft.kind = tlog::LeafKind::kAuthFailure;
        draft.outcome = tlog::LeafOutcome::kFailed;
        draft.retention = tlog::RetentionClass::kAccess;
        draft.acting = options_.operator_oin;
        draft.policy_digest = policies_.Current().digest;
        draft.record = {{"reasons", {reason}}, {"passed_over", *passed_over}};
        return log.Append(std::move(draft)).status();
      },
      // The call is refused whether or not it could be noted.
      [](const absl::StatusOr<Receipts>&) {});
}

}  // namespace sluis::exchange
