#include "lib/pseudonym/request_check.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

constexpr std::size_t kInquirySizes[] = {1, 4, 16, 64, 256};

bool AnyPayload(const SignedRequest& request) {
  return std::any_of(request.items().begin(), request.items().end(),
                     [](const RequestItem& item) { return HasPayload(item.payload); });
}

// (4)
absl::Status CheckFlags(const SignedRequest& request) {
  const RequestHead& head = request.head();
  if ((head.flags & ~(kFlagVerifiable | kFlagShuffle | kFlagQueued)) != 0) {
    return Refuse("E_FLAGS", "a flag that means nothing is set");
  }
  if (!head.verifiable() && head.kind != RequestKind::kMove) {
    return Refuse("E_FLAGS", "this kind is always verifiable");
  }
  if (head.shuffle() && (head.kind == RequestKind::kInquire || AnyPayload(request))) {
    return Refuse("E_FLAGS", "only items without payload are shuffled, and never an inquiry");
  }
  return absl::OkStatus();
}

absl::Status CheckItems(const SignedRequest& request) {
  const RequestKind kind = request.head().kind;
  if (kind == RequestKind::kInquire &&
      std::find(std::begin(kInquirySizes), std::end(kInquirySizes), request.items().size()) ==
          std::end(kInquirySizes)) {
    return Refuse("E_BATCH_SIZE", "an inquiry has 1, 4, 16, 64 or 256 items");
  }
  if ((kind == RequestKind::kInquire || kind == RequestKind::kMove) && AnyPayload(request)) {
    return Refuse("E_PAYLOAD", "this kind carries no payload");
  }
  return absl::OkStatus();
}

// (5)
absl::StatusOr<Domain> SourceOf(const RequestHead& head) {
  switch (head.kind) {
    case RequestKind::kTranscrypt:
      return Domain::DecodeOrigin(head.d_from);
    case RequestKind::kInquire:
      if (auto origin = Domain::DecodeOrigin(head.d_from); origin.ok()) return origin;
      return Domain::DecodeCase(head.d_from);
    default:
      return Domain::DecodeCase(head.d_from);
  }
}

absl::StatusOr<Domain> TargetOf(const RequestHead& head) {
  switch (head.kind) {
    case RequestKind::kReverse:
      return Domain::DecodeOrigin(head.d_to);
    case RequestKind::kInquire:
      return Domain::DecodeIndex(head.d_to);
    default:
      return Domain::DecodeCase(head.d_to);
  }
}

// (6) to (9)
absl::Status CheckParties(const RequestHead& head, const Route& route) {
  const Party& signer = head.signer;
  const Party& to = route.c_to.party();
  if (route.c_from == route.c_to) return Refuse("E_SAME_CONTEXT", "both sessions are the same");
  if (route.d_from == route.d_to) return Refuse("E_SAME_DOMAIN", "both domains are the same");
  if (route.c_from.party() != signer ||
      (route.d_from.kind() == DomainKind::kCase && route.d_from.party() != signer)) {
    return Refuse("E_SENDER", "session or domain that it comes from is not the signer's");
  }
  if ((route.d_to.kind() != DomainKind::kOrigin && to != route.d_to.party()) ||
      (head.kind == RequestKind::kMove && to != signer)) {
    return Refuse("E_RECIPIENT", "the session that it goes to is not of the domain's party");
  }
  if (head.kind != RequestKind::kMove && to == signer) {
    return Refuse("E_SELF", "the signer would receive it itself");
  }
  return absl::OkStatus();
}

std::string DayOf(absl::Time now) { return absl::FormatTime("%Y-%m-%d", now, absl::UTCTimeZone()); }

std::string TextOf(const Party& party) { return party.oin + "/" + party.unit; }

std::string TextOf(const Domain& domain) {
  const std::string& name =
      domain.kind() == DomainKind::kIndex ? domain.register_name() : domain.case_id();
  return absl::StrFormat("%s/%s/%s/%d", TextOf(domain.party()), name, domain.purpose(),
                         domain.epoch());
}

// One administrator over two units could build a table at the speed of the quota.
bool IsInsideOrganisation(const QuotaUse& use) {
  return use.d_to.kind() != DomainKind::kOrigin && use.d_to.party() != use.signer &&
         use.d_to.party().oin == use.signer.oin;
}

}  // namespace

absl::StatusOr<Route> RouteOf(const RequestHead& head) {
  SLUIS_ASSIGN_OR_RETURN(Domain d_from, SourceOf(head));
  SLUIS_ASSIGN_OR_RETURN(Domain d_to, TargetOf(head));
  SLUIS_ASSIGN_OR_RETURN(Context c_from, Context::Decode(head.c_from));
  SLUIS_ASSIGN_OR_RETURN(Context c_to, Context::Decode(head.c_to));
  return Route{std::move(d_from), std::move(d_to), std::move(c_from), std::move(c_to)};
}

absl::Status CheckLifetime(std::uint64_t issued, std::uint64_t expires, bool queued) {
  const std::uint64_t most = queued ? kMaxQueuedLifetime : kMaxLifetime;
  if (expires > issued && expires - issued <= most) return absl::OkStatus();
  return Refuse("E_LIFETIME", "a request lives 1 to 300 seconds, a queued one up to 3 days");
}

