// How an act becomes one turn: single use of its assertion, repeat by request_id, body, and what is
// remembered.
#include <utility>

#include "broker/exchange/service.h"
#include "broker/exchange/stored_answer.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::exchange {
namespace {

// Passes leaves on and remembers their indices.
class NotingSink : public journal::LeafSink {
 public:
  explicit NotingSink(journal::LeafSink& sink) : sink_(sink) {}
  absl::StatusOr<std::uint64_t> Append(journal::LeafDraft draft) override {
    SLUIS_ASSIGN_OR_RETURN(const std::uint64_t index, sink_.Append(std::move(draft)));
    indices.push_back(index);
    return index;
  }
  std::vector<std::uint64_t> indices;

 private:
  journal::LeafSink& sink_;
};

absl::Status UseOnce(storage::Transaction& store, const Caller& caller) {
  SLUIS_ASSIGN_OR_RETURN(const bool fresh,
                         store.UseAssertion(caller.issuer, caller.jti, caller.forget_after));
  if (fresh) return absl::OkStatus();
  return Error(ErrorCode::kUnauthenticated, "ASSERTION_REPLAYED",
               "this assertion was used before; every call needs a fresh one");
}

// The same words from another unit are another request.
Digest ContentOf(const RequestStamp& stamp, const Caller& caller) {
  return Sha256(Bytes(AsView(stamp.content)) + caller.party.ToString());
}

storage::RequestKey KeyOf(const RequestStamp& stamp, const Caller& caller) {
  return {caller.party.oin, stamp.method, stamp.request_id};
}

// The request that this stamp was used for, if any: the same one.
absl::StatusOr<std::optional<storage::RequestRecord>> FindRepeated(storage::Reader& store,
                                                                   const RequestStamp& stamp,
                                                                   const Caller& caller) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::RequestRecord> used,
                         store.FindRequest(KeyOf(stamp, caller)));
  if (!used || used->content == ContentOf(stamp, caller)) return used;
  return Error(ErrorCode::kExists, "REQUEST_ID_REUSED",
               "this request_id was used for something else; draw a new one");
}

absl::Status InProgress() {
  return Error(ErrorCode::kAborted, "REQUEST_IN_PROGRESS",
               "this request is being carried out; wait, then read what became of it");
}

}  // namespace

struct Service::Act {
  Caller caller;
  RequestStamp stamp;
  Body body;
  std::function<absl::Status(Turn&, const std::string&)> load;
  Entry entry;
  Settled settled;
  std::vector<std::uint64_t> earlier_leaves;  // of a repeat
  std::set<PartyId> told;
  bool errands = false;
};

void Service::Admit(const Caller& caller, const RequestStamp& stamp,
                    std::function<void(absl::StatusOr<bool> repeat)> go) {
  if (!under_way_.Begin(KeyOf(stamp, caller))) return go(InProgress());
  auto repeat = std::make_shared<bool>(false);
  journal_.Submit(
      [this, caller, stamp, repeat](storage::Transaction& store,
                                    journal::LeafSink&) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(*repeat, AdmitIn(caller, stamp, store));
        return absl::OkStatus();
      },
      [this, caller, stamp, repeat, go = std::move(go)](const absl::StatusOr<Receipts>& committed) {
        if (committed.ok()) return go(*repeat);
        Abandon(caller, stamp);
        go(committed.status());
      });
}

absl::StatusOr<bool> Service::AdmitIn(const Caller& caller, const RequestStamp& stamp,
                                      storage::Transaction& store) {
  SLUIS_RETURN_IF_ERROR(UseOnce(store, caller));
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::RequestRecord> used,
                         FindRepeated(store, stamp, caller));
  return used.has_value();
}

void Service::Abandon(const Caller& caller, const RequestStamp& stamp) {
  under_way_.End(KeyOf(stamp, caller));
}

void Service::Take(const Caller& caller, const RequestStamp& stamp, Body body,
                   std::function<absl::Status(Turn&, const std::string&)> load,
                   std::function<void(absl::StatusOr<Settled>)> done, Entry entry) {
  const storage::RequestKey key = KeyOf(stamp, caller);
  if (entry == Entry::kFresh && !under_way_.Begin(key)) return done(InProgress());
  auto act = std::make_shared<Act>(
      Act{caller, stamp, std::move(body), std::move(load), entry, {}, {}, {}, false});
  journal_.Submit([this, act](storage::Transaction& store,
                              journal::LeafSink& log) { return RunTurn(*act, store, log); },
                  [this, act, key, done = std::move(done)](absl::StatusOr<Receipts> committed) {
                    absl::StatusOr<Settled> settled = Settle(*act, std::move(committed));
                    // Before the answer: who has it may ask again.
                    under_way_.End(key);
                    done(std::move(settled));
                  });
}

