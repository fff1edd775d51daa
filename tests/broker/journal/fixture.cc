#include "tests/broker/journal/fixture.h"

#include <numeric>
#include <utility>

#include "broker/journal/entry.h"
#include "lib/tlog/log_verifier.h"
#include "lib/tlog/receipt.h"
#include "lib/tlog/vkey.h"
#include "tests/broker/journal/store_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::testing {
namespace {

SecretBytes Consecutive(std::uint8_t first) {
  Bytes bytes(32, '\0');
  std::iota(bytes.begin(), bytes.end(), static_cast<char>(first));
  return SecretBytes::Take(std::move(bytes));
}

storage::RequestKey KeyNumber(std::uint8_t number) {
  return {MunicipalityOin(), "CreateExchange", std::to_string(number)};
}

PartyId Party(const Oin& oin, std::string_view unit) {
  return {oin, UnitPath::Parse(unit).value()};
}

}  // namespace

Oin OperatorOin() { return Oin::Parse("00000099000000001000").value(); }
Oin MunicipalityOin() { return Oin::Parse("00000099000000002000").value(); }
Oin PoliceOin() { return Oin::Parse("00000099000000003000").value(); }

absl::Time TestTime() { return absl::FromUnixMillis(1795442709123); }

SecretBytes StoreKey() { return Consecutive(0x80); }

Ed25519PrivateKey LogKey() { return Ed25519PrivateKey::FromSeed(Consecutive(0)).value(); }

tlog::TrustPolicy LogTrust() {
  const auto key =
      tlog::VerifierKey::Create(kOrigin, tlog::KeyType::kEd25519, LogKey().public_key());
  return tlog::TrustPolicy::Parse("log " + key->Format() + "\nquorum none\n").value();
}

Digest PolicyDigest() {
  Digest digest;
  digest.fill(0xab);
  return digest;
}

ExchangeId ExchangeNumber(std::uint8_t number) {
  std::array<std::uint8_t, 16> bytes{};
  bytes.front() = 1;
  bytes.back() = number;
  return ExchangeId::FromBytes(bytes);
}

journal::LeafDraft RequestDraft(std::uint8_t number) {
  journal::LeafDraft draft;
  draft.kind = tlog::LeafKind::kRequest;
  draft.outcome = tlog::LeafOutcome::kPermitted;
  draft.retention = tlog::RetentionClass::kWpg;
  draft.exchange = ExchangeNumber(number);
  draft.acting = MunicipalityOin();
  draft.other = PoliceOin();
  draft.purpose = "gebiedsaanpak";
  draft.policy_digest = PolicyDigest();
  draft.record = {{"reasons", {"P-24"}}, {"orgs", {{"units", {"gemeente/oov"}}}}};
  draft.parties = {Party(MunicipalityOin(), "gemeente/oov"), Party(PoliceOin(), "politie/dri")};
  return draft;
}

journal::Apply Log(journal::LeafDraft draft) {
  return [draft = std::move(draft)](storage::Transaction&, journal::LeafSink& log) {
    return log.Append(draft).status();
  };
}

journal::Apply LogAndStore(std::uint8_t number) {
  return [number](storage::Transaction& store, journal::LeafSink& log) {
    const absl::Status stored = store.PutRequest(KeyNumber(number), {{}, {}, {}, TestTime()});
    return stored.ok() ? log.Append(RequestDraft(number)).status() : stored;
  };
}

bool IsStored(storage::Store& store, std::uint8_t number) {
  return store.Snapshot().value()->FindRequest(KeyNumber(number)).value().has_value();
}

std::vector<tlog::LeafKind> CheckedLog::Kinds() const {
  std::vector<tlog::LeafKind> kinds;
  for (const tlog::Leaf& leaf : leaves) kinds.push_back(leaf.kind);
  return kinds;
}

absl::StatusOr<std::unique_ptr<journal::Journal>> JournalTest::Open(storage::Store& on) {
  return journal::Journal::Open(options, on, clock, LogKey(), StoreKey(), PolicyDigest());
}

CheckedLog JournalTest::CheckLog(storage::Store& of) {
  CheckedLog log;
  const auto reader = of.Snapshot().value();
  if (reader->ReadHead()->size == 0) {  // never started: nothing signed, nothing half-written
    EXPECT_EQ(reader->ReadHead()->note, "");
    EXPECT_FALSE(reader->ReadTile(0, 0)->has_value());
    EXPECT_FALSE(reader->ReadRecord(0)->has_value());
    return log;
  }
  StoreLog source(of);
  tlog::VerifyLogOptions verify;
  verify.on_leaf = [&log](std::uint64_t, const tlog::Leaf& leaf) { log.leaves.push_back(leaf); };
  EXPECT_OK(tlog::VerifyLog(source, LogTrust(), clock.Now(), verify));
  const auto maker = journal::EntryMaker::Create(kOrigin, StoreKey()).value();
  for (std::uint64_t index = 0; index < log.leaves.size(); ++index) {
    const auto record = reader->ReadRecord(index).value();
    EXPECT_TRUE(record.has_value()) << index;
    if (!record) continue;
    const Bytes leaf = reader->ReadLeaves(index, index + 1).value().front();
    EXPECT_OK(maker.Open(index, leaf, *record));
  }
  return log;
}

void CheckContinues(storage::Store& store, const journal::CommittedLeaf& released) {
  const auto verified = tlog::VerifyReceipt(released.receipt, LogTrust(), TestTime());
  ASSERT_OK(verified);
  StoreLog source(store);
  const Bytes note = source.ReadCheckpoint().value();
  const auto head = LogTrust().Verify(note, TestTime());
  ASSERT_OK(head);
  EXPECT_OK(tlog::VerifyGrowth(source, verified->checkpoint.checkpoint, head->checkpoint));
}

tlog::Leaf CheckReceipt(const journal::CommittedLeaf& committed) {
  auto verified = tlog::VerifyReceipt(committed.receipt, LogTrust(), TestTime());
  EXPECT_OK(verified);
  if (!verified.ok()) return {};
  EXPECT_EQ(verified->index, committed.index);
  EXPECT_EQ(verified->leaf.kind, committed.kind);
  return verified->leaf;
}

}  // namespace sluis::testing
