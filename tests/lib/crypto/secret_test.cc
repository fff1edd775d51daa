#include "lib/crypto/secret.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "lib/crypto/ed25519.h"
#include "lib/crypto/random.h"
#include "lib/crypto/x25519.h"

namespace sluis {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};

static_assert(Streamable<std::string>, "the concept itself works");
static_assert(!Streamable<SecretBytes> && !Streamable<Ed25519PrivateKey> &&
              !Streamable<X25519PrivateKey>);
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

// Sizes on both sides of every cell size, many alive at once, freed in another order.
TEST(SecretBytesTest, SecretsOfAllSizesKeepTheirOwnBytes) {
  std::vector<SecretBytes> alive;
  std::vector<Bytes> expected;
  for (int round = 0; round < 300; ++round) {
    for (const std::size_t size : {1, 32, 64, 65, 512, 513, 4096, 4097}) {
      expected.push_back(RandomBytes(size));
      alive.push_back(SecretBytes::CopyOf(expected.back()));
    }
    if (round % 3 != 0) continue;
    const std::size_t drop = static_cast<std::size_t>(round) * 7 % alive.size();
    alive.erase(alive.begin() + static_cast<std::ptrdiff_t>(drop));
    expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(drop));
  }
  for (std::size_t i = 0; i < alive.size(); ++i) {
    ASSERT_TRUE(alive[i].Reveal(SecretAccess::ForTest()) == expected[i]) << i;
  }
}

TEST(SecretBytesTest, FreedMemoryIsWipedAndNewMemoryIsZero) {
  for (const std::size_t size : {32, 64, 300, 4096}) {
    auto secret = std::make_optional(SecretBytes::CopyOf(Bytes(size, 's')));
    const char* const place = secret->Reveal(SecretAccess::ForTest()).data();
    secret.reset();
    EXPECT_TRUE(BytesView(place, size) == Bytes(size, '\0'))
        << "the cell is still mapped, and empty";
    EXPECT_TRUE(SecretBytes(size).Reveal(SecretAccess::ForTest()) == Bytes(size, '\0'));
  }
}

TEST(SecretBytesTest, ThreadsTakeAndGiveAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([t, &wrong] {
      const Bytes own(40, static_cast<char>('a' + t));
      for (int i = 0; i < 2000; ++i) {
        const SecretBytes secret = SecretBytes::CopyOf(own);
        wrong[t] += secret.Clone().Reveal(SecretAccess::ForTest()) != own;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
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
