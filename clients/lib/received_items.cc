#include "clients/lib/received_items.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/hop_signature.h"
#include "lib/pseudonym/human_form.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/sealed_parts.h"

namespace sluis::edge {
namespace {

using pseudonym::Hop;
using pseudonym::Refuse;
using pseudonym::RequestKind;
using pseudonym::SignedRequest;

// The same refusal, naming the transcryptor that it is about.
absl::Status Blame(const absl::Status& status, const pseudonym::TranscryptorIdentity& who) {
  const ErrorDetail detail = DetailOf(status);
  if (status.ok() || pseudonym::ClassOf(detail.reason) == pseudonym::RefusalClass::kOther) {
    return status;
  }
  return Error(ErrorCode::kDataLoss, detail.reason,
               absl::StrFormat("what transcryptor %d (%s) answered does not hold: %s; rely on "
                               "nothing of it, and tell the operator",
                               static_cast<int>(who.hop), who.oin.str(), MessageOf(status)),
               {{"transcryptor", absl::StrFormat("%d", static_cast<int>(who.hop))}});
}

// One transcryption on its way to pseudonyms, a step a function, each after the one before.
class Transcribed {
 public:
  Transcribed(const wire::Transcryption& sent, const wire::Exchange& exchange,
              const ReceivingTerms& terms)
      : wire_(sent), exchange_(exchange), terms_(terms) {}

  absl::StatusOr<std::vector<ReceivedItem>> Open() {
    SLUIS_RETURN_IF_ERROR(CheckRequest());
    SLUIS_RETURN_IF_ERROR(CheckMandate());
    SLUIS_RETURN_IF_ERROR(CheckTarget());
    SLUIS_RETURN_IF_ERROR(FindSession());
    SLUIS_RETURN_IF_ERROR(Blame(CheckFirst(), terms_.trust.key_set.half(Hop::kFirst)));
    SLUIS_RETURN_IF_ERROR(Blame(CheckSecond(), terms_.trust.key_set.half(Hop::kSecond)));
    return Decrypt();
  }
  const pseudonym::Domain& domain() const { return route_->d_to; }

 private:
  absl::Status CheckRequest() {
    SLUIS_ASSIGN_OR_RETURN(request_, SignedRequest::Decode(wire_.signed_request()));
    if (request_->head().signer != pseudonym::Party::Of(terms_.provider)) {
      return Refuse("E_SENDER", "a signed request is of another unit than the one that answered");
    }
    SLUIS_RETURN_IF_ERROR(request_->VerifySignature(terms_.provider_key));
    SLUIS_ASSIGN_OR_RETURN(route_, pseudonym::CheckRequestForm(*request_));
    if (request_->head().shuffle() || !request_->head().verifiable()) {
      return Refuse("E_FLAGS", "people in an answer go in their order and with proofs");
    }
    SLUIS_RETURN_IF_ERROR(pseudonym::CheckDistinct(*request_));
    return request_->VerifyKnowledge();
  }

  // It may have waited since: what counts is the time at which it was signed.
  absl::Status CheckMandate() {
    SLUIS_ASSIGN_OR_RETURN(const auto statement, pseudonym::DecisionStatement::Verify(
                                                     wire_.statement(), terms_.trust.decision_key));
    SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange_.name()));
    if (statement.terms().exchange != name.id.hex()) {
      return Refuse("E_MANDATE", "the broker's statement is about another exchange");
    }
    const Digest pack = statement.terms().pack;
    const absl::Time issued =
        absl::FromUnixSeconds(static_cast<std::int64_t>(request_->head().issued));
    return pseudonym::CheckCovers(statement, request_->head(), *route_, request_->items().size(),
                                  issued, {&pack, 1});
  }

  // Under another one, people whom we know would come in as strangers.
  absl::Status CheckEpoch(std::uint32_t epoch) const {
    const PseudonymTrust& trust = terms_.trust;
    if (epoch == trust.epoch || (trust.previous_epoch != 0 && epoch == trust.previous_epoch)) {
      return absl::OkStatus();
    }
    return Refuse("E_MANDATE", "this was transcrypted under another epoch than ours");
  }

