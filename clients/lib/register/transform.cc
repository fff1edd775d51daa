#include "clients/lib/register/transform.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

using Rule = v1::FormRule;

// One item of a value: its texts (one per column, or one piece of a list) and its line. The views end
// with the rows.
struct Item {
  std::uint64_t line;
  std::vector<std::string_view> texts;
};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

void AddPieces(const RuleCells& row, std::string_view separator, std::vector<Item>& items) {
  std::string_view rest = row.cells[0];
  for (bool more = true; more;) {
    const std::size_t end = rest.find(separator);
    more = end != std::string_view::npos;
    const std::string_view piece = Trim(rest.substr(0, end));
    if (!piece.empty()) items.push_back({row.line, {piece}});
    if (more) rest.remove_prefix(end + separator.size());
  }
}

std::vector<Item> ItemsOf(const Rule& rule, const std::vector<RuleCells>& rows) {
  std::vector<Item> items;
  for (const RuleCells& row : rows) {
    if (!rule.list_separator().empty()) {
      AddPieces(row, rule.list_separator(), items);
      continue;
    }
    Item item{row.line, {}};
    for (const std::string& cell : row.cells) item.texts.push_back(Trim(cell));
    const bool empty = std::all_of(item.texts.begin(), item.texts.end(),
                                   [](std::string_view text) { return text.empty(); });
    if (!empty) items.push_back(std::move(item));
  }
  return items;
}

absl::Status WrongCell(const Rule& rule, const Item& item, std::string_view what) {
  return Error(ErrorCode::kInvalid, "REGISTER_VALUE",
               absl::StrFormat("line %d, column \"%s\": %s; correct the register", item.line,
                               rule.columns(0), what));
}

// A class by its lower bounds; `last` names the open one.
std::size_t ClassOf(std::int64_t amount, const google::protobuf::RepeatedField<std::int64_t>& from) {
  return static_cast<std::size_t>(std::upper_bound(from.begin(), from.end(), amount) - from.begin());
}

std::string BandText(std::int64_t amount, const google::protobuf::RepeatedField<std::int64_t>& from) {
  const int band = static_cast<int>(ClassOf(amount, from));
  if (band == 0) return absl::StrFormat("tot %d", from[0]);
  if (band == from.size()) return absl::StrFormat("%d of meer", from[band - 1]);
  return absl::StrFormat("%d tot %d", from[band - 1], from[band]);
}

std::string CountText(std::int64_t count, const google::protobuf::RepeatedField<std::int64_t>& from) {
  if (from.empty()) return absl::StrFormat("%d", count);
  const int band = static_cast<int>(ClassOf(count, from));
  if (band == from.size()) return "meer";
  const std::int64_t low = band == 0 ? 0 : from[band - 1];
  const std::int64_t high = from[band] - 1;
  return low == high ? absl::StrFormat("%d", low) : absl::StrFormat("%d-%d", low, high);
}

bool IsMinor(absl::CivilDay birth, absl::CivilDay today) {
  return absl::CivilDay(birth.year() + 18, birth.month(), birth.day()) > today;
}

absl::StatusOr<std::string> TableText(const Rule& rule, const Item& item) {
  for (const v1::Entry& entry : rule.table().entries()) {
    if (entry.text() == item.texts[0]) return entry.code();
  }
  if (!rule.table().otherwise().empty()) return rule.table().otherwise();
  return WrongCell(rule, item, "the mapping has no entry for this text");
}

absl::StatusOr<absl::CivilDay> DayOf(const Rule& rule, const Item& item) {
  const auto day = ParseDay(item.texts[0]);
  if (day.ok()) return *day;
  return WrongCell(rule, item, "not a date such as 2026-03-14");
}

absl::StatusOr<std::int64_t> AmountOf(const Rule& rule, const Item& item) {
  const std::string_view text = item.texts[0];
  std::int64_t amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error == std::errc() && end == text.data() + text.size()) return amount;
  return WrongCell(rule, item, "not a whole amount without separators");
}

std::string Joined(const Rule& rule, const Item& item) {
  const std::string_view join = rule.copy().join().empty() ? " " : std::string_view(rule.copy().join());
  std::string text;
  for (const std::string_view part : item.texts) {
    if (part.empty()) continue;
    if (!text.empty()) text += join;
    text += part;
  }
  return text;
}

absl::StatusOr<std::string> TextOf(const Rule& rule, const Item& item, absl::CivilDay today) {
  switch (rule.transform_case()) {
    case Rule::kCopy:
      return Joined(rule, item);
    case Rule::kTable:
      return TableText(rule, item);
    case Rule::kBand: {
      SLUIS_ASSIGN_OR_RETURN(const std::int64_t amount, AmountOf(rule, item));
      return BandText(amount, rule.band().from());
    }
    default:
      break;
  }
  SLUIS_ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(rule, item));
  if (rule.has_year()) return absl::StrFormat("%04d", day.year());
  if (rule.has_month()) return absl::StrFormat("%04d-%02d", day.year(), day.month());
  return std::string(IsMinor(day, today) ? "minderjarig" : "meerderjarig");
}

