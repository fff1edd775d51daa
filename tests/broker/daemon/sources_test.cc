// What is read again while the broker runs: a file that cannot be used changes nothing, and a
// directory never goes back.
#include "broker/daemon/sources.h"

#include <gmock/gmock.h>

#include "broker/daemon/reload.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "tests/broker/exchange/world.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/policy/signed/signed_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::daemon {
namespace {

using identity::DirectoryDocument;
using identity::testing::DocumentOf;
using identity::testing::TestOfficers;
using ::sluis::testing::ClientOf;
using ::sluis::testing::HasReason;
using ::sluis::testing::TestAuthority;

class SourcesTest : public exchange::testing::World {
 protected:
  SourcesTest() {
    Put(7);
    std::filesystem::create_directory(folder.path() / "crl");
    Write("ca.pem", root.Pem());
    Revoke({});
  }
  void Write(const std::string& name, const std::string& content) {
    EXPECT_OK(WriteFileAtomic(folder.path() / name, content));
  }
  // Signs the region as this version into the file.
  void Put(std::int64_t version, const std::string& name = "midden") {
    DirectoryDocument document = DocumentOf({&town, &small_town, &police, &prosecution});
    document.version = version;
    document.name = name;
    Write("directory.note", officers.Sign(document));
  }
  void Revoke(const std::vector<std::string>& certificates) {
    Write("crl/root.crl", root.RevocationList(certificates, clock.Now() - absl::Hours(1),
                                              clock.Now() + absl::Hours(24)));
  }
  absl::StatusOr<std::unique_ptr<DirectoryFromFile>> Directory(bool demonstration = true) {
    return DirectoryFromFile::Load(folder.path() / "directory.note", officers.Pinned(),
                                   demonstration);
  }
  std::unique_ptr<TrustFromFiles> Trust() {
    return TrustFromFiles::Load(folder.path() / "ca.pem", folder.path() / "crl").value();
  }

  std::unique_ptr<PolicyFromBundle> Policy() {
    Write("policy.bundle", persons.SignThePack(clock.Now()));
    return PolicyFromBundle::Load({folder.path() / "policy.bundle", {}, persons.Pinned(), {}, true},
                                  clock)
        .value();
  }

  policy::testing::TestActivators persons;
  TestOfficers officers;
  TestAuthority root{"root"};
};

TEST_F(SourcesTest, ADirectoryIsTakenOnlyOfBothOfficersAndOfItsRange) {
  EXPECT_OK(Directory());
  EXPECT_FALSE(Directory(/*demonstration=*/false).ok()) << "test organisations have no place there";
  const TestOfficers others;
  Write("directory.note", others.Sign(DocumentOf({&town})));
  EXPECT_THAT(Directory(), HasReason("DIRECTORY_NOT_SIGNED"));
  Write("directory.note",
        identity::SignDirectory(DocumentOf({&town}), officers.first_name, officers.first).value());
  EXPECT_THAT(Directory(), HasReason("DIRECTORY_NOT_SIGNED")) << "one of two";
  std::filesystem::remove(folder.path() / "directory.note");
  EXPECT_THAT(Directory(), HasReason("FILE_NOT_FOUND"));
}

TEST_F(SourcesTest, ADirectoryGoesForwardAndNeverBack) {
  const auto source = Directory().value();
  EXPECT_FALSE(*source->Reload()) << "nothing new";
  Put(9);
  EXPECT_TRUE(*source->Reload());
  EXPECT_EQ(source->Current()->version(), 9);
  const auto in_force = source->Current();
  Put(8);
  EXPECT_THAT(source->Reload(), HasReason("DIRECTORY_ROLLBACK"));
  Put(10, "elders");
  EXPECT_THAT(source->Reload(), HasReason("DIRECTORY_CONFLICT"));
  town.entry.suspended = true;
  Put(9);
  EXPECT_THAT(source->Reload(), HasReason("DIRECTORY_CONFLICT"))
      << "the same version, other content";
  Write("directory.note", "x");
  EXPECT_THAT(source->Reload(), HasReason("DIRECTORY_NOT_SIGNED"));
  std::filesystem::remove(folder.path() / "directory.note");
  EXPECT_THAT(source->Reload(), HasReason("FILE_NOT_FOUND"));
  EXPECT_EQ(source->Current(), in_force) << "the last good one stays";
}

TEST_F(SourcesTest, TrustFollowsItsFilesAndKeepsTheLastGoodOnes) {
  const auto trust = Trust();
  const std::string client = root.Issue(ClientOf(identity::testing::kTownOin, clock.Now()));
  EXPECT_OK(trust->Current()->Check(client, clock.Now()));
  Revoke({client});
  EXPECT_OK(trust->Current()->Check(client, clock.Now()));
  ASSERT_OK(trust->Reload());
  EXPECT_THAT(trust->Current()->Check(client, clock.Now()), HasReason("CERTIFICATE_NOT_TRUSTED"));
  const auto in_force = trust->Current();
  Write("crl/root.crl", "x");
  EXPECT_FALSE(trust->Reload().ok());
  Revoke({});
  Write("ca.pem", "x");
  EXPECT_FALSE(trust->Reload().ok());
  EXPECT_EQ(trust->Current(), in_force);
}

TEST_F(SourcesTest, AReloadAnnouncesANewDirectoryOnceInTheLog) {
  const auto directory = Directory().value();
  const auto trust = Trust();
  exchange::Service broker({town.entry.oin, {}}, *journal, store, *policies, *directory, clock);
  ASSERT_OK(broker.AnnounceDirectory());
  const auto pack = Policy();
  const int before = Count(tlog::LeafKind::kPartnerChange);
  int more = 0;
  const auto reload = [&] {
    return Reload(*pack, *directory, *trust, broker, [&more] {
      ++more;
      return absl::OkStatus();
    });
  };
  EXPECT_OK(reload());
  EXPECT_EQ(Count(tlog::LeafKind::kPartnerChange), before);
  Put(8);
  EXPECT_OK(reload());
  EXPECT_OK(reload());
  EXPECT_EQ(Count(tlog::LeafKind::kPartnerChange), before + 1);
  EXPECT_EQ(more, 3);
}

TEST_F(SourcesTest, ADirectoryThatCannotBeUsedDoesNotHoldUpRevocation) {
  const auto directory = Directory().value();
  const auto trust = Trust();
  const std::string client = root.Issue(ClientOf(identity::testing::kTownOin, clock.Now()));
  Write("directory.note", "x");
  Revoke({client});
  const auto pack = Policy();
  bool more = false;
  EXPECT_THAT(Reload(*pack, *directory, *trust, *service,
                     [&more] {
                       more = true;
                       return absl::OkStatus();
                     }),
              HasReason("DIRECTORY_NOT_SIGNED"));
  EXPECT_THAT(trust->Current()->Check(client, clock.Now()), HasReason("CERTIFICATE_NOT_TRUSTED"));
  EXPECT_TRUE(more);
  EXPECT_EQ(directory->Current()->version(), 7);
}

TEST_F(SourcesTest, ABrokerDoesNotStartWithAnOlderDirectoryThanItHadInForce) {
  Put(9);
  const auto newer = Directory().value();
  exchange::Service before({town.entry.oin, {}}, *journal, store, *policies, *newer, clock);
  ASSERT_OK(before.AnnounceDirectory());
  Put(8);
  const auto older = Directory().value();
  exchange::Service after({town.entry.oin, {}}, *journal, store, *policies, *older, clock);
  EXPECT_THAT(after.AnnounceDirectory(), HasReason("DIRECTORY_ROLLBACK"));
}

}  // namespace
}  // namespace sluis::daemon
