// two-transcryptors.json: ceremony, factors, sessions, batches, proofs and reversal, every value.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/internal/hop_scalars.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/transcryption.h"
#include "tests/lib/pseudonym/fixed_nonces.h"
#include "tests/lib/pseudonym/vector_run.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::LoadVectors;
using sluis::testing::Unhex;

HopScalars Clone(const HopScalars& f) {
  return {f.s_from.Clone(), f.s_to.Clone(), f.k_from.Clone(), f.k_to.Clone(),
          f.s.Clone(),      f.k.Clone(),    f.t.Clone()};
}

// Back from d_case to the origin, to another session of the party that it came from.
void RunReverse(const Json& v, const VectorRun& run) {
  const Json& reverse = v.at("reverse");
  FixedNonces nonces{Unhex(reverse.at("b"))};
  const GroupElement y = MultiplyBase(run.sk_to);
  ASSERT_OK_AND_ASSIGN(const Encrypted encrypted, Encrypt(nonces, run.pseudonyms[0], y));
  EXPECT_EQ(encrypted.ciphertext.b.bytes(), Unhex(reverse.at("B0")));
  EXPECT_EQ(encrypted.ciphertext.c.bytes(), Unhex(reverse.at("C0")));
  Ciphertext item = encrypted.ciphertext;
  GroupElement y_in = y;
  SecretScalar sk = SecretOf(v.at("x")[0]).Times(SecretOf(v.at("x")[1]));
  for (std::size_t i = 0; i < 2; ++i) {
    const Json& hop = reverse.at("hops")[i];
    EXPECT_EQ(hop.at("hop"), i + 1);
    HopScalars f = Clone(run.hops[i].factors.scalars());
    SecretScalar k_to = DeriveFactor(SecretBytes::Take(Unhex(v.at("ES")[i])),
                                     FactorLabel::kRekeyPseudonym, Unhex(reverse.at("c_to")));
    sk = sk.Times(k_to);
    ASSERT_OK_AND_ASSIGN(HopScalars back,
                         HopScalars::Combine(std::move(f.s_to), std::move(f.s_from),
                                             std::move(f.k_to), std::move(k_to)));
    EXPECT_EQ(back.s.Reveal(SecretAccess::ForTest()), Unhex(hop.at("s")));
    EXPECT_EQ(back.k.Reveal(SecretAccess::ForTest()), Unhex(hop.at("k")));
    const HopFactors factors(std::make_unique<const HopScalars>(std::move(back)));
    FixedNonces r{Unhex(hop.at("r"))};
    ASSERT_OK_AND_ASSIGN(const HopOutput output,
                         TranscryptBatch(r, factors, MakeHeaderBase(factors, y_in),
                                         {{&item, 1}, y_in, false, false}));
    item = output.response.items[0];
    y_in = output.response.y_to;
    EXPECT_EQ(item.b.bytes(), Unhex(hop.at("B")));
    EXPECT_EQ(item.c.bytes(), Unhex(hop.at("C")));
    EXPECT_EQ(y_in.bytes(), Unhex(hop.at("Y_out")));
  }
  EXPECT_EQ(sk.Reveal(SecretAccess::ForTest()), Unhex(reverse.at("sk_to")));
  ASSERT_OK_AND_ASSIGN(const GroupElement m, Decrypt(item, sk));
  EXPECT_EQ(m.bytes(), Unhex(reverse.at("result_M")));
  EXPECT_EQ(m.bytes(), Unhex(v.at("subjects")[0].at("M")));
}

void CheckGroups(const Json& content, const std::map<std::string, VectorRun>& runs) {
  for (const Json& group : content.value("equal_pseudonym_groups", Json::array())) {
    const GroupElement& first = runs.at(group[0]).pseudonyms[0];
    for (const Json& id : group) EXPECT_EQ(runs.at(id).pseudonyms[0], first) << id;
  }
  for (const Json& group : content.value("distinct_pseudonym_groups", Json::array())) {
    std::set<GroupElement> all;
    for (const Json& id : group) all.insert(runs.at(id).pseudonyms[0]);
    EXPECT_EQ(all.size(), group.size());
  }
  for (const Json& c : content.value("cannot_open", Json::array())) {
    const VectorRun& run = runs.at(c.at("item_of"));
    const auto result = Decrypt(run.hops[1].response.items[0], runs.at(c.at("session_of")).sk_to);
    ASSERT_OK(result);
    EXPECT_EQ(result->bytes(), Unhex(c.at("result")));
    EXPECT_NE(*result, run.pseudonyms[0]);
  }
}

TEST(TwoTranscryptorsVectors, EveryValue) {
  for (const auto& file : LoadVectors("two-transcryptors")) {
    std::map<std::string, VectorRun> runs;
    for (const char* list : {"vectors", "pairs"}) {
      for (const Json& v : file.content.value(list, Json::array())) {
        SCOPED_TRACE(v.at("id").dump());
        VectorRun run = RunVector(v);
        if (v.contains("reverse")) RunReverse(v, run);
        EXPECT_TRUE(runs.emplace(v.at("id"), std::move(run)).second);
      }
    }
    EXPECT_FALSE(runs.empty()) << file.path;
    CheckGroups(file.content, runs);
  }
}

}  // namespace
}  // namespace sluis::pseudonym
