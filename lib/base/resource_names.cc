#include "lib/base/resource_names.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

constexpr std::string_view kPartners = "partners/";
constexpr std::string_view kUnits = "/units/";
constexpr std::string_view kExchanges = "/exchanges/";
constexpr std::string_view kCases = "cases/";

absl::Status BadName(std::string_view shape) {
  return InvalidField("FIELD_INVALID", "name", absl::StrFormat("must be %s", std::string(shape)));
}

// A department may hold hyphens, a kind does not: the first one stands for the slash.
absl::StatusOr<UnitPath> ParseUnitSegment(std::string_view segment) {
  const std::size_t hyphen = segment.find('-');
  if (hyphen == std::string_view::npos) return BadName("a unit as kind-department");
  std::string path(segment);
  path[hyphen] = '/';
  return UnitPath::Parse(path);
}

}  // namespace

std::string PartyName(const PartyId& party) {
  std::string unit = party.unit.str();
  if (const std::size_t slash = unit.find('/'); slash != std::string::npos) unit[slash] = '-';
  return std::string(kPartners) + party.oin.str() + std::string(kUnits) + unit;
}

std::string CaseName(const CaseId& id) { return std::string(kCases) + id.hex(); }

std::string ExchangeName(const PartyId& owner, const ExchangeId& id) {
  return PartyName(owner) + std::string(kExchanges) + id.hex();
}

std::string ArrangementName(std::string_view id) { return "arrangements/" + std::string(id); }

absl::StatusOr<PartyId> ParsePartyName(std::string_view name) {
  const std::size_t units = name.find(kUnits);
  if (!name.starts_with(kPartners) || units == std::string_view::npos) {
    return BadName("partners/{oin}/units/{unit}");
  }
  SLUIS_ASSIGN_OR_RETURN(Oin oin,
                         Oin::Parse(name.substr(kPartners.size(), units - kPartners.size())));
  SLUIS_ASSIGN_OR_RETURN(UnitPath unit, ParseUnitSegment(name.substr(units + kUnits.size())));
  return PartyId{std::move(oin), std::move(unit)};
}

absl::StatusOr<CaseId> ParseCaseName(std::string_view name) {
  if (!name.starts_with(kCases)) return BadName("cases/{32 lower-case hex}");
  return CaseId::Parse(name.substr(kCases.size()));
}

absl::StatusOr<ParsedExchangeName> ParseExchangeName(std::string_view name) {
  const std::size_t exchanges = name.find(kExchanges);
  if (exchanges == std::string_view::npos) {
    return BadName("partners/{oin}/units/{unit}/exchanges/{32 lower-case hex}");
  }
  SLUIS_ASSIGN_OR_RETURN(PartyId owner, ParsePartyName(name.substr(0, exchanges)));
  SLUIS_ASSIGN_OR_RETURN(ExchangeId id,
                         ExchangeId::Parse(name.substr(exchanges + kExchanges.size())));
  return ParsedExchangeName{std::move(owner), id};
}

}  // namespace sluis
