#include "tests/broker/authzen/exchange_desk.h"

namespace sluis::authzen::testing {

using exchange::testing::Analyst;
using exchange::testing::Oov;
using exchange::testing::Supervisor;

Json ExchangeDesk::PoliceQuestionIn(const CaseId& id) const {
  return {{"subject", SubjectOf(Oov())},
          {"action",
           {{"name", "request"},
            {"properties", {{"purpose", "openbare-orde"}, {"basis", "wpg-16-1-b"}}}}},
          {"resource",
           {{"type", "case-signal"},
            {"id", id.hex()},
            {"properties",
             {{"provider_organisation", Analyst().party.oin.str()},
              {"provider_unit", Analyst().party.unit.str()},
              {"regime", "wpg-8"},
              {"subject_category", "verdachte"},
              {"fields", {"p-naam", "pand-adres", "ant-politiemelding"}}}}}}};
}

Json ExchangeDesk::SignalIn(const CaseId& id) const {
  return {
      {"subject", SubjectOf(Supervisor())},
      {"action",
       {{"name", "disclose"},
        {"properties", {{"purpose", "signaal-intake"}, {"basis", "avg-6-1-e+gemeentewet-172"}}}}},
      {"resource",
       {{"type", "case-signal"},
        {"id", id.hex()},
        {"properties",
         {{"recipient_organisation", Oov().party.oin.str()},
          {"recipient_unit", Oov().party.unit.str()},
          {"regime", "avg"},
          {"subject_category", "bewoner"},
          {"fields", {"sig-thema", "sig-feiten", "p-naam", "pand-adres"}}}}}}};
}

}  // namespace sluis::authzen::testing
