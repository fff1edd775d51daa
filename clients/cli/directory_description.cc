#include "clients/cli/directory_description.h"

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/identity/json_object.h"

namespace sluis::cli {
namespace {

constexpr std::int64_t kMaxVersion = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kMaxPartners = 4096;

Json DescribeUnit(const identity::UnitEntry& entry) {
  Json registers = Json::array();
  for (const identity::Register& kept : entry.registers) registers.push_back(kept.id);
  return {{"unit", entry.unit.str()},
          {"signing", Base64Encode(AsView(entry.signing.raw()))},
          {"sealing", Base64Encode(AsView(entry.sealing.raw()))},
          {"registers", registers}};
}

Json DescribePartner(const identity::Partner& partner) {
  Json units = Json::array(), unit_names = Json::array();
  for (const identity::UnitEntry& entry : partner.units) {
    units.push_back(DescribeUnit(entry));
    unit_names.push_back(entry.unit.str());
  }
  return {{"oin", partner.oin.str()}, {"name", partner.name},   {"kind", partner.kind},
          {"regions", partner.regions}, {"units", units}, {"unit_names", unit_names},
          {"suspended", partner.suspended}};
}

}  // namespace

absl::StatusOr<identity::DirectoryDocument> ReadDirectoryDescription(const Json& description,
                                                                     absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(auto object, identity::JsonObject::Of(description, ""));
  SLUIS_RETURN_IF_ERROR(object.Integer("v", 1, 1).status());
  identity::DirectoryDocument document;
  document.issued = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  SLUIS_ASSIGN_OR_RETURN(document.name, object.Parsed("name", identity::ParseCode));
  SLUIS_ASSIGN_OR_RETURN(document.version, object.Integer("version", 1, kMaxVersion));
  if (object.Has("issued")) {
    SLUIS_ASSIGN_OR_RETURN(document.issued, object.UnixTime("issued"));
  }
  SLUIS_ASSIGN_OR_RETURN(auto partners, object.Objects("partners", 1, kMaxPartners));
  for (identity::JsonObject& partner : partners) {
    SLUIS_ASSIGN_OR_RETURN(identity::Partner read, identity::ReadPartner(std::move(partner)));
    document.partners.push_back(std::move(read));
  }
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return document;
}

Json DescribeDirectory(const identity::Directory& directory) {
  Json partners = Json::array();
  for (const identity::Partner& partner : directory.partners()) {
    partners.push_back(DescribePartner(partner));
  }
  return {{"name", directory.name()},
          {"version", directory.version()},
          {"issued", FormatRfc3339Millis(directory.issued())},
          {"digest", HexEncode(AsView(directory.digest()))},
          {"partners", partners}};
}

}  // namespace sluis::cli
