#include "lib/tlog/order_note.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/ids.h"
#include "lib/base/status_macros.h"

namespace sluis::tlog {
namespace {

constexpr std::string_view kHeader = "sluis-erase-order/v1";
constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMaxReference = 64;
constexpr std::size_t kLineCount = 6;
constexpr std::size_t kOrderNoteOinSize = 20;
constexpr std::string_view kOfficer = "/officer/";
constexpr std::string_view kRetention = "/retention/";

constexpr std::pair<EraseGround, std::string_view> kGrounds[] = {{EraseGround::kAvg17, "avg-17"},
                                                                 {EraseGround::kWpg28, "wpg-28"},
                                                                 {EraseGround::kCourt, "court"},
                                                                 {EraseGround::kTerm, "term"}};

absl::Status BadOrderNote(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_ORDER", absl::StrFormat("erase order: %s", what));
}

bool IsUpperAlnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }

bool IsReference(std::string_view text) {
  return !text.empty() && text.size() <= kMaxReference && !ContainsBsnLikeRun(text) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsUpperAlnum(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '/' ||
                  c == '-';
         });
}

absl::StatusOr<std::vector<std::string_view>> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || lines.size() == kLineCount)
      return BadOrderNote("must have six lines");
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  if (lines.size() != kLineCount) return BadOrderNote("must have six lines");
  return lines;
}

// What follows `word SP` on the line.
absl::StatusOr<std::string_view> After(std::string_view line, std::string_view word) {
  if (!line.starts_with(word) || line.substr(word.size(), 1) != " ") {
    return BadOrderNote(absl::StrFormat("no line %s", word));
  }
  return line.substr(word.size() + 1);
}

absl::Status ReadRange(std::string_view text, OrderNote& order) {
  const std::size_t space = std::min(text.find(' '), text.size());
  auto first = ParseDecimal(text.substr(0, space), kMaxNumber);
  auto end = ParseDecimal(text.substr(std::min(space + 1, text.size())), kMaxNumber);
  if (!first.ok() || !end.ok() || *first >= *end)
    return BadOrderNote("range must be two indices, the first lower");
  order.first = *first;
  order.end = *end;
  return absl::OkStatus();
}

absl::Status ReadGround(std::string_view text, OrderNote& order) {
  for (const auto& [ground, name] : kGrounds) {
    if (name != text) continue;
    order.ground = ground;
    return absl::OkStatus();
  }
  return BadOrderNote("ground must be avg-17, wpg-28, term or court");
}

}  // namespace

absl::StatusOr<OrderNote> ParseOrder(std::string_view text) {
  SLUIS_ASSIGN_OR_RETURN(const std::vector<std::string_view> lines, LinesOf(text));
  if (lines[0] != kHeader) return BadOrderNote("not an order of a known version");
  OrderNote order;
  if (!IsKeyName(lines[1])) return BadOrderNote("the second line must be an origin");
  order.origin = std::string(lines[1]);
  SLUIS_ASSIGN_OR_RETURN(const std::string_view range, After(lines[2], "range"));
  SLUIS_RETURN_IF_ERROR(ReadRange(range, order));
  SLUIS_ASSIGN_OR_RETURN(const std::string_view ground, After(lines[3], "ground"));
  SLUIS_RETURN_IF_ERROR(ReadGround(ground, order));
  SLUIS_ASSIGN_OR_RETURN(const std::string_view reference, After(lines[4], "order"));
  if (!IsReference(reference))
    return BadOrderNote("the reference must be short and say nothing about a person");
  order.reference = std::string(reference);
  SLUIS_ASSIGN_OR_RETURN(const std::string_view time_text, After(lines[5], "time"));
  auto time = ParseDecimal(time_text, kMaxNumber);
  if (!time.ok()) return BadOrderNote("time must be seconds since 1970");
  order.time = *time;
  return order;
}

absl::StatusOr<std::string> FormatOrder(const OrderNote& order) {
  const auto* ground =
      std::find_if(std::begin(kGrounds), std::end(kGrounds),
                   [&order](const auto& entry) { return entry.first == order.ground; });
  std::string text = absl::StrFormat(
      "%s\n%s\nrange %d %d\nground %s\norder %s\ntime %d\n", kHeader, order.origin, order.first,
      order.end, ground == std::end(kGrounds) ? std::string_view() : ground->second,
      order.reference, order.time);
  SLUIS_RETURN_IF_ERROR(ParseOrder(text).status());
  return text;
}

absl::StatusOr<OrderSigner> OrderSignerOf(std::string_view key_name) {
  const std::string_view oin = key_name.substr(0, kOrderNoteOinSize);
  const std::string_view role = key_name.substr(oin.size());
  const bool is_oin =
      oin.size() == kOrderNoteOinSize && std::all_of(oin.begin(), oin.end(), IsUpperAlnum);
  for (const std::string_view prefix : {kOfficer, kRetention}) {
    if (!is_oin || !role.starts_with(prefix)) continue;
    if (!ParseDecimal(role.substr(prefix.size()), kMaxNumber).ok()) continue;
    return OrderSigner{std::string(oin), prefix == kRetention};
  }
  return Error(ErrorCode::kInvalid, "E_VKEY", "not the name of an officer or a retention key");
}

absl::StatusOr<SignedOrder> VerifyOrder(std::string_view note, std::span<const VerifierKey> keys) {
  SLUIS_ASSIGN_OR_RETURN(const VerifiedNote verified, VerifyNote(note, keys));
  SignedOrder signed_order;
  SLUIS_ASSIGN_OR_RETURN(signed_order.order, ParseOrder(verified.text));
  for (const VerifiedSignature& signature : verified.signatures) {
    if (signature.key.type() != KeyType::kEd25519)
      return BadOrderNote("signed by a key of the wrong type");
    signed_order.signers.push_back(signature.key);
  }
  return signed_order;
}

}  // namespace sluis::tlog
