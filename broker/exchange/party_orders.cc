#include "broker/exchange/party_orders.h"

#include <memory>

#include "absl/strings/str_format.h"
#include "broker/exchange/leaves.h"
#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/shred_order.h"

namespace sluis::exchange {
namespace {

std::string DigestText(BytesView bytes) { return HexEncode(AsView(Sha256(bytes))); }

absl::Time TimeAt(std::uint64_t seconds) {
  return absl::FromUnixSeconds(static_cast<std::int64_t>(seconds));
}

absl::Status LogKeys(Turn& turn, std::string_view change, Json members) {
  members["change"] = std::string(change);
  return turn.log.Append(StructuralLeaf(turn, tlog::LeafKind::kKeyChange, std::move(members)))
      .status();
}

std::string_view ChangeName(OrderKind kind) {
  return kind == OrderKind::kShred ? "domain-shredded" : "session-revoked";
}

std::string HowTaken(const absl::Status& outcome) {
  if (outcome.ok()) return "done";
  return IsAway(outcome) ? "away" : ReasonOf(pseudonym::ForSender(outcome));
}

Json ToJson(const storage::CommitmentRecord& commitment) {
  return {{"subject", HexEncode(commitment.subject)},
          {"point", HexEncode(commitment.point)},
          {"signature", HexEncode(commitment.signature)}};
}

absl::StatusOr<Bytes> BytesAt(const Json& json, const char* name) {
  return HexDecode(json.at(name).get<std::string>());
}

absl::StatusOr<SessionHalf> HalfFrom(const Json& json) {
  SessionHalf half;
  storage::CommitmentRecord& commitment = half.evaluation.commitment;
  SLUIS_ASSIGN_OR_RETURN(commitment.subject, BytesAt(json.at("commitment"), "subject"));
  SLUIS_ASSIGN_OR_RETURN(commitment.point, BytesAt(json.at("commitment"), "point"));
  SLUIS_ASSIGN_OR_RETURN(commitment.signature, BytesAt(json.at("commitment"), "signature"));
  SLUIS_ASSIGN_OR_RETURN(half.evaluation.point, BytesAt(json, "point"));
  SLUIS_ASSIGN_OR_RETURN(half.evaluation.proof, BytesAt(json, "proof"));
  SLUIS_ASSIGN_OR_RETURN(half.sealed_share, BytesAt(json, "share"));
  return half;
}

absl::Status UnreadableOrder() {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "a stored answer cannot be read; call the operator");
}

// A refusal of a transcryptor as the party may see it.
absl::Status ToldToParty(int hop, const absl::Status& status) {
  if (IsAway(status)) return status;
  const absl::Status told = pseudonym::ForSender(status);
  return Error(ErrorCode::kPrecondition, ReasonOf(told), MessageOf(told),
               {{"transcryptor", absl::StrFormat("%d", hop)}});
}

// One session on its way through T1, T2 and back to T1.
class Opening : public std::enable_shared_from_this<Opening> {
 public:
  Opening(const PseudonymPlane& plane, SignedBytes head, Reply<SessionHalves> reply)
      : plane_(plane), head_(std::move(head)), reply_(std::move(reply)) {}

  void First() {
    plane_.first.OpenSession(head_, std::nullopt,
                             [self = shared_from_this()](absl::StatusOr<SessionHalf> half) {
                               if (!half.ok()) return self->reply_(ToldToParty(1, half.status()));
                               self->halves_[0] = *std::move(half);
                               self->Second();
                             });
  }

 private:
  void Second() {
    plane_.second.OpenSession(head_, halves_[0].evaluation,
                              [self = shared_from_this()](absl::StatusOr<SessionHalf> half) {
                                if (!half.ok()) return self->reply_(ToldToParty(2, half.status()));
                                self->halves_[1] = *std::move(half);
                                self->Record();
                              });
  }
  void Record() {
    plane_.first.RecordSession(head_, halves_[0].evaluation, halves_[1].evaluation,
                               [self = shared_from_this()](const absl::StatusOr<Nothing>& noted) {
                                 if (!noted.ok())
                                   return self->reply_(ToldToParty(1, noted.status()));
                                 self->reply_(std::move(self->halves_));
                               });
  }

  const PseudonymPlane& plane_;
  const SignedBytes head_;
  const Reply<SessionHalves> reply_;
  SessionHalves halves_;
};

void OrderOne(Transcryptor& transcryptor, OrderKind kind, SignedBytes order,
              Reply<absl::Time> reply) {
  if (kind == OrderKind::kShred)
    return transcryptor.ShredDomain(std::move(order), std::move(reply));
  transcryptor.RevokeSession(
      std::move(order), [reply = std::move(reply)](const absl::StatusOr<Nothing>& done) {
        reply(done.ok() ? absl::StatusOr<absl::Time>(absl::UnixEpoch()) : done.status());
      });
}

}  // namespace

