#include "tests/broker/storage/sqlite/log_rounds.h"

#include "lib/base/status_macros.h"
#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {

using ::sluis::testing::HasReason;

absl::Status WriteRound(Transaction& transaction, std::uint64_t round) {
  const auto number = static_cast<std::uint32_t>(round);
  SLUIS_RETURN_IF_ERROR(transaction.BeginItem());
  SLUIS_RETURN_IF_ERROR(transaction.PutExchange(SampleExchange(number, At(static_cast<int>(round)))));
  SLUIS_RETURN_IF_ERROR(transaction.PutMailbox(SampleMailbox(number)));
  SLUIS_RETURN_IF_ERROR(transaction.AppendLeaf(round, SampleLeaf(round), SampleLogRecord(round),
                                               std::vector{Police()}, At(0)));
  SLUIS_RETURN_IF_ERROR(transaction.KeepItem());
  SLUIS_RETURN_IF_ERROR(transaction.PutTile(0, 0, SampleHashes(static_cast<int>(round) + 1)));
  return transaction.SwapHead(round == 0 ? LogHead() : SampleHead(round), SampleHead(round + 1));
}

absl::Status CommitRound(Store& store, std::uint64_t round) {
  SLUIS_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, store.Begin());
  SLUIS_RETURN_IF_ERROR(WriteRound(*transaction, round));
  return transaction->Commit();
}

std::uint64_t CheckRounds(Store& store) {
  const std::unique_ptr<Reader> reader = store.Snapshot().value();
  const LogHead head = reader->ReadHead().value();
  EXPECT_EQ(head, head.size == 0 ? LogHead() : SampleHead(head.size));
  const std::vector<Bytes> leaves = reader->ReadLeaves(0, head.size).value();
  for (std::uint64_t i = 0; i < head.size; ++i) {
    EXPECT_EQ(leaves[i], SampleLeaf(i));
    EXPECT_EQ(reader->ReadRecord(i).value(), SampleLogRecord(i));
    EXPECT_NE(reader->FindMailbox(ExchangeNumber(static_cast<std::uint32_t>(i))).value(), std::nullopt);
  }
  EXPECT_THAT(reader->ReadLeaves(0, head.size + 1), HasReason("LOG_INCONSISTENT"));
  EXPECT_EQ(reader->ReadRecord(head.size).value(), std::nullopt);
  EXPECT_EQ(reader->ListExchanges(Police(), std::nullopt, std::nullopt, 1000).value().size(), head.size);
  const std::optional<Bytes> tile = reader->ReadTile(0, 0).value();
  EXPECT_EQ(tile.value_or(Bytes()), SampleHashes(static_cast<int>(head.size)));
  return head.size;
}

}  // namespace sluis::storage::testing
