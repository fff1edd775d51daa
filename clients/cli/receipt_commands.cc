// `sluis log check-receipt|show-receipt`: was it logged? Offline, believing only the keys in the trust file.
#include "clients/cli/files.h"
#include "clients/cli/leaf_text.h"
#include "clients/cli/nouns.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/receipt.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxReceiptTrust = 64 << 10;

const std::vector<Column> kReceiptColumns = {{"verified", "/verified"},
                                             {"index", "/index"},
                                             {"kind", "/leaf/kind"},
                                             {"outcome", "/leaf/outcome"},
                                             {"hour", "/leaf/hour"},
                                             {"exchange", "/leaf/exchange"},
                                             {"acting", "/leaf/acting"},
                                             {"other", "/leaf/other"},
                                             {"origin", "/checkpoint/origin"},
                                             {"size", "/checkpoint/size"},
                                             {"witnesses", "/checkpoint/witnesses"}};

class CheckReceipt : public Command {
 public:
  CheckReceipt() : Command("log", "check-receipt") {}

  std::vector<Example> Examples() const override {
    return {{"sluis log check-receipt 1-REQUEST.tlog-proof --trust trust.policy"},
            {"sluis log check-receipt changed.tlog-proof --trust trust.policy",
             ExitCode::kVerification}};
  }

  void Declare(Options& options) override {
    options.Value("file", "RECEIPT", &file_).Required().Is(Hint::kFile);
    options.Value("--trust", "FILE", &trust_).Required().Is(Hint::kFile);
  }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadInput(context, file_, tlog::kMaxReceiptSize));
    SLUIS_ASSIGN_OR_RETURN(const Bytes trust_text, ReadInput(context, trust_, kMaxReceiptTrust));
    SLUIS_ASSIGN_OR_RETURN(const auto trust, tlog::TrustPolicy::Parse(trust_text));
    const auto verified = tlog::VerifyReceipt(text, trust, context.surroundings.clock.Now());
    if (!verified.ok()) {
      // Whatever is wrong with the receipt itself, it proves nothing: one exit code.
      context.output.Fail(verified.status());
      return ExitCode::kVerification;
    }
    context.output.Object({{"verified", true},
                           {"index", verified->index},
                           {"leaf", DescribeLeaf(verified->leaf)},
                           {"checkpoint", DescribeCheckpoint(verified->checkpoint)}},
                          kReceiptColumns);
    if (verified->checkpoint.no_quorum) context.output.Say("talk.no_quorum");
    return ExitCode::kOk;
  }

 private:
  std::string file_, trust_;
};

class ShowReceipt : public Command {
 public:
  ShowReceipt() : Command("log", "show-receipt") {}

  std::vector<Example> Examples() const override {
    return {{"sluis log show-receipt 1-REQUEST.tlog-proof"},
            {"sluis log show-receipt 1-REQUEST.tlog-proof --output json"}};
  }

  void Declare(Options& options) override {
    options.Value("file", "RECEIPT", &file_).Required().Is(Hint::kFile);
  }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadInput(context, file_, tlog::kMaxReceiptSize));
    SLUIS_ASSIGN_OR_RETURN(const tlog::Receipt receipt, tlog::ParseReceipt(text));
    Json described = {{"verified", false}, {"index", receipt.index}};
    if (receipt.extra) {
      SLUIS_ASSIGN_OR_RETURN(const tlog::Leaf leaf, tlog::DecodeLeaf(*receipt.extra, receipt.index));
      described["leaf"] = DescribeLeaf(leaf);
    }
    context.output.Object(described, kReceiptColumns);
    context.output.Say("talk.receipt_unverified");
    context.output.Next("sluis log check-receipt " + file_ + " --trust FILE");
    return ExitCode::kOk;
  }

 private:
  std::string file_;
};

}  // namespace

void AddReceiptCommands(CommandList& commands) {
  commands.push_back(std::make_unique<CheckReceipt>());
  commands.push_back(std::make_unique<ShowReceipt>());
}

}  // namespace sluis::cli
