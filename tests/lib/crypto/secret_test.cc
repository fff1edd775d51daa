#include "lib/crypto/secret.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <type_traits>

#include "lib/crypto/ed25519.h"
#include "lib/crypto/random.h"
#include "lib/crypto/x25519.h"

namespace sluis {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};

static_assert(Printable<std::string>, "the concept itself works");
static_assert(!Printable<SecretBytes> && !Printable<Ed25519PrivateKey> &&
              !Printable<X25519PrivateKey>);
static_assert(!Comparable<SecretBytes>, "comparison is named, and takes constant time");
static_assert(!std::is_copy_constructible_v<SecretBytes> &&
              !std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::is_copy_constructible_v<Ed25519PrivateKey> &&
              !std::is_copy_constructible_v<X25519PrivateKey>);
static_assert(!std::is_convertible_v<SecretBytes, BytesView> &&
              !std::is_convertible_v<SecretBytes, Bytes>);
static_assert(!std::is_convertible_v<BytesView, SecretBytes> &&
              !std::is_default_constructible_v<SecretAccess>);

TEST(SecretBytesTest, GivesBackWhatItWasGiven) {
  const SecretBytes secret = SecretBytes::CopyOf("some key");
  EXPECT_EQ(secret.size(), 8U);
  EXPECT_EQ(secret.Reveal(SecretAccess::ForTest()), "some key");
  EXPECT_EQ(secret.Clone().Reveal(SecretAccess::ForTest()), "some key");
}

TEST(SecretBytesTest, TestFrameworkDoesNotPrintIt) {
  EXPECT_EQ(::testing::PrintToString(SecretBytes::CopyOf("some key")), "<secret>");
}

TEST(SecretBytesTest, TakeWipesItsSource) {
  Bytes source = "a secret longer than the small-string buffer of any library";
  const std::size_t size = source.size();
  const char* const place = source.data();
  const SecretBytes secret = SecretBytes::Take(std::move(source));
  EXPECT_EQ(secret.size(), size);
  ASSERT_EQ(source.data(),
            place);  // NOLINT(bugprone-use-after-move): Take leaves it empty, not unspecified
  ASSERT_GE(source.capacity(), size);
  EXPECT_EQ(BytesView(place, size), Bytes(size, '\0'));
}

TEST(SecretBytesTest, MovingEmptiesTheSource) {
  SecretBytes a = SecretBytes::CopyOf("one");
  SecretBytes b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): the contract under test
  a = std::move(b);
  EXPECT_EQ(a.Reveal(SecretAccess::ForTest()), "one");
}

TEST(SecretBytesTest, EqualsLooksAtSizeAndBytes) {
  EXPECT_TRUE(SecretBytes().Equals(SecretBytes(0)));
  EXPECT_TRUE(SecretBytes::CopyOf("one").Equals(SecretBytes::CopyOf("one")));
  EXPECT_FALSE(SecretBytes::CopyOf("one").Equals(SecretBytes::CopyOf("two")));
  EXPECT_FALSE(SecretBytes::CopyOf("one").Equals(SecretBytes::CopyOf("ones")));
}

TEST(RandomTest, NeverTheSameTwice) {
  std::set<Bytes> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(RandomBytes(16));
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_FALSE(SecretBytes::Random(32).Equals(SecretBytes::Random(32)));
  EXPECT_NE(RandomArray<16>(), RandomArray<16>());
}

}  // namespace
}  // namespace sluis
