#include "broker/storage/memory/persistent_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace sluis::storage {
namespace {

using Map = PersistentMap<int, int>;

std::map<int, int> ContentOf(const Map& map, int low = -1) {
  std::map<int, int> content;
  map.From(low, [&](int key, int value) { return content.emplace(key, value).second; });
  return content;
}

// Every version that was ever copied must stay as std::map says it was.
TEST(PersistentMapTest, VersionsAgreeWithStdMapForever) {
  std::mt19937 random(20260302);
  Map map;
  std::map<int, int> expected;
  std::vector<std::pair<Map, std::map<int, int>>> versions;
  for (int step = 0; step < 2000; ++step) {
    const int key = static_cast<int>(random() % 200);
    if (random() % 3 == 0) {
      map.Erase(key);
      expected.erase(key);
    } else {
      map.Put(key, step);
      expected[key] = step;
    }
    if (step % 50 == 0) versions.emplace_back(map, expected);
  }
  for (const auto& [version, content] : versions) EXPECT_EQ(ContentOf(version), content);
  EXPECT_EQ(ContentOf(map), expected);
}

TEST(PersistentMapTest, WalksFromALowerBoundAndStopsWhenTold) {
  Map map;
  for (const int key : {5, 1, 9, 3, 7}) map.Put(key, key);
  EXPECT_EQ(ContentOf(map, 4), (std::map<int, int>{{5, 5}, {7, 7}, {9, 9}}));
  EXPECT_EQ(ContentOf(map, 10), (std::map<int, int>{}));
  std::vector<int> seen;
  map.From(0, [&](int key, int) {
    seen.push_back(key);
    return seen.size() < 2;
  });
  EXPECT_EQ(seen, (std::vector<int>{1, 3}));
}

TEST(PersistentMapTest, FindsWhatIsThereAndNothingElse) {
  Map map;
  EXPECT_EQ(map.Find(1), nullptr);
  map.Put(1, 10);
  map.Put(1, 11);
  ASSERT_NE(map.Find(1), nullptr);
  EXPECT_EQ(*map.Find(1), 11);
  map.Erase(2);
  map.Erase(1);
  EXPECT_EQ(map.Find(1), nullptr);
}

}  // namespace
}  // namespace sluis::storage