FieldValue TextValue(std::string text) { return {SecretBytes::Take(std::move(text)), {}}; }

absl::StatusOr<FieldValue> DistinctTexts(const Rule& rule, const std::vector<Item>& items,
                                         absl::CivilDay today) {
  std::set<std::string> seen;
  std::string joined;
  for (const Item& item : items) {
    SLUIS_ASSIGN_OR_RETURN(std::string text, TextOf(rule, item, today));
    if (!seen.insert(text).second) continue;
    if (!joined.empty()) joined += "; ";
    joined += text;
    WipeBytes(text);
  }
  return TextValue(std::move(joined));
}

// Counts per month, and per kind within it.
absl::StatusOr<FieldValue> PerMonth(const Rule& rule, const std::vector<Item>& items) {
  std::map<std::string, std::map<std::string_view, int>> months;
  for (const Item& item : items) {
    SLUIS_ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(rule, item));
    const std::string_view kind = item.texts.size() == 2 ? item.texts[1] : std::string_view();
    ++months[absl::StrFormat("%04d-%02d", day.year(), day.month())][kind];
  }
  std::string joined;
  for (const auto& [month, kinds] : months) {
    if (!joined.empty()) joined += "; ";
    joined += month;
    std::string_view before = ": ";
    for (const auto& [kind, count] : kinds) {
      const std::string number = rule.per_month().omit_counts() ? "" : absl::StrFormat("%d", count);
      const std::string_view gap = number.empty() || kind.empty() ? "" : " ";
      if (!number.empty() || !kind.empty()) {
        joined += absl::StrFormat("%s%s%s%s", before, number, gap, kind);
      }
      before = ", ";
    }
  }
  return TextValue(std::move(joined));
}

absl::StatusOr<FieldValue> SubjectsValue(const Rule& rule, const std::vector<Item>& items) {
  SLUIS_ASSIGN_OR_RETURN(const SubjectKind kind, ParseSubjectKind(rule.subjects().kind()));
  FieldValue value;
  for (const Item& item : items) {
    auto subject = SubjectOfCell(kind, item.texts[0]);
    if (!subject.ok()) return WrongCell(rule, item, "not a valid number of this kind of subject");
    const bool known = std::any_of(value.subjects.begin(), value.subjects.end(),
                                   [&](const Subject& other) { return other.Equals(*subject); });
    if (!known) value.subjects.push_back(*std::move(subject));
  }
  return value;
}

}  // namespace

RuleCells::~RuleCells() {
  for (std::string& cell : cells) WipeBytes(cell);
}

absl::StatusOr<FieldValue> Transform(const Rule& rule, const std::vector<RuleCells>& rows,
                                     absl::CivilDay today) {
  const std::vector<Item> items = ItemsOf(rule, rows);
  if (rule.has_present()) {
    const bool present = rule.columns().empty() ? !rows.empty() : !items.empty();
    return TextValue(present ? "ja" : "nee");
  }
  if (rule.has_count()) {
    return TextValue(CountText(static_cast<std::int64_t>(items.size()), rule.count().from()));
  }
  if (items.empty()) {
    return Error(ErrorCode::kNotFound, "NO_VALUE",
                 "the register has no value for this field; leave the field out of the answer");
  }
  if (rule.has_subjects()) return SubjectsValue(rule, items);
  if (rule.has_per_month()) return PerMonth(rule, items);
  return DistinctTexts(rule, items, today);
}

absl::StatusOr<Subject> SubjectOfCell(SubjectKind kind, std::string_view cell) {
  Bytes value(Trim(cell));
  if (kind == SubjectKind::kKenteken) std::erase(value, '-');
  auto subject = Subject::Create(kind, value);
  WipeBytes(value);
  return subject;
}

absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text) {
  int part[3] = {0, 0, 0};
  std::size_t which = 0;
  bool digits = text.size() == 10;
  for (std::size_t i = 0; digits && i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash) ++which;
    digits = dash ? text[i] == '-' : text[i] >= '0' && text[i] <= '9';
    if (!dash) part[which] = part[which] * 10 + (text[i] - '0');
  }
  const absl::CivilDay day(part[0], part[1], part[2]);
  // CivilDay normalises 31 February into March.
  if (digits && part[0] > 0 && day.month() == part[1] && day.day() == part[2]) return day;
  return Error(ErrorCode::kInvalid, "REGISTER_VALUE", "a date is written as 2026-03-14");
}

}  // namespace sluis::edge
