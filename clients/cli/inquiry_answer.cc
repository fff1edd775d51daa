#include "clients/cli/inquiry_answer.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "clients/cli/frame/prompt.h"
#include "clients/cli/register_look_up.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/inquiry.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

// The words that say most: a person must recognise whom he answers about.
std::string BestForm(const std::vector<std::string>& forms) {
  for (const char* form : {"exact", "generalised", "category", "presence"}) {
    if (std::find(forms.begin(), forms.end(), form) != forms.end()) return form;
  }
  return "";
}

void ShowRow(Context& context, const edge::Register& source, const edge::RowGroup& group) {
  for (const std::string& field : source.Fields()) {
    const std::string form = BestForm(source.FormsOf(field));
    if (form.empty()) continue;
    const auto value = source.ValueOf(group, field, form);
    if (!value.ok() || value->text.empty()) continue;  // nothing to recognise him by
    context.output.Say("talk.release_line",
                       {field, form, std::string(value->text.Reveal(SecretAccess::ForRecipient()))});
  }
}

// On the terminal of the person who decides, and nowhere else.
absl::Status ShowFound(Context& context, const edge::Register& source, std::size_t position,
                       const Subject& subject) {
  context.output.Say("talk.found",
                     {absl::StrFormat("%d", position), std::string(SubjectKindName(subject.kind())),
                      std::string(subject.value(SecretAccess::ForRecipient()))});
  SLUIS_ASSIGN_OR_RETURN(const auto groups, source.Find(subject));
  for (const edge::RowGroup& group : groups) ShowRow(context, source, group);
  return absl::OkStatus();
}

// Yes, no, or an error where nobody can be asked.
absl::StatusOr<bool> AskHit(Context& context, std::size_t position) {
  const absl::Status said = Confirm(context, "talk.ask_hit", {absl::StrFormat("%d", position)}, "--yes");
  if (ReasonOf(said) == "NOT_CONFIRMED") return false;
  if (!said.ok()) return said;
  return true;
}

absl::StatusOr<std::vector<std::optional<Subject>>> FindByHand(edge::Edge& edge,
                                                               const wire::Exchange& exchange,
                                                               const edge::Register& source) {
  SLUIS_ASSIGN_OR_RETURN(auto asked, edge.ReadSubject(exchange));
  SLUIS_ASSIGN_OR_RETURN(const auto groups, source.Find(asked.subject));
  std::vector<std::optional<Subject>> found(1);
  if (!groups.empty()) found.front() = std::move(asked.subject);
  return found;
}

absl::StatusOr<std::vector<std::optional<Subject>>> FindInIndex(edge::Edge& edge,
                                                                const wire::Exchange& exchange) {
  SLUIS_ASSIGN_OR_RETURN(const edge::AskedIndex index, edge.IndexAsked(exchange));
  SLUIS_ASSIGN_OR_RETURN(const edge::LookUp look_up, LookUpIn(edge.party(), index));
  return edge.ReadQuestion(exchange, look_up);
}

}  // namespace

absl::StatusOr<std::vector<std::optional<Subject>>> FindAsked(edge::Edge& edge,
                                                              const wire::Exchange& exchange,
                                                              const edge::Register& source) {
  return exchange.has_subject() ? FindByHand(edge, exchange, source) : FindInIndex(edge, exchange);
}

absl::StatusOr<Subject> FindRequested(edge::Edge& edge, const wire::Exchange& exchange) {
  SLUIS_ASSIGN_OR_RETURN(auto found, FindInIndex(edge, exchange));
  if (found.size() == 1 && found.front()) return *std::move(found.front());
  return Error(ErrorCode::kNotFound, "SUBJECT_NOT_IN_REGISTER",
               "the index of this register does not know who is meant");
}

absl::StatusOr<Confirmed> ConfirmHits(Context& context, const edge::Register& source,
                                      const std::vector<std::optional<Subject>>& found, bool all,
                                      const std::set<std::size_t>& rejected) {
  const auto hits = std::count_if(found.begin(), found.end(), [](const auto& one) { return one.has_value(); });
  context.output.Say("talk.positions", {absl::StrFormat("%d", found.size()), absl::StrFormat("%d", hits)});
  Confirmed confirmed;
  for (std::size_t i = 0; i < found.size(); ++i) {
    bool hit = found[i] && !rejected.contains(i + 1);
    if (hit && !all) {
      SLUIS_RETURN_IF_ERROR(ShowFound(context, source, i + 1, *found[i]));
      SLUIS_ASSIGN_OR_RETURN(hit, AskHit(context, i + 1));
    }
    confirmed.hits.push_back(hit);
    if (hit) confirmed.known.push_back(found[i]->Clone());
  }
  return confirmed;
}

absl::StatusOr<std::set<std::size_t>> ParseRejected(const std::vector<std::string>& typed) {
  std::set<std::size_t> rejected;
  for (const std::string& text : typed) {
    int position = 0;
    if (!absl::SimpleAtoi(text, &position) || position < 1 ||
        position > static_cast<int>(pseudonym::kMaxInquiry)) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--reject must be a position as it is shown, from 1");
    }
    rejected.insert(static_cast<std::size_t>(position));
  }
  return rejected;
}

}  // namespace sluis::cli
