#include "policy/signed/decision_receipt.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "policy/engine/authzen.h"
#include "policy/engine/evaluate.h"

namespace sluis::policy {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kReceiptPrefix = "sluis/decision-receipt/v1\0"sv;
constexpr std::string_view kReceiptHead = "sluis-decision-receipt/v1";
constexpr std::size_t kLines = 4;
constexpr std::size_t kExchangeSize = 16;
constexpr std::size_t kMaxReceiptText = 256;

absl::Status BadReceipt(std::string_view what) {
  return Error(ErrorCode::kInvalid, "RECEIPT_MALFORMED",
               absl::StrFormat("the receipt of the decision cannot be read: %s", what));
}

Bytes ToBeSigned(BytesView json) { return Bytes(kReceiptPrefix) + Bytes(AsView(Sha256(json))); }

absl::StatusOr<std::array<std::string_view, kLines>> SplitLines(BytesView wire) {
  if (wire.size() > kMaxReceipt) return BadReceipt("it is too long");
  std::array<std::string_view, kLines> lines;
  for (std::string_view& line : lines) {
    const std::size_t end = wire.find('\n');
    if (end == BytesView::npos) return BadReceipt("it has fewer than four lines");
    line = wire.substr(0, end);
    wire.remove_prefix(end + 1);
  }
  if (!wire.empty()) return BadReceipt("something stands behind its last line");
  if (lines[0] != kReceiptHead) return BadReceipt("it is no receipt of a decision, or a newer one");
  return lines;
}

absl::Status ReadMember(const Json& json, const char* name, std::string& into) {
  const Json& value = json.at(name);
  if (!value.is_string()) return BadReceipt(absl::StrFormat("`%s` is no text", name));
  into = value.get<std::string>();
  const bool fits = !into.empty() && into.size() <= kMaxReceiptText;
  return fits ? absl::OkStatus() : BadReceipt(absl::StrFormat("`%s` is empty or long", name));
}

absl::StatusOr<ReceiptTerms> ReadReceipt(std::string_view line) {
  const absl::StatusOr<Json> json = ParseCanonicalJson(line);
  if (!json.ok()) return BadReceipt("its second line is not canonical JSON");
  static constexpr const char* kMembers[] = {"answer", "bundle",  "exchange",
                                             "pack",   "request", "version"};
  if (!json->is_object() || json->size() != std::size(kMembers) ||
      !std::all_of(std::begin(kMembers), std::end(kMembers),
                   [&](const char* name) { return json->contains(name); })) {
    return BadReceipt("its members are not those of a receipt");
  }
  ReceiptTerms terms;
  std::string pack;
  SLUIS_RETURN_IF_ERROR(ReadMember(*json, "bundle", terms.bundle));
  SLUIS_RETURN_IF_ERROR(ReadMember(*json, "version", terms.version));
  SLUIS_RETURN_IF_ERROR(ReadMember(*json, "exchange", terms.exchange));
  SLUIS_RETURN_IF_ERROR(ReadMember(*json, "pack", pack));
  const absl::StatusOr<Bytes> digest = HexDecode(pack), exchange = HexDecode(terms.exchange);
  if (!digest.ok() || digest->size() != terms.pack.size()) return BadReceipt("`pack` is no digest");
  if (!exchange.ok() || exchange->size() != kExchangeSize)
    return BadReceipt("`exchange` is no id of an exchange");
  std::copy_n(Data(*digest), terms.pack.size(), terms.pack.begin());
  terms.request = json->at("request");
  terms.answer = json->at("answer");
  if (!terms.request.is_object() || !terms.answer.is_object()) {
    return BadReceipt("request and answer are objects");
  }
  return terms;
}

// Signed JSON has no null.
void DropNulls(Json& json) {
  if (!json.is_structured()) return;
  if (json.is_object()) {
    for (auto member = json.begin(); member != json.end();) {
      member = member->is_null() ? json.erase(member) : std::next(member);
    }
  }
  for (Json& part : json) DropNulls(part);
}

// The members of the answer that differ, those of its context one by one.
void Compare(const Json& receipt, const Json& scan, const std::string& before,
             std::vector<ReceiptDifference>& differences) {
  std::set<std::string> names;
  for (const Json* side : {&receipt, &scan}) {
    for (const auto& member : side->items()) names.insert(member.key());
  }
  const auto text = [](const Json& side, const std::string& name) {
    return side.contains(name) ? side.at(name).dump() : std::string("-");
  };
  for (const std::string& name : names) {
    const bool both = receipt.contains(name) && scan.contains(name);
    if (both && receipt.at(name) == scan.at(name)) continue;
    if (both && name == "context" && receipt.at(name).is_object()) {
      Compare(receipt.at(name), scan.at(name), "context.", differences);
    } else {
      differences.push_back({before + name, text(receipt, name), text(scan, name)});
    }
  }
}

}  // namespace

