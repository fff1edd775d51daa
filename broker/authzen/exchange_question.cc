#include "broker/authzen/exchange_question.h"

#include <algorithm>
#include <utility>

namespace sluis::authzen {
namespace {

constexpr char kCustom[] = "custom";

bool IsOther(const std::optional<std::string>& claimed, const std::string& known) {
  return claimed.has_value() && *claimed != known;
}

void MapSubject(const Entity& subject, const exchange::Caller& caller, ExchangeQuestion& mapped) {
  if (subject.type != kFunctionary && !mapped.fault.found())
    mapped.fault = {"subject.type", "must be `functionary`"};
  const Members properties(subject.properties, "subject.properties", mapped.fault);
  mapped.subject_mismatch = (subject.id != caller.person && subject.id != caller.ActorId()) ||
                            IsOther(properties.TextIfAny("organisation"), caller.party.oin.str()) ||
                            IsOther(properties.TextIfAny("unit"), caller.party.unit.str()) ||
                            IsOther(properties.TextIfAny("mandate"), caller.mandate);
  mapped.ask.parent = caller.party;
}

void MapAction(const Action& action, ExchangeQuestion& mapped) {
  const Members properties(action.properties, "action.properties", mapped.fault);
  mapped.ask.action = action.name;
  mapped.ask.purpose = properties.Text("purpose");
  mapped.ask.basis = properties.Text("basis");
  mapped.ask.emergency = properties.FlagOr("emergency", false);
}

// One side of the exchange. Of the side that acts, what is left out is the caller's.
PartyId MapSide(const Members& properties, const std::string& side, const PartyId* own) {
  PartyId party;
  if (own != nullptr) party = *own;
  const std::string organisation = side + "_organisation", unit = side + "_unit";
  if (own == nullptr || properties.Has(organisation)) {
    const absl::StatusOr<Oin> oin = Oin::Parse(properties.Text(organisation));
    if (!oin.ok()) properties.Fail(organisation, "must be an OIN of 20 digits");
    party.oin = oin.value_or(Oin());
  }
  if (own == nullptr || properties.Has(unit)) {
    const absl::StatusOr<UnitPath> path = UnitPath::Parse(properties.Text(unit));
    if (!path.ok()) properties.Fail(unit, "must be kind/department, as gemeente/oov");
    party.unit = path.value_or(UnitPath());
  }
  return party;
}

bool MapMode(const Members& properties) {
  const std::string mode = properties.TextIfAny("mode").value_or("all-or-nothing");
  if (mode != "all-or-nothing" && mode != "subset")
    properties.Fail("mode", "must be `all-or-nothing` or `subset`");
  return mode == "subset";
}

void MapResource(const Entity& resource, const exchange::Caller& caller, ExchangeQuestion& mapped) {
  exchange::CreateExchange& ask = mapped.ask;
  if (resource.type != kCaseSignal && !mapped.fault.found())
    mapped.fault = {"resource.type", "must be `case-signal`"};
  const absl::StatusOr<CaseId> id = CaseId::Parse(resource.id);
  if (!id.ok() && !mapped.fault.found())
    mapped.fault = {"resource.id", "must name a case that your unit takes part in"};
  ask.case_id = id.value_or(CaseId());
  const Members properties(resource.properties, "resource.properties", mapped.fault);
  const bool provider_acts = ProviderActsIn(ask.action);
  ask.provider = MapSide(properties, "provider", provider_acts ? &caller.party : nullptr);
  ask.recipient = MapSide(properties, "recipient", provider_acts ? nullptr : &caller.party);
  ask.regime = properties.Text("regime");
  ask.subject_category = properties.Text("subject_category");
  ask.fields = properties.Texts("fields");
  ask.subset = MapMode(properties);
  mapped.phase = properties.TextIfAny("case_phase");
}

void MapContext(const Json& context, ExchangeQuestion& mapped) {
  const Members members(context, "context", mapped.fault);
  if (members.Has("approval")) {
    const Members approval(members.ObjectOrEmpty("approval"), "context.approval", mapped.fault);
    mapped.approval = approval.Text("id");
  }
  if (!members.Has("supported_obligations")) return;
  const std::vector<std::string> types = members.Texts("supported_obligations");
  mapped.takes_obligations = std::find(types.begin(), types.end(), kCustom) != types.end();
}

}  // namespace

bool ProviderActsIn(std::string_view action) { return action == "disclose" || action == "recall"; }

ExchangeQuestion MapToExchange(const Question& question, const exchange::Caller& caller) {
  ExchangeQuestion mapped;
  MapSubject(question.subject, caller, mapped);
  MapAction(question.action, mapped);
  MapResource(question.resource, caller, mapped);
  MapContext(question.context, mapped);
  return mapped;
}

}  // namespace sluis::authzen
