// ListOptions: "what may I ask, and of whom" by the same rules that decide
// (policy/engine/options.h).
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "broker/exchange/access.h"
#include "broker/rpc/convert.h"
#include "broker/rpc/exchange_service.h"
#include "broker/rpc/unary.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "policy/engine/options.h"

namespace sluis::rpc {
namespace {

policy::OptionsQuery QueryOf(const v1::ListOptionsRequest& request, const PartyId& caller,
                             absl::Time now) {
  return {.unit = caller.unit.str(),
          .action = request.action(),
          .purpose = request.purpose(),
          .provider_unit = request.provider_unit(),
          .case_phase = request.case_phase(),
          .subject_category = request.subject_category(),
          .time = now};
}

// Who could be asked: the desks of those units that take part now.
void AddProviders(const policy::Option& option, const identity::Directory& directory,
                  v1::Option* out) {
  for (const identity::Partner& partner : directory.partners()) {
    if (partner.suspended) continue;
    for (const identity::UnitEntry& unit : partner.units) {
      const auto& wanted = option.provider_units;
      if (std::find(wanted.begin(), wanted.end(), unit.unit.str()) == wanted.end()) continue;
      out->add_providers(PartyName({partner.oin, unit.unit}));
    }
  }
}

}  // namespace

grpc::ServerUnaryReactor* ExchangeServiceImpl::ListOptions(grpc::CallbackServerContext* context,
                                                           const v1::ListOptionsRequest* request,
                                                           v1::ListOptionsResponse* out) {
  return RunRead(gate_, context, request, [&](const exchange::Caller& caller) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const PartyId parent, ParsePartyName(request->parent()));
    SLUIS_RETURN_IF_ERROR(exchange::OwnParty(caller, parent));
    SLUIS_ASSIGN_OR_RETURN(
        const std::string token,
        gate_.pages().Read(caller, "ListOptions", *request, request->page_token(), gate_.Now()));
    std::uint64_t first = 0;
    if (!token.empty()) {
      SLUIS_ASSIGN_OR_RETURN(first, ParseDecimal(token, 1 << 20));
    }
    const exchange::PolicyInForce policy = gate_.policies().Current();
    const std::vector<policy::Option> options =
        policy::ListOptions(*policy.pack, QueryOf(*request, caller.party, gate_.Now()));
    const std::size_t end =
        std::min(options.size(), static_cast<std::size_t>(first) +
                                     static_cast<std::size_t>(PageSize(request->page_size())));
    for (std::size_t i = first; i < end; ++i) {
      v1::Option* line = out->add_options();
      ToWire(options[i], line);
      AddProviders(options[i], *gate_.directories().Current(), line);
    }
    if (end < options.size()) {
      out->set_next_page_token(
          gate_.pages().Make(caller, "ListOptions", *request, absl::StrCat(end), gate_.Now()));
    }
    return absl::OkStatus();
  });
}

}  // namespace sluis::rpc
