// Ids of denials: good for who was denied, for the question as it was, for half an hour.
#include "broker/authzen/denial_tokens.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using ::sluis::testing::HasReason;
using ::sluis::testing::IsOk;

const absl::Time kThen = absl::FromUnixMillis(1'795'518'000'123);

Denial DenialAt(const std::string& id, absl::Time evaluated = kThen) {
  return {id, evaluated + kDenialLife, evaluated};
}

TEST(DenialTokens, ComeBackForWhatTheyWereMadeFor) {
  const DenialTokens tokens;
  const std::string id = tokens.Make("bound", kThen + absl::Microseconds(7));
  EXPECT_THAT(id, ::testing::MatchesRegex("ev-[A-Za-z0-9_-]{60,100}"));
  EXPECT_NE(id, tokens.Make("bound", kThen)) << "each evaluation has an id of its own";
  EXPECT_OK(tokens.Check(DenialAt(id), "bound", kThen));
  Denial without_time = DenialAt(id);
  without_time.evaluated_at.reset();
  EXPECT_OK(tokens.Check(without_time, "bound", kThen + kDenialLife - absl::Seconds(1)));
}

TEST(DenialTokens, AreNoOthers) {
  const DenialTokens tokens, of_another_run;
  const std::string id = tokens.Make("bound", kThen);
  const auto not_bound = HasReason("DENIAL_NOT_BOUND");
  EXPECT_THAT(tokens.Check(DenialAt(id), "bounded", kThen), not_bound);
  EXPECT_THAT(of_another_run.Check(DenialAt(id), "bound", kThen), not_bound);
  EXPECT_THAT(tokens.Check(DenialAt(id, kThen + absl::Seconds(1)), "bound", kThen), not_bound);
  Denial longer = DenialAt(id);
  longer.expires_at += absl::Hours(1);
  EXPECT_THAT(tokens.Check(longer, "bound", kThen), not_bound);
  Denial other_moment = DenialAt(id);
  other_moment.evaluated_at = kThen - absl::Seconds(1);
  EXPECT_THAT(tokens.Check(other_moment, "bound", kThen), not_bound);
}

TEST(DenialTokens, AnyOtherTextIsNone) {
  const DenialTokens tokens;
  const std::string id = tokens.Make("bound", kThen);
  for (std::size_t i = 0; i < id.size(); ++i) {
    std::string changed = id;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(tokens.Check(DenialAt(changed), "bound", kThen), HasReason("DENIAL_NOT_BOUND"));
  }
  for (const std::string& text :
       {std::string(), std::string("ev-"), id.substr(3), id + "A", id.substr(0, id.size() - 4),
        "ev-" + std::string(32, 'a'), std::string(100000, 'e')}) {
    EXPECT_THAT(tokens.Check(DenialAt(text), "bound", kThen), HasReason("DENIAL_NOT_BOUND"));
  }
}

TEST(DenialTokens, GrowOld) {
  const DenialTokens tokens;
  const std::string id = tokens.Make("bound", kThen);
  EXPECT_THAT(tokens.Check(DenialAt(id), "bound", kThen + kDenialLife),
              HasReason("DENIAL_EXPIRED"));
}

TEST(DenialTokens, AreBoundToTheWholeQuestionAndWhoAsksIt) {
  exchange::Caller caller;
  caller.person = "f-1";
  Question question;
  question.subject = {"functionary", "f-1", {}};
  question.action = {"disclose", {{"purpose", "p"}}};
  question.resource = {"case-signal", "c", {{"fields", {"a", "b"}}}};
  const std::string bound = BoundOf(question, caller);
  Question other = question;
  other.context = {{"motivering", "x"}};
  EXPECT_EQ(BoundOf(other, caller), bound) << "what is said beside it changes nothing";
  other.resource.properties["fields"] = {"a"};
  EXPECT_NE(BoundOf(other, caller), bound);
  other = question;
  other.subject.id = "f-2";
  EXPECT_NE(BoundOf(other, caller), bound);
  other = question;
  other.action.properties["purpose"] = "q";
  EXPECT_NE(BoundOf(other, caller), bound);
  for (std::string exchange::Caller::*member :
       {&exchange::Caller::person, &exchange::Caller::mandate}) {
    exchange::Caller else_where = caller;
    else_where.*member = "x";
    EXPECT_NE(BoundOf(question, else_where), bound);
  }
}

}  // namespace
}  // namespace sluis::authzen
