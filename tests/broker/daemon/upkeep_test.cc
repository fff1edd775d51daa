// What time asks of the broker, at a quick pace and told by what it does, never by waiting.
#include "broker/daemon/upkeep.h"

#include <gmock/gmock.h>

#include <future>

#include "lib/base/file.h"
#include "lib/crypto/hash.h"
#include "tests/broker/exchange/world.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/support/status_matchers.h"

namespace sluis::daemon {
namespace {

using exchange::testing::Analyst;
using exchange::testing::Oov;
using ::sluis::testing::ClientOf;
using ::sluis::testing::TestAuthority;

constexpr std::chrono::milliseconds kTick(1);

// Holds a waiting test until something was told.
class Told {
 public:
  void operator()() {
    MutexLock lock(mutex_);
    ++count_;
    changed_.NotifyAll();
  }
  void WaitFor(int count) {
    MutexLock lock(mutex_);
    while (count_ < count) changed_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int count_ SLUIS_GUARDED_BY(mutex_) = 0;
};

class UpkeepTest : public exchange::testing::World {
 protected:
  UpkeepTest() {
    std::filesystem::create_directory(folder.path() / "crl");
    EXPECT_OK(WriteFileAtomic(folder.path() / "ca.pem", root.Pem()));
    Revoke({});
    trust = TrustFromFiles::Load(folder.path() / "ca.pem", folder.path() / "crl").value();
  }
  void Revoke(const std::vector<std::string>& certificates) {
    EXPECT_OK(WriteFileAtomic(folder.path() / "crl/root.crl",
                              root.RevocationList(certificates, clock.Now() - absl::Hours(1),
                                                  clock.Now() + absl::Hours(24))));
  }

  TestAuthority root{"root"};
  std::unique_ptr<TrustFromFiles> trust;
};

TEST_F(UpkeepTest, EndsWhatExpired) {
  const auto asked =
      CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019").value();
  Told inbox;
  service->OnInbox([&inbox](const PartyId&) { inbox(); });
  clock.Advance(absl::Hours(24 * 31));
  Upkeep upkeep(*service, *trust, [] { return absl::OkStatus(); }, {.tick = kTick});
  inbox.WaitFor(1);
  upkeep.Stop();
  EXPECT_EQ(service->Get(As(Oov()), asked.exchange.id)->exchange.state,
            storage::ExchangeState::kExpired);
}

TEST_F(UpkeepTest, ReadsTrustAndCertificatesAgainAlsoWhenOneOfThemFails) {
  const std::string client = root.Issue(ClientOf(identity::testing::kTownOin, clock.Now()));
  Revoke({client});
  Told more;
  {
    Upkeep upkeep(*service, *trust,
                  [&more] {
                    more();
                    return absl::UnavailableError("the certificate cannot be read");
                  },
                  {.tick = kTick, .ticks_per_refresh = 1});
    more.WaitFor(2);
  }
  EXPECT_FALSE(trust->Current()->Check(client, clock.Now()).ok());
  // And with a list that cannot be read, the last good one stays.
  EXPECT_OK(WriteFileAtomic(folder.path() / "crl/root.crl", "x"));
  const auto in_force = trust->Current();
  Told again;
  Upkeep upkeep(*service, *trust,
                [&again] {
                  again();
                  return absl::OkStatus();
                },
                {.tick = kTick, .ticks_per_refresh = 1});
  again.WaitFor(2);
  upkeep.Stop();
  EXPECT_EQ(trust->Current(), in_force);
}

TEST_F(UpkeepTest, ForgetsUsedRequestsInTime) {
  const storage::RequestKey key{Oov().party.oin, "CreateCase",
                                "00000000-0000-4000-8000-000000009999"};
  const auto open = [&](const CaseId& id) {
    return Await<exchange::CaseResult>([&](exchange::Reply<exchange::CaseResult> reply) {
      service->OpenCase(As(Oov()), {key.method, key.request_id, Sha256(id.hex())},
                        {Oov().party, id, "casus"}, std::move(reply));
    });
  };
  ASSERT_OK(open(CaseId::Parse(std::string(32, 'a')).value()));
  const auto remembered = [&] {
    return store.Snapshot().value()->FindRequest(key).value().has_value();
  };
  const auto after_prunes = [&] {
    Told ticks;
    Upkeep upkeep(*service, *trust,
                  [&ticks] {
                    ticks();
                    return absl::OkStatus();
                  },
                  {.tick = kTick, .ticks_per_refresh = 1, .ticks_per_prune = 1});
    // A refresh comes before the prune of its tick.
    ticks.WaitFor(3);
  };
  clock.Advance(absl::Hours(24 * 7) - absl::Seconds(1));
  after_prunes();
  EXPECT_TRUE(remembered());
  clock.Advance(absl::Seconds(2));
  after_prunes();
  EXPECT_FALSE(remembered());
}

TEST_F(UpkeepTest, StopsAtOnceAndTwice) {
  Upkeep upkeep(*service, *trust, [] { return absl::OkStatus(); }, {.tick = std::chrono::hours(1)});
  upkeep.Stop();
  upkeep.Stop();
}

}  // namespace
}  // namespace sluis::daemon
