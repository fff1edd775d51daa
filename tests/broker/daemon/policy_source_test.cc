// The policy in force: what cannot be taken changes nothing, a version never goes back, what is too
// old decides nothing, and a change under load loses and misjudges no request.
#include "broker/daemon/policy_source.h"

#include <gmock/gmock.h>
#include <prometheus/text_serializer.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_format.h"
#include "broker/daemon/reload.h"
#include "broker/exchange/decision_json.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/authzen.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/reading.h"
#include "tests/broker/exchange/world.h"
#include "tests/policy/signed/signed_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::daemon {
namespace {

using policy::testing::LaterPack;
using policy::testing::TestActivators;
using ::sluis::testing::HasReason;
using ::testing::HasSubstr;

// What departments of one municipality tell OOV.
std::vector<policy::EvaluationRequest> InsideRequests() {
  std::vector<policy::EvaluationRequest> all;
  for (const char* unit : {"gemeente/toezicht", "gemeente/vergunningen", "gemeente/oov"}) {
    policy::EvaluationRequest request;
    request.subject_id = "f-001";
    request.subject_organisation = request.provider_organisation = request.recipient_organisation =
        "00000099100000001000";
    request.subject_unit = request.provider_unit = unit;
    request.recipient_unit = "gemeente/oov";
    request.action = "disclose";
    request.purpose = "signaal-intake";
    request.basis = "avg-6-1-e+gemeentewet-172";
    request.resource_id = "zaak";
    request.regime = "avg";
    request.subject_category = "bewoner";
    request.case_phase = "signaal";
    request.fields = {"sig-thema", "p-naam"};
    request.time = absl::FromUnixSeconds(1'795'518'000);
    all.push_back(request);
  }
  return all;
}

class PolicySourceTest : public exchange::testing::World {
 protected:
  void Put(const Bytes& bundle) {
    EXPECT_OK(WriteFileAtomic(folder.path() / "policy.bundle", bundle));
  }
  Bytes Later(int number, absl::Duration change_over = absl::ZeroDuration()) {
    return persons.Sign(
        *LaterPack(number),
        {.issued = clock.Now(), .max_age = absl::Hours(24), .change_over = change_over});
  }
  PolicyTerms Terms(bool demonstration = true) {
    return {folder.path() / "policy.bundle",
            folder.path() / "policy.mark",
            persons.Pinned(),
            {},
            demonstration,
            /*compared_one_in=*/1};
  }
  absl::StatusOr<std::unique_ptr<PolicyFromBundle>> Load() {
    return PolicyFromBundle::Load(Terms(), clock);
  }
  exchange::CreateExchange InsideSignal() {
    using namespace exchange::testing;  // NOLINT(google-build-using-namespace): the desks
    exchange::CreateExchange ask = PoliceQuestion(NewCase(Supervisor(), "signaal"));
    ask.parent = ask.provider = Supervisor().party;
    ask.recipient = Oov().party;
    ask.action = "disclose";
    ask.purpose = "signaal-intake";
    ask.basis = "avg-6-1-e+gemeentewet-172";
    ask.regime = "avg";
    ask.subject_category = "bewoner";
    ask.fields = {"sig-thema", "p-naam"};
    return ask;
  }
  std::string VersionOf(const PolicyFromBundle& source) { return source.Current().pack->version(); }

  TestActivators persons;
};

TEST_F(PolicySourceTest, OnlyWhatTwoPersonsSignedIsTaken) {
  EXPECT_THAT(Load(), HasReason("FILE_NOT_FOUND"));
  const policy::BundleTerms terms{.issued = clock.Now()};
  Put(policy::SignBundle(*LaterPack(1), terms, persons.first_name, persons.first).value());
  EXPECT_THAT(Load(), HasReason("PACK_NOT_SIGNED"));
  Put(TestActivators().Sign(*LaterPack(1), terms));
  EXPECT_THAT(Load(), HasReason("PACK_NOT_SIGNED"));
  Put(ReadFile("policy/pack/vocabulary.txtpb").value());
  EXPECT_THAT(Load(), HasReason("PACK_MALFORMED"));
  Put(persons.SignThePack(clock.Now()));
  ASSERT_OK_AND_ASSIGN(const auto source, Load());
  EXPECT_EQ(source->Current().digest, policies->Current().digest);
}

// Signed by two, and yet it opens what must never be open.
TEST_F(PolicySourceTest, AnUnprovedPackIsRefusedWhoeverSignedIt) {
  Put(persons.Sign(*policy::testing::UnprovedPack(), {.issued = clock.Now()}));
  EXPECT_THAT(Load(), HasReason("PACK_NOT_PROVED"));
}

TEST_F(PolicySourceTest, OutsideADemonstrationAJuristSignedEveryRule) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const auto pack = LaterPack(1);
  std::string text = "sluis-jurist/v1\n" + HexEncode(AsView(Sha256(CanonicalBytes(*pack)))) + "\n";
  for (const std::string& rule : policy::UnsignedRules(*pack, {})) text += rule + "\n";
  PolicyTerms terms = Terms(/*demonstration=*/false);
  terms.jurists = {
      *tlog::VerifierKey::Create("jurist.example/1", tlog::KeyType::kEd25519, key.public_key())};
  const auto load = [&](std::vector<Bytes> notes) {
    Put(persons.Sign(*pack, {.issued = clock.Now(), .jurist_notes = std::move(notes)}));
    return PolicyFromBundle::Load(terms, clock).status();
  };
  const auto note = [&](const std::string& of) {
    return Bytes(tlog::SignNote(of, "jurist.example/1", key).value());
  };
  EXPECT_THAT(load({}), HasReason("RULE_NOT_SIGNED"));
  EXPECT_THAT(load({note(text.substr(0, text.size() - 5))}), HasReason("RULE_NOT_SIGNED"));
  EXPECT_THAT(load({note("sluis-jurist/v1\nx\n")}), HasReason("JURIST_NOTE_INVALID"));
  EXPECT_OK(load({note(text)}));
}

TEST_F(PolicySourceTest, AVersionGoesForwardAndNeverBackAlsoAfterARestart) {
  Put(Later(2));
  const auto source = Load().value();
  EXPECT_FALSE(*source->Reload()) << "nothing new";
  Put(Later(3));
  EXPECT_TRUE(*source->Reload());
  ASSERT_OK(source->Confirm());
  const auto in_force = source->Current().pack;
  Put(Later(2));
  EXPECT_THAT(source->Reload(), HasReason("PACK_ROLLBACK"));
  Put("x");
  EXPECT_THAT(source->Reload(), HasReason("PACK_MALFORMED"));
  Put(persons.Sign(*policy::testing::UnprovedPack(), {.issued = clock.Now()}));
  EXPECT_FALSE(source->Reload().ok());
  std::filesystem::remove(folder.path() / "policy.bundle");
  EXPECT_THAT(source->Reload(), HasReason("FILE_NOT_FOUND"));
  EXPECT_EQ(source->Current().pack, in_force) << "the last good one stays";
  Put(Later(2));
  EXPECT_THAT(Load(), HasReason("PACK_ROLLBACK"));
  EXPECT_OK(WriteFileAtomic(folder.path() / "policy.mark", "?"));
  EXPECT_THAT(Load(), HasReason("PACK_MARK_INVALID"));
}

TEST_F(PolicySourceTest, AnOldBundleIsNotTakenAndOneThatGrowsOldDecidesNothing) {
  Put(Later(1));
  const Bytes fresh = Later(2);
  const auto old = Load().value();
  clock.Advance(absl::Hours(24));
  EXPECT_THAT(Load(), HasReason("PACK_TOO_OLD"));
  Put(fresh);
  EXPECT_THAT(old->Reload(), HasReason("PACK_TOO_OLD"));
  EXPECT_EQ(VersionOf(*old), "2026.12.1") << "it is kept, and decides nothing";
}

// What is asked under a stale pack is refused by name; what was decided can still be read and
// destroyed.
TEST_F(PolicySourceTest, NothingIsDecidedByAStalePackAndNothingIsHidden) {
  Put(Later(1));
  policies = Load().value();
  auto& source = static_cast<PolicyFromBundle&>(*policies);
  StartService(nullptr);
  using namespace exchange::testing;  // NOLINT(google-build-using-namespace): the desks
  const CaseId in_case = NewCase(Oov(), "casus");
  const auto asked = Create(Oov(), PoliceQuestion(in_case));
  ASSERT_OK(asked.status());
  clock.Set(source.Current().stale_after - absl::Seconds(1));
  EXPECT_OK(Create(Oov(), PoliceQuestion(in_case)).status());
  clock.Advance(absl::Seconds(1));
  EXPECT_THAT(Create(Oov(), PoliceQuestion(in_case)), HasReason("POLICY_PACK_STALE"));
  EXPECT_THAT(AnswerWith(Analyst(), Release(*asked, PoliceAnswer())),
              HasReason("POLICY_PACK_STALE"));
  const auto shown = service->Get(As(Analyst()), asked->exchange.id);
  ASSERT_OK(shown.status());
  EXPECT_TRUE(shown->answerable.empty());
  Put(Later(2));
  ASSERT_TRUE(*source.Reload());
  EXPECT_OK(Create(Oov(), PoliceQuestion(in_case)).status());
  StartService(nullptr);
}

TEST_F(PolicySourceTest, AnActivationStandsInTheLogOnce) {
  Put(Later(1));
  const auto source = Load().value();
  const int before = Count(tlog::LeafKind::kPolicyChange);
  ASSERT_OK(ConfirmPolicy(*source, *service));
  ASSERT_OK(ConfirmPolicy(*source, *service));
  EXPECT_EQ(Count(tlog::LeafKind::kPolicyChange), before + 1);
  EXPECT_EQ(Load().value()->Unconfirmed(), nullptr) << "noted over a restart";
  clock.Advance(absl::Hours(1));
  Put(Later(1));  // issued anew
  ASSERT_TRUE(*source->Reload());
  ASSERT_OK(ConfirmPolicy(*source, *service));
  EXPECT_EQ(Count(tlog::LeafKind::kPolicyChange), before + 2);
}

TEST_F(PolicySourceTest, ThePackBeforeCountsAsLongAsTheNewOneSays) {
  Put(Later(1));
  const auto source = Load().value();
  EXPECT_FALSE(source->Replaced());
  Put(Later(2, absl::Hours(3)));
  ASSERT_TRUE(*source->Reload());
  ASSERT_TRUE(source->Replaced());
  EXPECT_EQ(source->Replaced()->policy.pack->version(), "2026.12.1");
  EXPECT_EQ(source->Replaced()->until, clock.Now() + absl::Hours(3));
  const absl::Time until = source->Replaced()->until;
  clock.Advance(absl::Hours(1));
  Put(Later(2));  // issued anew: the change-over goes on
  ASSERT_TRUE(*source->Reload());
  EXPECT_EQ(source->Replaced()->until, until);
  Put(Later(3, absl::Hours(73)));
  ASSERT_TRUE(*source->Reload());
  EXPECT_EQ(source->Replaced()->policy.pack->version(), "2026.12.2");
  EXPECT_EQ(source->Replaced()->until, clock.Now() + absl::Hours(24))
      << "never longer than it may be used itself";
}

TEST_F(PolicySourceTest, ReloadsAreCountedByResultAndReason) {
  Put(Later(1));
  const auto source = Load().value();
  prometheus::Registry registry;
  source->CountIn(registry);
  EXPECT_FALSE(*source->Reload());
  Put(Later(2));
  EXPECT_TRUE(*source->Reload());
  Put("x");
  EXPECT_FALSE(source->Reload().ok());
  const std::string text = prometheus::TextSerializer().Serialize(registry.Collect());
  EXPECT_THAT(text, HasSubstr("reason=\"PACK_MALFORMED\",result=\"refused\"} 1"));
  EXPECT_THAT(text, HasSubstr("result=\"taken\"} 1"));
  EXPECT_THAT(text, HasSubstr("result=\"unchanged\"} 1"));
  EXPECT_THAT(text, HasSubstr("sluis_policy_end_time_seconds"));
}

// Every request is answered, by one of the packs that were in force, and as a plain scan of exactly
// that pack answers.
TEST_F(PolicySourceTest, AChangeUnderLoadLosesAndMisjudgesNoRequest) {
  constexpr int kVersions = 7, kThreads = 3;
  std::vector<Bytes> bundles;
  std::map<Digest, std::shared_ptr<const policy::Pack>> packs;
  for (int i = 1; i <= kVersions; ++i) {
    bundles.push_back(Later(i));
    const auto pack = LaterPack(i);
    packs[Sha256(CanonicalBytes(*pack))] = pack;
  }
  const std::vector<policy::EvaluationRequest> requests = InsideRequests();
  Put(bundles.front());
  const auto source = Load().value();
  std::atomic<bool> stop = false;
  std::atomic<int> decided = 0, wrong = 0, permitted = 0;
  std::vector<std::set<Digest>> seen(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; !stop; ++i) {
        const exchange::PolicyInForce policy = source->Current();
        const policy::EvaluationRequest& request = requests[i % requests.size()];
        const policy::Decision decision = policy.decider->Evaluate(request);
        const auto named = packs.find(policy.digest);
        if (named == packs.end() || decision != policy::Evaluate(*named->second, request)) ++wrong;
        if (decision.outcome == policy::Outcome::kPermitted) ++permitted;
        seen[static_cast<std::size_t>(t)].insert(policy.digest);
        ++decided;
      }
    });
  }
  for (int i = 1; i < kVersions; ++i) {
    // Under each pack something is decided before the next comes.
    for (const int before = decided; decided < before + 10 * kThreads;) std::this_thread::yield();
    Put(i % 3 == 0 ? Bytes("not a bundle") : bundles[static_cast<std::size_t>(i)]);
    EXPECT_EQ(source->Reload().ok(), i % 3 != 0);
  }
  for (const int before = decided; decided < before + 10 * kThreads;) std::this_thread::yield();
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(permitted, 0);
  std::set<Digest> all;
  for (const std::set<Digest>& one : seen) all.insert(one.begin(), one.end());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kVersions - (kVersions - 1) / 3));
  EXPECT_EQ(source->Current().decider->differed(), 0u);
}

