// `sluis arrangement draft|sign|show`: an agreement on paper becomes a statement that its parties sign,
// each with the key of its own desk.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/cli/arrangement_file.h"
#include "clients/cli/files.h"
#include "clients/cli/nouns.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "lib/identity/directory.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxDirectory = 4 << 20;

const std::vector<Column> kColumns = {
    {"id", "/id"},           {"fact", "/fact"},           {"serial", "/serial"},
    {"in_force", "/in_force"}, {"parties", "/parties"},     {"signed_by", "/signed_by"},
    {"purposes", "/purposes"}, {"from", "/from"},           {"until", "/until"},
    {"case", "/case"},       {"recipients", "/recipients"}, {"fields", "/fields"},
    {"authority", "/authority"}, {"principal", "/principal"}, {"agent", "/agent"},
    {"verified", "/verified"}};

// A day begins at midnight in Amsterdam; a moment with a zone is taken as it is.
absl::StatusOr<absl::Time> ParseDayOrMoment(std::string_view option, const std::string& text) {
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) {
    return absl::FromCivil(day, AmsterdamZone());
  }
  auto time = ParseRfc3339(text);
  if (time.ok()) return *time;
  return Error(ErrorCode::kInvalid, "OPTION_INVALID",
               absl::StrFormat("%s must be a day as 2026-11-24 or a moment as 2026-11-24T09:00:00Z",
                               option));
}

absl::StatusOr<std::vector<PartyId>> ParseParties(const std::vector<std::string>& texts) {
  std::vector<PartyId> parties;
  for (const std::string& text : texts) {
    SLUIS_ASSIGN_OR_RETURN(PartyId party, ParseParty(text));
    parties.push_back(std::move(party));
  }
  return parties;
}

absl::StatusOr<std::optional<PartyId>> ParseOptionalParty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(PartyId party, ParseParty(text));
  return party;
}

class ArrangementDraft : public Command {
 public:
  ArrangementDraft() : Command("arrangement", "draft") {}

  std::vector<Example> Examples() const override {
    return {{"sluis arrangement draft --id convenant-noord --fact convenant "
             "--party 00000099100000001000/gemeente/oov --party 00000099400000001000/riec/bureau "
             "--purpose riec-casus --from 2026-01-01 --until 2028-01-01 --out convenant.json"}};
  }

  void Declare(Options& options) override {
    options.Value("--id", "ID", &id_).Required();
    options.Value("--fact", "FACT", &fact_).Required().OneOf(
        {identity::kFactCovenant, identity::kFactMandate, identity::kFactArticle20,
         identity::kFactAuthority, identity::kFactByLaw});
    options.Values("--party", "OIN/UNIT", &parties_).Required();
    options.Value("--from", "DAY", &from_).Required();
    options.Value("--until", "DAY", &until_).Required();
    options.Value("--serial", "N", &serial_);
    options.Switch("--withdrawn", &withdrawn_);
    options.Values("--purpose", "PURPOSE", &purposes_);
    options.Value("--case", "CASE", &case_);
    options.Values("--recipient", "OIN/UNIT", &recipients_);
    options.Values("--field", "FIELD", &fields_);
    options.Value("--authority", "OIN/UNIT", &authority_);
    options.Value("--principal", "OIN/UNIT", &principal_);
    options.Value("--agent", "OIN/UNIT", &agent_);
    options.Value("--out", "FILE", &out_).Required().Is(Hint::kFile);
  }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const identity::ArrangementTerms terms, Terms());
    SLUIS_ASSIGN_OR_RETURN(auto arrangement, identity::Arrangement::Create(terms));
    const ArrangementFile file{std::move(arrangement), {}};
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, out_, WriteArrangementFile(file)));
    if (out_ != "-") context.output.Object(DescribeArrangement(file), kColumns);
    context.output.Next("sluis arrangement sign " + out_ + " --party OIN/UNIT --key FILE");
    return ExitCode::kOk;
  }

 private:
  absl::StatusOr<identity::ArrangementTerms> Terms() const {
    identity::ArrangementTerms terms;
    terms.id = id_;
    terms.fact = fact_;
    terms.in_force = !withdrawn_;
    if (!absl::SimpleAtoi(serial_, &terms.serial)) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--serial must be a whole number from 1");
    }
    SLUIS_ASSIGN_OR_RETURN(terms.parties, ParseParties(parties_));
    SLUIS_ASSIGN_OR_RETURN(terms.from, ParseDayOrMoment("--from", from_));
    SLUIS_ASSIGN_OR_RETURN(terms.until, ParseDayOrMoment("--until", until_));
    SLUIS_ASSIGN_OR_RETURN(terms.recipients, ParseParties(recipients_));
    SLUIS_ASSIGN_OR_RETURN(terms.authority, ParseOptionalParty(authority_));
    SLUIS_ASSIGN_OR_RETURN(terms.principal, ParseOptionalParty(principal_));
    SLUIS_ASSIGN_OR_RETURN(terms.agent, ParseOptionalParty(agent_));
    terms.purposes = {purposes_.begin(), purposes_.end()};
    terms.fields = {fields_.begin(), fields_.end()};
    if (!case_.empty()) {
      const std::string_view hex = case_;
      SLUIS_ASSIGN_OR_RETURN(terms.only_case,
                             CaseId::Parse(hex.starts_with("cases/") ? hex.substr(6) : hex));
    }
    return terms;
  }

  std::string id_, fact_, from_, until_, case_, authority_, principal_, agent_, out_;
  std::string serial_ = "1";
  std::vector<std::string> parties_, purposes_, recipients_, fields_;
  bool withdrawn_ = false;
};

