// `sluis policy sign-rules|sign|cosign|verify|verify-receipt`: how a jurist answers for rules, how
// a pack comes into force by two persons, and how a decision made under it is decided again.
#include "absl/strings/str_format.h"
#include "clients/cli/files.h"
#include "clients/cli/nouns.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/key_file.h"
#include "policy/engine/loader.h"
#include "policy/engine/period.h"
#include "policy/engine/prove.h"
#include "policy/engine/reading.h"
#include "policy/signed/admission.h"
#include "policy/signed/bundle.h"
#include "policy/signed/decision_receipt.h"
#include "policy/signed/jurist.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxJuristNote = 64 << 10;

using SignedPack = std::shared_ptr<const policy::Bundle>;

const std::vector<Column> kBundleColumns = {
    {"bundle", "/bundle"},           {"version", "/version"},
    {"digest", "/digest"},           {"issued", "/issued"},
    {"stale_after", "/stale_after"}, {"change_over_hours", "/change_over_hours"},
    {"signers", "/signers"},         {"rules_unsigned", "/rules_unsigned"}};

Json DescribeBundle(const policy::Bundle& bundle) {
  return {{"bundle", bundle.pack()->bundle()},
          {"version", bundle.pack()->version()},
          {"digest", HexEncode(AsView(bundle.digest()))},
          {"issued", FormatRfc3339Millis(bundle.terms().issued)},
          {"stale_after", FormatRfc3339Millis(bundle.stale_after())},
          {"change_over_hours", absl::ToInt64Hours(bundle.terms().change_over)},
          {"signers", bundle.signers()}};
}

absl::StatusOr<absl::Duration> ReadLength(const std::string& option, const std::string& text) {
  const absl::StatusOr<policy::Period> period = policy::ParsePeriod(text);
  if (period.ok()) return period->length;
  return Error(ErrorCode::kInvalid, "OPTION_INVALID",
               option + " must be a period, as P30D or PT72H", {{"about", option}});
}

// The jurist signs rules of the pack that lies before him; when anything in it changes, his
// signature is void.
class PolicySignRules : public Command {
 public:
  PolicySignRules() : Command("policy", "sign-rules") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy sign-rules --pack policy/pack --rule P-01 --rule N-19 --key jurist.pem "
             "--name jurist-1 --out jurist.note"},
            {"sluis policy sign-rules --pack policy/pack --all --key jurist.pem --name jurist-1 "
             "--out jurist.note"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Values("--rule", "ID", &rules_);
    options.Switch("--all", &all_);
    options.Value("--key", "FILE", &key_).Required().Is(Hint::kFile);
    options.Value("--name", "NAME", &name_).Required();
    options.Value("--out", "FILE", &out_).Required().Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    if (all_ == !rules_.empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "give --rule or --all, not both",
                   {{"about", "--rule"}});
    }
    SLUIS_ASSIGN_OR_RETURN(const auto pack, policy::LoadPackDirectory(pack_));
    SLUIS_RETURN_IF_ERROR(policy::RequireProved(*pack, {}));
    const std::vector<std::string> chosen = all_ ? policy::UnsignedRules(*pack, {}) : rules_;
    const policy::CodeSet rules(chosen.begin(), chosen.end());
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PrivateKey key, ReadEd25519KeyFile(key_));
    SLUIS_ASSIGN_OR_RETURN(const Bytes note, policy::SignRules(*pack, rules, name_, key));
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, out_, note));
    context.output.Say("talk.rules_signed",
                       {std::to_string(rules.size()), pack->bundle(), pack->version(), name_,
                        HexEncode(AsView(Sha256(policy::CanonicalBytes(*pack))))});
    context.output.Next("sluis policy sign --jurist-note " + out_ +
                        " --pack DIR --max-age PERIOD --key FILE --name NAME --out FILE");
    return ExitCode::kOk;
  }

 private:
  std::string pack_, key_, name_, out_;
  std::vector<std::string> rules_;
  bool all_ = false;
};

