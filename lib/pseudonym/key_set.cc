#include "lib/pseudonym/key_set.h"

#include <optional>

#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kHalfPrefix = "sluis/key-half/v1\0"sv;
constexpr BytesView kSetPrefix = "sluis/key-set/v1\0"sv;
constexpr BytesView kStartPrefix = "sluis/first-start/v1\0"sv;

absl::Status NotSuch() { return Refuse("E_STATEMENT", "this is no document of a key ceremony"); }

// Never fails: what is written here are texts and small numbers.
Bytes Canonical(const Json& json) { return CanonicalJson(json).value(); }

Bytes SignedBytes(BytesView prefix, const Json& document) {
  return ByteWriter().Raw(prefix).Raw(AsView(Sha256(Canonical(document)))).bytes();
}

std::string Sign(BytesView prefix, const Json& document, const Ed25519PrivateKey& key) {
  return Base64Encode(key.Sign(SignedBytes(prefix, document)));
}

absl::Status VerifySigned(BytesView prefix, const Json& document, BytesView signature,
                          const Ed25519PublicKey& key) {
  return Classified(key.Verify(SignedBytes(prefix, document), signature));
}

Json HalfJson(const TranscryptorIdentity& half) {
  return {{"hop", static_cast<int>(half.hop)},
          {"name", half.name},
          {"oin", half.oin.str()},
          {"sealing", Base64Encode(AsView(half.sealing.raw()))},
          {"signing", Base64Encode(AsView(half.signing.raw()))},
          {"x", Base64Encode(half.x.bytes())}};
}

Json CoreJson(const std::array<TranscryptorIdentity, 2>& halves, const GroupElement& y) {
  return {{"first", HalfJson(halves[0])},
          {"second", HalfJson(halves[1])},
          {"v", 1},
          {"y", Base64Encode(y.bytes())}};
}

// A member that must be there and be of the kind that is asked for. Members too many show when the
// document is written again and compared.
absl::StatusOr<Json> Member(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name)) return NotSuch();
  return json.at(name);
}

absl::StatusOr<std::string> Text(const Json& json, const char* name) {
  SLUIS_ASSIGN_OR_RETURN(const Json member, Member(json, name));
  if (!member.is_string()) return NotSuch();
  return member.get<std::string>();
}

absl::StatusOr<Bytes> Base64Of(const Json& json) {
  if (!json.is_string()) return NotSuch();
  absl::StatusOr<Bytes> bytes = Base64Decode(json.get<std::string>());
  return bytes.ok() ? bytes : NotSuch();
}

absl::StatusOr<Bytes> Base64Of(const Json& json, const char* name) {
  SLUIS_ASSIGN_OR_RETURN(const Json member, Member(json, name));
  return Base64Of(member);
}

absl::StatusOr<Hop> HopOf(const Json& json) {
  SLUIS_ASSIGN_OR_RETURN(const Json hop, Member(json, "hop"));
  if (hop == 1) return Hop::kFirst;
  if (hop == 2) return Hop::kSecond;
  return NotSuch();
}

absl::StatusOr<TranscryptorIdentity> ReadHalf(const Json& json) {
  SLUIS_ASSIGN_OR_RETURN(const Hop hop, HopOf(json));
  SLUIS_ASSIGN_OR_RETURN(const std::string oin_text, Text(json, "oin"));
  SLUIS_ASSIGN_OR_RETURN(const std::string name, Text(json, "name"));
  SLUIS_ASSIGN_OR_RETURN(const Bytes signing_bytes, Base64Of(json, "signing"));
  SLUIS_ASSIGN_OR_RETURN(const Bytes sealing_bytes, Base64Of(json, "sealing"));
  SLUIS_ASSIGN_OR_RETURN(const Bytes x_bytes, Base64Of(json, "x"));
  const absl::StatusOr<Oin> oin = Oin::Parse(oin_text);
  const absl::StatusOr<Ed25519PublicKey> signing = Ed25519PublicKey::Parse(signing_bytes);
  const absl::StatusOr<X25519PublicKey> sealing = X25519PublicKey::Parse(sealing_bytes);
  const absl::StatusOr<GroupElement> x = GroupElement::Decode(x_bytes);
  if (!oin.ok() || !signing.ok() || !sealing.ok() || !x.ok() || !IsResourceId(name)) {
    return NotSuch();
  }
  return TranscryptorIdentity{hop, *oin, name, *signing, *sealing, *x};
}