absl::Status Service::RunTurn(Act& act, storage::Transaction& store, journal::LeafSink& log) {
  act.settled = {};
  NotingSink sink(log);
  const PolicyInForce policy = policies_.Current();
  const std::shared_ptr<const identity::Directory> directory = directories_.Current();
  Turn turn{store, sink, act.caller, policy, *directory, clock_.Now(), options_.pseudonyms};
  if (act.entry == Entry::kFresh) SLUIS_RETURN_IF_ERROR(UseOnce(store, act.caller));

  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::RequestRecord> used,
                         FindRepeated(store, act.stamp, act.caller));
  if (used) {
    SLUIS_ASSIGN_OR_RETURN(StoredAnswer stored, ReadStoredAnswer(used->answer));
    act.settled = {std::move(stored.answer), std::move(stored.refused), true, {}};
    act.earlier_leaves = used->leaves;
    return act.load(turn, act.settled.answer);
  }
  SLUIS_ASSIGN_OR_RETURN(Outcome outcome, act.body(turn));
  SLUIS_RETURN_IF_ERROR(store.PutRequest(
      KeyOf(act.stamp, act.caller),
      {ContentOf(act.stamp, act.caller), WriteStoredAnswer({outcome.answer, outcome.refused}),
       sink.indices, turn.now}));
  act.told = std::move(turn.told);
  act.errands = turn.errands;
  act.settled = {std::move(outcome.answer), std::move(outcome.refused), false, {}};
  return act.load(turn, act.settled.answer);
}

absl::StatusOr<Service::Settled> Service::Settle(Act& act, absl::StatusOr<Receipts> committed) {
  SLUIS_ASSIGN_OR_RETURN(act.settled.receipts, std::move(committed));
  TellInboxes(act.told);
  if (act.errands && errand_listener_) errand_listener_();
  if (act.settled.repeat && !act.earlier_leaves.empty()) {
    SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
    SLUIS_ASSIGN_OR_RETURN(act.settled.receipts, journal_.ReceiptsFor(*reader, act.earlier_leaves));
  }
  if (!act.settled.refused.ok()) return act.settled.refused;
  return std::move(act.settled);
}

absl::Status Service::TakeAndWait(const Caller& caller,
                                  const std::function<absl::Status(Turn&)>& body) {
  std::set<PartyId> told;
  bool errands = false;
  const auto apply = [&](storage::Transaction& store, journal::LeafSink& log) -> absl::Status {
    const PolicyInForce policy = policies_.Current();
    const std::shared_ptr<const identity::Directory> directory = directories_.Current();
    Turn turn{store, log, caller, policy, *directory, clock_.Now(), options_.pseudonyms};
    if (!caller.jti.empty()) SLUIS_RETURN_IF_ERROR(UseOnce(store, caller));
    SLUIS_RETURN_IF_ERROR(body(turn));
    told = std::move(turn.told);
    errands = turn.errands;
    return absl::OkStatus();
  };
  SLUIS_RETURN_IF_ERROR(journal_.SubmitAndWait(apply).status());
  TellInboxes(told);
  if (errands && errand_listener_) errand_listener_();
  return absl::OkStatus();
}

void Service::TakeAfter(const Caller& caller, std::function<absl::Status(Turn&)> body,
                        std::function<void(absl::StatusOr<Receipts>)> done) {
  auto errands = std::make_shared<bool>(false);
  journal_.Submit(
      [this, caller, body = std::move(body), errands](storage::Transaction& store,
                                                      journal::LeafSink& log) -> absl::Status {
        const PolicyInForce policy = policies_.Current();
        const std::shared_ptr<const identity::Directory> directory = directories_.Current();
        Turn turn{store, log, caller, policy, *directory, clock_.Now(), options_.pseudonyms};
        SLUIS_RETURN_IF_ERROR(body(turn));
        *errands = turn.errands;
        return absl::OkStatus();
      },
      [this, errands, done = std::move(done)](absl::StatusOr<Receipts> committed) {
        if (committed.ok() && *errands && errand_listener_) errand_listener_();
        done(std::move(committed));
      });
}

absl::Status Service::TakeAsOperator(std::function<absl::Status(Turn&)> body) {
  Caller self;
  self.party.oin = options_.operator_oin;
  return TakeAndWait(self, body);
}

void Service::TellInboxes(const std::set<PartyId>& told) {
  if (!inbox_listener_) return;
  for (const PartyId& party : told) inbox_listener_(party);
}

}  // namespace sluis::exchange
