#include "broker/exchange/signed_requests.h"

#include <algorithm>
#include <map>

#include "broker/exchange/subject.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/request_check.h"
#include "lib/sealing/sealed_field.h"

namespace sluis::exchange {
namespace {

using pseudonym::RequestKind;
using pseudonym::SignedRequest;

constexpr absl::Duration kLongestWait = absl::Hours(24 * 3);

absl::Status Refused(std::string_view code, std::string_view what) {
  return Error(ErrorCode::kPrecondition, code, what);
}

// The kinds of §8.2 that a release of this exchange may bring.
bool IsExpectedKind(const storage::ExchangeRecord& exchange, RequestKind kind) {
  if (exchange.action == "promote") return kind == RequestKind::kMove;
  if (kind == RequestKind::kPassOn) return exchange.action == "disclose" && exchange.from_domain;
  return kind == RequestKind::kTranscrypt &&
         (exchange.action == "disclose" || exchange.action == "request");
}

absl::Status CheckSignature(const SignedRequest& request, const PartyId& sender,
                            const identity::Directory& directory) {
  if (request.head().signer != pseudonym::Party::Of(sender)) {
    return Refused("E_SENDER", "a signed request is of another unit than the one that sends");
  }
  const identity::UnitEntry* unit = directory.FindParty(sender);
  if (unit == nullptr) {
    return Error(ErrorCode::kDenied, "PARTNER_SUSPENDED",
                 "a unit of this exchange is no longer in the partner directory");
  }
  return request.VerifySignature(unit->signing);
}

absl::Status CheckSession(const SignedRequest& request, const RequestSurroundings& surroundings) {
  const std::vector<Bytes>& live = surroundings.live_contexts;
  if (std::find(live.begin(), live.end(), request.head().c_to) != live.end()) {
    return absl::OkStatus();
  }
  return Refused(
      "E_SESSION",
      "the receiving party's session has ended meanwhile; sign again towards the newest one");
}

// pd = SHA256 of the sealed fields whose frame names the item, in header order; zeros if none does.
absl::Status CheckPayloads(const std::vector<SignedRequest>& requests,
                           const std::vector<Bytes>& sealed_fields) {
  std::map<Digest, Bytes> about;
  for (const Bytes& sealed : sealed_fields) {
    SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(sealed));
    if (view.label.item_digest != Digest{}) about[view.label.item_digest] += sealed;
  }
  std::size_t met = 0;
  for (const SignedRequest& request : requests) {
    for (const pseudonym::RequestItem& item : request.items()) {
      const auto payload = about.find(item.ciphertext.ItemDigest());
      met += payload == about.end() ? 0 : 1;
      const Digest expected = payload == about.end() ? Digest{} : Sha256(payload->second);
      if (item.payload != expected) {
        return Refused("E_PAYLOAD",
                       "an item of a signed request names another content than its own");
      }
    }
  }
  if (met == about.size()) return absl::OkStatus();
  return Refused("E_PAYLOAD", "a sealed field is about an item that no signed request brings");
}

absl::Status WrongKind() {
  return Refused("E_TYPE", "this exchange does not carry signed requests of this kind");
}

absl::Status CheckCovered(const SignedRequest& request, const pseudonym::Route& route,
                          const pseudonym::DecisionStatement& statement,
                          const RequestSurroundings& surroundings) {
  SLUIS_RETURN_IF_ERROR(
      pseudonym::CheckTime(request.head().issued, request.head().expires, surroundings.now));
  SLUIS_RETURN_IF_ERROR(pseudonym::CheckCovers(statement, request.head(), route,
                                               request.items().size(), surroundings.now,
                                               {&surroundings.policy_digest, 1}));
  SLUIS_RETURN_IF_ERROR(CheckSession(request, surroundings));
  return pseudonym::CheckDistinct(request);
}

absl::Status CheckOne(const SignedRequest& request, const pseudonym::DecisionStatement& statement,
                      const storage::ExchangeRecord& exchange,
                      const RequestSurroundings& surroundings) {
  SLUIS_RETURN_IF_ERROR(CheckSignature(request, exchange.provider_desk, surroundings.directory));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::Route route, pseudonym::CheckRequestForm(request));
  if (!IsExpectedKind(exchange, request.head().kind)) return WrongKind();
  return CheckCovered(request, route, statement, surroundings);
}

