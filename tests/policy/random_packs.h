// Packs that nobody would write: small vocabularies, boxes of any shape, so that rules meet in
// every way; and packs of any size for measuring.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "policy/engine/pack.h"

namespace sluis::policy::testing {

struct PackShape {
  // Sizes of the vocabulary; units are kinds * departments, purposes groups * leaves.
  std::size_t actions = 4, groups = 2, leaves = 3, kinds = 3, departments = 3, bases = 5;
  std::size_t regimes = 4, categories = 4, phases = 3, fields = 12, roles = 4;
  // Numbers of rules; at least one of each.
  std::size_t permits = 12, prohibitions = 6, conditions = 6, emergencies = 3, invariants = 3;
  // Percent of the dimensions that a prohibition or a condition leaves open.
  int open = 60;
  // Percent of the fact dimensions that a rule names.
  int facts_named = 20;
  // Codes that a rule names in one dimension: from 1 to this many.
  std::size_t named = 3;
  // Whole kinds and whole groups are written out code by code.
  bool whole_trees = false;
  // Every rule is about one provider, recipient and purpose.
  bool one_pair = false;
  // Only what the loader takes: no empty box, and `unknown` beside a value that may be bad.
  bool loadable = false;
};

// The same shape and seed give the same pack.
std::shared_ptr<const Pack> RandomPack(const PackShape& shape, unsigned seed);

// Any shape for a small pack.
PackShape RandomShape(std::mt19937& random);

}  // namespace sluis::policy::testing
