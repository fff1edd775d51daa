// `sluis key generate`: private keys as files of the owner alone; what others need is printed.
#include "absl/strings/str_format.h"
#include "clients/cli/nouns.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "lib/tlog/vkey.h"

namespace sluis::cli {
namespace {

class KeyGenerate : public Command {
 public:
  KeyGenerate() : Command("key", "generate") {}

  std::vector<Example> Examples() const override {
    return {{"sluis key generate --type signing --out signing.pem"},
            {"sluis key generate --type sealing --out sealing.pem"},
            {"sluis key generate --type assertion --algorithm ES256 --out assertion.pem"},
            {"sluis key generate --type log --name log.example/2026 --out log.pem --output json"}};
  }

  void Declare(Options& options) override {
    options.Value("--type", "TYPE", &type_).Required().OneOf(
        {"signing", "sealing", "assertion", "log", "officer"});
    options.Value("--out", "FILE", &out_).Required().Is(Hint::kFile);
    options.Value("--name", "NAME", &name_);
    options.Value("--algorithm", "ALG", &algorithm_).OneOf({"PS256", "RS256", "ES256"});
  }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Json described, Generate());
    context.output.Object(described, {{"type", "/type"},
                                      {"file", "/file"},
                                      {"name", "/name"},
                                      {"algorithm", "/algorithm"},
                                      {"public_key", "/public_key"},
                                      {"key_id", "/key_id"},
                                      {"vkey", "/vkey"}});
    if (context.output.format() == Format::kTable && described.contains("pem")) {
      context.output.Raw(described["pem"].get<std::string>());
    }
    context.output.Say("talk.key_kept", {out_});
    return ExitCode::kOk;
  }

 private:
  absl::StatusOr<Json> Generate() {
    if (type_ == "sealing") return Sealing();
    if (type_ == "assertion") return Assertion();
    const bool signs_notes = type_ == "log" || type_ == "officer";
    if (signs_notes && name_.empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_MISSING",
                   absl::StrFormat("a key of type %s signs notes under a name: --name NAME", type_),
                   {{"about", "--name NAME"}});
    }
    return Signing(signs_notes);
  }

  absl::StatusOr<Json> Signing(bool signs_notes) {
    const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
    Json described = Described(key.public_key().raw(), key.public_key().KeyId());
    if (signs_notes) {
      SLUIS_ASSIGN_OR_RETURN(const auto verifier, tlog::VerifierKey::Create(
                                                      name_, tlog::KeyType::kEd25519, key.public_key()));
      described["name"] = name_;
      described["vkey"] = verifier.Format();
    }
    SLUIS_RETURN_IF_ERROR(WriteKeyFile(out_, key));
    return described;
  }

  absl::StatusOr<Json> Sealing() {
    const X25519PrivateKey key = X25519PrivateKey::Generate();
    SLUIS_RETURN_IF_ERROR(WriteKeyFile(out_, key));
    return Described(key.public_key().raw(), key.public_key().KeyId());
  }

  absl::StatusOr<Json> Assertion() {
    SLUIS_ASSIGN_OR_RETURN(const JwsAlgorithm algorithm, ParseJwsAlgorithm(algorithm_));
    const JwsPrivateKey key = JwsPrivateKey::Generate(algorithm);
    SLUIS_RETURN_IF_ERROR(WriteKeyFile(out_, key));
    return Json{{"type", type_}, {"file", out_}, {"algorithm", algorithm_}, {"pem", key.PublicPem()}};
  }

  Json Described(const Digest& public_key, const Digest& key_id) const {
    return {{"type", type_},
            {"file", out_},
            {"public_key", Base64Encode(AsView(public_key))},
            {"key_id", HexEncode(AsView(key_id))}};
  }

  std::string type_, out_, name_;
  std::string algorithm_ = "PS256";
};

}  // namespace

void AddKeyCommands(CommandList& commands) { commands.push_back(std::make_unique<KeyGenerate>()); }

}  // namespace sluis::cli
