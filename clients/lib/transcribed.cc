#include "clients/lib/transcribed.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/hop_signature.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/sealed_parts.h"

namespace sluis::edge {
namespace {

using pseudonym::Hop;
using pseudonym::Refuse;
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
class Verification {
 public:
  Verification(const wire::Transcryption& sent, const std::string& exchange_name,
               const ReceivingTerms& terms, const TargetCheck& check)
      : wire_(sent), exchange_name_(exchange_name), terms_(terms), check_(check) {}

  absl::StatusOr<Transcribed> Run() {
    SLUIS_RETURN_IF_ERROR(CheckRequest());
    SLUIS_RETURN_IF_ERROR(CheckMandate());
    SLUIS_RETURN_IF_ERROR(CheckTarget());
    SLUIS_RETURN_IF_ERROR(FindSession());
    SLUIS_RETURN_IF_ERROR(Blame(CheckFirst(), terms_.trust.key_set.half(Hop::kFirst)));
    SLUIS_RETURN_IF_ERROR(Blame(CheckSecond(), terms_.trust.key_set.half(Hop::kSecond)));
    return Transcribed{*std::move(request_), *std::move(route_), *std::move(second_),
                       *std::move(session_)};
  }

 private:
  absl::Status CheckRequest() {
    SLUIS_ASSIGN_OR_RETURN(request_, SignedRequest::Decode(wire_.signed_request()));
    if (request_->head().signer != pseudonym::Party::Of(terms_.sender)) {
      return Refuse("E_SENDER", "a signed request is of another unit than the one that sent it");
    }
    SLUIS_RETURN_IF_ERROR(request_->VerifySignature(terms_.sender_key));
    SLUIS_ASSIGN_OR_RETURN(route_, pseudonym::CheckRequestForm(*request_));
    if (request_->head().shuffle() || !request_->head().verifiable()) {
      return Refuse("E_FLAGS", "people go in their order and with proofs");
    }
    SLUIS_RETURN_IF_ERROR(pseudonym::CheckDistinct(*request_));
    return request_->VerifyKnowledge();
  }

  // It may have waited since: what counts is the time at which it was signed.
  absl::Status CheckMandate() {
    SLUIS_ASSIGN_OR_RETURN(const auto statement, pseudonym::DecisionStatement::Verify(
                                                     wire_.statement(), terms_.trust.decision_key));
    SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange_name_));
    if (statement.terms().exchange != name.id.hex()) {
      return Refuse("E_MANDATE", "the broker's statement is about another exchange");
    }
    const Digest pack = statement.terms().pack;
    const absl::Time issued =
        absl::FromUnixSeconds(static_cast<std::int64_t>(request_->head().issued));
    return pseudonym::CheckCovers(statement, request_->head(), *route_, request_->items().size(),
                                  issued, {&pack, 1});
  }

  absl::Status CheckTarget() const {
    const auto own = pseudonym::Party::Of(terms_.own.party());
    if (route_->d_to.party() != own || route_->c_to.party() != own) {
      return Refuse("E_RECIPIENT", "this was transcrypted for another party");
    }
    return check_(*request_, *route_);
  }

  absl::Status FindSession() {
    SLUIS_ASSIGN_OR_RETURN(session_, terms_.sessions.Find(route_->c_to, terms_.now));
    if (session_) return absl::OkStatus();
    return Refuse(
        "E_SESSION",
        "the session towards which this was sent is not here any more; ask the partner to "
        "send it again");
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

  const wire::Transcryption& wire_;
  const std::string& exchange_name_;
  const ReceivingTerms& terms_;
  const TargetCheck& check_;
  std::optional<SignedRequest> request_;
  std::optional<pseudonym::Route> route_;
  std::optional<HeldSession> session_;
  std::optional<pseudonym::BatchResponse> first_, second_;
};

}  // namespace

absl::StatusOr<Transcribed> VerifyTranscription(const wire::Transcryption& sent,
                                                const std::string& exchange_name,
                                                const ReceivingTerms& terms,
                                                const TargetCheck& check) {
  return Verification(sent, exchange_name, terms, check).Run();
}

}  // namespace sluis::edge
