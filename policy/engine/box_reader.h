// The parts that rules of several sorts share: head, box, forms, obligations.
#pragma once

#include <map>
#include <string>

#include "policy/engine/pack_text.h"
#include "policy/engine/rules.h"
#include "policy/engine/vocabulary.h"
#include "policy/engine/word_list.h"

namespace sluis::policy {

// How strictly a box is read.
enum class BoxUse {
  kOpens,   // permits and emergencies: every dimension named, no fact may be unknown, fields stand
            // elsewhere
  kCloses,  // prohibitions and conditions: a fact that may be bad may be unknown too (rulebook
            // §2.5)
  kProves,  // invariants
};

class BoxReader {
 public:
  // `vocabulary` must outlive it.
  explicit BoxReader(const Vocabulary& vocabulary);

  // Id (`letter`, hyphen, two digits or more), title, law, reason, review and validity into `rule`.
  void ReadHead(const Spot& spot, const pb::Head& head, char letter, Rule& rule) const;
  Box ReadBox(const Spot& spot, const pb::Box& box, BoxUse use) const;
  // `releases` of the message at `spot`, whose number there is `member`.
  FieldForms ReadForms(const Spot& spot, int member,
                       const google::protobuf::RepeatedPtrField<pb::Release>& releases) const;
  Obligations ReadObligations(const Spot& spot, const pb::Obligations& obligations) const;

  const WordList& approval_roles() const { return approval_roles_; }
  const WordList& forms() const { return forms_; }

 private:
  void ReadFact(const Spot& spot, const pb::FactValues& fact, BoxUse use, Box& box) const;
  void ReadRelease(const Spot& spot, const pb::Release& release, FieldForms& into) const;

  std::map<std::string, const Field*> field_by_id_;
  std::map<std::string, const Fact*> fact_by_id_;
  WordList actions_, purposes_, units_, bases_, regimes_, subject_categories_, case_phases_,
      fields_, facts_, approval_roles_, forms_, handling_, onward_;
};

// A period, or a fault and an empty one.
Period ReadPeriod(const Spot& spot, int member, const std::string& text);

}  // namespace sluis::policy
