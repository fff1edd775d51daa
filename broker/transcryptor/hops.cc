// One hop of a transcription (pseudonyms.md §6 to §9).
#include "broker/transcryptor/canary.h"
#include "broker/transcryptor/messages.h"
#include "broker/transcryptor/transcryptor.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/hop_signature.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/sealed_parts.h"
#include "lib/pseudonym/transcryption.h"

namespace sluis::transcryptor {

using pseudonym::AdmittedRequest;
using pseudonym::BatchResponse;
using pseudonym::Hop;
using pseudonym::HopCommitments;
using pseudonym::Refuse;
using pseudonym::RequestKind;
using pseudonym::Route;

// One hop under way.
struct Transcryptor::HopWork {
  const AdmittedRequest& admitted;
  const PreparedRoute& prepared;
  Bytes batch_request;  // as this hop received it
  pseudonym::HopOutput output;
};

namespace {

absl::Status BadFirstHop(std::string_view why) { return Refuse("E_PROOF", why); }

Bytes Joined(const std::vector<Digest>& digests) {
  Bytes joined;
  for (const Digest& digest : digests) joined += AsView(digest);
  return joined;
}

std::vector<pseudonym::Approval> ApprovalsOf(const wire::TranscryptRequest& request) {
  std::vector<pseudonym::Approval> approvals;
  for (const wire::ReversalApproval& approval : request.approvals()) {
    Digest key_id{};
    if (approval.key_id().size() != key_id.size()) continue;  // of no key
    std::copy(approval.key_id().begin(), approval.key_id().end(), key_id.begin());
    approvals.push_back({key_id, approval.signature()});
  }
  return approvals;
}

// What the directory is asked about; nothing for bytes that go into no index, or that will be
// refused by their own code.
std::optional<pseudonym::Domain> IndexOf(const Bytes& signed_request) {
  ByteReader reader(signed_request);
  const absl::StatusOr<std::uint32_t> size = reader.U32();
  const absl::StatusOr<BytesView> bytes = size.ok() ? reader.Raw(*size) : size.status();
  if (!bytes.ok()) return std::nullopt;
  const absl::StatusOr<pseudonym::RequestHead> head = pseudonym::RequestHead::Decode(*bytes);
  if (!head.ok() || head->kind != RequestKind::kInquire) return std::nullopt;
  absl::StatusOr<pseudonym::Domain> index = pseudonym::Domain::DecodeIndex(head->d_to);
  if (!index.ok()) return std::nullopt;
  return *std::move(index);
}

// A case is first used when something is passed into it; whatever comes out of it was passed in
// before.
bool MayOpenCase(RequestKind kind) {
  return kind == RequestKind::kTranscrypt || kind == RequestKind::kMove ||
         kind == RequestKind::kPassOn;
}

// Another epoch gives another pseudonym for the same person, case and purpose, and with it a quota
// of its own. So a domain is opened in the epoch that counts, or by a move between epochs.
bool MayOpenEpoch(RequestKind kind, const Route& route, std::uint32_t epoch) {
  const std::uint32_t of_target = route.d_to.epoch();
  return of_target == epoch || (kind == RequestKind::kMove && route.d_from.epoch() != of_target);
}

const pseudonym::CaseSalt* PointerTo(const std::optional<pseudonym::CaseSalt>& salt) {
  return salt ? &*salt : nullptr;
}

}  // namespace

// What T1 answered, verified against its signature, its commitments and its proofs.
absl::StatusOr<BatchResponse> Transcryptor::VerifyFirst(const wire::Hop& first,
                                                        const AdmittedRequest& admitted) {
  const pseudonym::SignedRequest& request = admitted.request;
  const pseudonym::TranscryptorIdentity& peer = set_.half(Hop::kFirst);
  absl::StatusOr<BatchResponse> response = BatchResponse::Decode(first.batch_response());
  if (!response.ok()) return BadFirstHop("the first transcryptor's answer cannot be read");
  const std::vector<Digest> payloads = request.Payloads();
  if (response->items.size() != request.items().size() ||
      first.payload_digests() != Joined(payloads) || first.commitments_size() != 4) {
    return BadFirstHop("the first transcryptor's answer is not about these items");
  }
  const Route& route = admitted.route;
  SLUIS_ASSIGN_OR_RETURN(const GroupElement s_from,
                         Accept(first.commitments(0), Hop::kFirst, route.d_from.bytes()));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement s_to,
                         Accept(first.commitments(1), Hop::kFirst, route.d_to.bytes()));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k_from,
                         Accept(first.commitments(2), Hop::kFirst, route.c_from.bytes()));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k_to,
                         Accept(first.commitments(3), Hop::kFirst, route.c_to.bytes()));
  SecretBytes kept;
  if (request.head().verifiable()) {
    absl::StatusOr<SecretBytes> opened = pseudonym::OpenProofBlock(
        first.sealed_proof(), request.digest(), pseudonym::TranscryptorParty(peer.oin),
        pseudonym::TranscryptorParty(own().oin), secrets_.sealing, peer.signing,
        around_.clock.Now());
    if (!opened.ok()) return BadFirstHop("the first transcryptor's proofs cannot be opened");
    kept = *std::move(opened);
  }
  const BytesView block = kept.Reveal(SecretAccess::ForCrypto());
  const Bytes batch = request.FirstBatch().Encode();
  if (!pseudonym::VerifyHopSignature(
           {Hop::kFirst, request.digest(), batch, first.batch_response(), payloads, block},
           first.signature(), peer.signing)
           .ok()) {
    return BadFirstHop("the first transcryptor did not sign this answer");
  }
  if (!request.head().verifiable()) return response;
  absl::StatusOr<pseudonym::ProofBlock> proofs = pseudonym::ProofBlock::Decode(block);
  if (!proofs.ok()) return BadFirstHop("the first transcryptor's proofs cannot be read");
  const std::vector<pseudonym::Ciphertext> input = request.Ciphertexts();
  const HopCommitments commitments{s_from, s_to, k_from, k_to};
  const absl::Status verified = pseudonym::VerifyHop(
      *proofs, {input, request.head().y_from, *response, request.head().shuffle(), commitments},
      &headers_);
  proofs->WipeOrder();
  SLUIS_RETURN_IF_ERROR(verified);
  return response;
}