// What opens more than it may does not get a signature.
class PolicySign : public Command {
 public:
  PolicySign() : Command("policy", "sign") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy sign --pack policy/pack --max-age P90D --key officer-1.pem "
             "--name officer-1 --out pack-1.note"},
            {"sluis policy sign --pack policy/pack --max-age P90D --change-over PT72H "
             "--key officer-1.pem --name officer-1 --out pack-1.note"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Value("--max-age", "PERIOD", &max_age_).Required();
    options.Value("--change-over", "PERIOD", &change_over_);
    options.Values("--jurist-note", "FILE", &notes_).Is(Hint::kFile);
    options.Value("--key", "FILE", &key_).Required().Is(Hint::kFile);
    options.Value("--name", "NAME", &name_).Required();
    options.Value("--out", "FILE", &out_).Required().Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const auto pack, policy::LoadPackDirectory(pack_));
    SLUIS_RETURN_IF_ERROR(policy::RequireProved(*pack, {}));
    policy::BundleTerms terms;
    terms.issued = context.surroundings.clock.Now();
    SLUIS_ASSIGN_OR_RETURN(terms.max_age, ReadLength("--max-age", max_age_));
    if (!change_over_.empty()) {
      SLUIS_ASSIGN_OR_RETURN(terms.change_over, ReadLength("--change-over", change_over_));
    }
    for (const std::string& note : notes_) {
      SLUIS_ASSIGN_OR_RETURN(terms.jurist_notes.emplace_back(),
                             ReadInput(context, note, kMaxJuristNote));
    }
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PrivateKey key, ReadEd25519KeyFile(key_));
    SLUIS_ASSIGN_OR_RETURN(const Bytes bundle, policy::SignBundle(*pack, terms, name_, key));
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, out_, bundle));
    context.output.Say("talk.pack_signed",
                       {pack->bundle(), pack->version(), name_,
                        HexEncode(AsView(Sha256(policy::CanonicalBytes(*pack))))});
    context.output.Next("sluis policy cosign " + out_ +
                        " --pack DIR --key FILE --name NAME --out FILE");
    return ExitCode::kOk;
  }

 private:
  std::string pack_, max_age_, change_over_, key_, name_, out_;
  std::vector<std::string> notes_;
};

// The second person signs what lies before him in his own copy of the source, not what a file says
// of itself.
class PolicyCosign : public Command {
 public:
  PolicyCosign() : Command("policy", "cosign") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy cosign half.bundle --pack policy/pack --key officer-2.pem "
             "--name officer-2 --out pack.note"},
            {"sluis policy cosign half.bundle --pack next-pack --key officer-2.pem "
             "--name officer-2 --out pack.note",
             ExitCode::kVerification}};
  }
  void Declare(Options& options) override {
    options.Value("file", "BUNDLE", &in_).Required().Is(Hint::kFile);
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Value("--key", "FILE", &key_).Required().Is(Hint::kFile);
    options.Value("--name", "NAME", &name_).Required();
    options.Value("--out", "FILE", &out_).Required().Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Bytes bundle, ReadInput(context, in_, policy::kMaxBundle));
    SLUIS_ASSIGN_OR_RETURN(const SignedPack read, policy::Bundle::Read(bundle));
    SLUIS_ASSIGN_OR_RETURN(const auto own, policy::LoadPackDirectory(pack_));
    if (Sha256(policy::CanonicalBytes(*own)) != read->digest()) {
      return Error(ErrorCode::kPrecondition, "PACK_OTHER",
                   "the bundle holds another pack than the folder; compare them with policy diff");
    }
    SLUIS_RETURN_IF_ERROR(policy::RequireProved(*own, {}));
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PrivateKey key, ReadEd25519KeyFile(key_));
    SLUIS_ASSIGN_OR_RETURN(const Bytes cosigned, policy::CosignBundle(bundle, name_, key));
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, out_, cosigned));
    context.output.Say("talk.pack_signed",
                       {own->bundle(), own->version(), name_, HexEncode(AsView(read->digest()))});
    context.output.Next("sluis policy verify " + out_ + " --activator VKEY --activator VKEY");
    return ExitCode::kOk;
  }

 private:
  std::string in_, pack_, key_, name_, out_;
};

// What a daemon asks of it, before it is handed over.
class PolicyVerify : public Command {
 public:
  PolicyVerify() : Command("policy", "verify") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy verify signed.bundle --activator $OFFICER_1 --activator $OFFICER_2"},
            {"sluis policy verify signed.bundle --activator $OFFICER_1 --activator $OFFICER_2 "
             "--production",
             ExitCode::kFault},
            {"sluis policy verify half.bundle --activator $OFFICER_1 --activator $OFFICER_2",
             ExitCode::kVerification}};
  }
  void Declare(Options& options) override {
    options.Value("file", "BUNDLE", &in_).Required().Is(Hint::kFile);
    options.Values("--activator", "VKEY", &activators_).Required();
    options.Values("--jurist", "VKEY", &jurists_);
    options.Switch("--production", &production_);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const auto activators, policy::Activators::Create(activators_));
    SLUIS_ASSIGN_OR_RETURN(const auto jurists, policy::ParseJurists(jurists_));
    SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, ReadInput(context, in_, policy::kMaxBundle));
    SLUIS_ASSIGN_OR_RETURN(
        const policy::AdmittedBundle admitted,
        policy::AdmitBundle(bytes, activators, jurists, context.surroundings.clock.Now()));
    const absl::Status& all_signed = admitted.rules_signed;
    if (production_) SLUIS_RETURN_IF_ERROR(all_signed);
    Json described = DescribeBundle(*admitted.bundle);
    described["rules_unsigned"] = all_signed.ok() ? "0" : DetailOf(all_signed).metadata["count"];
    context.output.Object(described, kBundleColumns);
    if (!all_signed.ok()) context.output.Say("talk.pack_demo");
    return ExitCode::kOk;
  }

 private:
  std::string in_;
  std::vector<std::string> activators_, jurists_;
  bool production_ = false;
};

