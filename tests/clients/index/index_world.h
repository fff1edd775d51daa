// A register file of the police, the two transcryptors of the edge's tests behind the port, and
// what can go wrong between.
#pragma once

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "clients/lib/commitment_book.h"
#include "clients/lib/index/index_builder.h"
#include "clients/lib/index/register_index.h"
#include "lib/pseudonym/decision_statement.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {

// The n-th person of the test range, from 0.
inline std::string TestBsn(int n) {
  for (int number = 999990000;; ++number) {
    const std::string text = std::to_string(number);
    if (Subject::Create(SubjectKind::kBsn, text).ok() && n-- == 0) return text;
  }
}

class PairPort : public EnrolmentPort {
 public:
  explicit PairPort(EdgeWorld& world) : world_(world) {}
  absl::StatusOr<Bytes> Prepare(const std::string&) override {
    ++prepared;
    pseudonym::StatementTerms terms;
    terms.exchange = std::string(32, '0');
    terms.issued = absl::ToUnixSeconds(world_.clock.Now());
    terms.expires = terms.issued + 3600;
    terms.outcome = "PERMITTED";
    terms.bulk = 1000;
    auto statement = pseudonym::DecisionStatement::Sign(terms, world_.broker.decision_key);
    if (!statement.ok()) return statement.status();
    return statement->wire();
  }
  absl::StatusOr<wire::EvaluateEnrolmentResponse> Evaluate(BytesView enrolment,
                                                           BytesView) override {
    ++called;
    if (before) {
      const absl::Status stop = before(called);
      if (!stop.ok()) return stop;
    }
    auto answer = world_.broker.transcryptors.Enrol(enrolment);
    if (!answer.ok()) return answer;
    items += pseudonym::SignedEnrolment::Decode(enrolment)->elements().size();
    if (change) change(*answer);
    return answer;
  }
  int prepared = 0, called = 0;
  std::size_t items = 0;
  std::function<absl::Status(int call)> before;
  std::function<void(wire::EvaluateEnrolmentResponse&)> change;

 private:
  EdgeWorld& world_;
};

class IndexWorld {
 public:
  IndexWorld() : party(PartyFolder::Load(world.PoliceParty()).value()) {}

  v1::RegisterMapping Mapping() const {
    return ParseMapping(R"(
      name: "politie-informatie" file: "people.csv" encoding: ENCODING_UTF_8 delimiter: ","
      keys { kind: "bsn" column: "bsn" } keys { kind: "kenteken" column: "plate" }
      regime { by_column { column: "regime" entries { text: "8" code: "wpg-8" }
                           entries { text: "9" code: "wpg-9" } } }
      subject_category { constant: "persoon" }
      fields { field: "ant-politiemelding" forms { form: "presence" present {} } })")
        .value();
  }
  void Write(const std::string& rows, const std::string& header = "bsn,plate,regime") {
    std::ofstream(world.PoliceParty() / "people.csv", std::ios::binary) << header << "\n" << rows;
  }
  // Persons from..to-1.
  void WritePeople(int from, int to) {
    std::string rows;
    for (int n = from; n < to; ++n) rows += TestBsn(n) + ",,8\n";
    Write(rows);
  }
  absl::StatusOr<EnrolReport> Enrol(EnrolOptions options = {}) {
    CommitmentBook book(party.commitments());
    return IndexBuilder(party, entry, port, book, world.clock)
        .Run(Mapping(), world.PoliceParty(), options);
  }
  absl::StatusOr<std::unique_ptr<RegisterIndex>> Open() {
    return RegisterIndex::Open(party, entry.id, entry.epoch);
  }
  // What an inquiry about the subject arrives as: computed by the factors alone.
  pseudonym::IndexPseudonym Arriving(const Subject& subject) {
    return world.broker.transcryptors.IndexPseudonymOf(
        subject, pseudonym::Domain::Index(static_cast<std::uint32_t>(entry.epoch),
                                          pseudonym::Party::Of(party.party()), entry.id)
                     .value());
  }
  bool Knows(const Subject& subject) {
    const auto found = (*Open())->Find(Arriving(subject));
    EXPECT_OK(found);
    return found->has_value() && (*found)->Equals(subject);
  }

  EdgeWorld world;
  PartyFolder party;
  identity::Register entry{"politie-informatie", "wpg-8", 1000, 1, {"bsn", "kenteken"}};
  PairPort port{world};
};

}  // namespace sluis::edge::testing