absl::StatusOr<std::optional<pseudonym::CaseSalt>> Transcryptor::SaltOfTarget(const Route& route,
                                                                              RequestKind kind,
                                                                              absl::Time now) {
  if (!MayOpenCase(kind)) return salts_.Find(route.d_to);
  if (MayOpenEpoch(kind, route, settings_.epoch)) return salts_.FindOrDraw(route.d_to, now);
  if (route.d_to.epoch() + 1 == settings_.epoch) {
    absl::StatusOr<std::optional<pseudonym::CaseSalt>> found = salts_.Find(route.d_to);
    if (ReasonOf(found.status()) != "E_CASE_CLOSED") return found;
  }
  return Refuse("E_MANDATE", "a case is not opened under another epoch than that of this time");
}

absl::Status Transcryptor::CheckCanaries(std::initializer_list<SaltedDomain> domains) {
  for (const auto& [domain, salt] : domains) {
    if (salt == nullptr) continue;
    SLUIS_RETURN_IF_ERROR(CheckCanary(settings_.hop, domain, *salt, secrets_.keys, commitments_));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PreparedRoute>> Transcryptor::Prepare(
    const Route& route, RequestKind kind, const GroupElement& y_from, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<pseudonym::CaseSalt> salt_from,
                         salts_.Find(route.d_from));
  SLUIS_ASSIGN_OR_RETURN(const std::optional<pseudonym::CaseSalt> salt_to,
                         SaltOfTarget(route, kind, now));
  routes_.ClearDaily(now);
  return routes_.Get(route, y_from, [&]() -> absl::StatusOr<PreparedRoute> {
    SLUIS_RETURN_IF_ERROR(
        CheckCanaries({{route.d_from, PointerTo(salt_from)}, {route.d_to, PointerTo(salt_to)}}));
    SLUIS_ASSIGN_OR_RETURN(pseudonym::HopFactors factors,
                           pseudonym::HopFactors::Derive(secrets_.keys, route, PointerTo(salt_from),
                                                         PointerTo(salt_to)));
    pseudonym::HeaderBase base = pseudonym::MakeHeaderBase(factors, y_from);
    const HopCommitments& said = factors.commitments();
    std::vector<pseudonym::Commitment> commitments = {
        Commit(route.d_from.bytes(), said.s_from), Commit(route.d_to.bytes(), said.s_to),
        Commit(route.c_from.bytes(), said.k_from), Commit(route.c_to.bytes(), said.k_to)};
    return PreparedRoute{std::move(factors), std::move(base), std::move(commitments)};
  });
}

absl::StatusOr<wire::Hop> Transcryptor::Answer(const HopWork& work, const DirectoryTrust& trust,
                                               absl::Time now) {
  const pseudonym::SignedRequest& request = work.admitted.request;
  const std::vector<Digest> payloads = request.Payloads();
  const Bytes response = work.output.response.Encode();
  const BytesView block = work.output.proof_block.Reveal(SecretAccess::ForCrypto());
  wire::Hop hop;
  hop.set_batch_response(response);
  hop.set_payload_digests(Joined(payloads));
  hop.set_signature(pseudonym::SignHop(
      {settings_.hop, request.digest(), work.batch_request, response, payloads, block},
      secrets_.signing));
  hop.set_proof_digest(ToBytes(Sha256(block)));
  for (const pseudonym::Commitment& commitment : work.prepared.commitments) {
    ToWire(commitment, hop.add_commitments());
  }
  if (block.empty()) return hop;
  const pseudonym::TranscryptorIdentity& second = set_.half(Hop::kSecond);
  PartyId recipient = pseudonym::TranscryptorParty(second.oin);
  X25519PublicKey key = second.sealing;
  if (is_second()) {
    const pseudonym::Party& party = work.admitted.route.c_to.party();
    const identity::UnitEntry* unit = trust.Find(party);
    if (unit == nullptr)
      return Refuse("E_RECIPIENT", "the receiving party is not in the directory");
    SLUIS_ASSIGN_OR_RETURN(recipient, party.ToPartyId());
    key = unit->sealing;
  }
  SLUIS_ASSIGN_OR_RETURN(
      *hop.mutable_sealed_proof(),
      pseudonym::SealProofBlock(block, request.digest(), SealedTo(recipient, now), key,
                                secrets_.signing));
  return hop;
}

absl::StatusOr<wire::TranscryptResponse> Transcryptor::RunHop(
    const wire::TranscryptRequest& wire_request, const AdmittedRequest& admitted,
    const DirectoryTrust& trust, absl::Time now) {
  const pseudonym::SignedRequest& request = admitted.request;
  pseudonym::BatchRequest batch = request.FirstBatch();
  if (is_second()) {
    SLUIS_ASSIGN_OR_RETURN(const BatchResponse first, VerifyFirst(wire_request.first(), admitted));
    batch = request.SecondBatch(first);
  }
  SLUIS_ASSIGN_OR_RETURN(const std::shared_ptr<const PreparedRoute> prepared,
                         Prepare(admitted.route, request.head().kind, batch.y_from, now));
  if (is_second()) {
    SLUIS_RETURN_IF_ERROR(
        pseudonym::CheckSecondHopY(prepared->factors, batch.y_from, admitted.y_to));
  }
  SLUIS_ASSIGN_OR_RETURN(
      pseudonym::HopOutput output,
      pseudonym::TranscryptBatch(
          prepared->factors, prepared->base,
          {batch.items, batch.y_from, request.head().shuffle(), request.head().verifiable()}));
  wire::TranscryptResponse response;
  SLUIS_ASSIGN_OR_RETURN(
      *response.mutable_hop(),
      Answer({admitted, *prepared, batch.Encode(), std::move(output)}, trust, now));
  return response;
}

absl::StatusOr<wire::TranscryptResponse> Transcryptor::DoTranscrypt(
    const wire::TranscryptRequest& request) {
  SLUIS_RETURN_IF_ERROR(CheckFirst(request.has_first(), is_second()));
  const absl::Time now = around_.clock.Now();
  const std::shared_ptr<const identity::Directory> directory = around_.directory();
  const DirectoryTrust trust(directory);
  Judge judge({PolicyAt(around_.policy(), now),
               directory,
               ApprovalsOf(request),
               settings_.officers,
               IndexOf(request.signed_request()),
               {}},
              around_.state);
  StoredQuota quota(around_.replay, trust);
  pseudonym::RequestGate gate(trust, settings_.decision_key, judge, nonces_, quota, sessions_);
  SLUIS_ASSIGN_OR_RETURN(const AdmittedRequest admitted,
                         gate.Admit(request.signed_request(), request.statement(), now));
  const pseudonym::RequestHead& head = admitted.request.head();
  if (admitted.answered) {
    SLUIS_ASSIGN_OR_RETURN(const Bytes kept, nonces_.AnswerOf(head.signer, head.nonce));
    return ParseKept<wire::TranscryptResponse>(kept);
  }
  SLUIS_ASSIGN_OR_RETURN(const wire::TranscryptResponse made,
                         RunHop(request, admitted, trust, now));
  SLUIS_ASSIGN_OR_RETURN(const Bytes kept,
                         nonces_.KeepAnswer(head.signer, head.nonce, admitted.request.digest(),
                                            made.SerializeAsString()));
  return ParseKept<wire::TranscryptResponse>(kept);
}

}  // namespace sluis::transcryptor
