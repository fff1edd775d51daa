// What a statement covers (pseudonyms.md §8.2): for every kind of request one statement that does,
// and then the same with one thing in it changed, which must not.
#include "lib/pseudonym/decision_statement.h"

#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_format.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

constexpr std::int64_t kIssued = 1'790'000'000, kExpires = kIssued + 3600;
const Party kOov{"00000099000000001000", "gemeente/oov"};
const Party kRiec{"00000099000000003000", "riec/bureau"};
const Party kOther{"00000099000000002000", "politie/informatie"};

Domain Case(char fill, const Party& recipient, std::string_view purpose) {
  return Domain::Case(1, std::string(32, fill), recipient, purpose).value();
}

struct Use {
  const char* name;
  RequestKind kind;
  const char* action;
  Party signer, to;
  Party provider, recipient, subject;
  Domain d_from, d_to;
  Domain about;  // whose case and purpose the statement names
  bool names_case = true, names_source = false, names_register = false;
};

std::vector<Use> AllUses() {
  const Domain origin = Domain::Origin(SubjectKind::kBsn);
  const Domain table = Case('a', kRiec, "riec-signaalweging");
  const Domain casus = Case('b', kRiec, "riec-casus");
  const Domain intake = Case('c', kOov, "signaal-intake");
  const Domain index = Domain::Index(1, kRiec, "personen").value();
  using enum RequestKind;
  return {
      {"disclose", kTranscrypt, "disclose", kOov, kRiec, kOov, kRiec, kOov, origin, table, table},
      {"answer", kTranscrypt, "request", kOov, kRiec, kOov, kRiec, kRiec, origin, table, table},
      {"question", kTranscrypt, "request", kOov, kRiec, kRiec, kOov, kOov, origin, table, table},
      {"move", kMove, "move", kRiec, kRiec, kRiec, kRiec, kRiec, table, casus, casus, true, true},
      {"promote", kMove, "promote", kRiec, kRiec, kRiec, kRiec, kRiec, table, casus, casus, true,
       true},
      {"inquire by identity", kInquire, "inquire", kOov, kRiec, kRiec, kOov, kOov, origin, index,
       intake, false, false, true},
      {"inquire by pseudonym", kInquire, "inquire", kOov, kRiec, kRiec, kOov, kOov, intake, index,
       intake, true, false, true},
      {"reverse", kReverse, "reidentify", kRiec, kOov, kOov, kRiec, kRiec, table, origin, table},
      {"pass on", kPassOn, "disclose", kOov, kRiec, kOov, kRiec, kOov, intake, table, table, true,
       true},
  };
}

void SetParty(Json& request, const std::string& role, const Party& party) {
  if (role == "subject") {
    request["subject"]["properties"] = {{"organisation", party.oin}, {"unit", party.unit}};
    return;
  }
  request["resource"]["properties"][role + "_organisation"] = party.oin;
  request["resource"]["properties"][role + "_unit"] = party.unit;
}

Json RequestOf(const Use& use) {
  Json request = {{"action", {{"name", use.action}, {"properties", Json::object()}}},
                  {"resource", {{"id", ""}, {"properties", Json::object()}}},
                  {"subject", {{"properties", Json::object()}}}};
  request["action"]["properties"]["purpose"] = use.about.purpose();
  request["resource"]["id"] = use.about.case_id();
  SetParty(request, "provider", use.provider);
  SetParty(request, "recipient", use.recipient);
  SetParty(request, "subject", use.subject);
  Json& properties = request["resource"]["properties"];
  if (use.names_source) properties["from_case"] = use.d_from.case_id();
  if (use.names_source) properties["from_purpose"] = use.d_from.purpose();
  if (use.names_register) properties["register"] = use.d_to.register_name();
  return request;
}