  absl::Status CheckTarget() const {
    const auto own = pseudonym::Party::Of(terms_.own.party());
    if (route_->d_to.kind() != pseudonym::DomainKind::kCase || route_->d_to.party() != own ||
        route_->c_to.party() != own) {
      return Refuse("E_RECIPIENT", "this was transcrypted for another party");
    }
    if (route_->d_to.case_id() != exchange_.domain() ||
        route_->d_to.purpose() != exchange_.purpose()) {
      return Refuse("E_MANDATE",
                    "this was transcrypted into another domain than that of the exchange");
    }
    return CheckEpoch(route_->d_to.epoch());
  }

  absl::Status FindSession() {
    SLUIS_ASSIGN_OR_RETURN(session_, terms_.sessions.Find(route_->c_to, terms_.now));
    if (session_) return absl::OkStatus();
    return Refuse(
        "E_SESSION",
        "the session towards which this was sent is not here any more; ask the partner to "
        "release it again");
  }

  // S_from, S_to, K_from, K_to of one hop: first seen, or the same as before.
  absl::StatusOr<pseudonym::HopCommitments> Commitments(Hop hop,
                                                        const wire::TranscryptionHop& from) {
    const Ed25519PublicKey& key = terms_.trust.key_set.half(hop).signing;
    for (const wire::Commitment& one : from.commitments()) {
      SLUIS_ASSIGN_OR_RETURN(const GroupElement point, GroupElement::Decode(one.point()));
      SLUIS_RETURN_IF_ERROR(pseudonym::AcceptCommitment(
          {hop, one.subject(), point, one.signature()}, key, terms_.commitments));
    }
    return pseudonym::CommitmentsOf(hop, *route_, terms_.commitments);
  }

  absl::Status CheckPayloads(const wire::TranscryptionHop& hop) const {
    Bytes in_order;
    for (const Digest& payload : request_->Payloads()) in_order += AsView(payload);
    if (hop.payload_digests() == in_order) return absl::OkStatus();
    return Refuse("E_PROOF", "the content was given to other items on the way");
  }

  // Its proofs were for the second, who signed for them; its signature and commitments we check.
  absl::Status CheckFirst() {
    const wire::TranscryptionHop& hop = wire_.first();
    SLUIS_ASSIGN_OR_RETURN(first_, pseudonym::BatchResponse::Decode(hop.batch_response()));
    SLUIS_RETURN_IF_ERROR(CheckPayloads(hop));
    SLUIS_RETURN_IF_ERROR(Commitments(Hop::kFirst, hop).status());
    pseudonym::HopDigests digests{Hop::kFirst,
                                  request_->digest(),
                                  Sha256(request_->FirstBatch().Encode()),
                                  Sha256(hop.batch_response()),
                                  Sha256(hop.payload_digests()),
                                  {}};
    if (hop.proof_digest().size() != digests.proof_block.size()) {
      return Refuse("E_PROOF", "no proof was made");
    }
    std::copy(hop.proof_digest().begin(), hop.proof_digest().end(), digests.proof_block.begin());
    return pseudonym::VerifyHopSignature(digests, hop.signature(),
                                         terms_.trust.key_set.half(Hop::kFirst).signing);
  }

  absl::Status CheckSecond() {
    const wire::TranscryptionHop& hop = wire_.second();
    const auto& identity = terms_.trust.key_set.half(Hop::kSecond);
    SLUIS_ASSIGN_OR_RETURN(second_, pseudonym::BatchResponse::Decode(hop.batch_response()));
    SLUIS_RETURN_IF_ERROR(CheckPayloads(hop));
    if (hop.sealed_proof().empty()) return Refuse("E_PROOF", "the proofs are missing");
    SLUIS_ASSIGN_OR_RETURN(
        const SecretBytes opened,
        pseudonym::OpenProofBlock(hop.sealed_proof(), request_->digest(),
                                  pseudonym::TranscryptorParty(identity.oin), terms_.own.party(),
                                  terms_.own.sealing(), identity.signing, terms_.now));
    const BytesView block = opened.Reveal(SecretAccess::ForCrypto());
    const std::vector<Digest> payloads = request_->Payloads();
    const Bytes asked = request_->SecondBatch(*first_).Encode();
    SLUIS_RETURN_IF_ERROR(
        pseudonym::VerifyHopSignature(pseudonym::HopRecord{Hop::kSecond, request_->digest(), asked,
                                                           hop.batch_response(), payloads, block},
                                      hop.signature(), identity.signing));
    SLUIS_ASSIGN_OR_RETURN(const auto commitments, Commitments(Hop::kSecond, hop));
    SLUIS_ASSIGN_OR_RETURN(const auto proofs, pseudonym::ProofBlock::Decode(block));
    SLUIS_RETURN_IF_ERROR(pseudonym::VerifyHop(
        proofs, {first_->items, first_->y_to, *second_, false, commitments}, nullptr));
    if (second_->y_to == session_->y) return absl::OkStatus();
    return Refuse("E_PROOF", "this is under another key than that of our session");
  }