absl::Status CheckTime(std::uint64_t issued, std::uint64_t expires, absl::Time now) {
  if (now >= TimeOf(issued) - kClockTolerance && now <= TimeOf(expires) + kClockTolerance) {
    return absl::OkStatus();
  }
  return Refuse("E_EXPIRED", "the request is not valid at this time");
}

absl::StatusOr<Route> CheckRequestForm(const SignedRequest& request) {
  const RequestHead& head = request.head();
  SLUIS_RETURN_IF_ERROR(CheckFlags(request));
  SLUIS_RETURN_IF_ERROR(CheckItems(request));
  SLUIS_ASSIGN_OR_RETURN(Route route, RouteOf(head));
  SLUIS_RETURN_IF_ERROR(CheckParties(head, route));
  SLUIS_RETURN_IF_ERROR(CheckLifetime(head.issued, head.expires, head.queued()));
  return route;
}

absl::Status CheckDistinct(const SignedRequest& request) {
  std::set<BytesView> seen;
  for (const RequestItem& item : request.items()) {
    if (!seen.insert(item.ciphertext.b.bytes()).second) {
      return Refuse("E_DUPLICATE_B", "two items have the same blind");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSigner(const SignedRequest& request, const TrustList& trust) {
  const auto key = trust.SigningKey(request.head().signer);
  if (!key) return Refuse("E_SIGNATURE", "no key is trusted for this signer");
  return request.VerifySignature(*key);
}

absl::Status CheckSecondHopY(const HopFactors& factors, const GroupElement& first_y_to,
                             const GroupElement& y_of_c_to) {
  if (factors.Rekeyed(first_y_to) == y_of_c_to) return absl::OkStatus();
  return Refuse("E_YFROM", "the first hop's Y does not lead to the session's");
}

absl::StatusOr<GroupElement> RequestGate::CheckSessions(const RequestHead& head, const Route& route,
                                                        absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const auto from, sessions_.Find(route.c_from));
  SLUIS_ASSIGN_OR_RETURN(const auto to, sessions_.Find(route.c_to));
  if (!from || !to || now >= from->end || now >= to->end || from->party != route.c_from.party() ||
      to->party != route.c_to.party()) {
    return Refuse("E_SESSION", "a session of the request is not live");
  }
  if (head.y_from != from->y)
    return Refuse("E_YFROM", "the request has another Y than its session");
  return to->y;
}

absl::StatusOr<AdmittedRequest> RequestGate::Admit(BytesView signed_request, BytesView statement,
                                                   absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(SignedRequest request, SignedRequest::Decode(signed_request));
  SLUIS_RETURN_IF_ERROR(CheckSigner(request, trust_));
  SLUIS_ASSIGN_OR_RETURN(Route route, CheckRequestForm(request));
  const RequestHead& head = request.head();
  SLUIS_RETURN_IF_ERROR(CheckTime(head.issued, head.expires, now));

  const Digest digest = request.digest();
  const std::vector<Digest> packs = judge_.Packs();
  SLUIS_ASSIGN_OR_RETURN(DecisionStatement mandate, DecisionStatement::Verify(statement, broker_));
  SLUIS_RETURN_IF_ERROR(CheckCovers(mandate, head, route, request.items().size(), now, packs));
  SLUIS_RETURN_IF_ERROR(judge_.Permits(mandate, head.kind, digest, now));

  SLUIS_ASSIGN_OR_RETURN(const NonceState nonce,
                         nonces_.Reserve({head.signer, head.nonce, digest, TimeOf(head.issued),
                                          TimeOf(head.expires) + kClockTolerance}));
  GroupElement y_to = GroupElement::Generator();
  if (nonce != NonceState::kAnswered) {
    SLUIS_RETURN_IF_ERROR(CheckDistinct(request));
    SLUIS_RETURN_IF_ERROR(
        quota_.Charge({head.kind, head.signer, route.d_from, route.d_to, request.items().size(),
                       mandate.terms().bulk, digest, now}));
    SLUIS_RETURN_IF_ERROR(request.VerifyKnowledge());
    SLUIS_ASSIGN_OR_RETURN(y_to, CheckSessions(head, route, now));
  }
  return AdmittedRequest{std::move(request), std::move(route), std::move(mandate), y_to,
                         nonce == NonceState::kAnswered};
}

std::vector<QuotaLine> QuotaLinesOf(const QuotaUse& use, const QuotaLimits& limits) {
  const std::string who = TextOf(use.signer) + " " + DayOf(use.now);
  if (use.kind == RequestKind::kEnrol && use.bulk) {
    return {{absl::StrFormat("enrol %s %s", who, HexEncode(use.d_to.bytes())),
             static_cast<std::uint64_t>(*use.bulk)}};
  }
  std::vector<QuotaLine> lines;
  if (use.d_to.kind() == DomainKind::kIndex) {
    lines = {{absl::StrFormat("index %s %s", who, TextOf(use.d_to)), limits.per_index}};
  } else {
    const Domain& of_case = use.d_to.kind() == DomainKind::kCase ? use.d_to : use.d_from;
    lines = {{absl::StrFormat("case %s %s %s", who, of_case.case_id(), of_case.purpose()),
              limits.per_case},
             {absl::StrFormat("signer %s", who), limits.per_signer}};
  }
  if (IsInsideOrganisation(use)) {
    lines.push_back({absl::StrFormat("inside %s %s", who, TextOf(use.d_to)), limits.inside_oin});
  }
  return lines;
}

}  // namespace sluis::pseudonym
