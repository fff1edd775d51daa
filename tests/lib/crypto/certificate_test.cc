#include "lib/crypto/certificate.h"

#include <gtest/gtest.h>

#include "lib/base/file.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis {
namespace {

using testing::CertificateSpec;
using testing::ClientOf;
using testing::HasReason;
using testing::TestAuthority;

constexpr char kOin[] = "00000099100000001000";
const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
const absl::Time kLater = kNow + absl::Hours(24);

template <typename T>
std::string WhyOf(const absl::StatusOr<T>& result) {
  EXPECT_THAT(result, HasReason("CERTIFICATE_NOT_TRUSTED"));
  return DetailOf(result.status()).metadata["why"];
}

TEST(PeerCertificate, GivesOinThumbprintAndValidity) {
  const TestAuthority root("root");
  const std::string pem = root.Issue(ClientOf(kOin, kNow));
  ASSERT_OK_AND_ASSIGN(const PeerCertificate peer, ParsePeerCertificate(pem));
  EXPECT_EQ(peer.oin.str(), kOin);
  EXPECT_EQ(peer.not_before, kNow - absl::Hours(24));
  EXPECT_EQ(peer.not_after, kNow + absl::Hours(24 * 365));
  ASSERT_OK_AND_ASSIGN(const PeerCertificate other,
                       ParsePeerCertificate(root.Issue(ClientOf(kOin, kNow))));
  EXPECT_NE(peer.thumbprint, other.thumbprint);
  ASSERT_OK_AND_ASSIGN(const PeerCertificate leaf_of_chain, ParsePeerCertificate(pem + root.Pem()));
  EXPECT_EQ(leaf_of_chain.thumbprint, peer.thumbprint);
}

TEST(PeerCertificate, NeedsExactlyOneSerialNumberOfTwentyDigits) {
  const TestAuthority root("root");
  const auto parse = [&](std::vector<std::pair<std::string, std::string>> subject,
                         bool bmp = false) {
    return ParsePeerCertificate(root.Issue({.subject = std::move(subject),
                                            .not_before = kNow,
                                            .not_after = kLater,
                                            .bmp_strings = bmp}));
  };
  EXPECT_OK(parse({{"serialNumber", kOin}}));
  EXPECT_THAT(parse({{"CN", kOin}}), HasReason("CERTIFICATE_WITHOUT_OIN"));
  EXPECT_THAT(parse({{"serialNumber", kOin}, {"serialNumber", kOin}}),
              HasReason("CERTIFICATE_WITHOUT_OIN"));
  EXPECT_THAT(parse({{"serialNumber", "0000009910000000100"}}),
              HasReason("CERTIFICATE_WITHOUT_OIN"));
  EXPECT_THAT(parse({{"serialNumber", "000000991000000010000"}}),
              HasReason("CERTIFICATE_WITHOUT_OIN"));
  EXPECT_THAT(parse({{"serialNumber", "0000009910000000100x"}}),
              HasReason("CERTIFICATE_WITHOUT_OIN"));
  EXPECT_THAT(parse({{"serialNumber", kOin}}, /*bmp=*/true), HasReason("CERTIFICATE_WITHOUT_OIN"));
  // What a printed subject would show as a serialNumber is only text of another attribute here.
  EXPECT_THAT(parse({{"O", std::string("X, serialNumber=") + kOin}}),
              HasReason("CERTIFICATE_WITHOUT_OIN"));
}

TEST(PeerCertificate, RefusesWhatIsNoCertificate) {
  EXPECT_EQ(WhyOf(ParsePeerCertificate("")), "malformed");
  EXPECT_EQ(
      WhyOf(ParsePeerCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")),
      "malformed");
  EXPECT_EQ(WhyOf(ParsePeerCertificate(std::string(70'000, 'x'))), "malformed");
}

class TrustStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<absl::Time> Check(const std::vector<std::string>& lists, const std::string& leaf,
                                   absl::Time now = kNow) {
    auto store = TrustStore::Create(root_.Pem() + office_.Pem(), lists);
    if (!store.ok()) return store.status();
    return store->Check(leaf, now);
  }
  std::string RootList(absl::Time next = kLater) {
    return root_.RevocationList({}, kNow - absl::Hours(1), next);
  }
  std::string OfficeList(const std::vector<std::string>& revoked, absl::Time next = kLater) {
    return office_.RevocationList(revoked, kNow - absl::Hours(1), next);
  }
  TestAuthority root_{"root"};
  TestAuthority office_{"office", &root_};
  std::string leaf_ = office_.Issue(ClientOf(kOin, kNow));
};

TEST_F(TrustStoreTest, AcceptsUntilTheFirstListEnds) {
  EXPECT_EQ(*Check({RootList(), OfficeList({}, kNow + absl::Hours(2))}, leaf_),
            kNow + absl::Hours(2));
  // A newer list of the same issuer beside an older one takes over.
  EXPECT_EQ(*Check({RootList(), OfficeList({}, kNow + absl::Hours(2)),
                    office_.RevocationList({}, kNow - absl::Minutes(1), kNow + absl::Hours(5))},
                   leaf_),
            kNow + absl::Hours(5));
}

TEST_F(TrustStoreTest, RefusesARevokedCertificateAndARevokedOffice) {
  EXPECT_EQ(WhyOf(Check({RootList(), OfficeList({leaf_})}, leaf_)), "revoked");
  const std::string root_list =
      root_.RevocationList({office_.Pem()}, kNow - absl::Hours(1), kLater);
  EXPECT_EQ(WhyOf(Check({root_list, OfficeList({})}, leaf_)), "revoked");
  const std::string other = office_.Issue(ClientOf(kOin, kNow));
  EXPECT_OK(Check({RootList(), OfficeList({leaf_})}, other));
}

TEST_F(TrustStoreTest, RefusesWithoutAListThatHolds) {
  EXPECT_EQ(WhyOf(Check({}, leaf_)), "crl-missing");
  EXPECT_EQ(WhyOf(Check({RootList()}, leaf_)), "crl-missing");
  EXPECT_EQ(WhyOf(Check({OfficeList({})}, leaf_)), "crl-missing");
  EXPECT_EQ(WhyOf(Check({RootList(), OfficeList({}, kNow - absl::Minutes(1))}, leaf_)),
            "crl-stale");
  EXPECT_EQ(WhyOf(Check({RootList(), office_.RevocationList({}, kLater, kLater + absl::Hours(1))},
                        leaf_)),
            "crl-not-yet-valid");
}

TEST_F(TrustStoreTest, RefusesAnExpiredAnEarlyAndAStrangeCertificate) {
  const std::vector<std::string> lists = {RootList(kNow + absl::Hours(99'999)),
                                          OfficeList({}, kNow + absl::Hours(99'999))};
  EXPECT_EQ(WhyOf(Check(lists, leaf_, kNow + absl::Hours(24 * 366))), "expired");
  EXPECT_EQ(WhyOf(Check(lists, office_.Issue({.subject = {{"serialNumber", kOin}},
                                              .not_before = kNow + absl::Hours(1),
                                              .not_after = kLater}))),
            "not-yet-valid");
  const TestAuthority stranger("office");  // the same name, another key
  EXPECT_EQ(WhyOf(Check(lists, stranger.Issue(ClientOf(kOin, kNow)))), "chain-invalid");
  const TestAuthority unknown("unknown");
  EXPECT_EQ(WhyOf(Check(lists, unknown.Issue(ClientOf(kOin, kNow)))), "issuer-unknown");
  EXPECT_EQ(WhyOf(Check(lists, unknown.Pem())), "issuer-unknown");
  EXPECT_EQ(WhyOf(Check(lists, "no certificate")), "malformed");
}

TEST_F(TrustStoreTest, RefusesListsThatProveNothing) {
  const TestAuthority stranger("office");
  EXPECT_THAT(Check({RootList(), stranger.RevocationList({}, kNow, kLater)}, leaf_),
              HasReason("FIELD_INVALID"));
  const TestAuthority unknown("unknown");
  EXPECT_THAT(Check({unknown.RevocationList({}, kNow, kLater)}, leaf_), HasReason("FIELD_INVALID"));
  EXPECT_THAT(Check({RootList(), OfficeList({}, absl::InfiniteFuture())}, leaf_),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(Check({"no list"}, leaf_), HasReason("FIELD_INVALID"));
  EXPECT_THAT(TrustStore::Create("no authority", {}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(TrustStore::Create(leaf_, {}), HasReason("FIELD_INVALID"));
}

TEST_F(TrustStoreTest, LoadsAFileAndAFolder) {
  const testing::TempDir folder;
  ASSERT_OK(WriteFileAtomic(folder.path() / "authorities.pem", root_.Pem() + office_.Pem()));
  std::filesystem::create_directory(folder.path() / "crl");
  ASSERT_OK(WriteFileAtomic(folder.path() / "crl" / "root.crl", RootList()));
  ASSERT_OK(WriteFileAtomic(folder.path() / "crl" / "office.pem", OfficeList({leaf_})));
  ASSERT_OK(WriteFileAtomic(folder.path() / "crl" / "README", "not a list"));
  ASSERT_OK_AND_ASSIGN(const TrustStore store,
                       TrustStore::Load(folder.path() / "authorities.pem", folder.path() / "crl"));
  EXPECT_EQ(WhyOf(store.Check(leaf_, kNow)), "revoked");
  EXPECT_THAT(TrustStore::Load(folder.path() / "authorities.pem", folder.path() / "absent"),
              HasReason("FIELD_INVALID"));
}

}  // namespace
}  // namespace sluis
