#include "clients/cli/desk.h"

#include <set>

#include "absl/strings/str_format.h"
#include "clients/cli/desk_texts.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/ids.h"
#include "lib/base/status_macros.h"
#include "lib/textproto/text_proto.h"

namespace sluis::cli {
namespace {

absl::Status Invalid(const std::string& what) {
  return Error(ErrorCode::kInvalid, "DESK_INVALID", what);
}

bool Complete(const edge::v1::Words& words) { return !words.nl().empty() && !words.en().empty(); }

absl::Status CheckTemplate(const edge::v1::Template& filled, const std::string& path) {
  if (!IsResourceId(filled.id())) return Invalid(path + ".id: must be a code");
  if (!Complete(filled.title())) return Invalid(path + ".title: needs nl and en");
  if (filled.action() != "request" && filled.action() != "disclose" && filled.action() != "recall") {
    return Invalid(path + ".action: must be request, disclose or recall");
  }
  if (filled.fields().empty()) return Invalid(path + ".fields: needs at least one");
  return absl::OkStatus();
}

absl::Status CheckDesk(const std::string& kind, const edge::v1::Desk& desk, const std::string& path) {
  SLUIS_ASSIGN_OR_RETURN(const UnitPath unit, UnitPath::Parse(desk.unit()));
  if (unit.kind() != kind) return Invalid(path + ".unit: is of another kind than the file");
  if (!Complete(desk.title())) return Invalid(path + ".title: needs nl and en");
  std::set<std::string> ids;
  for (int i = 0; i < desk.templates_size(); ++i) {
    const std::string place = absl::StrFormat("%s.templates[%d]", path, i);
    SLUIS_RETURN_IF_ERROR(CheckTemplate(desk.templates(i), place));
    if (!ids.insert(desk.templates(i).id()).second) return Invalid(place + ".id: stands twice");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<edge::v1::Desks> ParseDesks(std::string_view text) {
  edge::v1::Desks desks;
  SLUIS_RETURN_IF_ERROR(ParseTextProto(text, "desk", &desks));
  if (!IsResourceId(desks.kind())) return Invalid("kind: must be a code");
  std::set<std::string> units;
  for (int i = 0; i < desks.desks_size(); ++i) {
    const std::string path = absl::StrFormat("desks[%d]", i);
    SLUIS_RETURN_IF_ERROR(CheckDesk(desks.kind(), desks.desks(i), path));
    if (!units.insert(desks.desks(i).unit()).second) return Invalid(path + ".unit: stands twice");
  }
  return desks;
}

absl::StatusOr<std::vector<edge::v1::Desks>> BuiltInDesks() {
  std::vector<edge::v1::Desks> all;
  for (const std::string_view text : DeskTexts()) {
    SLUIS_ASSIGN_OR_RETURN(edge::v1::Desks desks, ParseDesks(text));
    all.push_back(std::move(desks));
  }
  return all;
}

absl::StatusOr<edge::v1::Desk> FindDesk(const std::vector<edge::v1::Desks>& all, std::string_view unit) {
  std::vector<std::string> known;
  for (const edge::v1::Desks& desks : all) {
    for (const edge::v1::Desk& desk : desks.desks()) {
      if (desk.unit() == unit) return desk;
      known.push_back(desk.unit());
    }
  }
  return Error(ErrorCode::kNotFound, "DESK_UNKNOWN", "this unit has no desk of its own",
               {{"nearest", Nearest(unit, known)}});
}

std::string TemplateLine(const edge::v1::Template& filled) {
  std::string line = absl::StrFormat("sluis %s create --to OIN/%s --purpose %s --basis %s", filled.action(),
                                     filled.counterpart_unit(), filled.purpose(), filled.legal_basis());
  for (const std::string& field : filled.fields()) line += " --field " + field;
  return line + absl::StrFormat(" --regime %s --category %s --new-case %s", filled.regime(),
                                filled.subject_category(), filled.case_phase());
}

}  // namespace sluis::cli
