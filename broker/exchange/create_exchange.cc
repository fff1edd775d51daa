#include "broker/exchange/create_exchange.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "broker/exchange/access.h"
#include "broker/exchange/cases.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/decision_json.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/lookup.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/waiting.h"
#include "broker/exchange/weighing_table.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

bool ProviderActs(const CreateExchange& ask) {
  return ask.action == "disclose" || ask.action == "recall";
}

absl::Status CheckActingSide(const View& view, const CreateExchange& ask) {
  const PartyId& acting = ProviderActs(ask) ? ask.provider : ask.recipient;
  if (acting.unit == view.caller.party.unit) return absl::OkStatus();
  return InvalidField(
      "FIELD_INVALID", ProviderActs(ask) ? "exchange.provider.unit" : "exchange.recipient.unit",
      "must be your own unit; only its organisation may be one that gave you a mandate");
}

// A promotion moves what the caller's own desk knows: it is both sides (rulebook §2.18).
absl::Status CheckPromotes(const View& view, const CreateExchange& ask) {
  if (ask.provider == view.caller.party && ask.recipient == view.caller.party) {
    return absl::OkStatus();
  }
  return InvalidField("FIELD_INVALID", "exchange.provider",
                      "a promotion is inside one unit: provider and recipient must be your own");
}

// Whose keys sign and open: the caller for the side that acts, the named party for the other.
absl::Status AssignDesks(const View& view, const CreateExchange& ask,
                         storage::ExchangeRecord& exchange) {
  const bool provider_acts = ProviderActs(ask);
  exchange.provider_desk = provider_acts ? view.caller.party : ask.provider;
  exchange.recipient_desk = provider_acts ? ask.recipient : view.caller.party;
  if (ask.action == "promote") return CheckPromotes(view, ask);
  const PartyId& other = provider_acts ? exchange.recipient_desk : exchange.provider_desk;
  if (other == view.caller.party) {
    return InvalidField("FIELD_INVALID", provider_acts ? "exchange.recipient" : "exchange.provider",
                        "must be another unit than your own");
  }
  const identity::UnitEntry* unit = view.directory.FindParty(other);
  const identity::Partner* partner = view.directory.FindPartner(other.oin);
  if (unit != nullptr && partner != nullptr && !partner->suspended) return absl::OkStatus();
  return InvalidField("FIELD_INVALID", provider_acts ? "exchange.recipient" : "exchange.provider",
                      "no such unit takes part; look in the partner directory");
}

// A recall names what it is about: an exchange that this desk provided and that was answered.
absl::Status CheckEarlier(Turn& turn, const CreateExchange& ask) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord earlier,
                         AsProvider(turn.store, turn.caller, *ask.earlier));
  SLUIS_RETURN_IF_ERROR(NextState(earlier.state, Verb::kRecall).status());
  if (earlier.recipient == ask.recipient && earlier.provider == ask.provider &&
      earlier.case_id == ask.case_id) {
    return absl::OkStatus();
  }
  return InvalidField(
      "FIELD_INVALID", "exchange.earlier_exchange",
      "provider, recipient and case must be those of the exchange that is recalled");
}

// What the caller knows by pseudonym, he knows from a weighing table of his own organisation or
// from a case in which he takes part.
absl::Status CheckFromDomain(Turn& turn, const CreateExchange& ask) {
  SLUIS_RETURN_IF_ERROR(CheckAskedPurpose(ask));
  SLUIS_ASSIGN_OR_RETURN(const bool own_table,
                         IsWeighingTableOf(turn, *ask.from_domain, turn.caller.party.oin));
  if (own_table && ask.from_purpose == kWeighingPurpose) return absl::OkStatus();
  if (own_table || ask.action == "promote") {
    return InvalidField("FIELD_INVALID", "exchange.from_domain",
                        "must be a weighing table of your own organisation, with its purpose");
  }
  return CaseOf(turn.store, turn.caller, *ask.from_domain).status();
}

// Where the recipient's pseudonyms live; of a question, where the asker knows the subject. A
// weighing table that is not known here stays empty: it may not exist yet.
void AssignKnownDomain(const View& view, storage::ExchangeRecord& exchange) {
  exchange.domain = exchange.case_id;
  if (IsQuestion(exchange.action) && exchange.from_domain) exchange.domain = *exchange.from_domain;
  if (GoesToWeighingTable(view, exchange)) exchange.domain = CaseId();
}

absl::Status AssignDomain(Turn& turn, storage::ExchangeRecord& exchange) {
  AssignKnownDomain(turn, exchange);
  if (!GoesToWeighingTable(turn, exchange)) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(exchange.domain, OpenWeighingTable(turn, exchange.recipient.oin));
  return absl::OkStatus();
}

