#include "tests/clients/cli/world.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "clients/cli/frame/run.h"
#include "clients/cli/nouns.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/key_file.h"
#include "lib/tlog/vkey.h"
#include "policy/engine/authzen.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/loader.h"
#include "policy/signed/decision_receipt.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/vectors.h"

namespace sluis::cli::testing {
namespace {

using sluis::testing::TestKey;

constexpr char kMorning[] = "2026-11-24T09:00:00Z";

Json Unit(const std::string& unit, std::uint8_t seed) {
  const SecretBytes raw = SecretBytes::Take(Bytes(32, static_cast<char>(seed)));
  const X25519PrivateKey sealing = X25519PrivateKey::FromBytes(raw).value();
  return {{"unit", unit},
          {"signing", Base64Encode(AsView(TestKey(seed).public_key().raw()))},
          {"sealing", Base64Encode(AsView(sealing.public_key().raw()))},
          {"registers", Json::array()}};
}

Json Partner(const std::string& oin, const std::string& kind, const std::string& name, Json units) {
  return {{"oin", oin},           {"kind", kind},
          {"name", name},         {"regions", {"noord"}},
          {"suspended", false},   {"issuer", "https://login.example"},
          {"client_id", "sluis"}, {"assertion_keys", Json::array()},
          {"certificates", Json::array()}, {"units", std::move(units)}};
}

std::string VerifierKeyOf(const std::string& name, std::uint8_t seed) {
  return tlog::VerifierKey::Create(name, tlog::KeyType::kEd25519, TestKey(seed).public_key())
      ->Format();
}

}  // namespace

std::map<std::string, std::string> World::variables_of_all_;

// What a world begins with is made once for all tests of the process and copied: making keys and notes
// durable is slow.
World::World()
    : clock(ParseRfc3339(kMorning).value()), source_(std::filesystem::current_path()) {
  static const sluis::testing::TempDir original;
  if (variables_of_all_.empty()) {
    std::filesystem::current_path(original.path());
    std::filesystem::create_directory_symlink(source_ / "policy", "policy");
    MakeDirectory();
    MakeLog();
    MakeRequests();
    MakeNextPack();
    MakeSignedPack();
    variables_of_all_ = variables;
  }
  std::filesystem::copy(original.path(), folder_.path(),
                        std::filesystem::copy_options::recursive |
                            std::filesystem::copy_options::copy_symlinks);
  std::filesystem::current_path(folder_.path());
  variables = variables_of_all_;
}

World::~World() { std::filesystem::current_path(source_); }

void World::MakeDirectory() {
  variables["OFFICER_1"] = VerifierKeyOf("officer-1", 0x40);
  variables["OFFICER_2"] = VerifierKeyOf("officer-2", 0x60);
  EXPECT_TRUE(WriteKeyFile("officer-1.pem", TestKey(0x40)).ok());
  EXPECT_TRUE(WriteKeyFile("officer-2.pem", TestKey(0x60)).ok());
  variables["JURIST"] = VerifierKeyOf("jurist-1", 0x30);
  EXPECT_TRUE(WriteKeyFile("jurist.pem", TestKey(0x30)).ok());
  EXPECT_TRUE(WriteKeyFile("desk.pem", TestKey(0x80)).ok());
  const Json town = Partner("00000099100000001000", "gemeente", "Gemeente Waterveen",
                            {Unit("gemeente/oov", 0x80), Unit("gemeente/wethouder", 0x81)});
  const Json riec = Partner("00000099400000001000", "riec", "RIEC Noord", {Unit("riec/bureau", 0x90)});
  Write("region.json", Json{{"v", 1}, {"name", "noord"}, {"version", 3}, {"partners", {town, riec}}}.dump(2));
  EXPECT_EQ(Type("sluis directory sign --in region.json --key officer-1.pem --name officer-1 "
                 "--out directory-1.note").exit, ExitCode::kOk);
  EXPECT_EQ(Type("sluis directory cosign directory-1.note --key officer-2.pem --name officer-2 "
                 "--out directory.note").exit, ExitCode::kOk);
  EXPECT_EQ(Type("sluis arrangement draft --id convenant-noord --fact convenant --party "
                 "00000099100000001000/gemeente/oov --party 00000099400000001000/riec/bureau "
                 "--purpose riec-casus --from 2026-01-01 --until 2028-01-01 --out convenant.json").exit,
            ExitCode::kOk);
}

void World::MakeLog() {
  const Json vectors = ParseJsonStrict(ReadFile(source_ / "tests/vectors/log-vectors.json").value()).value();
  Write("trust.policy", sluis::testing::StrictPolicyText());
  Write("1-REQUEST.tlog-proof", vectors.at("receipt_1"));
  WriteLog("log", 300, "");
  WriteLog("damaged-log", 300, "tile/entries/001.p/44");
  WriteLog("short-log", 100, "");
  Write("earlier.checkpoint", Read("short-log/checkpoint"));
  Write("changed.tlog-proof", vectors.at("bad_receipts").at(0).at("receipt"));
}

// A log of `size` leaves as it serves itself; one bit of `damaged` is turned.
void World::WriteLog(const std::string& folder, std::uint64_t size, const std::string& damaged) {
  std::mt19937_64 random(7);
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < size; ++i) entries.push_back(sluis::testing::RandomLeaf(i, random));
  sluis::testing::MemoryLog log(std::move(entries));
  if (!damaged.empty()) log.files.at(damaged)[1000] ^= 1;
  for (const auto& [path, content] : log.files) {
    std::filesystem::create_directories((std::filesystem::path(folder) / path).parent_path());
    Write(folder + "/" + path, content);
  }
}

