// Two parties with their folders, a person each, and the scripted broker between them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clients/lib/edge.h"
#include "lib/base/clock.h"
#include "tests/clients/lib/scripted_broker.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/lib/identity/region.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge::testing {

inline constexpr char kTownUnit[] = "gemeente/oov";
inline constexpr char kPoliceUnit[] = "politie/informatie";
inline constexpr char kProsecutionUnit[] = "om/parket";
inline constexpr char kTestBsn[] = "999990019";

// People of the test range.
Subject Bsn(std::string_view number);

// What the town asks of the police, in this case (cases/{32 hex}).
ExchangeTerms TermsIn(std::string_view case_name);

// Answers what the broker shows under this name, as a person who says yes to it.
absl::StatusOr<wire::Exchange> AnswerNamed(Edge& edge, const std::string& name,
                                           const ReleaseContent& content);

class EdgeWorld {
 public:
  EdgeWorld();
  ~EdgeWorld();

  std::filesystem::path TownProfile() const { return dir_.path() / "town-person"; }
  std::filesystem::path PoliceProfile() const { return dir_.path() / "police-person"; }
  std::filesystem::path ProsecutionProfile() const { return dir_.path() / "om-person"; }
  std::filesystem::path TownParty() const { return dir_.path() / "town"; }
  std::filesystem::path PoliceParty() const { return dir_.path() / "police"; }
  // A new process, as far as folders know: close the one before.
  std::unique_ptr<Edge> Town() { return EdgeOf(TownProfile()); }
  std::unique_ptr<Edge> Police() { return EdgeOf(PoliceProfile()); }

  std::unique_ptr<Edge> Prosecution() { return EdgeOf(ProsecutionProfile()); }

  // What the town asks, about whom, and what the police answer.
  ExchangeTerms Terms() const;
  static Subject Person();
  static ReleaseContent Content(std::string_view text = "lopend");
  // The name of an exchange in this state: FORWARDED, ANSWERED or COLLECTED.
  std::string Reach(wire::ExchangeState state);

  // A disclosure in this case, announced by `from` to `to`; its name. Fields in form pseudonym:
  // net-relaties and p-naam.
  std::string Announce(Edge& from, const PartyId& to, const ExchangeTerms& terms);
  static ReleaseContent PeopleContent(std::vector<ReleasedSubject> people);
  static PartyId TownId() {
    return identity::testing::PartyOf(identity::testing::kTownOin, kTownUnit);
  }
  static PartyId ProsecutionId() {
    return identity::testing::PartyOf(identity::testing::kProsecutionOin, kProsecutionUnit);
  }

  // Puts a directory of this version with these partners' entries into the broker.
  void ServeDirectory(std::int64_t version);
  Bytes SignedDirectory(std::int64_t version) const;

  ScriptedBroker broker;
  ManualClock clock{absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()))};
  std::vector<absl::Duration> pauses;  // that edges took
  identity::testing::TestPartner town{identity::testing::kTownOin, {kTownUnit}};
  identity::testing::TestPartner police{identity::testing::kPoliceOin, {kPoliceUnit}};
  identity::testing::TestPartner prosecution{identity::testing::kProsecutionOin,
                                             {kProsecutionUnit}};
  identity::testing::TestOfficers officers;
  CaseId case_id = CaseId::Parse("ed9204cd1160fd9a3ed27bfbf2466bdd").value();

 private:
  std::unique_ptr<Edge> EdgeOf(const std::filesystem::path& profile);
  void WriteParty(identity::testing::TestPartner& partner, const std::string& folder,
                  const std::string& unit);
  void WritePerson(identity::testing::TestPartner& partner, const std::string& party,
                   const std::string& unit);

  ::sluis::testing::TempDir dir_;
  ::sluis::testing::TestAuthority authority_{"Test CA"};
};

}  // namespace sluis::edge::testing