absl::StatusOr<std::vector<SignedRequest>> DecodeAll(const VerifiedRelease& release) {
  const std::vector<Bytes>& sent = release.content.signed_requests;
  if (sent.size() != release.header.signed_requests.size()) {
    return Refused("E_PAYLOAD", "the header names another number of signed requests than came");
  }
  std::vector<SignedRequest> requests;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (Sha256(sent[i]) != release.header.signed_requests[i]) {
      return Refused("E_PAYLOAD", "the header names other signed requests than came");
    }
    SLUIS_ASSIGN_OR_RETURN(SignedRequest request, SignedRequest::Decode(sent[i]));
    requests.push_back(std::move(request));
  }
  return requests;
}

// The register is the one of the question; its epoch is the directory's of this moment.
absl::Status CheckIndex(const pseudonym::Domain& index, const storage::ExchangeRecord& exchange,
                        const identity::Directory& directory) {
  const identity::Register* entry =
      FindRegister(directory, exchange.provider_desk, exchange.register_name);
  if (entry != nullptr && entry->regime == exchange.regime &&
      index.register_name() == exchange.register_name && index.epoch() == entry->epoch) {
    return absl::OkStatus();
  }
  return Refused("E_MANDATE",
                 "the partner directory has another register or epoch for this question; look "
                 "there and sign again");
}

}  // namespace

absl::StatusOr<SignedRequest> CheckSubjectRequest(BytesView signed_request,
                                                  const storage::ExchangeRecord& exchange,
                                                  const RequestSurroundings& surroundings) {
  SLUIS_ASSIGN_OR_RETURN(SignedRequest request, SignedRequest::Decode(signed_request));
  SLUIS_RETURN_IF_ERROR(CheckSubjectStillSigned(request, exchange, surroundings.directory));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::Route route, pseudonym::RouteOf(request.head()));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::DecisionStatement statement,
                         StatementOf(surroundings.plane, exchange));
  SLUIS_RETURN_IF_ERROR(CheckCovered(request, route, statement, surroundings));
  return request;
}

absl::Status CheckSubjectStillSigned(const SignedRequest& request,
                                     const storage::ExchangeRecord& exchange,
                                     const identity::Directory& directory) {
  SLUIS_RETURN_IF_ERROR(CheckSignature(request, exchange.recipient_desk, directory));
  if (request.head().kind != RequestKind::kInquire) return WrongKind();
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::Route route, pseudonym::CheckRequestForm(request));
  if (exchange.action != kInquire && request.items().size() != 1) {
    return Refused("E_BATCH_SIZE", "a request is about one subject");
  }
  return CheckIndex(route.d_to, exchange, directory);
}

absl::StatusOr<std::vector<SignedRequest>> CheckSignedRequests(
    const VerifiedRelease& release, const storage::ExchangeRecord& exchange,
    const RequestSurroundings& surroundings) {
  SLUIS_ASSIGN_OR_RETURN(std::vector<SignedRequest> requests, DecodeAll(release));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::DecisionStatement statement,
                         StatementOf(surroundings.plane, exchange));
  for (const SignedRequest& request : requests) {
    SLUIS_RETURN_IF_ERROR(CheckOne(request, statement, exchange, surroundings));
  }
  SLUIS_RETURN_IF_ERROR(CheckPayloads(requests, release.content.sealed_fields));
  SLUIS_RETURN_IF_ERROR(CheckLabels(
      statement,
      {release.header.regime, release.header.subject_category, release.header.subject_verified}));
  return requests;
}

absl::Time MayWaitUntil(const std::vector<SignedRequest>& requests,
                        const pseudonym::DecisionStatement& statement, absl::Time now) {
  absl::Time until = std::min(now + kLongestWait, absl::FromUnixSeconds(statement.terms().expires));
  for (const SignedRequest& request : requests) {
    if (!request.head().queued()) return absl::InfinitePast();
    until =
        std::min(until, absl::FromUnixSeconds(static_cast<std::int64_t>(request.head().expires)));
  }
  return until;
}

}  // namespace sluis::exchange