class CoversTest : public ::testing::Test {
 protected:
  StatementTerms TermsFor(Json request) {
    StatementTerms terms;
    terms.exchange = "exchange";
    terms.issued = kIssued;
    terms.expires = kExpires;
    terms.pack = pack;
    terms.request = std::move(request);
    terms.outcome = "PERMITTED";
    terms.fields = {{"p-naam", "pseudonym"}};
    terms.rules = {"P-01"};
    return terms;
  }
  absl::Status Covers(const Use& use, const StatementTerms& terms, std::uint64_t items = 1,
                      std::int64_t now = kIssued) {
    const DecisionStatement statement = DecisionStatement::Sign(terms, broker).value();
    const RequestHead head{use.kind,
                           use.signer,
                           {},
                           use.d_from.bytes(),
                           use.d_to.bytes(),
                           {},
                           {},
                           GroupElement::Generator(),
                           {},
                           0,
                           0,
                           statement.digest(),
                           kFlagVerifiable};
    const Route route{use.d_from, use.d_to, Context::Draw(use.signer).value(),
                      Context::Draw(use.to).value()};
    const Digest packs[] = {pack};
    return CheckCovers(statement, head, route, items, absl::FromUnixSeconds(now), packs);
  }
  absl::Status Covers(const Use& use, const Json& request) {
    return Covers(use, TermsFor(request));
  }
  void ExpectNot(const Use& use, const std::function<void(Json&)>& change) {
    Json request = RequestOf(use);
    change(request);
    EXPECT_THAT(Covers(use, request), HasReason("E_MANDATE"));
  }

  const Ed25519PrivateKey broker = Ed25519PrivateKey::Generate();
  const Digest pack{1, 2, 3};
};

TEST_F(CoversTest, WhatItSays) {
  for (const Use& use : AllUses()) {
    SCOPED_TRACE(use.name);
    EXPECT_OK(Covers(use, RequestOf(use)));
  }
}

// A promotion is a move into another case, and a request covers what its answer takes.
bool MayAlsoBe(const Use& use, std::string_view action) {
  if (use.kind == RequestKind::kMove) return action == "move" || action == "promote";
  if (use.kind == RequestKind::kInquire) return action == "inquire" || action == "request";
  return action == use.action;
}

TEST_F(CoversTest, NoOtherAction) {
  for (const Use& use : AllUses()) {
    for (const char* action : {"disclose", "request", "move", "promote", "inquire", "reidentify",
                               "enrol", "pass", "x"}) {
      if (MayAlsoBe(use, action)) continue;
      SCOPED_TRACE(std::string(use.name) + " by " + action);
      ExpectNot(use, [&](Json& request) { request["action"]["name"] = action; });
    }
  }
}

// Every set of roles with another party in it, so that no comparison hides behind another one.
TEST_F(CoversTest, NoOtherParty) {
  const char* roles[] = {"provider", "recipient", "subject"};
  for (const Use& use : AllUses()) {
    for (unsigned set = 1; set < 8; ++set) {
      for (const Party& other : {kOther, Party{use.signer.oin, "gemeente/elders"},
                                 Party{use.to.oin, "gemeente/elders"}}) {
        SCOPED_TRACE(absl::StrFormat("%s, roles %d, %s", use.name, set, other.oin));
        ExpectNot(use, [&](Json& request) {
          for (unsigned i = 0; i < 3; ++i) {
            if ((set >> i & 1) != 0) SetParty(request, roles[i], other);
          }
        });
      }
    }
  }
}

TEST_F(CoversTest, NoOtherSignerOrReceiver) {
  for (const Use& use : AllUses()) {
    SCOPED_TRACE(use.name);
    Use other = use;
    other.signer = kOther;
    EXPECT_THAT(Covers(other, RequestOf(use)), HasReason("E_MANDATE"));
    other = use;
    other.to = kOther;
    EXPECT_THAT(Covers(other, RequestOf(use)), HasReason("E_MANDATE"));
  }
}

TEST_F(CoversTest, NoOtherCasePurposeOrRegister) {
  for (const Use& use : AllUses()) {
    SCOPED_TRACE(use.name);
    if (use.names_case) {
      ExpectNot(use, [](Json& r) { r["resource"]["id"] = std::string(32, 'f'); });
      ExpectNot(use, [](Json& r) { r["action"]["properties"]["purpose"] = "anders"; });
    }
    if (use.names_source) {
      for (const char* name : {"from_case", "from_purpose"}) {
        ExpectNot(use, [&](Json& r) { r["resource"]["properties"][name] = "anders"; });
        ExpectNot(use, [&](Json& r) { r["resource"]["properties"].erase(name); });
      }
    }
    if (use.names_register) {
      ExpectNot(use, [](Json& r) { r["resource"]["properties"]["register"] = "anders"; });
    }
  }
}

