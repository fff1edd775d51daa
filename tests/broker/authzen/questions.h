// Questions that more than one face is asked.
#pragma once

#include "lib/base/json.h"
#include "tests/broker/exchange/world.h"

namespace sluis::authzen::testing {

// What a supervisor may tell public order of the same town.
inline Json SignalAbout(const CaseId& id) {
  using exchange::testing::Oov, exchange::testing::Supervisor;
  return {
      {"subject", {{"type", "functionary"}, {"id", Supervisor().person}}},
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
          {"fields", {"sig-thema", "p-naam"}}}}}}};
}

// What public order may report to the RIEC once two persons approved.
inline Json ReportAbout(const CaseId& id) {
  using exchange::testing::Oov, exchange::testing::RiecOffice;
  return {{"subject", {{"type", "functionary"}, {"id", Oov().person}}},
          {"action",
           {{"name", "disclose"},
            {"properties", {{"purpose", "riec-signaalweging"}, {"basis", "wgs-riec"}}}}},
          {"resource",
           {{"type", "case-signal"},
            {"id", id.hex()},
            {"properties",
             {{"recipient_organisation", RiecOffice().party.oin.str()},
              {"recipient_unit", RiecOffice().party.unit.str()},
              {"regime", "avg"},
              {"subject_category", "minderjarige"},
              {"fields", {"sig-thema", "sig-feiten"}}}}}}};
}

}  // namespace sluis::authzen::testing