// The same through the whole core: every call is answered, and its stored decision is what a plain
// scan of the pack that it names gives on the question stored with it.
TEST_F(PolicySourceTest, AChangeUnderLoadLosesNoExchange) {
  using namespace exchange::testing;  // NOLINT(google-build-using-namespace): the desks
  constexpr int kVersions = 5;
  std::map<std::string, std::shared_ptr<const policy::Pack>> packs;
  std::vector<Bytes> bundles;
  for (int i = 1; i <= kVersions; ++i) {
    const auto pack = LaterPack(i);
    packs[HexEncode(AsView(Sha256(CanonicalBytes(*pack))))] = pack;
    bundles.push_back(Later(i));
  }
  Put(bundles.front());
  policies = Load().value();
  auto& source = static_cast<PolicyFromBundle&>(*policies);
  StartService(nullptr);
  const exchange::CreateExchange ask = InsideSignal();
  // In the order of the journal; written by its thread, read when all are there.
  std::vector<absl::StatusOr<exchange::ExchangeResult>> answers;
  std::atomic<int> asked = 0, answered = 0;
  std::atomic<bool> stop = false;
  std::thread asking([&] {
    while (!stop) {
      // Some are under way at any moment, none for ever.
      if (asked > answered + 8) {
        std::this_thread::yield();
        continue;
      }
      ++asked;
      service->Create(As(Supervisor()), Stamp("CreateExchange"), ask,
                      [&](absl::StatusOr<exchange::ExchangeResult> result) {
                        answers.push_back(std::move(result));
                        ++answered;
                      });
    }
  });
  const auto wait_for_more = [&] {
    for (const int before = answered; answered < before + 20;) std::this_thread::yield();
  };
  for (int i = 1; i < kVersions; ++i) {
    wait_for_more();
    Put(bundles[static_cast<std::size_t>(i)]);
    EXPECT_TRUE(*source.Reload());
    EXPECT_OK(ConfirmPolicy(source, *service));
  }
  wait_for_more();
  stop = true;
  asking.join();
  journal->Stop();
  EXPECT_EQ(asked, answered);
  std::set<std::string> named;
  for (const absl::StatusOr<exchange::ExchangeResult>& result : answers) {
    ASSERT_OK(result.status());
    const auto stored = exchange::DecisionFromJson(result->exchange.decision);
    ASSERT_OK(stored.status());
    ASSERT_TRUE(packs.contains(stored->policy_digest));
    const policy::Pack& pack = *packs.at(stored->policy_digest);
    EXPECT_EQ(stored->version, pack.version());
    const auto request = policy::ParseAuthzenRequest(stored->request.dump());
    ASSERT_OK(request.status());
    EXPECT_EQ(policy::Evaluate(pack, *request), result->decision);
    EXPECT_EQ(result->decision.outcome, policy::Outcome::kPermitted);
    named.insert(stored->policy_digest);
  }
  EXPECT_EQ(named.size(), static_cast<std::size_t>(kVersions));
}

}  // namespace
}  // namespace sluis::daemon