absl::StatusOr<pseudonym::SessionHead> CheckSessionOrder(const Caller& caller,
                                                         const SignedBytes& order,
                                                         const identity::Directory& directory) {
  ByteWriter wire;
  wire.U32(static_cast<std::uint32_t>(order.bytes.size())).Raw(order.bytes).Raw(order.signature);
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::SignedSession session,
                         pseudonym::SignedSession::Decode(std::move(wire).Take()));
  const pseudonym::SessionHead& head = session.head();
  const identity::UnitEntry* unit = directory.FindParty(caller.party);
  if (head.signer != pseudonym::Party::Of(caller.party) || unit == nullptr) {
    return pseudonym::Refuse("E_SENDER", "a session is opened by its own unit");
  }
  SLUIS_RETURN_IF_ERROR(session.VerifySignature(unit->signing));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::Context context,
                         pseudonym::Context::Decode(head.context));
  if (context.party() == head.signer) return head;
  return pseudonym::Refuse("E_SENDER", "a session is opened by its own unit");
}

absl::Status CheckShredOrder(const Caller& caller, const SignedBytes& order) {
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::ShredOrder decoded,
                         pseudonym::ShredOrder::Decode(order.bytes));
  if (decoded.signer == pseudonym::Party::Of(caller.party)) return absl::OkStatus();
  return pseudonym::Refuse("E_SENDER", "a domain is shredded by the unit that it belongs to");
}

void OpenAtBoth(const PseudonymPlane& plane, SignedBytes head, Reply<SessionHalves> reply) {
  std::make_shared<Opening>(plane, std::move(head), std::move(reply))->First();
}

void OrderBoth(const PseudonymPlane& plane, OrderKind kind, SignedBytes order,
               std::function<void(OrderOutcomes)> reply) {
  OrderOne(plane.first, kind, order,
           [&plane, kind, order, reply = std::move(reply)](absl::StatusOr<absl::Time> first) {
             OrderOne(plane.second, kind, order,
                      [first = std::move(first), reply](absl::StatusOr<absl::Time> second) {
                        reply({first, std::move(second)});
                      });
           });
}

absl::Status NoteSessionIn(Turn& turn, const pseudonym::SessionHead& head,
                           const SignedBytes& order) {
  SLUIS_RETURN_IF_ERROR(turn.store.PutSession({.party = turn.caller.party,
                                               .context = head.context,
                                               .issued = TimeAt(head.issued),
                                               .end = TimeAt(head.end)}));
  SLUIS_RETURN_IF_ERROR(LogKeys(turn, "session-opened",
                                {{"head", DigestText(order.bytes)},
                                 {"context", DigestText(head.context)},
                                 {"end", static_cast<std::int64_t>(head.end)}}));
  return LeaveErrand(turn, {.queue = kReadyQueue,
                            .id = turn.caller.party.ToString(),
                            .body = {},
                            .create_time = turn.now});
}

absl::Status OrderIn(Turn& turn, OrderKind kind, const SignedBytes& order, BytesView context) {
  if (kind == OrderKind::kRevoke) SLUIS_RETURN_IF_ERROR(turn.store.DeleteSession(context));
  // Who ordered it passes it on at once; the worker need not be woken.
  for (const int hop : {1, 2}) {
    SLUIS_RETURN_IF_ERROR(turn.store.PutErrand(OrderErrand(hop, kind, order, turn.now)));
  }
  return LogKeys(turn, ChangeName(kind), {{"order", DigestText(order.bytes)}, {"ordered", true}});
}

absl::Status NoteOrderIn(Turn& turn, OrderKind kind, const SignedBytes& order,
                         const OrderOutcomes& outcomes) {
  Json taken = Json::array();
  bool news = false;
  for (int hop = 1; hop <= 2; ++hop) {
    const absl::Status& outcome = outcomes[static_cast<std::size_t>(hop - 1)].status();
    const storage::ErrandRecord errand = OrderErrand(hop, kind, order, turn.now);
    SLUIS_ASSIGN_OR_RETURN(const bool left, IsLeft(turn.store, errand));
    taken.push_back(HowTaken(outcome));
    if (IsAway(outcome)) {
      turn.errands = turn.errands || left;
      continue;
    }
    news = news || left;
    SLUIS_RETURN_IF_ERROR(turn.store.DeleteErrand(errand.queue, errand.id));
  }
  if (!news) return absl::OkStatus();
  return LogKeys(turn, ChangeName(kind),
                 {{"order", DigestText(order.bytes)}, {"transcryptors", taken}});
}

absl::Status NoteLateOrderIn(Turn& turn, int hop, const Order& order, const absl::Status& outcome) {
  if (order.kind == OrderKind::kArrangement) return absl::OkStatus();
  return LogKeys(turn, ChangeName(order.kind),
                 {{"order", DigestText(order.signed_bytes.bytes)},
                  {"late", HowTaken(outcome)},
                  {"transcryptor", hop}});
}

std::string HalvesToText(const SessionHalves& halves) {
  Json json = Json::array();
  for (const SessionHalf& half : halves) {
    json.push_back({{"commitment", ToJson(half.evaluation.commitment)},
                    {"point", HexEncode(half.evaluation.point)},
                    {"proof", HexEncode(half.evaluation.proof)},
                    {"share", HexEncode(half.sealed_share)}});
  }
  return json.dump();
}

absl::StatusOr<SessionHalves> HalvesFromText(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    absl::StatusOr<SessionHalf> first = HalfFrom(json.at(0)), second = HalfFrom(json.at(1));
    if (first.ok() && second.ok()) return SessionHalves{*std::move(first), *std::move(second)};
  } catch (const Json::exception&) {
    // The library's text would quote what was stored.
  }
  return UnreadableOrder();
}

}  // namespace sluis::exchange
