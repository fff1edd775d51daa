// A pack as flat arrays of numbers and bits: what policy/engine/judge.cc reads. Internal to the
// engine; policy/engine/compiled_pack.h is what others use.
//
// Every list of the vocabulary gets dense numbers. The rules of one sort stand together, and for
// each dimension and code there is a column: one bit a rule, set if the rule's box holds the code.
// Hierarchies are closed here: a box that names nothing stands in every column. The rules that may
// match a request are the AND of eight columns.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "policy/engine/pack.h"
#include "policy/engine/word_index.h"

namespace sluis::policy {

enum Dimension : std::size_t {
  kAction,
  kPurpose,
  kProvider,
  kRecipient,
  kBasis,
  kRegime,
  kSubjectCategory,
  kCasePhase,
  kDimensions
};

using Codes = std::array<std::uint32_t, kDimensions>;

// Vocabulary as numbers.
struct Interner {
  std::array<WordIndex, kDimensions> codes;  // provider and recipient hold the same units
  WordIndex fields, facts, roles, forms, fact_values;
  std::vector<bool> provider_acts;  // by action
  // By fact * fact_values.size() + value: the bit of the pair, or -1 if the fact has no such value.
  std::vector<std::int32_t> fact_bit;
  std::vector<bool> derived;                 // by fact
  std::vector<std::int32_t> when_not_given;  // by fact: the bit of `unknown`, or of `other`
  std::vector<std::int32_t> other;           // by fact: a value that the pack does not list
  std::vector<std::uint64_t> nothing_given;  // bits of a request that sends no fact
  int article20 = WordIndex::kNone;          // the fact that counts by field
  int acting = WordIndex::kNone, same_organisation = WordIndex::kNone;
  std::size_t field_words = 1, fact_words = 1;
};

// Obligations as numbers: of two the smaller period and the larger rank win, sets are bits.
struct CompiledObligations {
  std::int32_t retention = -1, feedback_due = -1;  // place in `periods`; -1 says nothing
  std::int32_t max_use = -1, review_within = -1;   // emergencies
  std::int32_t onward = -1, handling = -1, min_cell = -1;
  std::int32_t mark = -1;
  std::uint32_t onward_to = 0, notify = 0, reviewers = 0;  // places in `code_sets`
};

// One rule besides its box.
struct Row {
  std::uint32_t from_epoch = 0, until_epoch = 0;
  std::uint32_t first_form = 0;  // in `forms`: one for each field of the forms' mask, in its order
  std::int32_t demand = -1;      // in `demands`; conditions
  std::uint32_t obligations = 0;
  bool absolute = false;        // prohibitions
  bool has_obligation = false;  // conditions
};

// The rules of one sort. Row i stands for rule i of the same sort in the pack.
struct Sort {
  std::size_t count = 0;
  std::size_t words = 0;  // of one column; a multiple of kBlock
  std::array<std::vector<std::uint64_t>, kDimensions> columns;  // code * words + word
  // By code, the words of its column that hold a bit: nothing stands outside of them.
  struct Range {
    std::uint32_t first = 0, last = 0;  // multiples of kBlock; `last` is one past
  };
  std::array<std::vector<Range>, kDimensions> ranges;
  std::vector<std::size_t> order;     // dimensions, most selective first
  std::vector<std::uint64_t> facts;   // row * fact_words
  std::vector<std::uint64_t> fields;  // row * field_words
  std::vector<std::uint64_t> formed;  // fields with a form (or a max_form), row * field_words
  std::vector<std::uint16_t> forms;
  std::vector<Row> rows;
};
inline constexpr std::size_t kBlock = 4;

struct CompiledDemand {
  int count = 0;
  std::vector<std::uint32_t> roles;
  absl::Duration max_age;
};

struct CompiledRules {
  Interner interner;
  Sort permits, prohibitions, conditions, emergencies;
  std::vector<absl::Time> epochs;  // where some rule starts or ends; ascending
  std::vector<CompiledObligations> obligations;
  std::vector<Period> periods;  // shortest first
  WordIndex words;              // of onward_to, notify, marks and reviewers
  std::size_t word_words = 1;
  std::vector<std::uint64_t> code_sets;  // set * word_words; set 0 is empty
  std::vector<CompiledDemand> demands;
};

CompiledRules CompileRules(const Pack& pack);

}  // namespace sluis::policy
