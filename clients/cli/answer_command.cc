// `sluis exchange answer`: a person looks at what would leave, in which form, and releases it.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/files.h"
#include "clients/cli/frame/prompt.h"
#include "clients/cli/inquiry_answer.h"
#include "clients/cli/nouns.h"
#include "clients/cli/release_values.h"
#include "clients/cli/subject_input.h"
#include "clients/lib/register/mapping.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

constexpr char kName[] =
    "partners/00000099100000001000/units/gemeente-oov/exchanges/0f1e2d3c4b5a69788796a5b4c3d2e1f0";

class ExchangeAnswer : public EdgeCommand {
 public:
  ExchangeAnswer() : EdgeCommand("exchange", "answer") {}

  std::vector<Example> Examples() const override {
    return {{absl::StrFormat("sluis exchange answer %s --register politie.txtpb", kName)},
            {absl::StrFormat("sluis exchange answer %s --values values.json --yes", kName)},
            {absl::StrFormat("sluis exchange answer %s --pseudonym P-7F3K-92QD", kName)},
            {absl::StrFormat("sluis exchange answer %s --register politie.txtpb --reject 1 --yes", kName)}};
  }

  void Declare(Options& options) override {
    options.Value("name", "EXCHANGE", &name_).Required();
    options.Value("--register", "FILE", &mapping_).Is(Hint::kFile);
    options.Value("--registers", "DIR", &folder_).Is(Hint::kFolder);
    options.Value("--regime", "REGIME", &regime_);
    options.Value("--values", "FILE", &values_).Is(Hint::kFile);
    options.Values("--pseudonym", "PSEUDONYM", &pseudonyms_);
    options.Values("--reject", "N", &rejected_);
    subject_.Declare(options);
    options.Switch("--yes", &yes_);
  }

  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    const int given = (mapping_.empty() ? 0 : 1) + (values_.empty() ? 0 : 1) + (pseudonyms_.empty() ? 0 : 1);
    if (given != 1) {
      return Error(ErrorCode::kInvalid, "OPTION_MISSING",
                   "give --register FILE, --values FILE or --pseudonym PSEUDONYM, one of them",
                   {{"about", "--register FILE | --values FILE | --pseudonym PSEUDONYM"}});
    }
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange exchange, edge.Get(name_));
    if (exchange.action() == edge::kInquire) return AnswerInquiry(context, edge, exchange);
    if (!rejected_.empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--reject is for a question of yes or no");
    }
    SLUIS_ASSIGN_OR_RETURN(edge::ReleaseContent content, Content(context, edge, exchange));
    if (content.values.empty()) {
      return Error(ErrorCode::kPrecondition, "NOTHING_TO_RELEASE", "there is no value for a permitted field");
    }
    if (!yes_) {
      ShowBefore(context, exchange, content);
      SLUIS_RETURN_IF_ERROR(Confirm(context, "talk.ask_release", {Recipient(exchange)}, "--yes"));
    }
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange answered, edge.Answer(exchange, content));
    return ShowExchange(context, edge, answered);
  }

 private:
  // Yes or no to whom the question means: the same steps whatever the register says.
  absl::StatusOr<ExitCode> AnswerInquiry(Context& context, edge::Edge& edge,
                                         const wire::Exchange& exchange) {
    if (mapping_.empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_MISSING", "give --register FILE: the register that is asked",
                   {{"about", "--register FILE"}});
    }
    SLUIS_ASSIGN_OR_RETURN(const auto rejected, ParseRejected(rejected_));
    SLUIS_ASSIGN_OR_RETURN(const edge::Register source, LoadRegister(context));
    SLUIS_ASSIGN_OR_RETURN(const auto found, FindAsked(edge, exchange, source));
    SLUIS_ASSIGN_OR_RETURN(const Confirmed said, ConfirmHits(context, source, found, yes_, rejected));
    if (!yes_) SLUIS_RETURN_IF_ERROR(Confirm(context, "talk.ask_release", {Recipient(exchange)}, "--yes"));
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange answered,
                           edge.AnswerInquiry(exchange, said.hits, said.known));
    return ShowExchange(context, edge, answered);
  }

  // Of somebody whom the asker knows by pseudonym alone.
  absl::StatusOr<edge::ReleaseContent> ContentByIndex(edge::Edge& edge, const wire::Exchange& exchange,
                                                      const edge::Register& source) {
    SLUIS_ASSIGN_OR_RETURN(Subject subject, FindRequested(edge, exchange));
    SLUIS_ASSIGN_OR_RETURN(auto content, ReadRegister(source, subject, exchange, regime_));
    content.about.push_back(std::move(subject));
    return content;
  }

  absl::StatusOr<edge::ReleaseContent> Content(Context& context, edge::Edge& edge,
                                               const wire::Exchange& exchange) {
    if (!pseudonyms_.empty()) return edge.PromotionOf(exchange, pseudonyms_);
    if (!values_.empty()) {
      const FindPseudonym find = [&](std::string_view human_form) {
        return edge.FindPseudonym(exchange.from_domain(), exchange.from_purpose(), human_form);
      };
      SLUIS_ASSIGN_OR_RETURN(auto content, ReadValuesFile(context, values_, exchange, find));
      if (exchange.has_subject()) {
        SLUIS_ASSIGN_OR_RETURN(const auto asked, edge.ReadSubject(exchange));
        content.subject_verified = asked.verified;
      }
      return content;
    }
    SLUIS_ASSIGN_OR_RETURN(const edge::Register source, LoadRegister(context));
    if (!exchange.register_().empty()) return ContentByIndex(edge, exchange, source);
    // A disclosure names nobody: the person who discloses says whom it is about.
    if (!exchange.has_subject()) {
      SLUIS_ASSIGN_OR_RETURN(const Subject subject, ReadSubjectInput(context, subject_));
      return ReadRegister(source, subject, exchange, regime_);
    }
    SLUIS_ASSIGN_OR_RETURN(const auto asked, edge.ReadSubject(exchange));
    SLUIS_ASSIGN_OR_RETURN(auto content, ReadRegister(source, asked.subject, exchange, regime_));
    content.subject_verified = asked.verified;
    return content;
  }

  absl::StatusOr<edge::Register> LoadRegister(Context& context) {
    SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadInput(context, mapping_, edge::kMaxMappingBytes));
    SLUIS_ASSIGN_OR_RETURN(auto mapping, edge::ParseMapping(text));
    const auto folder = folder_.empty() ? std::filesystem::path(mapping_).parent_path()
                                        : std::filesystem::path(folder_);
    return edge::Register::Load(std::move(mapping), folder, context.surroundings.clock);
  }

  static std::string Recipient(const wire::Exchange& exchange) {
    const wire::Party& desk = exchange.recipient_desk();
    return absl::StrFormat("%s/%s", desk.organisation(), desk.unit());
  }

  // On the terminal of the person who decides, and nowhere else; not part of the data of this command.
  static void ShowBefore(Context& context, const wire::Exchange& exchange,
                         const edge::ReleaseContent& content) {
    context.output.Say("talk.about_to_release", {Recipient(exchange), exchange.purpose(), content.regime,
                                                 content.subject_category});
    for (const edge::ReleaseValue& value : content.values) {
      if (!value.subjects.empty()) {
        context.output.Say("talk.release_people",
                           {value.field, value.form, absl::StrFormat("%d", value.subjects.size())});
        continue;
      }
      const BytesView bytes = value.value.Reveal(SecretAccess::ForRecipient());
      const std::string shown = IsValidUtf8(bytes) ? std::string(bytes)
                                                   : absl::StrFormat("(%d bytes)", bytes.size());
      context.output.Say("talk.release_line", {value.field, value.form, shown});
    }
    for (const std::string& field : exchange.fields()) {
      const bool leaves = std::any_of(content.values.begin(), content.values.end(),
                                      [&](const edge::ReleaseValue& value) { return value.field == field; });
      if (!leaves) context.output.Say("talk.release_none", {field});
    }
  }

  std::string name_, mapping_, folder_, regime_, values_;
  std::vector<std::string> pseudonyms_, rejected_;
  SubjectOptions subject_;
  bool yes_ = false;
};

}  // namespace

void AddAnswerCommand(CommandList& commands) { commands.push_back(std::make_unique<ExchangeAnswer>()); }

}  // namespace sluis::cli
