// A request in numbers. Refuses what FindInvalid refuses, without a word about it.
#include <algorithm>
#include <cstring>
#include <map>

#include "policy/engine/bits.h"
#include "policy/engine/ruling.h"

namespace sluis::policy {
namespace {

bool AreDigits(const char* at) {
  std::uint64_t text = 0;
  std::memcpy(&text, at, sizeof text);
  constexpr std::uint64_t kHigh = 0xF0F0F0F0F0F0F0F0U;
  constexpr std::uint64_t kThrees = 0x3030303030303030U;
  // A digit keeps its high half, and adding 6 does not carry out of the low one.
  return (text & kHigh) == kThrees && ((text + 0x0606060606060606U) & kHigh) == kThrees;
}

bool IsOinFast(const std::string& text) {
  return text.size() == 20 && AreDigits(text.data()) && AreDigits(text.data() + 8) &&
         AreDigits(text.data() + 12);
}

bool InternOrganisations(const EvaluationRequest& request, bool provider_acts) {
  if (request.subject_id.empty() || request.resource_id.empty()) return false;
  if (!IsOinFast(request.subject_organisation) || !IsOinFast(request.provider_organisation))
    return false;
  if (request.recipient_organisation.empty()) return !provider_acts;
  return IsOinFast(request.recipient_organisation);
}

bool InternCodes(const Interner& in, const EvaluationRequest& request, Codes& codes) {
  const std::string* const words[kDimensions] = {
      &request.action, &request.purpose, &request.provider_unit,    &request.recipient_unit,
      &request.basis,  &request.regime,  &request.subject_category, &request.case_phase};
  for (std::size_t d = 0; d < kDimensions; ++d) {
    const int code = in.codes[d].Find(*words[d]);
    if (code == WordIndex::kNone) return false;
    codes[d] = static_cast<std::uint32_t>(code);
  }
  return true;
}

bool InternFields(const Interner& in, const EvaluationRequest& request, Ruling& ruling) {
  if (request.fields.empty()) return false;
  ruling.fields.clear();
  std::fill(ruling.asked.begin(), ruling.asked.end(), 0);
  for (const std::string& field : request.fields) {
    const int number = in.fields.Find(field);
    if (number == WordIndex::kNone) return false;
    const auto bit = static_cast<std::size_t>(number);
    if (HasBit(ruling.asked.data(), bit)) return false;
    SetBit(ruling.asked.data(), bit);
    ruling.fields.push_back(static_cast<std::uint32_t>(number));
  }
  return true;
}

void Give(const Interner& in, std::size_t fact, std::int32_t bit, std::uint64_t* facts) {
  ClearBit(facts, static_cast<std::size_t>(in.when_not_given.data()[fact]));
  SetBit(facts, static_cast<std::size_t>(bit));
}

// The bit of a value; of one that the pack does not list, the bit that no rule names.
std::int32_t BitOf(const Interner& in, std::size_t fact, std::string_view value) {
  const int number = in.fact_values.Find(value);
  const std::int32_t bit =
      number < 0
          ? -1
          : in.fact_bit.data()[fact * in.fact_values.size() + static_cast<std::size_t>(number)];
  return bit >= 0 ? bit : in.other[fact];
}

bool InternFacts(const Interner& in, const EvaluationRequest& request, Ruling& ruling) {
  ruling.facts = in.nothing_given;
  ruling.by_field = false;
  for (const auto& [id, value] : request.facts) {
    const int number = in.facts.Find(id);
    if (number == WordIndex::kNone) return false;
    const auto fact = static_cast<std::size_t>(number);
    const std::int32_t bit = BitOf(in, fact, value);
    if (in.derived[fact] || bit == in.other.data()[fact]) return false;
    Give(in, fact, bit, ruling.facts.data());
    if (number == in.article20 && value == "valid") ruling.by_field = true;
  }
  return true;
}

void Derive(const Interner& in, const EvaluationRequest& request, bool provider_acts,
            Ruling& ruling) {
  const std::string& recipient = request.recipient_organisation.empty()
                                     ? request.subject_organisation
                                     : request.recipient_organisation;
  const std::string& acting = provider_acts ? request.provider_organisation : recipient;
  if (in.acting >= 0) {
    const auto fact = static_cast<std::size_t>(in.acting);
    const bool own = request.subject_organisation == acting;
    Give(in, fact, BitOf(in, fact, own ? "eigen" : "namens-ander"), ruling.facts.data());
  }
  if (in.same_organisation >= 0) {
    const auto fact = static_cast<std::size_t>(in.same_organisation);
    const bool same = request.provider_organisation == recipient;
    Give(in, fact, BitOf(in, fact, same ? "yes" : "no"), ruling.facts.data());
  }
}

// A valid article 20 decision helps only the fields that it names (rulebook §2.4).
void SplitByField(const Interner& in, const EvaluationRequest& request, Ruling& ruling) {
  const auto fact = static_cast<std::size_t>(in.article20);
  std::fill(ruling.named.begin(), ruling.named.end(), 0);
  if (request.artikel_20_velden.has_value()) {
    for (const std::string& field : *request.artikel_20_velden) {
      const int number = in.fields.Find(field);
      if (number >= 0) SetBit(ruling.named.data(), static_cast<std::size_t>(number));
    }
  }
  ruling.facts_unnamed = ruling.facts;
  ClearBit(ruling.facts_unnamed.data(), static_cast<std::size_t>(BitOf(in, fact, "valid")));
  const char* const instead = request.artikel_20_velden.has_value() ? "absent" : "unknown";
  SetBit(ruling.facts_unnamed.data(), static_cast<std::size_t>(BitOf(in, fact, instead)));
}

// The same number for the same person: the place where he stands first. A long list, which no
// honest request has, is sorted instead of searched.
class Persons {
 public:
  explicit Persons(const std::vector<Approval>& approvals) : approvals_(approvals) {
    if (approvals.size() <= kFew) return;
    for (std::size_t i = approvals.size(); i-- > 0;) first_[approvals[i].person] = i;
  }
  std::uint32_t Number(std::size_t i) const {
    const std::string& person = approvals_[i].person;
    if (!first_.empty()) return static_cast<std::uint32_t>(first_.at(person));
    std::uint32_t first = 0;
    while (approvals_[first].person != person) ++first;
    return first;
  }

