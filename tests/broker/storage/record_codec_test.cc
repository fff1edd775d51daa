#include "broker/storage/record_codec.h"

#include <gmock/gmock.h>

#include "absl/time/time.h"
#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {
namespace {

using ::sluis::testing::HasReason;

// Whole, and in no other spelling: every prefix, every longer string and every other form byte is refused.
template <typename Record>
void ExpectOneForm(const Record& record) {
  const Bytes bytes = EncodeRecord(record);
  EXPECT_EQ(DecodeRecord<Record>(bytes).value(), record);
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 200) {
    EXPECT_THAT(DecodeRecord<Record>(BytesView(bytes).substr(0, size)), HasReason("LOG_INCONSISTENT")) << size;
  }
  EXPECT_THAT(DecodeRecord<Record>(bytes + '\0'), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(DecodeRecord<Record>('\2' + bytes.substr(1)), HasReason("LOG_INCONSISTENT"));
}

TEST(RecordCodecTest, EachRecordHasOneForm) {
  ExpectOneForm(SampleCase(1, At(0)));
  ExpectOneForm(SampleExchange(1, At(0)));
  ExpectOneForm(SampleMailbox(1));
  ExpectOneForm(SampleArrangement("convenant", 3));
  ExpectOneForm(SampleRequest("exchanges/x", At(0)));
}

TEST(RecordCodecTest, DefaultsAndInfiniteTimesSurvive) {
  ExchangeRecord record;
  record.create_time = absl::InfinitePast();
  record.expire_time = absl::InfiniteFuture();
  record.time_to_live = absl::InfiniteDuration();
  ExpectOneForm(record);
  ExpectOneForm(CaseRecord());
  ExpectOneForm(RequestRecord());
}

// A changed byte either makes another record or is refused; it is never passed over.
TEST(RecordCodecTest, NoByteIsWithoutMeaning) {
  const ExchangeRecord record = SampleExchange(1, At(0));
  const Bytes bytes = EncodeRecord(record);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    const absl::StatusOr<ExchangeRecord> read = DecodeRecord<ExchangeRecord>(changed);
    if (!read.ok()) continue;
    EXPECT_FALSE(*read == record) << "byte " << i;
    EXPECT_EQ(EncodeRecord(*read), changed) << "byte " << i;
  }
}

TEST(RecordCodecTest, CountsDoNotAllocate) {
  // A mailbox that declares 4 G sealed fields and brings none.
  Bytes bytes = EncodeRecord(MailboxRecord());
  const std::size_t count_at = 1 + 16 + 4 + 4;
  bytes.replace(count_at, 4, "\xff\xff\xff\xff");
  EXPECT_THAT(DecodeRecord<MailboxRecord>(bytes), HasReason("LOG_INCONSISTENT"));
}

TEST(RecordCodecTest, StatesThatDoNotExistAreRefused) {
  ExchangeRecord record;
  for (const int state : {0, 11, -1}) {
    record.state = static_cast<ExchangeState>(state);
    EXPECT_THAT(DecodeRecord<ExchangeRecord>(EncodeRecord(record)), HasReason("LOG_INCONSISTENT")) << state;
  }
}

}  // namespace
}  // namespace sluis::storage::testing
