#include "lib/tlog/tile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::LoadVectors;

// Vectors write a full tile with width 0.
int WidthOf(const Json& width) { return width == 0 ? kTileWidth : width.get<int>(); }

TEST(TileTest, PathsOfTheVectors) {
  for (const auto& file : LoadVectors("tlog-paths")) {
    for (const Json& c : file.content.at("tiles")) {
      const TileId id{c.at("level").get<int>(), c.at("index").get<std::uint64_t>(),
                      WidthOf(c.at("width"))};
      EXPECT_EQ(TilePath(id), c.at("path").get<std::string>());
      ASSERT_OK_AND_ASSIGN(const TileId parsed, ParseTilePath(c.at("path").get<std::string>()));
      EXPECT_EQ(parsed, id);
    }
    for (const Json& c : file.content.at("entries")) {
      const std::uint64_t index = c.at("seq").get<std::uint64_t>() / kTileWidth;
      const BundleId id{index, TileWidthAt(0, index, c.at("size").get<std::uint64_t>())};
      EXPECT_EQ(BundlePath(id), c.at("path").get<std::string>());
      ASSERT_OK_AND_ASSIGN(const BundleId parsed, ParseBundlePath(c.at("path").get<std::string>()));
      EXPECT_EQ(parsed, id);
    }
    for (const Json& path : file.content.at("refused_paths")) {
      EXPECT_THAT(ParseTilePath(path.get<std::string>()), HasReason("E_TILE_PATH")) << path;
      EXPECT_THAT(ParseBundlePath(path.get<std::string>()), HasReason("E_TILE_PATH")) << path;
    }
  }
}

TEST(TileTest, RefusesIndicesThatDoNotFit) {
  EXPECT_OK(ParseTilePath("tile/0/x009/x223/x372/x036/x854/x775/807"));
  EXPECT_THAT(ParseTilePath("tile/0/x009/x223/x372/x036/x854/x775/808"), HasReason("E_TILE_PATH"));
  EXPECT_THAT(ParseTilePath("tile/0/x999/x999/x999/x999/x999/x999/x999/999"),
              HasReason("E_TILE_PATH"));
}

TEST(TileTest, FilesOfTheLargeVectorLog) {
  for (const auto& file : LoadVectors("tlog-tiles-70000")) {
    const auto size = file.content.at("size").get<std::uint64_t>();
    std::vector<Bytes> entries;
    TreeFrontier frontier;
    for (std::uint64_t i = 0; i < size; ++i) {
      entries.push_back(std::to_string(i));
      frontier.Append(LeafHash(entries.back()));
      const auto root = file.content.at("roots").find(std::to_string(i + 1));
      if (root == file.content.at("roots").end()) continue;
      EXPECT_EQ(HexEncode(AsView(frontier.root())), root->get<std::string>()) << i + 1;
    }
    const testing::MemoryLog log(std::move(entries));
    EXPECT_EQ(log.checkpoint.root, frontier.root());
    for (const Json& c : file.content.at("files")) {
      const auto found = log.files.find(c.at("path").get<std::string>());
      ASSERT_NE(found, log.files.end()) << c.at("path");
      EXPECT_EQ(found->second.size(), c.at("bytes").get<std::size_t>()) << c.at("path");
      EXPECT_EQ(HexEncode(AsView(Sha256(found->second))), c.at("sha256").get<std::string>())
          << c.at("path");
    }
    for (const Json& path : file.content.at("must_not_exist")) {
      EXPECT_FALSE(log.files.contains(path.get<std::string>())) << path;
    }
  }
}

TEST(TileTest, ListsEveryTileOfASizeOnce) {
  const std::vector<TileId> tiles = TilesOf(70000);
  EXPECT_EQ(tiles.size(), 274 + 2 + 1);
  EXPECT_EQ(std::set<TileId>(tiles.begin(), tiles.end()).size(), tiles.size());
  EXPECT_TRUE(std::count(tiles.begin(), tiles.end(), TileId(1, 1, 17)));
  EXPECT_TRUE(std::count(tiles.begin(), tiles.end(), TileId(2, 0, 1)));
  EXPECT_EQ(TilesOf(256), (std::vector<TileId>{{0, 0, 256}, {1, 0, 1}}));
  EXPECT_TRUE(TilesOf(0).empty());
  EXPECT_EQ(BundlesOf(257), (std::vector<BundleId>{{0, 256}, {1, 1}}));
}

TEST(TileTest, BundleOfTheDocument) {
  ASSERT_OK_AND_ASSIGN(const Bytes bundle, EncodeBundle(std::vector<Bytes>{"one", "two", "three"}));
  EXPECT_EQ(HexEncode(bundle), "00036f6e65000374776f00057468726565");
  ASSERT_OK_AND_ASSIGN(const auto entries, DecodeBundle(bundle, 3));
  EXPECT_EQ(entries[2].bytes, "three");
  EXPECT_EQ(entries[2].offset, 12U);
}

TEST(TileTest, BundlesAreReadStrictly) {
  const Bytes bundle = EncodeBundle(std::vector<Bytes>{"one", "", "three"}).value();
  EXPECT_OK(DecodeBundle(bundle, 3));
  EXPECT_THAT(DecodeBundle(bundle, 2), HasReason("E_TRAILING"));
  EXPECT_THAT(DecodeBundle(bundle, 4), HasReason("E_TRUNCATED"));
  for (std::size_t cut = 0; cut < bundle.size(); ++cut) {
    EXPECT_THAT(DecodeBundle(BytesView(bundle).substr(0, cut), 3), HasReason("E_TRUNCATED"));
  }
  EXPECT_THAT(EncodeBundle(std::vector<Bytes>{Bytes(65536, 'x')}), HasReason("E_LENGTH"));
  EXPECT_OK(EncodeBundle(std::vector<Bytes>{Bytes(65535, 'x')}));
}

TEST(TileTest, TileBodiesHaveOneLength) {
  const Bytes body = EncodeTile(std::vector<Digest>{LeafHash("a"), LeafHash("b")});
  ASSERT_OK_AND_ASSIGN(const auto hashes, DecodeTile(body, 2));
  EXPECT_EQ(hashes[1], LeafHash("b"));
  EXPECT_THAT(DecodeTile(body, 1), HasReason("E_LENGTH"));
  EXPECT_THAT(DecodeTile(body.substr(1), 2), HasReason("E_LENGTH"));
}

}  // namespace
}  // namespace sluis::tlog