TEST_F(CoversTest, PromotionIsIntoAnotherCase) {
  Use use = AllUses()[4];
  use.d_from = Domain::Case(2, use.d_to.case_id(), kRiec, use.d_to.purpose()).value();
  EXPECT_THAT(Covers(use, RequestOf(use)), HasReason("E_MANDATE"));
  use.action = "move";  // into the next epoch of the same case
  EXPECT_OK(Covers(use, RequestOf(use)));
}

TEST_F(CoversTest, FrameIsCheckedToTheSecond) {
  const Use use = AllUses()[0];
  const StatementTerms good = TermsFor(RequestOf(use));
  EXPECT_OK(Covers(use, good, 1, kIssued - 60));
  EXPECT_THAT(Covers(use, good, 1, kIssued - 61), HasReason("E_MANDATE"));
  EXPECT_OK(Covers(use, good, 1, kExpires));
  EXPECT_THAT(Covers(use, good, 1, kExpires + 1), HasReason("E_MANDATE"));
  StatementTerms terms = good;
  terms.pack[0] ^= 1;
  EXPECT_THAT(Covers(use, terms), HasReason("E_MANDATE"));
  for (const char* outcome : {"DENIED", "UNDECIDED", "permitted"}) {
    terms = good;
    terms.outcome = outcome;
    EXPECT_THAT(Covers(use, terms), HasReason("E_MANDATE")) << outcome;
  }
  terms = good;
  terms.bulk = 3;
  EXPECT_OK(Covers(use, terms, 3));
  EXPECT_THAT(Covers(use, terms, 4), HasReason("E_MANDATE"));
}

// --- enrolment ---

Use Enrolment() {
  const Domain index = Domain::Index(1, kRiec, "personen").value();
  return {"enrol",
          RequestKind::kEnrol,
          "enrol",
          kRiec,
          kRiec,
          kRiec,
          kRiec,
          kRiec,
          Domain::Origin(SubjectKind::kBsn),
          index,
          Case('0', kRiec, "register"),
          true,
          false,
          true};
}

class EnrolCoversTest : public CoversTest {
 protected:
  absl::Status Enrols(const Json& request, const Party& owner, const Domain& index,
                      std::uint64_t items = 1) {
    StatementTerms terms = TermsFor(request);
    terms.bulk = 10;
    const DecisionStatement statement = DecisionStatement::Sign(terms, broker).value();
    const Digest packs[] = {pack};
    return CheckCoversEnrolment(statement, statement.digest(), owner, index, items,
                                absl::FromUnixSeconds(kIssued), packs);
  }
  void ExpectNoEnrolment(const std::function<void(Json&)>& change) {
    Json request = RequestOf(Enrolment());
    change(request);
    EXPECT_THAT(Enrols(request, kRiec, Enrolment().d_to), HasReason("E_MANDATE"));
  }
};

TEST_F(EnrolCoversTest, WhatItSaysAndNothingElse) {
  const Json request = RequestOf(Enrolment());
  const Domain index = Enrolment().d_to;
  EXPECT_OK(Enrols(request, kRiec, index));
  EXPECT_OK(Enrols(request, kRiec, index, 10));
  EXPECT_THAT(Enrols(request, kRiec, index, 11), HasReason("E_MANDATE"));
  EXPECT_THAT(Enrols(request, kOther, index), HasReason("E_MANDATE"));
  EXPECT_THAT(Enrols(request, kRiec, Domain::Index(1, kOther, "personen").value()),
              HasReason("E_MANDATE"));
  EXPECT_THAT(Enrols(request, kRiec, Domain::Index(1, kRiec, "anders").value()),
              HasReason("E_MANDATE"));
  ExpectNoEnrolment([](Json& r) { r["action"]["name"] = "disclose"; });
  ExpectNoEnrolment([](Json& r) { r["resource"]["id"] = std::string(32, 'a'); });
  ExpectNoEnrolment([](Json& r) { r["resource"]["properties"]["register"] = "anders"; });
  for (const char* role : {"provider", "recipient", "subject"}) {
    ExpectNoEnrolment([&](Json& r) { SetParty(r, role, kOther); });
  }
  ExpectNoEnrolment([](Json& r) {
    SetParty(r, "provider", kOther);
    SetParty(r, "subject", kOther);
  });
}

}  // namespace
}  // namespace sluis::pseudonym