 private:
  static constexpr std::size_t kFew = 16;
  const std::vector<Approval>& approvals_;
  std::map<std::string_view, std::size_t> first_;
};

// Who approved counts only when a rule asks (CountApprovals); that roles and persons are named is
// part of being valid.
bool InternApprovals(const Interner& in, const EvaluationRequest& request, Ruling& ruling) {
  ruling.approval_roles.clear();
  ruling.approvals_counted = false;
  for (const Approval& approval : request.approvals) {
    const int role = in.roles.Find(approval.role);
    if (role == WordIndex::kNone || approval.person.empty()) return false;
    ruling.approval_roles.push_back(static_cast<std::uint32_t>(role));
  }
  return true;
}

}  // namespace

void CountApprovals(const EvaluationRequest& request, Ruling& ruling) {
  ruling.approvals_counted = true;
  ruling.approvals.clear();
  const Persons persons(request.approvals);
  for (std::size_t i = 0; i < request.approvals.size(); ++i) {
    const Approval& approval = request.approvals[i];
    if (approval.person == request.subject_id || approval.time > request.time) continue;
    ruling.approvals.push_back(
        {ruling.approval_roles[i], persons.Number(i), request.time - approval.time});
  }
}

bool Intern(const CompiledRules& rules, const EvaluationRequest& request, Ruling& ruling) {
  const Interner& in = rules.interner;
  if (!InternCodes(in, request, ruling.codes)) return false;
  const bool provider_acts = in.provider_acts[ruling.codes[kAction]];
  if (!InternOrganisations(request, provider_acts)) return false;
  if (request.subject_unit != (provider_acts ? request.provider_unit : request.recipient_unit))
    return false;
  if (!InternFields(in, request, ruling) || !InternFacts(in, request, ruling)) return false;
  if (!InternApprovals(in, request, ruling)) return false;
  Derive(in, request, provider_acts, ruling);
  if (ruling.by_field) SplitByField(in, request, ruling);
  const auto& epochs = rules.epochs;
  ruling.epoch = static_cast<std::uint32_t>(
      std::upper_bound(epochs.begin(), epochs.end(), request.time) - epochs.begin());
  ruling.emergency = request.emergency;
  return true;
}

}  // namespace sluis::policy