absl::StatusOr<Ed25519PublicKey> ReadPublicKey(const std::string& base64) {
  const absl::StatusOr<Bytes> raw = Base64Decode(base64);
  absl::StatusOr<Ed25519PublicKey> key =
      raw.ok() ? Ed25519PublicKey::Parse(*raw) : absl::StatusOr<Ed25519PublicKey>(raw.status());
  if (key.ok()) return key;
  return Error(ErrorCode::kInvalid, "OPTION_INVALID",
               "--key must be the public decision key of the broker, 32 bytes in base64",
               {{"about", "--key"}});
}

// A folder of source, or a bundle: the receipt names the digest, so nobody has to be believed about
// the pack.
absl::StatusOr<std::shared_ptr<const policy::Pack>> ReadAnyPack(Context& context,
                                                                const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return policy::LoadPackDirectory(path);
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, ReadInput(context, path, policy::kMaxBundle));
  SLUIS_ASSIGN_OR_RETURN(const SignedPack bundle, policy::Bundle::Read(bytes));
  return bundle->pack();
}

class PolicyVerifyReceipt : public Command {
 public:
  PolicyVerifyReceipt() : Command("policy", "verify-receipt") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy verify-receipt decision.receipt --pack policy/pack --key $DECISION_KEY"},
            {"sluis policy verify-receipt decision.receipt --pack signed.bundle "
             "--key $DECISION_KEY --output json"},
            {"sluis policy verify-receipt untrue.receipt --pack policy/pack --key $DECISION_KEY",
             ExitCode::kVerification}};
  }
  void Declare(Options& options) override {
    options.Value("file", "RECEIPT", &in_).Required().Is(Hint::kFile);
    options.Value("--pack", "PATH", &pack_).Required().Is(Hint::kFile);
    options.Value("--key", "KEY", &key_).Required();
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PublicKey key, ReadPublicKey(key_));
    SLUIS_ASSIGN_OR_RETURN(const Bytes wire, ReadInput(context, in_, policy::kMaxReceipt));
    SLUIS_ASSIGN_OR_RETURN(const auto receipt, policy::DecisionReceipt::Verify(wire, key));
    SLUIS_ASSIGN_OR_RETURN(const auto pack, ReadAnyPack(context, pack_));
    SLUIS_ASSIGN_OR_RETURN(const auto differences, policy::DecideAgain(receipt, *pack));
    Show(context, receipt.terms(), differences);
    context.output.Say(differences.empty() ? "talk.receipt_same" : "talk.receipt_differs");
    return differences.empty() ? ExitCode::kOk : ExitCode::kVerification;
  }

 private:
  static void Show(Context& context, const policy::ReceiptTerms& terms,
                   const std::vector<policy::ReceiptDifference>& differences) {
    Json list = Json::array();
    for (const policy::ReceiptDifference& one : differences) {
      list.push_back({{"member", one.member}, {"receipt", one.receipt}, {"scan", one.scan}});
    }
    if (!list.empty() && context.output.format() == Format::kTable) {
      return context.output.List(
          {{"differences", list}}, "differences",
          {{"member", "/member"}, {"in_receipt", "/receipt"}, {"by_scan", "/scan"}});
    }
    const Json::json_pointer at("/context/outcome");
    const Json outcome = terms.answer.contains(at) ? terms.answer.at(at) : Json("-");
    context.output.Object({{"exchange", terms.exchange},
                           {"bundle", terms.bundle},
                           {"version", terms.version},
                           {"digest", HexEncode(AsView(terms.pack))},
                           {"outcome", outcome},
                           {"same", list.empty()},
                           {"differences", list}},
                          {{"exchange", "/exchange"},
                           {"bundle", "/bundle"},
                           {"version", "/version"},
                           {"digest", "/digest"},
                           {"outcome", "/outcome"}});
  }
  std::string in_, pack_, key_;
};

}  // namespace

void AddPolicySigningCommands(CommandList& commands) {
  commands.push_back(std::make_unique<PolicySignRules>());
  commands.push_back(std::make_unique<PolicySign>());
  commands.push_back(std::make_unique<PolicyCosign>());
  commands.push_back(std::make_unique<PolicyVerify>());
  commands.push_back(std::make_unique<PolicyVerifyReceipt>());
}

}  // namespace sluis::cli
