#include "lib/tlog/order_note.h"

#include <gtest/gtest.h>

#include "lib/tlog/cosignature.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;

const OrderNote kOrder{
    "log.sluis.example/2026", 1, 2, EraseGround::kAvg17, "2026-00017", 1795446000};

TEST(OrderNoteTest, RoundTripOfEveryGround) {
  for (const EraseGround ground :
       {EraseGround::kAvg17, EraseGround::kWpg28, EraseGround::kCourt, EraseGround::kTerm}) {
    OrderNote order = kOrder;
    order.ground = ground;
    ASSERT_OK_AND_ASSIGN(const std::string text, FormatOrder(order));
    EXPECT_EQ(ParseOrder(text).value(), order);
  }
}

TEST(OrderNoteTest, ReadsStrictly) {
  const std::string good = FormatOrder(kOrder).value();
  const auto with = [&good](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& text :
       {std::string(), good + "more\n", good.substr(0, good.size() - 1), with("/v1", "/v2"),
        with("range 1 2", "range 2 2"), with("range 1 2", "range 01 2"),
        with("range 1 2", "range 1"), with("range 1 2", "range 1  2"),
        with("range 1 2", "range 1 2 3"), with("avg-17", "avg-18"),
        with("order 2026-00017", "order "), with("order 2026-00017", "order two words"),
        with("order 2026-00017", "order"), with("time 1795446000", "time -1"),
        with("time ", "when "), with("log.sluis.example/2026", "two words")}) {
    EXPECT_THAT(ParseOrder(text), HasReason("E_ORDER")) << text;
  }
}

TEST(OrderNoteTest, AReferenceIsNoCitizenNumber) {
  OrderNote order = kOrder;
  order.reference = "zaak-999990019";
  EXPECT_THAT(FormatOrder(order), HasReason("E_ORDER"));
}

TEST(OrderNoteTest, NamesOfThoseWhoMayOrder) {
  ASSERT_OK_AND_ASSIGN(const OrderSigner officer, OrderSignerOf("00000099000000001000/officer/1"));
  EXPECT_EQ(officer.oin, "00000099000000001000");
  EXPECT_FALSE(officer.retention);
  ASSERT_OK_AND_ASSIGN(const OrderSigner retention,
                       OrderSignerOf("00000099000000001000/retention/12"));
  EXPECT_TRUE(retention.retention);
  for (const char* name : {"", "00000099000000001000", "00000099000000001000/officer/",
                           "0000009900000000100/officer/1", "00000099000000001000/officer/01",
                           "00000099000000001000/clerk/1", "00000099000000001000/officer/1/2",
                           "x0000099000000001000/officer/1"}) {
    EXPECT_THAT(OrderSignerOf(name), HasReason("E_VKEY")) << name;
  }
}

TEST(OrderNoteTest, VerifiesWithItsSigners) {
  const std::string name = "00000099000000001000/officer/1";
  const Ed25519PrivateKey key = testing::TestKey(0x40);
  const std::string text = FormatOrder(kOrder).value();
  const std::vector<VerifierKey> keys{
      VerifierKey::Create(name, KeyType::kEd25519, key.public_key()).value(),
      VerifierKey::Create(name, KeyType::kCosignature, key.public_key()).value()};
  ASSERT_OK_AND_ASSIGN(const SignedOrder order,
                       VerifyOrder(SignNote(text, name, key).value(), keys));
  EXPECT_EQ(order.order, kOrder);
  EXPECT_EQ(order.signers, std::vector<VerifierKey>{keys[0]});
  EXPECT_THAT(VerifyOrder(SignNote(text, name, key).value(), {}),
              HasReason("E_NO_KNOWN_SIGNATURE"));
  EXPECT_THAT(VerifyOrder(text + "\n" + CosignatureLine(text, name, key, 1).value(), keys),
              HasReason("E_ORDER"));
}

}  // namespace
}  // namespace sluis::tlog
