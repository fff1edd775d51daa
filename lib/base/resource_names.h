// Resource names (api.md §2): parsed once, here, into typed ids. In a name the slash of a unit is
// written as a hyphen: gemeente/oov is units/gemeente-oov.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/ids.h"

namespace sluis {

std::string PartyName(const PartyId& party);
std::string CaseName(const CaseId& id);
std::string ExchangeName(const PartyId& owner, const ExchangeId& id);
std::string ArrangementName(std::string_view id);

struct ParsedExchangeName {
  PartyId owner;
  ExchangeId id;
};

// INVALID_ARGUMENT for any other spelling.
absl::StatusOr<PartyId> ParsePartyName(std::string_view name);
absl::StatusOr<CaseId> ParseCaseName(std::string_view name);
absl::StatusOr<ParsedExchangeName> ParseExchangeName(std::string_view name);

}  // namespace sluis
