#include "policy/signed/jurist.h"

#include <gmock/gmock.h>

#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/reading.h"
#include "policy/signed/activators.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using ::sluis::testing::HasReason;
using ::testing::ElementsAre;
using testing::ThePack;

class JuristTest : public ::testing::Test {
 protected:
  Bytes Note(const std::vector<std::string>& rules, const std::string& head = "sluis-jurist/v1") {
    std::string text = head + "\n" + digest + "\n";
    for (const std::string& rule : rules) text += rule + "\n";
    return tlog::SignNote(text, "jurist.example/1", key).value();
  }
  absl::StatusOr<CodeSet> Signed(const std::vector<Bytes>& notes) {
    return RulesSigned(ThePack(), notes, jurists);
  }

  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  std::string digest = HexEncode(AsView(Sha256(CanonicalBytes(ThePack()))));
  std::vector<tlog::VerifierKey> jurists = {
      *tlog::VerifierKey::Create("jurist.example/1", tlog::KeyType::kEd25519, key.public_key())};
};

TEST_F(JuristTest, WhatIsSignedIsReadBack) {
  const CodeSet rules = {"N-01", "P-01", "P-02"};
  const Bytes note = SignRules(ThePack(), rules, "jurist.example/1", key).value();
  EXPECT_EQ(note, Note({"N-01", "P-01", "P-02"}));
  EXPECT_EQ(*Signed({note}), rules);
  const std::vector<std::string> all = UnsignedRules(ThePack(), {});
  EXPECT_OK(RequireRulesSigned(
      ThePack(),
      *Signed({SignRules(ThePack(), {all.begin(), all.end()}, "jurist.example/1", key).value()})));
}

TEST_F(JuristTest, NothingAndWhatIsNotThereIsNotSigned) {
  EXPECT_THAT(SignRules(ThePack(), {}, "jurist.example/1", key), HasReason("RULE_UNKNOWN"));
  EXPECT_THAT(SignRules(ThePack(), {"P-999"}, "jurist.example/1", key), HasReason("RULE_UNKNOWN"));
  EXPECT_THAT(SignRules(ThePack(), {"P-01"}, "a+b", key), HasReason("E_VKEY"));
}

TEST_F(JuristTest, NotesAddUp) {
  EXPECT_THAT(*Signed({Note({"P-01"}), Note({"P-02", "N-01"})}),
              ElementsAre("N-01", "P-01", "P-02"));
  EXPECT_TRUE(Signed({})->empty());
}

TEST_F(JuristTest, ANoteOfAnotherOrAboutSomethingElseCountsForNothing) {
  EXPECT_THAT(Signed({Note({"P-999"})}), HasReason("JURIST_NOTE_INVALID"));
  EXPECT_THAT(Signed({Note({"P-01"}, "sluis-jurist/v2")}), HasReason("JURIST_NOTE_INVALID"));
  EXPECT_THAT(Signed({Bytes("x")}), HasReason("JURIST_NOTE_INVALID"));
  const Bytes good = Note({"P-01"});
  digest = std::string(64, '0');
  EXPECT_THAT(Signed({Note({"P-01"})}), HasReason("JURIST_NOTE_INVALID"));
  jurists.clear();
  EXPECT_THAT(Signed({good}), HasReason("JURIST_NOTE_INVALID"));
}

TEST_F(JuristTest, EveryRuleMustBeSigned) {
  std::vector<std::string> all = UnsignedRules(ThePack(), {});
  const absl::Status none = RequireRulesSigned(ThePack(), {});
  EXPECT_THAT(none, HasReason("RULE_NOT_SIGNED"));
  EXPECT_EQ(DetailOf(none).metadata.at("count"), std::to_string(all.size()));
  EXPECT_OK(RequireRulesSigned(ThePack(), *Signed({Note(all)})));
  const std::string last = all.back();
  all.pop_back();
  const absl::Status one = RequireRulesSigned(ThePack(), *Signed({Note(all)}));
  EXPECT_EQ(DetailOf(one).metadata.at("rules"), last);
}

}  // namespace
}  // namespace sluis::policy
