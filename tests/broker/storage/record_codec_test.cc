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
  for (const char form : {'\0', static_cast<char>(bytes[0] + 1), '\xff'}) {
    EXPECT_THAT(DecodeRecord<Record>(form + bytes.substr(1)), HasReason("LOG_INCONSISTENT"));
  }
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

// What a later form added stands at the end; a record of an earlier form ends before it.
TEST(RecordCodecTest, RecordsOfEarlierFormsAreStillRead) {
  ExchangeRecord exchange = SampleExchange(1, At(0));
  exchange.register_name.clear();
  exchange.subject_sent = false;
  exchange.positions = 0;
  const std::size_t added_in_3 = 4 + 1 + 8;
  Bytes bytes = EncodeRecord(exchange);
  const Bytes second = '\2' + bytes.substr(1, bytes.size() - 1 - added_in_3);
  EXPECT_EQ(DecodeRecord<ExchangeRecord>(second).value(), exchange);
  EXPECT_THAT(DecodeRecord<ExchangeRecord>('\2' + bytes.substr(1)), HasReason("LOG_INCONSISTENT")) << "a tail that form 2 has not";

  exchange.from_domain.reset();
  exchange.from_purpose.clear();
  exchange.domain = CaseId();
  exchange.statement.clear();
  exchange.queue_reason = 0;
  exchange.release_refusal.clear();
  bytes = EncodeRecord(exchange);
  const std::size_t added = 1 + 4 + 16 + 4 + 8 + 4 + added_in_3;
  const Bytes old = '\1' + bytes.substr(1, bytes.size() - 1 - added);
  EXPECT_EQ(DecodeRecord<ExchangeRecord>(old).value(), exchange);
  EXPECT_THAT(DecodeRecord<ExchangeRecord>('\1' + bytes.substr(1)), HasReason("LOG_INCONSISTENT")) << "a tail that form 1 has not";
  EXPECT_THAT(DecodeRecord<ExchangeRecord>('\2' + old.substr(1)), HasReason("LOG_INCONSISTENT")) << "form 2 without its tail";

  MailboxRecord mailbox = SampleMailbox(1);
  mailbox.question.reset();
  Bytes whole = EncodeRecord(mailbox);
  EXPECT_EQ(DecodeRecord<MailboxRecord>('\2' + whole.substr(1, whole.size() - 2)).value(), mailbox);
  mailbox.signed_requests.clear();
  mailbox.statement.clear();
  mailbox.transcryptions.clear();
  whole = EncodeRecord(mailbox);
  EXPECT_EQ(DecodeRecord<MailboxRecord>('\1' + whole.substr(1, whole.size() - 14)).value(), mailbox);

  CaseRecord the_case = SampleCase(1, At(0));
  the_case.hits.clear();
  whole = EncodeRecord(the_case);
  EXPECT_EQ(DecodeRecord<CaseRecord>('\1' + whole.substr(1, whole.size() - 5)).value(), the_case);
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
  for (const int state : {0, 12, -1}) {
    record.state = static_cast<ExchangeState>(state);
    EXPECT_THAT(DecodeRecord<ExchangeRecord>(EncodeRecord(record)), HasReason("LOG_INCONSISTENT")) << state;
  }
}

}  // namespace
}  // namespace sluis::storage::testing
