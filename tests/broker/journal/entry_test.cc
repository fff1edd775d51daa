#include "broker/journal/entry.h"

#include "tests/broker/journal/fixture.h"
#include "tests/support/status_matchers.h"

namespace sluis::journal {
namespace {

using testing::HasReason;
using testing::RequestDraft;

class EntryTest : public ::testing::Test {
 protected:
  absl::StatusOr<Entry> Make(const LeafDraft& draft, std::uint64_t index = 5) const {
    return maker.Make(index, draft, testing::TestTime());
  }
  Json RecordOf(const Entry& entry) const {
    const auto opening = maker.Open(entry.index, entry.leaf, entry.record);
    EXPECT_OK(opening);
    return opening.ok() ? Json::parse(opening->record) : Json();
  }
  EntryMaker maker = EntryMaker::Create(testing::kOrigin, testing::StoreKey()).value();
};

TEST_F(EntryTest, LeavesOutWhatDoesNotApply) {
  LeafDraft draft;
  draft.kind = tlog::LeafKind::kServiceStart;
  draft.acting = testing::OperatorOin();
  ASSERT_OK_AND_ASSIGN(const Entry entry, Make(draft));
  const Json expected = {{"v", 1},
                         {"kind", "SERVICE_START"},
                         {"time", "2026-11-23T14:05:09.123Z"},
                         {"orgs", {{"acting", testing::OperatorOin().str()}}}};
  EXPECT_EQ(RecordOf(entry), expected);
}

TEST_F(EntryTest, ADraftMaySayTheSameAsTheLeaf) {
  LeafDraft draft = RequestDraft(1);
  draft.record["outcome"] = "PERMITTED";
  draft.record["orgs"]["other"] = testing::PoliceOin().str();
  EXPECT_OK(Make(draft));
}

TEST_F(EntryTest, ADraftMustNotContradictTheLeaf) {
  const std::pair<const char*, Json> wrong[] = {
      {"v", 2},
      {"v", "1"},
      {"kind", "DECISION"},
      {"time", "2026-11-23T14:05:09Z"},
      {"exchange", std::string(32, '0')},
      {"purpose", "x"},
      {"purpose", ""},
      {"outcome", "DENIED_NO_BASIS"},
      {"policy_version", ""},
      {"orgs", "police"},
      {"orgs", {{"acting", "00000099000000009000"}}},
      {"orgs", {{"other", ""}}},
      {"orgs", Json::array()},
  };
  for (const auto& [member, value] : wrong) {
    LeafDraft draft = RequestDraft(1);
    draft.record[member] = value;
    EXPECT_THAT(Make(draft), HasReason("E_RECORD")) << member << " " << value;
  }
  LeafDraft alone = RequestDraft(1);
  alone.other = Oin();
  alone.purpose.clear();
  alone.outcome = tlog::LeafOutcome::kNone;
  EXPECT_OK(Make(alone));
  for (const auto& [member, value] : {std::pair<const char*, Json>{"purpose", "gebiedsaanpak"},
                                      {"outcome", "NONE"},
                                      {"orgs", {{"other", testing::PoliceOin().str()}}}}) {
    LeafDraft draft = alone;
    draft.record[member] = value;
    EXPECT_THAT(Make(draft), HasReason("E_RECORD")) << member;
  }
}

TEST_F(EntryTest, RefusesWhatHasNoCanonicalForm) {
  for (const Json& value : {Json(nullptr), Json(1.5), Json(std::int64_t{1} << 53), Json("\xff")}) {
    LeafDraft draft = RequestDraft(1);
    draft.record["reasons"] = Json::array({value});
    EXPECT_THAT(Make(draft), HasReason("E_RECORD"));
  }
  LeafDraft list = RequestDraft(1);
  list.record = Json::array();
  EXPECT_THAT(Make(list), HasReason("E_RECORD"));
}

TEST_F(EntryTest, RefusesARecordThatIsTooLong) {
  LeafDraft draft = RequestDraft(1);
  draft.record["reasons"] = {std::string(tlog::kMaxRecordSize, 'x')};
  EXPECT_THAT(Make(draft), HasReason("E_RECORD"));
  draft.record["reasons"] = {std::string(tlog::kMaxRecordSize - 600, 'x')};
  ASSERT_OK_AND_ASSIGN(const Entry entry, Make(draft));
  EXPECT_EQ(RecordOf(entry)["reasons"], draft.record["reasons"]);
}

TEST_F(EntryTest, RefersToEarlierLeavesOnly) {
  LeafDraft draft = RequestDraft(1);
  draft.refers_to = 5;
  EXPECT_THAT(Make(draft, 5), HasReason("E_LEAF"));
  EXPECT_OK(Make(draft, 6));
}

TEST_F(EntryTest, EveryLeafNeedsAnOrganisationAndAPossibleHour) {
  LeafDraft draft = RequestDraft(1);
  EXPECT_THAT(maker.Make(5, draft, absl::FromUnixSeconds(-7200)), HasReason("E_LEAF"));
  draft.acting = Oin();
  draft.record = Json::object();
  EXPECT_THAT(Make(draft), HasReason("E_LEAF"));
}

// The same draft at the same index, as after an item that was undone.
TEST_F(EntryTest, SaltAndNonceAreNeverUsedTwice) {
  ASSERT_OK_AND_ASSIGN(const Entry first, Make(RequestDraft(1)));
  ASSERT_OK_AND_ASSIGN(const Entry second, Make(RequestDraft(1)));
  EXPECT_NE(first.record.salt, second.record.salt);
  EXPECT_NE(first.record.sealed.substr(0, kAeadNonceSize),
            second.record.sealed.substr(0, kAeadNonceSize));
  EXPECT_NE(first.leaf, second.leaf);
}

TEST_F(EntryTest, NothingButTheRightRecordOpens) {
  ASSERT_OK_AND_ASSIGN(const Entry entry, Make(RequestDraft(1)));
  ASSERT_OK_AND_ASSIGN(const Entry other, Make(RequestDraft(2)));
  const auto open = [&](std::uint64_t index, const Bytes& leaf, const storage::LogRecord& record) {
    return maker.Open(index, leaf, record);
  };
  EXPECT_OK(open(5, entry.leaf, entry.record));
  EXPECT_THAT(open(6, entry.leaf, entry.record), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(open(5, other.leaf, entry.record), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(open(5, entry.leaf, {entry.record.sealed, other.record.salt}),
              HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(open(5, entry.leaf, {entry.record.sealed, ""}), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(open(5, entry.leaf, {"", entry.record.salt}), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(open(5, "", entry.record), HasReason("LOG_INCONSISTENT"));
  for (std::size_t at = 0; at < entry.record.sealed.size(); at += 37) {
    storage::LogRecord spoiled = entry.record;
    spoiled.sealed[at] = static_cast<char>(spoiled.sealed[at] ^ 1);
    EXPECT_THAT(open(5, entry.leaf, spoiled), HasReason("LOG_INCONSISTENT")) << at;
  }
}

TEST_F(EntryTest, RecordsOfOneOriginDoNotOpenInAnother) {
  ASSERT_OK_AND_ASSIGN(const Entry entry, Make(RequestDraft(1)));
  ASSERT_OK_AND_ASSIGN(const EntryMaker next,
                       EntryMaker::Create("log.sluis.example/2027", testing::StoreKey()));
  EXPECT_THAT(next.Open(5, entry.leaf, entry.record), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(EntryMaker::Create(testing::kOrigin, SecretBytes(16)), HasReason("E_LENGTH"));
}

}  // namespace
}  // namespace sluis::journal