// Same bytes again, or something stood there that nobody read.
absl::Status CheckSame(BytesView document, const Json& read) {
  return Canonical(read) == document ? absl::OkStatus() : NotSuch();
}

absl::StatusOr<Json> ParseDocument(BytesView document) {
  absl::StatusOr<Json> json = ParseCanonicalJson(document);
  return json.ok() ? json : NotSuch();
}

absl::Status CheckPair(const TranscryptorIdentity& first, const TranscryptorIdentity& second) {
  if (first.hop != Hop::kFirst || second.hop != Hop::kSecond) {
    return Refuse("E_STATEMENT", "a key set has a first and a second transcryptor");
  }
  if (first.oin == second.oin) {
    return Refuse("E_STATEMENT", "the two transcryptors must be of two organisations");
  }
  if (first.name != second.name) {
    return Refuse("E_STATEMENT", "the two halves were made for key sets of different names");
  }
  if (first.signing == second.signing || first.sealing == second.sealing) {
    return Refuse("E_STATEMENT", "the two transcryptors may not share a key");
  }
  return absl::OkStatus();
}

struct Core {
  std::array<TranscryptorIdentity, 2> halves;
  GroupElement y;
};

absl::StatusOr<Core> ReadCore(const Json& json) {
  SLUIS_ASSIGN_OR_RETURN(const Json first_json, Member(json, "first"));
  SLUIS_ASSIGN_OR_RETURN(const Json second_json, Member(json, "second"));
  SLUIS_ASSIGN_OR_RETURN(TranscryptorIdentity first, ReadHalf(first_json));
  SLUIS_ASSIGN_OR_RETURN(TranscryptorIdentity second, ReadHalf(second_json));
  SLUIS_RETURN_IF_ERROR(CheckPair(first, second));
  SLUIS_ASSIGN_OR_RETURN(const Bytes y_bytes, Base64Of(json, "y"));
  const absl::StatusOr<GroupElement> y = GroupElement::Decode(y_bytes);
  if (!y.ok()) return NotSuch();
  return Core{{std::move(first), std::move(second)}, *y};
}

absl::StatusOr<Proof> ReadProofText(const Json& json) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, Base64Of(json));
  absl::StatusOr<Proof> proof = Proof::Decode(bytes);
  return proof.ok() ? proof : NotSuch();
}

Json ContributionJson(const Json& core, Hop hop, const Proof& proof, std::string signature) {
  return {{"core", core},
          {"hop", static_cast<int>(hop)},
          {"proof", Base64Encode(proof.Encode())},
          {"signature", std::move(signature)}};
}

struct Contribution {
  Json core, proof, signature;
  Hop hop;
};

absl::StatusOr<Contribution> ReadContribution(BytesView document) {
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseDocument(document));
  SLUIS_ASSIGN_OR_RETURN(const Hop hop, HopOf(json));
  Contribution read{.core = {}, .proof = {}, .signature = {}, .hop = hop};
  SLUIS_ASSIGN_OR_RETURN(read.core, Member(json, "core"));
  SLUIS_ASSIGN_OR_RETURN(read.proof, Member(json, "proof"));
  SLUIS_ASSIGN_OR_RETURN(read.signature, Member(json, "signature"));
  return read;
}

}  // namespace

Bytes WritePublicHalf(const TranscryptorIdentity& identity, const Ed25519PrivateKey& key) {
  const Json half = HalfJson(identity);
  return Canonical({{"half", half}, {"signature", Sign(kHalfPrefix, half, key)}});
}

absl::StatusOr<TranscryptorIdentity> ParsePublicHalf(BytesView document) {
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseDocument(document));
  SLUIS_ASSIGN_OR_RETURN(const Json half_json, Member(json, "half"));
  SLUIS_ASSIGN_OR_RETURN(TranscryptorIdentity half, ReadHalf(half_json));
  SLUIS_ASSIGN_OR_RETURN(const Bytes signature, Base64Of(json, "signature"));
  SLUIS_RETURN_IF_ERROR(
      CheckSame(document, {{"half", HalfJson(half)}, {"signature", Base64Encode(signature)}}));
  SLUIS_RETURN_IF_ERROR(VerifySigned(kHalfPrefix, half_json, signature, half.signing));
  return half;
}

