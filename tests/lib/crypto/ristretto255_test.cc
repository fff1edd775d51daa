#include "lib/crypto/ristretto255.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "lib/crypto/random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis {
namespace {

using testing::HasReason;
using testing::LoadVectors;
using testing::Unhex;

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Printable<SecretScalar>, "a secret scalar does not reach a stream");
static_assert(!std::is_copy_constructible_v<SecretScalar>);
static_assert(!std::is_convertible_v<SecretScalar, BytesView>);

SecretScalar Secret(const Bytes& bytes) {
  return SecretScalar::Decode(SecretBytes::CopyOf(bytes)).value();
}

SecretScalar Small(char value) {
  Bytes bytes(kScalarSize, '\0');
  bytes[0] = value;
  return Secret(bytes);
}

TEST(RistrettoVectors, MultiplesOfTheGenerator) {
  for (const auto& file : LoadVectors("hash-to-group")) {
    const Json& multiples = file.content.at("generator_multiples");
    ASSERT_GT(multiples.size(), 2U);
    EXPECT_EQ(Point().bytes(), Unhex(multiples[0]));
    EXPECT_EQ(GroupElement::Generator().bytes(), Unhex(multiples[1]));
    Point sum;
    for (std::size_t i = 1; i < multiples.size(); ++i) {
      sum = sum.Plus(GroupElement::Generator());
      EXPECT_EQ(sum.bytes(), Unhex(multiples[i]));
      EXPECT_EQ(MultiplyBase(Small(static_cast<char>(i))).bytes(), Unhex(multiples[i]));
      EXPECT_EQ(Multiply(Small(static_cast<char>(i)), GroupElement::Generator()).bytes(),
                Unhex(multiples[i]));
      EXPECT_OK(GroupElement::Decode(Unhex(multiples[i])));
    }
  }
}

TEST(RistrettoVectors, UniformBytesToElement) {
  for (const auto& file : LoadVectors("hash-to-group")) {
    const Json& cases = file.content.at("uniform_to_element");
    ASSERT_FALSE(cases.empty());
    for (const Json& c : cases) {
      ASSERT_OK_AND_ASSIGN(const GroupElement element,
                           GroupElement::FromUniform(Unhex(c.at("uniform"))));
      EXPECT_EQ(element.bytes(), Unhex(c.at("element")));
    }
  }
}

TEST(RistrettoVectors, NegativeElementsAndScalars) {
  int elements = 0, scalars = 0;
  for (const auto& file : LoadVectors("negative-encodings")) {
    for (const Json& c : file.content.at("cases")) {
      SCOPED_TRACE(c.at("id").dump());
      const std::string expect = c.at("expect");
      if (c.at("structure") == "element") {
        EXPECT_THAT(GroupElement::Decode(Unhex(c.at("hex"))), HasReason(expect));
        ++elements;
      } else if (c.at("structure") == "scalar") {
        const auto secret = SecretScalar::Decode(SecretBytes::Take(Unhex(c.at("hex"))));
        EXPECT_THAT(secret, HasReason(expect));
        if (expect != "E_SCALAR_ZERO") {
          EXPECT_THAT(Scalar::Decode(Unhex(c.at("hex"))), HasReason(expect));
        }
        ++scalars;
      }
    }
  }
  EXPECT_GT(elements, 0);
  EXPECT_GT(scalars, 0);
}

// libsodium 1.0.18 takes x and x | 2^255 for the same point: our decoder must not, for any element.
TEST(GroupElementTest, TopBitIsRefusedForEveryElement) {
  for (int i = 0; i < 64; ++i) {
    Bytes raw(MultiplyBase(SecretScalar::Random()).bytes());
    ASSERT_OK(GroupElement::Decode(raw));
    raw[31] = static_cast<char>(raw[31] | 0x80);
    EXPECT_THAT(GroupElement::Decode(raw), HasReason("E_ELEMENT"));
  }
}

