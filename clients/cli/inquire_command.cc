// `sluis exchange inquire|send|record-hit`: who knows somebody, yes or no, asked of many at once.
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "clients/cli/arrangement_file.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/nouns.h"
#include "clients/cli/subject_input.h"
#include "clients/cli/wire_json.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

constexpr char kInquiryName[] =
    "partners/00000099400000001000/units/riec-bureau/exchanges/0f1e2d3c4b5a69788796a5b4c3d2e1f0";

absl::Status BadOption(std::string_view what) {
  return Error(ErrorCode::kInvalid, "OPTION_INVALID", what);
}

class ExchangeInquire : public EdgeCommand {
 public:
  ExchangeInquire() : EdgeCommand("exchange", "inquire") {}
  std::vector<Example> Examples() const override {
    return {{"sluis exchange inquire --case cases/5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --purpose riec-signaalweging "
             "--ask 00000099200000001000/politie/informatie,wpg-20-3,wpg-8,verdachte "
             "--ask 00000099300000001000/om/parket,wjsg-39fa,wjsg-strafvorderlijk,verdachte "
             "--ask 00000099500000001000/belastingdienst/toezicht,wgs-riec,fiscaal,bestuurder "
             "--pseudonym P-7F3K-92QD --from-domain 77777777777777777777777777777777 "
             "--from-purpose riec-signaalweging"},
            {"sluis exchange inquire --case cases/5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --purpose riec-casus "
             "--to 00000099100000001000/gemeente/vergunningen --to 00000099100000003000/gemeente/vergunningen "
             "--basis wgs-riec --regime avg --category bestuurder --subject-file numbers.txt --subject-kind kvk"}};
  }
  void Declare(Options& options) override {
    options.Values("--ask", "PARTY,BASIS,REGIME,CATEGORY", &asks_);
    options.Values("--to", "OIN/UNIT", &to_);
    options.Value("--basis", "BASIS", &shared_.legal_basis);
    options.Value("--regime", "REGIME", &shared_.regime);
    options.Value("--category", "CATEGORY", &shared_.subject_category);
    options.Value("--purpose", "PURPOSE", &terms_.purpose).Required();
    options.Value("--case", "CASE", &case_).Required();
    options.Value("--principal", "OIN", &principal_);
    options.Values("--pseudonym", "PSEUDONYM", &pseudonyms_);
    options.Value("--from-domain", "DOMAIN", &terms_.from_domain);
    options.Value("--from-purpose", "PURPOSE", &terms_.from_purpose);
    subject_.Declare(options);
    options.Switch("--verified", &terms_.verified);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const edge::InquiryTerms terms, Terms());
    SLUIS_ASSIGN_OR_RETURN(const auto about, About(context, edge));
    SLUIS_ASSIGN_OR_RETURN(const auto parts, edge.Inquire(terms, about));
    return Show(context, parts);
  }

 private:
  absl::StatusOr<edge::InquiryTerms> Terms() const {
    edge::InquiryTerms terms = terms_;
    SLUIS_ASSIGN_OR_RETURN(terms.case_id, ParseCase(case_));
    if (!principal_.empty()) {
      SLUIS_ASSIGN_OR_RETURN(terms.principal, Oin::Parse(principal_));
    }
    for (const std::string& ask : asks_) {
      const std::vector<std::string> words = absl::StrSplit(ask, ',');
      if (words.size() != 4) return BadOption("--ask must be PARTY,BASIS,REGIME,CATEGORY");
      SLUIS_ASSIGN_OR_RETURN(const PartyId party, ParseParty(words[0]));
      terms.providers.push_back({party, words[1], words[2], words[3]});
    }
    if (!to_.empty() && (shared_.legal_basis.empty() || shared_.regime.empty() ||
                         shared_.subject_category.empty())) {
      return BadOption("--to needs --basis, --regime and --category, which all of them share");
    }
    for (const std::string& one : to_) {
      edge::Inquired asked = shared_;
      SLUIS_ASSIGN_OR_RETURN(asked.provider, ParseParty(one));
      terms.providers.push_back(std::move(asked));
    }
    if (!terms.providers.empty()) return terms;
    return Error(ErrorCode::kInvalid, "OPTION_MISSING", "say whom to ask, with --ask or --to",
                 {{"about", "--ask PARTY,BASIS,REGIME,CATEGORY | --to OIN/UNIT"}});
  }

  absl::StatusOr<std::vector<edge::ReleasedSubject>> About(Context& context, edge::Edge& edge) const {
    std::vector<edge::ReleasedSubject> about;
    if (pseudonyms_.empty()) {
      SLUIS_ASSIGN_OR_RETURN(auto subjects, ReadSubjectsInput(context, subject_));
      for (Subject& subject : subjects) about.emplace_back(std::move(subject));
      return about;
    }
    if (!subject_.file.empty()) return BadOption("give --pseudonym or --subject-file, not both");
    for (const std::string& typed : pseudonyms_) {
      SLUIS_ASSIGN_OR_RETURN(
          edge::HeldPseudonym held,
          edge.FindPseudonym(terms_.from_domain, terms_.from_purpose, typed));
      about.emplace_back(std::move(held));
    }
    return about;
  }

  static Json PartJson(const edge::InquiryPart& part) {
    const wire::Party& provider = part.exchange.provider();
    return {{"provider", absl::StrFormat("%s/%s", provider.organisation(), provider.unit())},
            {"by_hand", part.by_hand},
            {"exchange", WireJson(part.exchange)},
            {"not_sent", part.sent.ok() ? Json() : Json(ReasonOf(part.sent))}};
  }

  // What each of them said so far, and what the person still has to do.
  static absl::StatusOr<ExitCode> Show(Context& context,
                                       const std::vector<edge::InquiryPart>& parts) {
    Json list = Json::array();
    bool denied = true;
    for (const edge::InquiryPart& part : parts) {
      list.push_back(PartJson(part));
      denied &= part.exchange.state() == wire::EXCHANGE_STATE_DENIED;
    }
    context.output.List({{"questions", list}}, "questions",
                        {{"provider", "/provider"},
                         {"state", "/exchange/state"},
                         {"outcome", "/exchange/decision/outcome"},
                         {"by_hand", "/by_hand"},
                         {"not_sent", "/not_sent"},
                         {"exchange", "/exchange/name"}});
    for (const edge::InquiryPart& part : parts) SayPart(context, part);
    for (const edge::InquiryPart& part : parts) SLUIS_RETURN_IF_ERROR(part.sent);
    return denied ? ExitCode::kDenied : ExitCode::kOk;
  }

  static void SayPart(Context& context, const edge::InquiryPart& part) {
    const std::string provider = absl::StrFormat("%s/%s", part.exchange.provider().organisation(),
                                                 part.exchange.provider().unit());
    const auto state = part.exchange.state();
    if (part.by_hand && state != wire::EXCHANGE_STATE_DENIED) {
      context.output.Say("talk.asked_by_hand", {provider});
    }
    if (state == wire::EXCHANGE_STATE_QUEUED) context.output.Say("talk.asked_waits", {provider});
    if (!part.sent.ok()) {
      context.output.Next(absl::StrFormat("sluis exchange send %s", part.exchange.name()));
    }
  }

  edge::InquiryTerms terms_;
  edge::Inquired shared_;
  std::vector<std::string> asks_, to_, pseudonyms_;
  std::string case_, principal_;
  SubjectOptions subject_;
};