absl::StatusOr<storage::CaseRecord> CaseFor(Turn& turn, const CreateExchange& ask) {
  if (ask.new_case_phase) return OpenCaseIn(turn, ask.case_id, *ask.new_case_phase);
  return CaseOf(turn.store, turn.caller, ask.case_id);
}

storage::ExchangeRecord NewExchange(const View& view, const CreateExchange& ask,
                                    const ExchangeId& id, const storage::CaseRecord& the_case) {
  storage::ExchangeRecord exchange;
  exchange.id = id;
  exchange.owner = view.caller.party;
  exchange.action = ask.action;
  exchange.purpose = ask.purpose;
  exchange.basis = ask.basis;
  exchange.provider = ask.provider;
  exchange.recipient = ask.recipient;
  exchange.case_id = ask.case_id;
  exchange.case_phase = the_case.phase;
  exchange.regime = ask.regime;
  exchange.subject_category = ask.subject_category;
  exchange.fields = ask.fields;
  exchange.subset = ask.subset;
  exchange.emergency = ask.emergency;
  exchange.requester = view.caller.person;
  exchange.subject = ask.subject;
  exchange.earlier = ask.earlier;
  exchange.recall_kind = ask.recall_kind;
  exchange.from_domain = ask.from_domain;
  exchange.from_purpose = ask.from_purpose;
  exchange.register_name = ask.register_name;
  // Who is looked up by hand is one.
  if (ask.action == kInquire && ask.subject) exchange.positions = 1;
  exchange.time_to_live = ask.time_to_live;
  exchange.create_time = view.now;
  exchange.expire_time = std::min(view.now + kQuestionLife, ask.wanted_until);
  return exchange;
}

DecisionInput InputOf(const storage::ExchangeRecord& exchange) {
  DecisionInput input;
  if (exchange.subject) input.subject_verified = exchange.subject->verified ? "yes" : "no";
  return input;
}

ExchangeState FirstState(const View& view, const storage::ExchangeRecord& exchange,
                         const storage::CaseRecord& the_case, const policy::Decision& decision) {
  switch (decision.outcome) {
    case policy::Outcome::kPermitted:
      return ExchangeState::kForwarded;
    case policy::Outcome::kNeedsApproval:
      return OnlyProviderRolesMissing(view, exchange, the_case, decision)
                 ? ExchangeState::kForwarded
                 : ExchangeState::kAwaitingApproval;
    default:
      return ExchangeState::kDenied;
  }
}

// The one that starts it also sends: he may go on at once.
absl::Status LetOwnerSend(Turn& turn, storage::ExchangeRecord& exchange, const Decided& decided) {
  if (exchange.state != ExchangeState::kForwarded || SendingDesk(exchange) != exchange.owner) {
    return absl::OkStatus();
  }
  if (AwaitsSubject(exchange)) return LetSend(turn, exchange, decided, /*needs_session=*/true);
  if (decided.decision.outcome != policy::Outcome::kPermitted) return absl::OkStatus();
  return LetSend(turn, exchange, decided, NeedsSession(exchange, decided.decision));
}

absl::Status LogRequest(Turn& turn, storage::ExchangeRecord& exchange) {
  Json members = {{"action", exchange.action}, {"fields", exchange.fields}};
  AddLookup(exchange, members);
  return Log(turn, exchange,
             ExchangeLeaf(turn, exchange, tlog::LeafKind::kRequest, tlog::LeafOutcome::kNone,
                          std::move(members)))
      .status();
}

// The desk that must move next finds it in its inbox.
absl::Status TellNext(Turn& turn, const storage::ExchangeRecord& exchange) {
  if (exchange.state == ExchangeState::kAwaitingApproval) {
    return Notify(turn, exchange.owner, InboxEvent::kApprovalNeeded, exchange.id);
  }
  if (exchange.state == ExchangeState::kForwarded && SendingDesk(exchange) != exchange.owner) {
    return Notify(turn, exchange.provider_desk, InboxEvent::kQuestion, exchange.id);
  }
  return absl::OkStatus();
}

// A denied exchange ends here: nothing sealed is kept of it.
void EndIfDenied(storage::ExchangeRecord& exchange) {
  if (exchange.state != ExchangeState::kDenied) return;
  exchange.subject.reset();
  exchange.expire_time = absl::InfiniteFuture();
}

