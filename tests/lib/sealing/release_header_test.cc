#include "lib/sealing/release_header.h"

#include <gtest/gtest.h>

#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

ReleaseHeader Header() {
  ReleaseHeader header;
  header.exchange = ExchangeId::Parse("59908df50572502ceeabbcc669a28bcc").value();
  header.regime = "wpg-8";
  header.subject_category = "verdachte";
  header.subject_verified = true;
  header.fields = {{"p-naam", "exact", Sha256("one")}, {"sig-feiten", "category", Sha256("two")}};
  header.signed_requests = {Sha256("request")};
  return header;
}

TEST(ReleaseHeaderTest, BytesAsSpecified) {
  const Bytes expected = ByteWriter()
                             .Raw(HexDecode("59908df50572502ceeabbcc669a28bcc01").value())
                             .Raw(HexDecode("0005").value())
                             .Raw("wpg-8")
                             .Raw(HexDecode("0009").value())
                             .Raw("verdachte")
                             .Raw(HexDecode("010002").value())
                             .Raw(HexDecode("0006").value())
                             .Raw("p-naam")
                             .Raw(HexDecode("0005").value())
                             .Raw("exact")
                             .Raw(AsView(Sha256("one")))
                             .Raw(HexDecode("000a").value())
                             .Raw("sig-feiten")
                             .Raw(HexDecode("0008").value())
                             .Raw("category")
                             .Raw(AsView(Sha256("two")))
                             .Raw(HexDecode("0001").value())
                             .Raw(AsView(Sha256("request")))
                             .bytes();
  ASSERT_OK_AND_ASSIGN(const Bytes encoded, EncodeReleaseHeader(Header()));
  EXPECT_EQ(encoded, expected);
  ASSERT_OK_AND_ASSIGN(const ReleaseHeader back, ParseReleaseHeader(encoded));
  EXPECT_EQ(back, Header());
}

// Frozen with a fixed key: pseudonyms.md §16 has no vector for this structure yet.
TEST(ReleaseHeaderTest, SignatureIsFrozen) {
  const Ed25519PrivateKey key =
      Ed25519PrivateKey::FromSeed(SecretBytes::CopyOf(Bytes(32, '\x42'))).value();
  const Bytes header = EncodeReleaseHeader(Header()).value();
  const Bytes message =
      ByteWriter().Raw(BytesView("sluis/header/v1\0", 16)).Raw(AsView(Sha256(header))).bytes();
  const Bytes signature = SignReleaseHeader(header, key);
  EXPECT_EQ(signature, key.Sign(message));
  EXPECT_EQ(HexEncode(signature),
            "32abd1a3eb5895b2da584e716124d14bfa00140edc2c0d0799d65eb305c5d08c"
            "96d6dba63e4a0ba7744104674a9f514bcb36c096792fa87307378cc50ef4b107");
  EXPECT_OK(VerifyReleaseHeader(header, signature, key.public_key()));
}

TEST(ReleaseHeaderTest, EveryChangedByteBreaksTheSignature) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const Bytes header = EncodeReleaseHeader(Header()).value();
  const Bytes signature = SignReleaseHeader(header, key);
  for (std::size_t i = 0; i < header.size(); ++i) {
    Bytes altered = header;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_THAT(VerifyReleaseHeader(altered, signature, key.public_key()),
                HasReason("E_SIGNATURE"));
  }
  EXPECT_THAT(VerifyReleaseHeader(header, signature, Ed25519PrivateKey::Generate().public_key()),
              HasReason("E_SIGNATURE"));
}

TEST(ReleaseHeaderTest, EveryPrefixIsTruncated) {
  const Bytes header = EncodeReleaseHeader(Header()).value();
  for (std::size_t size = 0; size < header.size(); ++size) {
    EXPECT_THAT(ParseReleaseHeader(BytesView(header).substr(0, size)), HasReason("E_TRUNCATED"))
        << size;
  }
  EXPECT_THAT(ParseReleaseHeader(header + '\0'), HasReason("E_TRAILING"));
}