// For what waited: until the other has a session, or an approval.
class ExchangeSend : public EdgeCommand {
 public:
  ExchangeSend() : EdgeCommand("exchange", "send") {}
  std::vector<Example> Examples() const override {
    return {{absl::StrFormat("sluis exchange send %s", kInquiryName)}};
  }
  void Declare(Options& options) override { options.Value("name", "EXCHANGE", &name_).Required(); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange sent, edge.SendSubject(name_));
    return ShowExchange(context, edge, sent);
  }

 private:
  std::string name_;
};

class ExchangeRecordHit : public EdgeCommand {
 public:
  ExchangeRecordHit() : EdgeCommand("exchange", "record-hit") {}
  std::vector<Example> Examples() const override {
    return {{absl::StrFormat("sluis exchange record-hit %s", kInquiryName)},
            {absl::StrFormat("sluis exchange record-hit %s --subject 3", kInquiryName)}};
  }
  void Declare(Options& options) override {
    options.Value("name", "EXCHANGE", &name_).Required();
    options.Value("--subject", "N", &number_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    int number = 1;
    if (!number_.empty() && !absl::SimpleAtoi(number_, &number)) number = 0;
    if (number < 1) return BadOption("--subject must be a number as `sluis exchange open` shows it");
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange recorded,
                           edge.RecordHit(name_, static_cast<std::size_t>(number)));
    context.output.Say("talk.hit_recorded");
    return ShowExchange(context, edge, recorded);
  }

 private:
  std::string name_, number_;
};

}  // namespace

void AddInquiryCommands(CommandList& commands) {
  commands.push_back(std::make_unique<ExchangeInquire>());
  commands.push_back(std::make_unique<ExchangeSend>());
  commands.push_back(std::make_unique<ExchangeRecordHit>());
}

}  // namespace sluis::cli