Json ReceiptAnswer(const Decision& decision) {
  Json answer = Json::parse(AuthzenResponse(decision));  // our own words: never malformed
  DropNulls(answer);
  return answer;
}

absl::StatusOr<DecisionReceipt> DecisionReceipt::Verify(BytesView wire,
                                                        const Ed25519PublicKey& broker) {
  SLUIS_ASSIGN_OR_RETURN(const auto lines, SplitLines(wire));
  const absl::StatusOr<Bytes> key_id = HexDecode(lines[2]), signature = Base64Decode(lines[3]);
  if (!key_id.ok() || key_id->size() != Digest{}.size()) return BadReceipt("its key id is none");
  if (!signature.ok() || signature->size() != kEd25519SignatureSize)
    return BadReceipt("its signature is none");
  if (*key_id != AsView(broker.KeyId())) {
    return Error(ErrorCode::kInvalid, "RECEIPT_KEY_UNKNOWN",
                 "the receipt was signed with another key than the one you trust");
  }
  SLUIS_RETURN_IF_ERROR(broker.Verify(ToBeSigned(lines[1]), *signature));
  SLUIS_ASSIGN_OR_RETURN(ReceiptTerms terms, ReadReceipt(lines[1]));
  return DecisionReceipt(std::move(terms), Bytes(wire));
}

absl::StatusOr<DecisionReceipt> DecisionReceipt::Sign(const ReceiptTerms& terms,
                                                      const Ed25519PrivateKey& broker) {
  const absl::StatusOr<std::string> line = CanonicalJson({{"answer", terms.answer},
                                                          {"bundle", terms.bundle},
                                                          {"exchange", terms.exchange},
                                                          {"pack", HexEncode(AsView(terms.pack))},
                                                          {"request", terms.request},
                                                          {"version", terms.version}});
  if (!line.ok()) return BadReceipt("what it says has no canonical form");
  return Verify(absl::StrFormat("%s\n%s\n%s\n%s\n", kReceiptHead, *line,
                                HexEncode(AsView(broker.public_key().KeyId())),
                                Base64Encode(broker.Sign(ToBeSigned(*line)))),
                broker.public_key());
}

absl::StatusOr<std::vector<ReceiptDifference>> DecideAgain(const DecisionReceipt& receipt,
                                                           const Pack& pack) {
  const ReceiptTerms& terms = receipt.terms();
  const bool same = Sha256(CanonicalBytes(pack)) == terms.pack && pack.bundle() == terms.bundle &&
                    pack.version() == terms.version;
  if (!same) {
    return Error(ErrorCode::kPrecondition, "PACK_OTHER",
                 absl::StrFormat("the receipt is about %s %s with digest %s; give that pack",
                                 terms.bundle, terms.version, HexEncode(AsView(terms.pack))));
  }
  const absl::StatusOr<EvaluationRequest> request = ParseAuthzenRequest(terms.request.dump());
  if (!request.ok()) return BadReceipt("its request is no question to the rules");
  std::vector<ReceiptDifference> differences;
  Compare(terms.answer, ReceiptAnswer(Evaluate(pack, *request)), "", differences);
  return differences;
}

}  // namespace sluis::policy
