// A whole broker core for tests: the real policy pack, journal and log on a store in memory, a
// signed directory of a small region, and edges that seal and sign as the real ones do.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "broker/exchange/service.h"
#include "broker/journal/journal.h"
#include "broker/storage/memory/memory_store.h"
#include "lib/base/clock.h"
#include "lib/sealing/release_header.h"
#include "lib/tlog/trust_policy.h"
#include "tests/lib/identity/region.h"
#include "tests/support/temp_dir.h"

namespace sluis::exchange::testing {

// A person at his desk.
struct Desk {
  PartyId party;
  std::string person;
  std::vector<std::string> roles;
};

Desk Oov();             // f-oov, of the town
Desk SocialDomain();    // f-sociaal
Desk Alderman();        // f-wethouder
Desk Mayor();           // f-burgemeester
Desk PrivacyOfficer();  // f-po, of the town
Desk Analyst();         // pol-014, politie-verstrekker
Desk Detective();       // pol-099, of the same desk without a role
Desk Prosecutor();      // om-007, om-wjsg-beoordelaar
Desk SmallTown();       // f-klein
Desk Supervisor();      // f-toezicht, of the town
Desk RiecOffice();      // f-riec-bureau
Desk RiecAccount();     // f-riec-account
Desk CaseLeader();      // riec-003, casusregisseur, at the office

// One field of a release.
struct Released {
  std::string field, form, content;
};

class World : public ::testing::Test {
 protected:
  World();
  ~World() override;

  // Waits for the reply of an act.
  template <typename T, typename Start>
  absl::StatusOr<T> Await(Start start) {
    std::promise<absl::StatusOr<T>> promise;
    start([&promise](absl::StatusOr<T> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  // A caller with a fresh assertion.
  Caller As(const Desk& desk);
  RequestStamp Stamp(const char* method);
  CaseId NewCase(const Desk& desk, const std::string& phase);

  // OOV asks the police for named fields in its own case, as STORY-019; `edit` changes the
  // question.
  CreateExchange PoliceQuestion(const CaseId& in_case) const;
  absl::StatusOr<ExchangeResult> Create(const Desk& desk, CreateExchange ask);
  // With the sealed identity of `value`.
  absl::StatusOr<ExchangeResult> CreateAbout(const Desk& desk, CreateExchange ask,
                                             const std::string& value);

  // Seals and signs as the provider's edge does.
  Answer Release(const ExchangeResult& to, const std::vector<Released>& fields,
                 const std::string& regime = "wpg-8", const std::string& category = "verdachte");
  absl::StatusOr<ExchangeResult> AnswerWith(const Desk& desk, const Answer& answer);
  std::vector<Released> PoliceAnswer() const;
  // A question that was answered and waits.
  ExchangeResult Answered();
  ExchangeResult Collected();

  std::string Open(const DeliveryResult& delivery, const Desk& desk, std::size_t field);
  // Kinds of the leaves of an exchange, in order.
  std::vector<std::string> LeavesOf(const ExchangeId& id);
  // How often this kind stands in the whole log.
  int Count(tlog::LeafKind kind);
  void CheckReceipts(const Receipts& receipts);

  sluis::testing::TempDir folder;
  ManualClock clock;
  storage::MemoryStore store;
  identity::testing::TestPartner town, small_town, police, prosecution, riec;
  std::unique_ptr<PolicySource> policies;
  std::unique_ptr<DirectorySource> directories;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<Service> service;

  // A service over the same store and journal, as after a restart.
  void StartService(const PseudonymPlane* pseudonyms);
  const identity::testing::TestPartner& PartnerOf(const Oin& oin) const;
  // Puts a next directory into force, with the partners as they are now.
  void RenewDirectory();

 private:
  int next_ = 0;
};

}  // namespace sluis::exchange::testing
