#include "lib/crypto/hash_to_group.h"

#include <gtest/gtest.h>

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis {
namespace {

using testing::LoadVectors;
using testing::Unhex;

Bytes MessageOf(const Json& c) {
  if (!c.at("msg").is_null()) return Unhex(c.at("msg"));
  const Bytes unit = Unhex(c.at("repeat")[0]);
  Bytes message;
  for (int i = 0; i < c.at("repeat")[1].get<int>(); ++i) message += unit;
  return message;
}

TEST(HashToGroupVectors, ExpandMessage) {
  for (const auto& file : LoadVectors("hash-to-group")) {
    ASSERT_FALSE(file.content.at("expand_message_xmd").empty());
    for (const Json& c : file.content.at("expand_message_xmd")) {
      const Bytes message = Unhex(c.at("msg")), dst = c.at("dst");
      EXPECT_EQ(ExpandMessageXmd({message}, dst, c.at("len")), Unhex(c.at("out")));
    }
  }
}

TEST(HashToGroupVectors, CoPrf) {
  for (const auto& file : LoadVectors("hash-to-group")) {
    EXPECT_EQ(kCoPrfContext, file.content.at("context_string").get<std::string>());
    ASSERT_FALSE(file.content.at("co_prf").empty());
    for (const Json& c : file.content.at("co_prf")) {
      const Bytes message = MessageOf(c);
      SCOPED_TRACE(message.size());
      // Of a message of more than 65535 bytes xmd64 is that of its SHA-512.
      const Bytes hashed = message.size() > 65535 ? ToBytes(Sha512({message})) : message;
      EXPECT_EQ(ExpandMessageXmd({hashed}, "HashToGroup-" + Bytes(kCoPrfContext), 64),
                Unhex(c.at("xmd64")));
      EXPECT_EQ(HashToGroup(message).bytes(), Unhex(c.at("element")));
      EXPECT_EQ(HashToScalar({hashed}).bytes(), Unhex(c.at("scalar")));
    }
  }
}

// RFC 9497 appendix A.1: the mode has another context string, the functions are ours.
SecretScalar DeriveKeyPair(BytesView seed, BytesView info, BytesView context) {
  for (int counter = 0; counter < 256; ++counter) {
    const Bytes input =
        ByteWriter().Raw(seed).Lp2(info).U8(static_cast<std::uint8_t>(counter)).bytes();
    const Scalar scalar = HashToScalarWithDst({input}, "DeriveKeyPair" + Bytes(context));
    auto key = SecretScalar::Decode(SecretBytes::CopyOf(scalar.bytes()));
    if (key.ok()) return *std::move(key);
  }
  ADD_FAILURE() << "no key";
  return SecretScalar::Random();
}

std::vector<Bytes> SplitHex(const Json& list) {
  std::vector<Bytes> out;
  const std::string text = list.get<std::string>();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    out.push_back(Unhex(Json(text.substr(at, end - at))));
    at = end + 1;
  }
  return out;
}

void RunOprf(const Json& content) {
  const Bytes group_dst = Unhex(content.at("groupDST"));
  ASSERT_TRUE(group_dst.starts_with("HashToGroup-"));
  const Bytes context = group_dst.substr(12);
  const SecretScalar key =
      DeriveKeyPair(Unhex(content.at("seed")), Unhex(content.at("keyInfo")), context);
  EXPECT_EQ(key.Reveal(SecretAccess::ForTest()), Unhex(content.at("skSm")));
  if (content.contains("pkSm")) {
    EXPECT_EQ(MultiplyBase(key).bytes(), Unhex(content.at("pkSm")));
  }
  EXPECT_EQ(context, "OPRFV1-" + Bytes(1, static_cast<char>(content.at("mode").get<int>())) + "-" +
                         content.at("identifier").get<std::string>());
  ASSERT_FALSE(content.at("vectors").empty());
  for (const Json& v : content.at("vectors")) {
    const auto inputs = SplitHex(v.at("Input")), blinds = SplitHex(v.at("Blind")),
               blinded = SplitHex(v.at("BlindedElement")),
               evaluated = SplitHex(v.at("EvaluationElement")), outputs = SplitHex(v.at("Output"));
    ASSERT_EQ(inputs.size(), v.at("Batch").get<std::size_t>());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto blind = SecretScalar::Decode(SecretBytes::CopyOf(blinds[i])).value();
      const GroupElement element = Multiply(blind, HashToGroup(inputs[i], context));
      EXPECT_EQ(element.bytes(), blinded[i]);
      const GroupElement answer = Multiply(key, element);
      EXPECT_EQ(answer.bytes(), evaluated[i]);
      const GroupElement unblinded = Multiply(blind.Inverse(), answer);
      const Bytes to_hash =
          ByteWriter().Lp2(inputs[i]).Lp2(unblinded.bytes()).Raw("Finalize").bytes();
      EXPECT_EQ(AsView(Sha512({to_hash})), outputs[i]);
    }
  }
}

TEST(HashToGroupVectors, Rfc9497) {
  for (const auto& file : LoadVectors("rfc9497-oprf")) RunOprf(file.content);
  for (const auto& file : LoadVectors("rfc9497-voprf")) RunOprf(file.content);
}

TEST(DeriveFactorTest, SecretLabelAndIdAllCount) {
  const SecretBytes secret = SecretBytes::CopyOf("secret"), other = SecretBytes::CopyOf("secres");
  const SecretScalar factor = DeriveFactor(secret, FactorLabel::kReshuffle, "id");
  EXPECT_TRUE(factor.Equals(DeriveFactor(secret, FactorLabel::kReshuffle, "id")));
  EXPECT_FALSE(factor.Equals(DeriveFactor(other, FactorLabel::kReshuffle, "id")));
  EXPECT_FALSE(factor.Equals(DeriveFactor(secret, FactorLabel::kRekeyPseudonym, "id")));
  EXPECT_FALSE(factor.Equals(DeriveFactor(secret, FactorLabel::kReshuffle, "ie")));
  // The lengths are part of the input: no other cut gives the same.
  EXPECT_FALSE(DeriveFactor(SecretBytes::CopyOf("ab"), FactorLabel::kReshuffle, "c")
                   .Equals(DeriveFactor(SecretBytes::CopyOf("a"), FactorLabel::kReshuffle, "bc")));
}

TEST(HashToGroupTest, MessagesAtTheBoundaryDiffer) {
  const Bytes longest(65535, '\x07'), longer(65536, '\x07');
  EXPECT_NE(HashToGroup(longest), HashToGroup(longer));
  EXPECT_EQ(HashToGroup(longer), HashToGroup(AsView(Sha512({longer}))));
}

}  // namespace
}  // namespace sluis