TEST(GroupElementTest, FieldOrderIsTheBoundary) {
  Bytes order(kElementSize, '\xFF');  // 2^255 - 19
  order[0] = '\xED';
  order[31] = '\x7F';
  EXPECT_THAT(GroupElement::Decode(order), HasReason("E_ELEMENT"));
  order[0] = '\xEE';  // 2^255 - 18, a second encoding of 1
  EXPECT_THAT(GroupElement::Decode(order), HasReason("E_ELEMENT"));
}

TEST(GroupElementTest, UniformInputHas64Bytes) {
  EXPECT_THAT(GroupElement::FromUniform(Bytes(63, 'x')), HasReason("E_LENGTH"));
  EXPECT_THAT(GroupElement::FromUniform(Bytes(65, 'x')), HasReason("E_LENGTH"));
  EXPECT_THAT(GroupElement::FromUniform(Bytes(64, '\0')), HasReason("E_IDENTITY"));
}

TEST(GroupElementTest, SumsThatVanishAreRefused) {
  const GroupElement element = MultiplyBase(SecretScalar::Random());
  EXPECT_THAT(Subtract(element, element), HasReason("E_IDENTITY"));
  ASSERT_OK_AND_ASSIGN(const GroupElement twice, Add(element, element));
  EXPECT_EQ(twice, Multiply(Small(2), element));
  ASSERT_OK_AND_ASSIGN(const GroupElement once, Subtract(twice, element));
  EXPECT_EQ(once, element);
}

TEST(SecretScalarTest, FieldLaws) {
  for (int i = 0; i < 32; ++i) {
    const SecretScalar a = SecretScalar::Random(), b = SecretScalar::Random();
    EXPECT_TRUE(a.Times(a.Inverse()).IsOne());
    EXPECT_FALSE(a.IsOne());
    EXPECT_TRUE(a.Times(b).Equals(b.Times(a)));
    EXPECT_FALSE(a.Equals(b));
    EXPECT_TRUE(a.Clone().Equals(a));
    EXPECT_EQ(MultiplyBase(a.Times(b)), Multiply(a, MultiplyBase(b)));
  }
}

TEST(SecretScalarTest, AnswerOfASchnorrProof) {
  const SecretScalar r = SecretScalar::Random(), k = SecretScalar::Random();
  const Scalar c = Scalar::Reduce(RandomBytes(kUniformSize));
  const Point back = Point::BaseTimes(r.MinusProduct(c, k)).Plus(Point(MultiplyBase(k)).Times(c));
  EXPECT_EQ(back.bytes(), MultiplyBase(r).bytes());
}

TEST(SecretScalarTest, ReductionRefusesZeroAndOtherSizes) {
  EXPECT_THAT(SecretScalar::Reduce(SecretBytes(kUniformSize)), HasReason("E_SCALAR_ZERO"));
  EXPECT_THAT(SecretScalar::Reduce(SecretBytes(kScalarSize)), HasReason("E_LENGTH"));
}

TEST(SecretScalarTest, PrintsNothing) {
  EXPECT_EQ(::testing::PrintToString(SecretScalar::Random()), "<secret scalar>");
}

TEST(PointTest, ZeroAndIdentityAreCarriedThrough) {
  const Scalar zero = Scalar::Decode(Bytes(kScalarSize, '\0')).value();
  const GroupElement element = MultiplyBase(SecretScalar::Random());
  EXPECT_TRUE(Point::BaseTimes(zero).IsIdentity());
  EXPECT_TRUE(Point(element).Times(zero).IsIdentity());
  EXPECT_TRUE(Point().Times(SecretScalar::Random()).IsIdentity());
  EXPECT_EQ(Point().Plus(element).bytes(), element.bytes());
  EXPECT_TRUE(Point(element).Minus(element).IsIdentity());
  EXPECT_THAT(Point().ToElement(), HasReason("E_IDENTITY"));
}

}  // namespace
}  // namespace sluis