// Once it is known that the caller may ask this at all.
absl::Status DecideImagined(const View& view, const CreateExchange& ask, ExchangeResult* result,
                            const std::vector<storage::ApprovalRecord>& approvals) {
  // A case that would be opened is only imagined.
  storage::CaseRecord the_case;
  the_case.id = ask.case_id;
  if (ask.new_case_phase) {
    the_case.phase = *ask.new_case_phase;
  } else {
    SLUIS_ASSIGN_OR_RETURN(the_case, CaseOf(view.store, view.caller, ask.case_id));
  }
  storage::ExchangeRecord exchange = NewExchange(view, ask, ExchangeId(), the_case);
  SLUIS_RETURN_IF_ERROR(AssignDesks(view, ask, exchange));
  AssignKnownDomain(view, exchange);
  DecisionInput input = InputOf(exchange);
  input.approvals = approvals;
  SLUIS_ASSIGN_OR_RETURN(Decided decided, DecideOn(view, exchange, the_case, input));
  exchange.state = FirstState(view, exchange, the_case, decided.decision);
  *result = {.exchange = std::move(exchange),
             .decision = std::move(decided.decision),
             .policy_digest = HexEncode(AsView(view.policy.digest)),
             .decided = view.now,
             .receipts = {},
             .recipient_context = {},
             .tried = std::move(decided.request)};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ExchangeId> CreateIn(Turn& turn, const CreateExchange& ask, const ExchangeId& id) {
  SLUIS_RETURN_IF_ERROR(OwnParty(turn.caller, ask.parent));
  SLUIS_RETURN_IF_ERROR(CheckActingSide(turn, ask));
  if (ask.earlier) SLUIS_RETURN_IF_ERROR(CheckEarlier(turn, ask));
  if (ask.from_domain) SLUIS_RETURN_IF_ERROR(CheckFromDomain(turn, ask));
  SLUIS_RETURN_IF_ERROR(CheckLookup(turn, ask));

  SLUIS_ASSIGN_OR_RETURN(storage::CaseRecord the_case, CaseFor(turn, ask));
  storage::ExchangeRecord exchange = NewExchange(turn, ask, id, the_case);
  SLUIS_RETURN_IF_ERROR(AssignDesks(turn, ask, exchange));
  SLUIS_RETURN_IF_ERROR(AssignDomain(turn, exchange));

  SLUIS_ASSIGN_OR_RETURN(const Decided decided,
                         DecideOn(turn, exchange, the_case, InputOf(exchange)));
  const policy::Decision& decision = decided.decision;
  exchange.state = FirstState(turn, exchange, the_case, decision);
  exchange.decision = DecisionToJson(decided, turn.policy, turn.now);

  SLUIS_RETURN_IF_ERROR(LogRequest(turn, exchange));
  SLUIS_RETURN_IF_ERROR(Log(turn, exchange,
                            ExchangeLeaf(turn, exchange, tlog::LeafKind::kDecision,
                                         OutcomeOf(decision), DecisionMembers(decided)))
                            .status());
  EndIfDenied(exchange);
  SLUIS_RETURN_IF_ERROR(LetOwnerSend(turn, exchange, decided));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  if (exchange.state != ExchangeState::kDenied) {
    SLUIS_RETURN_IF_ERROR(
        AddParticipants(turn, the_case, {exchange.provider_desk, exchange.recipient_desk}));
  }
  SLUIS_RETURN_IF_ERROR(TellNext(turn, exchange));
  return id;
}

absl::Status DecideTrial(const View& view, const CreateExchange& ask, ExchangeResult* result,
                         const std::vector<storage::ApprovalRecord>& approvals) {
  SLUIS_RETURN_IF_ERROR(OwnParty(view.caller, ask.parent));
  SLUIS_RETURN_IF_ERROR(CheckActingSide(view, ask));
  return DecideImagined(view, ask, result, approvals);
}

absl::Status DecideDryRun(Turn& turn, const CreateExchange& ask, ExchangeResult* result) {
  SLUIS_RETURN_IF_ERROR(OwnParty(turn.caller, ask.parent));
  SLUIS_RETURN_IF_ERROR(CheckActingSide(turn, ask));
  if (ask.earlier) SLUIS_RETURN_IF_ERROR(CheckEarlier(turn, ask));
  if (ask.from_domain) SLUIS_RETURN_IF_ERROR(CheckFromDomain(turn, ask));
  SLUIS_RETURN_IF_ERROR(CheckLookup(turn, ask));
  return DecideImagined(turn, ask, result, {});
}

absl::Status LogDryRun(Turn& turn, const ExchangeResult& result, const Digest& policy) {
  journal::LeafDraft draft =
      ExchangeLeaf(turn, result.exchange, tlog::LeafKind::kDryRun, OutcomeOf(result.decision),
                   DecisionMembers({result.tried, result.decision}));
  draft.retention = tlog::RetentionClass::kShort;
  draft.policy_digest = policy;
  return turn.log.Append(std::move(draft)).status();
}

absl::Status DryRunIn(Turn& turn, const CreateExchange& ask, ExchangeResult* result) {
  SLUIS_RETURN_IF_ERROR(DecideDryRun(turn, ask, result));
  return LogDryRun(turn, *result, turn.policy.digest);
}

}  // namespace sluis::exchange
