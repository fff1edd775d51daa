// The words of a pack: what requests and rules may name, with their meaning and, where it counts,
// their order.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluis::policy {

// Dutch at level B1, and English.
struct Text {
  std::string nl, en;
};

enum class Review { kVerified, kToBeConfirmed };

struct Code {
  std::string id;
  Text meaning;
};

struct Purpose {
  std::string id;
  Text meaning;
  std::string group;  // inner node of the tree
};

struct Field {
  std::string id, category, type, sensitivity;
  std::vector<std::string> forms;  // least revealing first
  std::string form_rule;
  Text meaning;
};

struct Fact {
  std::string id;
  std::vector<std::string> values;  // the one that helps first
  bool derived = false;
  Text meaning;
};

// Whose person can give an approval role (rulebook §3.10).
enum class GivenBy { kKinds, kCaseHolder, kSource, kRequester };

struct ApprovalRole {
  std::string id;
  Text meaning;
  GivenBy given_by = GivenBy::kKinds;
  std::vector<std::string> kinds;  // for kKinds
};

struct Basis {
  std::string id, law, law_id, article;
  Text meaning;
  Review review = Review::kToBeConfirmed;
};

// Lists keep the order of the pack.
struct Vocabulary {
  std::vector<Code> actions;
  std::vector<Purpose> purposes;
  std::vector<std::string> purpose_groups;
  std::vector<std::string> kinds;
  std::vector<std::string> units;  // kind/department
  std::vector<Code> regimes, subject_categories, case_phases;
  std::vector<Code> forms;  // least revealing first
  std::vector<Field> fields;
  std::vector<Fact> facts;
  std::vector<ApprovalRole> approval_roles;
  std::vector<Code> handling;  // light first
  std::vector<Code> onward;    // light first
  std::vector<Basis> bases;
};

}  // namespace sluis::policy
