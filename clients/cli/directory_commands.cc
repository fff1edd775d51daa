// `sluis directory sign|cosign|show`: two officers, each with a key of his own, sign what everybody pins.
#include "clients/cli/directory_description.h"
#include "clients/cli/files.h"
#include "clients/cli/nouns.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "lib/identity/directory.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxDirectoryFile = 4 << 20;

class DirectorySign : public Command {
 public:
  DirectorySign() : Command("directory", "sign") {}
  std::vector<Example> Examples() const override {
    return {{"sluis directory sign --in region.json --key officer-1.pem --name officer-1 "
             "--out directory-1.note"}};
  }
  void Declare(Options& options) override {
    options.Value("--in", "FILE", &in_).Required().Is(Hint::kFile);
    options.Value("--key", "FILE", &key_).Required().Is(Hint::kFile);
    options.Value("--name", "NAME", &name_).Required();
    options.Value("--out", "FILE", &out_).Required().Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Json description, ReadJsonInput(context, in_, kMaxDirectoryFile));
    SLUIS_ASSIGN_OR_RETURN(const auto document, ReadDirectoryDescription(
                                                    description, context.surroundings.clock.Now()));
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PrivateKey key, ReadEd25519KeyFile(key_));
    SLUIS_ASSIGN_OR_RETURN(const Bytes note, identity::SignDirectory(document, name_, key));
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, out_, note));
    context.output.Say("talk.directory_signed", {name_});
    context.output.Next("sluis directory cosign " + out_ + " --key FILE --name NAME --out FILE");
    return ExitCode::kOk;
  }

 private:
  std::string in_, key_, name_, out_;
};

class DirectoryCosign : public Command {
 public:
  DirectoryCosign() : Command("directory", "cosign") {}
  std::vector<Example> Examples() const override {
    return {{"sluis directory cosign directory-1.note --key officer-2.pem --name officer-2 "
             "--out directory.note"}};
  }
  void Declare(Options& options) override {
    options.Value("file", "NOTE", &in_).Required().Is(Hint::kFile);
    options.Value("--key", "FILE", &key_).Required().Is(Hint::kFile);
    options.Value("--name", "NAME", &name_).Required();
    options.Value("--out", "FILE", &out_).Required().Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Bytes note, ReadInput(context, in_, kMaxDirectoryFile));
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PrivateKey key, ReadEd25519KeyFile(key_));
    SLUIS_ASSIGN_OR_RETURN(const Bytes cosigned, identity::CosignDirectory(note, name_, key));
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, out_, cosigned));
    context.output.Say("talk.directory_signed", {name_});
    context.output.Next("sluis directory show " + out_ + " --officer VKEY --officer VKEY");
    return ExitCode::kOk;
  }

 private:
  std::string in_, key_, name_, out_;
};

class DirectoryShow : public Command {
 public:
  DirectoryShow() : Command("directory", "show") {}
  std::vector<Example> Examples() const override {
    return {{"sluis directory show directory.note --officer $OFFICER_1 --officer $OFFICER_2"},
            {"sluis directory show directory.note --officer $OFFICER_1 --officer $OFFICER_2 "
             "--output json"}};
  }
  void Declare(Options& options) override {
    options.Value("file", "NOTE", &in_).Required().Is(Hint::kFile);
    options.Values("--officer", "VKEY", &officers_).Required();
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    if (officers_.size() != 2) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--officer must be given exactly twice");
    }
    SLUIS_ASSIGN_OR_RETURN(const auto officers,
                           identity::DirectoryOfficers::Create(officers_[0], officers_[1]));
    SLUIS_ASSIGN_OR_RETURN(const Bytes note, ReadInput(context, in_, kMaxDirectoryFile));
    SLUIS_ASSIGN_OR_RETURN(const auto directory, identity::Directory::Parse(note, officers));
    context.output.List(DescribeDirectory(*directory), "partners",
                        {{"oin", "/oin"},
                         {"name", "/name"},
                         {"kind", "/kind"},
                         {"units", "/unit_names"},
                         {"suspended", "/suspended"}});
    context.output.Say("talk.directory_verified",
                       {directory->name(), std::to_string(directory->version())});
    return ExitCode::kOk;
  }

 private:
  std::string in_;
  std::vector<std::string> officers_;
};

}  // namespace

void AddDirectoryCommands(CommandList& commands) {
  commands.push_back(std::make_unique<DirectoryShow>());
  commands.push_back(std::make_unique<DirectorySign>());
  commands.push_back(std::make_unique<DirectoryCosign>());
}

}  // namespace sluis::cli