// The first requests and cases that the policy's own tests answer, and one that is none.
void World::MakeRequests() {
  std::ifstream scenarios(source_ / "tests/scenarios/scenarios-public.jsonl");
  std::string requests, cases, line;
  Json records = Json::array({{{"index", "7"}, {"content", {{"kind", "REQUEST"}}}}});
  for (int i = 0; i < 3 && std::getline(scenarios, line); ++i) {
    requests += ParseJsonStrict(line).value().at("request").dump() + "\n";
  }
  Write("requests.jsonl", requests + "{\"subject\": 1}\n");
  for (int i = 0; i < 30 && std::getline(scenarios, line); ++i) {
    const Json request = ParseJsonStrict(line).value().at("request");
    requests += request.dump() + "\n";
    records.push_back(
        {{"index", absl::StrFormat("%d", 100 + i)}, {"content", {{"request", request}}}});
  }
  Write("exchanges.jsonl", requests);
  Write("records.json", Json{{"records", records}}.dump(2));
  std::ifstream again(source_ / "tests/scenarios/scenarios-public.jsonl");
  while (std::getline(again, line)) cases += line + "\n";
  Write("cases.jsonl", cases);
}

// The pack with one rule changed: C-01 no longer asks for an approval by the police.
void World::MakeNextPack() {
  std::filesystem::create_directory("next-pack");
  for (const auto& file : std::filesystem::directory_iterator(source_ / "policy/pack")) {
    if (file.path().extension() == ".txtpb") std::filesystem::copy(file.path(), "next-pack");
  }
  std::string text = Read("next-pack/conditions.txtpb");
  const std::size_t rule = text.find("id: \"C-01\"");
  const std::size_t from = text.find("  approval {", rule);
  text.replace(from, text.find("\n  }\n", from) + 5 - from, "  obligations { mark: \"oordeel\" }\n");
  Write("next-pack/conditions.txtpb", text);
}

// policy/pack by one person and by two, and receipts of a decision under it: a true one and one
// whose answer is another.
void World::MakeSignedPack() {
  const std::string by = "--key officer-1.pem --name officer-1 --out half.bundle";
  EXPECT_EQ(Type("sluis policy sign --pack policy/pack --max-age P90D " + by).exit, ExitCode::kOk);
  EXPECT_EQ(Type("sluis policy cosign half.bundle --pack policy/pack --key officer-2.pem "
                 "--name officer-2 --out signed.bundle")
                .exit,
            ExitCode::kOk);
  const auto pack = policy::LoadPackDirectory("policy/pack").value();
  const std::string line = Read("requests.jsonl").substr(0, Read("requests.jsonl").find('\n'));
  policy::ReceiptTerms terms{.exchange = std::string(32, '5'),
                             .bundle = pack->bundle(),
                             .version = pack->version(),
                             .pack = Sha256(policy::CanonicalBytes(*pack)),
                             .request = ParseJsonStrict(line).value(),
                             .answer = policy::ReceiptAnswer(policy::Evaluate(
                                 *pack, policy::ParseAuthzenRequest(line).value()))};
  Write("decision.receipt", policy::DecisionReceipt::Sign(terms, TestKey(0x20)).value().wire());
  terms.answer["context"]["outcome"] = "DENIED_PROHIBITED";
  Write("untrue.receipt", policy::DecisionReceipt::Sign(terms, TestKey(0x20)).value().wire());
  variables["DECISION_KEY"] = Base64Encode(AsView(TestKey(0x20).public_key().raw()));
}

Outcome World::Type(const std::string& line) {
  std::vector<std::string> words = absl::StrSplit(line, ' ');
  for (std::string& word : words) {
    if (word.starts_with("$")) word = variables.at(word.substr(1));
  }
  EXPECT_EQ(words.front(), "sluis") << line;
  words.erase(words.begin());
  return Run(words);
}

Outcome World::Run(const std::vector<std::string>& arguments) {
  std::istringstream in(input);
  std::ostringstream out, err;
  Surroundings surroundings{in, out, err, clock, environment, terminal, terminal, terminal, {}};
  Outcome outcome;
  outcome.exit = RunCommandLine(AllCommands(), arguments, surroundings);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

void World::Write(const std::string& name, const std::string& content) const {
  std::ofstream file(name, std::ios::binary);  // not durable: a test's folder does not outlive it
  file << content;
  EXPECT_TRUE(file.good()) << name;
}

std::string World::Read(const std::string& name) const { return ReadFile(name).value(); }

}  // namespace sluis::cli::testing