TEST(ReleaseHeaderTest, RefusesWhatSaysNothingOrSaysItTwice) {
  const auto encode = [](auto change) {
    ReleaseHeader header = Header();
    change(header);
    return EncodeReleaseHeader(header);
  };
  EXPECT_THAT(encode([](auto& h) { h.exchange = {}; }), HasReason("E_STATEMENT"));
  EXPECT_THAT(encode([](auto& h) { h.regime = ""; }), HasReason("E_STATEMENT"));
  EXPECT_THAT(encode([](auto& h) { h.subject_category = "Een naam"; }), HasReason("E_STATEMENT"));
  EXPECT_THAT(encode([](auto& h) { h.fields[1].field = "p-naam"; }), HasReason("E_STATEMENT"));
  EXPECT_THAT(encode([](auto& h) { h.fields[1].form = "exact\n"; }), HasReason("E_STATEMENT"));
  EXPECT_THAT(encode([](auto& h) { h.fields.clear(); }), HasReason("E_EMPTY_BATCH"));
  EXPECT_THAT(encode([](auto& h) { h.signed_requests.push_back(Sha256("request")); }),
              HasReason("E_STATEMENT"));
  EXPECT_OK(encode([](auto& h) { h.signed_requests.clear(); }));
  EXPECT_THAT(encode([](auto& h) {
                for (int i = 0; i < 63; ++i)
                  h.fields.push_back({"f" + std::to_string(i), "exact", {}});
              }),
              HasReason("E_BATCH_SIZE"));
}

TEST(ReleaseHeaderTest, ParsingRefusesTheSame) {
  const auto parse = [](std::uint8_t version, std::uint8_t verified, std::uint16_t fields,
                        BytesView second) {
    ByteWriter writer;
    writer.Raw(Bytes(16, 'x')).U8(version).Lp2("wpg-8").Lp2("verdachte").U8(verified).U16(fields);
    writer.Lp2("p-naam").Lp2("exact").Zeros(32).Lp2(second).Lp2("exact").Zeros(32).U16(0);
    return ParseReleaseHeader(writer.bytes());
  };
  EXPECT_OK(parse(1, 0, 2, "sig-feiten"));
  EXPECT_THAT(parse(2, 0, 2, "sig-feiten"), HasReason("E_VERSION"));
  EXPECT_THAT(parse(1, 2, 2, "sig-feiten"), HasReason("E_FLAGS"));
  EXPECT_THAT(parse(1, 0, 0, "sig-feiten"), HasReason("E_EMPTY_BATCH"));
  EXPECT_THAT(parse(1, 0, 65535, "sig-feiten"), HasReason("E_BATCH_SIZE"));
  EXPECT_THAT(parse(1, 0, 2, "p-naam"), HasReason("E_STATEMENT"));
  EXPECT_THAT(parse(1, 0, 2, "../etc"), HasReason("E_STATEMENT"));
}

TEST(ReleaseHeaderTest, SealedFieldsAreThoseOfTheHeader) {
  const ReleaseHeader header = Header();
  std::vector<SealedView> sealed(2);
  for (std::size_t i = 0; i < 2; ++i) {
    sealed[i].digest = header.fields[i].sealed_digest;
    sealed[i].label.field = header.fields[i].field;
    std::copy_n(Data(header.exchange.bytes()), 16, sealed[i].label.seal_id.begin());
  }
  EXPECT_OK(CheckReleasedFields(header, sealed));
  EXPECT_THAT(CheckReleasedFields(header, std::span(sealed).first(1)), HasReason("E_PAYLOAD"));
  std::swap(sealed[0], sealed[1]);
  EXPECT_THAT(CheckReleasedFields(header, sealed), HasReason("E_PAYLOAD")) << "another order";
  std::swap(sealed[0], sealed[1]);
  sealed[1].label.seal_id[0] ^= 1;
  EXPECT_THAT(CheckReleasedFields(header, sealed), HasReason("E_PAYLOAD"))
      << "sealed for another exchange";
  sealed[1].label.seal_id[0] ^= 1;
  sealed[1].label.field = "p-adres";
  EXPECT_THAT(CheckReleasedFields(header, sealed), HasReason("E_PAYLOAD"))
      << "another field than the header says";
}

}  // namespace
}  // namespace sluis
