#include "policy/signed/mark.h"

#include "absl/strings/str_split.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"

namespace sluis::policy {
namespace {

constexpr std::size_t kMaxNumbers = 8;
constexpr std::uint64_t kMaxNumber = 999'999'999;

absl::Status Damaged() {
  return Error(ErrorCode::kDataLoss, "PACK_MARK_INVALID",
               "the mark of the last pack cannot be read; look at what was in force before you "
               "remove it");
}

absl::Status NoNewer(std::string_view reason, std::string_view what) {
  return Error(ErrorCode::kPrecondition, reason, what);
}

}  // namespace

absl::StatusOr<std::vector<std::uint64_t>> ParsePackVersion(std::string_view version) {
  std::vector<std::uint64_t> numbers;
  for (const std::string& part :
       std::vector<std::string>(absl::StrSplit(std::string(version), '.'))) {
    const absl::StatusOr<std::uint64_t> number = ParseDecimal(part, kMaxNumber);
    if (!number.ok() || numbers.size() == kMaxNumbers) {
      return Error(ErrorCode::kInvalid, "PACK_VERSION_INVALID",
                   "the version of a pack is numbers with dots between them, as 2026.11.2");
    }
    numbers.push_back(*number);
  }
  return numbers;
}

PackMark MarkOf(const Bundle& bundle) {
  return {bundle.pack()->bundle(), bundle.pack()->version(), bundle.digest(),
          bundle.terms().issued};
}

std::string WriteMark(const PackMark& mark) {
  return CanonicalJson({{"bundle", mark.bundle},
                        {"version", mark.version},
                        {"digest", HexEncode(AsView(mark.digest))},
                        {"issued", absl::ToUnixSeconds(mark.issued)}})
             .value() +
         "\n";
}

absl::StatusOr<PackMark> ReadMark(BytesView text) {
  if (text.empty() || text.back() != '\n') return Damaged();
  const absl::StatusOr<Json> json = ParseCanonicalJson(text.substr(0, text.size() - 1));
  if (!json.ok() || !json->is_object() || json->size() != 4) return Damaged();
  PackMark mark;
  mark.bundle = json->value("bundle", Json()).is_string() ? json->at("bundle") : Json("");
  mark.version = json->value("version", Json()).is_string() ? json->at("version") : Json("");
  const Json digest = json->value("digest", Json()), issued = json->value("issued", Json());
  if (!digest.is_string() || !issued.is_number_integer()) return Damaged();
  const absl::StatusOr<Bytes> raw = HexDecode(digest.get<std::string>());
  if (!raw.ok() || raw->size() != mark.digest.size()) return Damaged();
  std::copy_n(Data(*raw), mark.digest.size(), mark.digest.begin());
  mark.issued = absl::FromUnixSeconds(issued.get<std::int64_t>());
  if (mark.bundle.empty() || !ParsePackVersion(mark.version).ok()) return Damaged();
  return mark;
}

absl::Status CheckFollows(const PackMark& last, const PackMark& candidate) {
  if (candidate.bundle != last.bundle) {
    return NoNewer("PACK_CONFLICT", "this is another pack than the one in force");
  }
  SLUIS_ASSIGN_OR_RETURN(const auto before, ParsePackVersion(last.version));
  SLUIS_ASSIGN_OR_RETURN(const auto after, ParsePackVersion(candidate.version));
  if (after < before) {
    return NoNewer("PACK_ROLLBACK",
                   "the version of a pack never goes back; issue the old rules as a new version");
  }
  if (after > before) return absl::OkStatus();
  if (candidate.digest != last.digest) {
    return NoNewer("PACK_CONFLICT", "another content has the version of the pack in force");
  }
  if (candidate.issued < last.issued) {
    return NoNewer("PACK_ROLLBACK", "this pack was issued again since");
  }
  return absl::OkStatus();
}

}  // namespace sluis::policy