absl::StatusOr<Bytes> WriteContribution(const TranscryptorIdentity& own,
                                        const TranscryptorIdentity& other,
                                        const TranscryptorKeys& keys,
                                        const Ed25519PrivateKey& key) {
  const bool first = own.hop == Hop::kFirst;
  const std::array<TranscryptorIdentity, 2> halves =
      first ? std::array{own, other} : std::array{other, own};
  SLUIS_RETURN_IF_ERROR(CheckPair(halves[0], halves[1]));
  const GroupElement y = CombineKeys(keys, other.x);
  const Json core = CoreJson(halves, y);
  return Canonical(ContributionJson(core, own.hop, ProveCeremony(keys, other.x, y),
                                    Sign(kSetPrefix, core, key)));
}

absl::StatusOr<KeySet> KeySet::Parse(BytesView document) {
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseDocument(document));
  SLUIS_ASSIGN_OR_RETURN(const Json core_json, Member(json, "core"));
  SLUIS_ASSIGN_OR_RETURN(Core core, ReadCore(core_json));
  SLUIS_ASSIGN_OR_RETURN(const Json proofs, Member(json, "proofs"));
  SLUIS_ASSIGN_OR_RETURN(const Json signatures, Member(json, "signatures"));
  if (!proofs.is_array() || proofs.size() != 2 || !signatures.is_array() ||
      signatures.size() != 2) {
    return NotSuch();
  }
  SLUIS_ASSIGN_OR_RETURN(const Proof proof1, ReadProofText(proofs[0]));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof2, ReadProofText(proofs[1]));
  SLUIS_RETURN_IF_ERROR(CheckSame(
      document,
      {{"core", CoreJson(core.halves, core.y)}, {"proofs", proofs}, {"signatures", signatures}}));
  for (std::size_t i = 0; i < 2; ++i) {
    SLUIS_ASSIGN_OR_RETURN(const Bytes signature, Base64Of(signatures[i]));
    SLUIS_RETURN_IF_ERROR(VerifySigned(kSetPrefix, core_json, signature, core.halves[i].signing));
  }
  CeremonyRecord record{core.halves[0].x, core.halves[1].x, core.y, proof1, proof2};
  SLUIS_RETURN_IF_ERROR(VerifyCeremony(record));
  KeySet set(std::move(core.halves), std::move(record));
  set.document_ = Bytes(document);
  return set;
}

absl::StatusOr<KeySet> KeySet::Join(BytesView contribution, BytesView other) {
  SLUIS_ASSIGN_OR_RETURN(Contribution one, ReadContribution(contribution));
  SLUIS_ASSIGN_OR_RETURN(Contribution two, ReadContribution(other));
  if (one.hop == Hop::kSecond) std::swap(one, two);
  if (one.hop != Hop::kFirst || two.hop != Hop::kSecond || one.core != two.core) {
    return Refuse("E_STATEMENT",
                  "the two contributions do not belong together: both need the same two halves");
  }
  return Parse(Canonical({{"core", one.core},
                          {"proofs", {one.proof, two.proof}},
                          {"signatures", {one.signature, two.signature}}}));
}

Digest KeySet::digest() const { return Sha256(Canonical(CoreJson(halves_, ceremony_.y))); }

namespace {

Json StartJson(const KeySet& set, Hop hop) {
  return {{"hop", static_cast<int>(hop)}, {"key_set", HexEncode(AsView(set.digest()))}, {"v", 1}};
}

}  // namespace

Bytes WriteFirstStart(const KeySet& set, Hop hop, const Ed25519PrivateKey& key) {
  const Json record = StartJson(set, hop);
  return Canonical({{"record", record}, {"signature", Sign(kStartPrefix, record, key)}});
}

absl::Status VerifyFirstStart(BytesView document, const KeySet& set, Hop hop) {
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseDocument(document));
  SLUIS_ASSIGN_OR_RETURN(const Json record, Member(json, "record"));
  SLUIS_ASSIGN_OR_RETURN(const Bytes signature, Base64Of(json, "signature"));
  if (json.size() != 2) return NotSuch();
  if (record != StartJson(set, hop)) {
    return Refuse("E_MANDATE", "the first-start record is of another key set or transcryptor");
  }
  return VerifySigned(kStartPrefix, record, signature, set.half(hop).signing);
}

}  // namespace sluis::pseudonym
