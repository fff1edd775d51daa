#include "lib/tlog/record.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "tests/support/status_matchers.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;

const Bytes kRecordSalt(32, 's');

Json Content() {
  return {{"v", 1},
          {"kind", "DECISION"},
          {"time", "2026-11-23T14:05:09.123Z"},
          {"exchange", "5d1fd2b84c6e4b0f9a3b7c2e11f08d46"},
          {"purpose", "gebiedsaanpak"},
          {"outcome", "PERMITTED"},
          {"orgs", {{"acting", "00000099000000001000"}, {"other", "00000099000000002000"}}},
          {"policy_version", std::string(64, '7')}};
}

Leaf LeafFor(const Bytes& record) {
  Leaf leaf;
  leaf.kind = LeafKind::kDecision;
  leaf.outcome = LeafOutcome::kPermitted;
  leaf.hour = 1795442400;
  leaf.exchange = ExchangeId::Parse("5d1fd2b84c6e4b0f9a3b7c2e11f08d46").value();
  leaf.acting = "00000099000000001000";
  leaf.other = "00000099000000002000";
  leaf.purpose = PurposeReferenceOf("gebiedsaanpak");
  leaf.policy_digest.fill(0x77);
  leaf.commitment = RecordCommitment(kRecordSalt, record).value();
  return leaf;
}

TEST(RecordTest, PadsToTheNextBucketAndBack) {
  for (const auto& [size, padded_size] : std::initializer_list<std::pair<std::size_t, std::size_t>>{
           {1, 512}, {508, 512}, {509, 1024}, {1020, 1024}, {1021, 2048}, {65532, 65536}}) {
    const Bytes record(size, 'r');
    ASSERT_OK_AND_ASSIGN(const Bytes padded, PadRecord(record));
    EXPECT_EQ(padded.size(), padded_size) << size;
    EXPECT_EQ(UnpadRecord(padded).value(), record);
  }
  EXPECT_THAT(PadRecord(""), HasReason("E_RECORD"));
  EXPECT_THAT(PadRecord(Bytes(65533, 'r')), HasReason("E_RECORD"));
}

TEST(RecordTest, PaddingHasOneForm) {
  const Bytes padded = PadRecord("record").value();
  Bytes dirty = padded;
  dirty.back() = 1;
  EXPECT_THAT(UnpadRecord(dirty), HasReason("E_PADDING"));
  EXPECT_THAT(UnpadRecord(padded + Bytes(512, '\0')), HasReason("E_PADDING"));
  EXPECT_THAT(UnpadRecord(BytesView(padded).substr(0, 511)), HasReason("E_PADDING"));
  EXPECT_FALSE(UnpadRecord("").ok());
}

TEST(RecordTest, SaltsHave32Bytes) {
  EXPECT_THAT(RecordCommitment(Bytes(31, 's'), "r"), HasReason("E_LENGTH"));
  EXPECT_THAT(PayloadMac(Bytes(33, 's'), "r"), HasReason("E_LENGTH"));
  EXPECT_NE(RecordCommitment(kRecordSalt, "r").value(), PayloadMac(kRecordSalt, "r").value());
  EXPECT_NE(RecordCommitment(kRecordSalt, "r").value(),
            RecordCommitment(Bytes(32, 't'), "r").value());
}

TEST(RecordTest, TimesHaveOneForm) {
  ASSERT_OK_AND_ASSIGN(const absl::Time time, ParseRecordTime("2026-11-23T14:05:09.123Z"));
  EXPECT_EQ(FormatRecordTime(time), "2026-11-23T14:05:09.123Z");
  EXPECT_EQ(HourOf(time), 1795442400);
  for (const char* text :
       {"", "2026-11-23T14:05:09Z", "2026-11-23T14:05:09.12Z", "2026-11-23 14:05:09.123Z",
        "2026-11-23T14:05:09.123+00:00", " 2026-11-23T14:05:09.123Z", "infinite-future",
        "2026-13-23T14:05:09.123Z"}) {
    EXPECT_THAT(ParseRecordTime(text), HasReason("E_RECORD")) << text;
  }
}

TEST(RecordTest, OpensWhatAgrees) {
  const Bytes record = CanonicalJson(Content()).value();
  ASSERT_OK_AND_ASSIGN(const Json content, OpenLeaf(LeafFor(record), {record, kRecordSalt}));
  EXPECT_EQ(content, Content());
}

TEST(RecordTest, RefusesAnotherRecordOrSalt) {
  const Bytes record = CanonicalJson(Content()).value();
  const Leaf leaf = LeafFor(record);
  EXPECT_THAT(OpenLeaf(leaf, {record + " ", kRecordSalt}), HasReason("E_RECORD"));
  EXPECT_THAT(OpenLeaf(leaf, {record, Bytes(32, 't')}), HasReason("E_RECORD"));
  EXPECT_THAT(OpenLeaf(leaf, {record, kRecordSalt.substr(1)}), HasReason("E_LENGTH"));
  Leaf without = leaf;
  without.commitment.reset();
  EXPECT_THAT(OpenLeaf(without, {record, kRecordSalt}), HasReason("E_RECORD"));
}

TEST(RecordTest, RefusesBytesThatAreNotCanonical) {
  for (const Bytes& record : {Content().dump(2), Bytes("[]"), Bytes("not json")}) {
    EXPECT_THAT(OpenLeaf(LeafFor(record), {record, kRecordSalt}), HasReason("E_RECORD")) << record;
  }
}

// A record that the leaf commits to and that says something else than the leaf.
TEST(RecordTest, EachMemberMustAgreeWithTheLeaf) {
  const std::map<std::string, Json> wrong = {
      {"v", 2},
      {"kind", "REQUEST"},
      {"time", "2026-11-23T15:00:00.000Z"},
      {"exchange", std::string(32, '0')},
      {"purpose", "audit-verantwoording"},
      {"outcome", "DENIED_NO_BASIS"},
      {"orgs", {{"acting", "00000099000000002000"}, {"other", "00000099000000002000"}}},
      {"policy_version", std::string(64, '8')}};
  for (const auto& [member, value] : wrong) {
    Json content = Content();
    content[member] = value;
    const Bytes record = CanonicalJson(content).value();
    EXPECT_THAT(OpenLeaf(LeafFor(record), {record, kRecordSalt}), HasReason("E_RECORD")) << member;
    content[member] = 17;
    const Bytes mistyped = CanonicalJson(content).value();
    EXPECT_THAT(OpenLeaf(LeafFor(mistyped), {mistyped, kRecordSalt}), HasReason("E_RECORD"))
        << member;
  }
}

TEST(RecordTest, WhichMembersMayBeMissing) {
  for (const auto& [member, may] : std::map<std::string, bool>{{"v", false},
                                                               {"kind", false},
                                                               {"time", false},
                                                               {"exchange", false},
                                                               {"purpose", false},
                                                               {"outcome", true},
                                                               {"orgs", true},
                                                               {"policy_version", true}}) {
    Json content = Content();
    content.erase(member);
    const Bytes record = CanonicalJson(content).value();
    EXPECT_EQ(OpenLeaf(LeafFor(record), {record, kRecordSalt}).ok(), may) << member;
  }
}

}  // namespace
}  // namespace sluis::tlog