class ArrangementSign : public Command {
 public:
  ArrangementSign() : Command("arrangement", "sign") {}

  std::vector<Example> Examples() const override {
    return {{"sluis arrangement sign convenant.json --party 00000099100000001000/gemeente/oov "
             "--key desk.pem"}};
  }

  void Declare(Options& options) override {
    options.Value("file", "FILE", &file_).Required().Is(Hint::kFile);
    options.Value("--party", "OIN/UNIT", &party_).Required();
    options.Value("--key", "FILE", &key_).Required().Is(Hint::kFile);
    options.Value("--out", "FILE", &out_).Is(Hint::kFile);
  }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Json json, ReadJsonInput(context, file_, kMaxArrangementFile));
    SLUIS_ASSIGN_OR_RETURN(ArrangementFile file, ReadArrangementFile(json));
    SLUIS_ASSIGN_OR_RETURN(const PartyId party, ParseParty(party_));
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PrivateKey key, ReadEd25519KeyFile(key_));
    SLUIS_RETURN_IF_ERROR(Sign(file, party, key));
    const std::string& out = out_.empty() ? file_ : out_;
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, out, WriteArrangementFile(file)));
    context.output.Say("talk.arrangement_signed",
                       {std::to_string(file.signatures.size()),
                        std::to_string(file.arrangement.terms().parties.size())});
    context.output.Next("sluis arrangement show " + out);
    return ExitCode::kOk;
  }

 private:
  static absl::Status Sign(ArrangementFile& file, const PartyId& party, const Ed25519PrivateKey& key) {
    const auto& parties = file.arrangement.terms().parties;
    if (std::ranges::find(parties, party) == parties.end()) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID",
                   "--party does not stand in the statement; only its parties sign it");
    }
    std::erase_if(file.signatures, [&](const auto& signature) { return signature.first == party; });
    file.signatures.emplace_back(party, identity::SignArrangement(file.arrangement, key));
    return absl::OkStatus();
  }

  std::string file_, party_, key_, out_;
};

class ArrangementShow : public Command {
 public:
  ArrangementShow() : Command("arrangement", "show") {}

  std::vector<Example> Examples() const override {
    return {{"sluis arrangement show convenant.json"},
            {"sluis arrangement show convenant.json --output json"}};
  }

  void Declare(Options& options) override {
    options.Value("file", "FILE", &file_).Required().Is(Hint::kFile);
    options.Value("--directory", "NOTE", &directory_).Is(Hint::kFile);
    options.Values("--officer", "VKEY", &officers_);
  }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Json json, ReadJsonInput(context, file_, kMaxArrangementFile));
    SLUIS_ASSIGN_OR_RETURN(const ArrangementFile file, ReadArrangementFile(json));
    Json described = DescribeArrangement(file);
    if (!directory_.empty()) {
      SLUIS_RETURN_IF_ERROR(Verify(context, file));
      described["verified"] = true;
    }
    context.output.Object(described, kColumns);
    if (directory_.empty()) context.output.Say("talk.arrangement_unverified");
    return ExitCode::kOk;
  }

 private:
  absl::Status Verify(Context& context, const ArrangementFile& file) const {
    if (officers_.size() != 2) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--officer must be given exactly twice");
    }
    SLUIS_ASSIGN_OR_RETURN(const auto officers,
                           identity::DirectoryOfficers::Create(officers_[0], officers_[1]));
    SLUIS_ASSIGN_OR_RETURN(const Bytes note, ReadInput(context, directory_, kMaxDirectory));
    SLUIS_ASSIGN_OR_RETURN(const auto directory, identity::Directory::Parse(note, officers));
    return identity::VerifyArrangement(file.arrangement.statement(), file.signatures, *directory)
        .status();
  }

  std::string file_, directory_;
  std::vector<std::string> officers_;
};

}  // namespace

void AddArrangementCommands(CommandList& commands) {
  commands.push_back(std::make_unique<ArrangementDraft>());
  commands.push_back(std::make_unique<ArrangementSign>());
  commands.push_back(std::make_unique<ArrangementShow>());
}

}  // namespace sluis::cli