  absl::StatusOr<std::vector<ReceivedItem>> Decrypt() const {
    const std::string origin =
        route_->d_from.kind() == pseudonym::DomainKind::kOrigin ? route_->d_from.origin() : "";
    std::vector<ReceivedItem> items;
    for (std::size_t j = 0; j < second_->items.size(); ++j) {
      SLUIS_ASSIGN_OR_RETURN(auto seen, pseudonym::DecryptAs<pseudonym::CasePseudonym>(
                                            second_->items[j], session_->sk));
      std::string human_form = pseudonym::HumanForm(seen);
      items.push_back({std::move(seen), std::move(human_form), origin,
                       request_->items()[j].ciphertext.ItemDigest(), request_->items()[j].payload});
    }
    return items;
  }

  const wire::Transcryption& wire_;
  const wire::Exchange& exchange_;
  const ReceivingTerms& terms_;
  std::optional<SignedRequest> request_;
  std::optional<pseudonym::Route> route_;
  std::optional<HeldSession> session_;
  std::optional<pseudonym::BatchResponse> first_, second_;
};

absl::Status CheckNamed(const wire::Delivery& delivery, const ReleaseHeader& header) {
  const wire::Release& release = delivery.release();
  const auto count = static_cast<int>(header.signed_requests.size());
  if (release.signed_requests_size() != count || delivery.transcryptions_size() != count) {
    return Refuse("E_PAYLOAD", "the signed header names other signed requests than came");
  }
  for (int i = 0; i < count; ++i) {
    const std::string& sent = release.signed_requests(i);
    if (Sha256(sent) != header.signed_requests[static_cast<std::size_t>(i)] ||
        delivery.transcryptions(i).signed_request() != sent) {
      return Refuse("E_PAYLOAD", "the signed header names other signed requests than came");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReceivedItems> VerifyTranscriptions(const wire::Delivery& delivery,
                                                   const ReleaseHeader& header,
                                                   const ReceivingTerms& terms) {
  SLUIS_RETURN_IF_ERROR(CheckNamed(delivery, header));
  ReceivedItems received;
  for (const wire::Transcryption& sent : delivery.transcryptions()) {
    Transcribed transcribed(sent, delivery.exchange(), terms);
    SLUIS_ASSIGN_OR_RETURN(auto items, transcribed.Open());
    if (received.domain && *received.domain != transcribed.domain()) {
      return Refuse("E_PAYLOAD", "the people of one answer came into two domains");
    }
    received.domain = transcribed.domain();
    std::move(items.begin(), items.end(), std::back_inserter(received.items));
  }
  return received;
}

absl::Status CheckPayloads(const ReceivedItems& received, std::span<const SealedView> fields,
                           std::span<const std::string> sealed) {
  std::map<Digest, Bytes> about;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Digest& item = fields[i].label.item_digest;
    if (item != Digest{}) about[item] += sealed[i];
  }
  std::size_t met = 0;
  for (const ReceivedItem& item : received.items) {
    const auto content = about.find(item.item_digest);
    met += content == about.end() ? 0 : 1;
    if (item.payload != (content == about.end() ? Digest{} : Sha256(content->second))) {
      return Refuse("E_PAYLOAD", "a field was given to somebody else than the partner signed for");
    }
  }
  if (met == about.size()) return absl::OkStatus();
  return Refuse("E_PAYLOAD", "a field is about somebody who is not in this release");
}

}  // namespace sluis::edge
