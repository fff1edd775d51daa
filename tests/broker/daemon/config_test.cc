#include "broker/daemon/config.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/tlog/vkey.h"
#include "tests/lib/identity/region.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::daemon {
namespace {

using ::sluis::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string OfficerKey(const std::string& name) {
  return tlog::VerifierKey::Create(name, tlog::KeyType::kEd25519,
                                   Ed25519PrivateKey::Generate().public_key())
      ->Format();
}

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest() {
    good_.set_listen("127.0.0.1:7443");
    good_.set_identifier("https://broker.example");
    good_.set_demonstration(true);
    good_.mutable_tls()->set_key_file("tls/broker.key");
    good_.mutable_tls()->set_certificate_file("tls/broker.pem");
    good_.mutable_tls()->set_authorities_file("tls/ca.pem");
    good_.mutable_tls()->set_revocation_folder("tls/crl");
    good_.mutable_policy()->set_bundle_file("../policy.bundle");
    good_.mutable_policy()->set_mark_file("data/policy.mark");
    good_.mutable_policy()->add_activators(OfficerKey("policy.example/1"));
    good_.mutable_policy()->add_activators(OfficerKey("policy.example/2"));
    good_.mutable_policy()->add_jurists(OfficerKey("jurist.example/1"));
    good_.mutable_directory()->set_file("directory.note");
    good_.mutable_directory()->set_first_officer(OfficerKey("directory.example/1"));
    good_.mutable_directory()->set_second_officer(OfficerKey("directory.example/2"));
    good_.set_database("/var/lib/sluis/log.sqlite");
    good_.mutable_log()->set_origin("log.example/2026");
    good_.mutable_log()->set_operator_("00000099000000001000");
    good_.mutable_log()->set_key_file("log.key");
    good_.mutable_log()->set_store_key_file("store.key");
    good_.mutable_log()->set_guard_file("../guard/log.guard");
    good_.mutable_log()->set_publish_seconds(30);
    good_.mutable_http()->set_public_listen("127.0.0.1:0");
    good_.mutable_http()->set_bundles_listen("127.0.0.1:0");
    good_.mutable_http()->set_operator_listen("127.0.0.1:0");
    good_.mutable_http()->set_prefix("/log");
    good_.add_bundle_readers()->set_organisation("00000099100000001000");
    good_.mutable_bundle_readers(0)->set_unit("gemeente/fg");
    good_.mutable_transcryptors()->set_decision_key_file("decision.key");
    good_.mutable_transcryptors()->set_key_set_file("key-set.json");
    good_.mutable_transcryptors()->set_first_address("127.0.0.1:7441");
    good_.mutable_transcryptors()->set_second_address("127.0.0.1:7442");
    good_.mutable_authzen()->set_listen("127.0.0.1:7445");
    good_.mutable_authzen()->set_base_url("https://pdp.example");
    AddForeign(good_, "certification", "foreign/certification.txtpb");
  }

  static void AddForeign(broker::v1::BrokerConfig& config, const std::string& tenant,
                         const std::string& file) {
    config.mutable_authzen()->add_foreign_packs()->set_tenant(tenant);
    config.mutable_authzen()->mutable_foreign_packs()->rbegin()->set_file(file);
  }
  absl::StatusOr<broker::v1::BrokerConfig> LoadText(const std::string& text) {
    EXPECT_OK(WriteFileAtomic(folder_.path() / "broker.txtpb", text));
    return LoadConfig(folder_.path() / "broker.txtpb");
  }
  absl::StatusOr<broker::v1::BrokerConfig> Load(const broker::v1::BrokerConfig& config) {
    std::string text;
    EXPECT_TRUE(google::protobuf::TextFormat::PrintToString(config, &text));
    return LoadText(text);
  }
  // The keys that are wrong after this change.
  std::vector<std::string> WrongAfter(
      const std::function<void(broker::v1::BrokerConfig&)>& change) {
    broker::v1::BrokerConfig config = good_;
    change(config);
    const absl::Status status = Load(config).status();
    std::vector<std::string> keys;
    if (!status.ok()) {
      EXPECT_THAT(status, HasReason("CONFIG_INVALID"));
    }
    for (const FieldViolation& violation : DetailOf(status).violations)
      keys.push_back(violation.field);
    return keys;
  }

  sluis::testing::TempDir folder_;
  broker::v1::BrokerConfig good_;
};

TEST_F(ConfigTest, ReadsEveryKeyAndResolvesPathsFromTheFilesFolder) {
  const auto read = Load(good_);
  ASSERT_OK(read);
  const std::filesystem::path here = folder_.path();
  EXPECT_EQ(read->tls().key_file(), here / "tls/broker.key");
  EXPECT_EQ(read->tls().certificate_file(), here / "tls/broker.pem");
  EXPECT_EQ(read->tls().authorities_file(), here / "tls/ca.pem");
  EXPECT_EQ(read->tls().revocation_folder(), here / "tls/crl");
  EXPECT_EQ(read->policy().bundle_file(), here.parent_path() / "policy.bundle");
  EXPECT_EQ(read->policy().mark_file(), here / "data/policy.mark");
  EXPECT_EQ(read->directory().file(), here / "directory.note");
  EXPECT_EQ(read->database(), "/var/lib/sluis/log.sqlite");
  EXPECT_EQ(read->log().key_file(), here / "log.key");
  EXPECT_EQ(read->log().store_key_file(), here / "store.key");
  EXPECT_EQ(read->log().guard_file(), here.parent_path() / "guard/log.guard");
  EXPECT_EQ(read->transcryptors().decision_key_file(), here / "decision.key");
  EXPECT_EQ(read->transcryptors().key_set_file(), here / "key-set.json");
  EXPECT_EQ(read->authzen().foreign_packs(0).file(), here / "foreign/certification.txtpb");
  EXPECT_EQ(read->listen(), good_.listen());
  EXPECT_EQ(read->http().DebugString(), good_.http().DebugString());
  EXPECT_EQ(read->log().publish_seconds(), 30u);
  EXPECT_TRUE(read->demonstration());
  EXPECT_FALSE(read->reflection()) << "off unless asked for";
}

TEST_F(ConfigTest, MayLeaveOutWhatIsNotRequired) {
  good_.clear_demonstration();
  good_.mutable_log()->clear_publish_seconds();
  good_.clear_bundle_readers();
  good_.clear_http();
  good_.clear_transcryptors();
  good_.mutable_authzen()->clear_base_url();
  good_.mutable_authzen()->clear_foreign_packs();
  EXPECT_OK(Load(good_));
  good_.clear_authzen();
  EXPECT_OK(Load(good_));
}

TEST_F(ConfigTest, NamesEveryKeyThatIsMissingAtOnce) {
  const absl::Status status = LoadText("").status();
  EXPECT_THAT(status, HasReason("CONFIG_INVALID"));
  std::vector<std::string> keys;
  for (const FieldViolation& violation : DetailOf(status).violations)
    keys.push_back(violation.field);
  EXPECT_THAT(
      keys,
      ElementsAre("listen", "identifier", "tls.key_file", "tls.certificate_file",
                  "tls.authorities_file", "tls.revocation_folder", "policy.bundle_file",
                  "policy.mark_file", "policy.jurists", "policy.activators", "directory.file",
                  "directory.first_officer", "directory.second_officer", "database", "log.origin",
                  "log.operator", "log.key_file", "log.store_key_file", "log.guard_file"));
}

// By the descriptors, so that a new key is either required or named here.
TEST_F(ConfigTest, MissesEachRequiredKeyAlone) {
  const std::set<std::string> optional = {
      "demonstration",   "reflection",     "http",          "bundle_readers",
      "publish_seconds", "bundles_listen", "prefix",        "operator_listen",
      "call_seconds",    "base_url",       "foreign_packs", "policy_compared_one_in",
      "jurists"};  // of those, outside a demonstration: below
  const auto without = [&](const std::string& parent, const std::string& key) {
    return WrongAfter([&](broker::v1::BrokerConfig& config) {
      google::protobuf::Message* holder = &config;
      const auto* field = holder->GetDescriptor()->FindFieldByName(parent);
      if (field != nullptr) holder = holder->GetReflection()->MutableMessage(holder, field);
      holder->GetReflection()->ClearField(holder, holder->GetDescriptor()->FindFieldByName(key));
    });
  };
  const auto* top = broker::v1::BrokerConfig::descriptor();
  int required = 0;
  for (int i = 0; i < top->field_count(); ++i) {
    const auto* field = top->field(i);
    if (field->is_repeated()) continue;
    if (field->message_type() == nullptr) {
      if (optional.contains(field->name())) continue;
      EXPECT_THAT(without("", field->name()), ElementsAre(field->name()));
      ++required;
      continue;
    }
    for (int j = 0; j < field->message_type()->field_count(); ++j) {
      const std::string& key = field->message_type()->field(j)->name();
      if (optional.contains(key)) continue;
      EXPECT_THAT(without(field->name(), key), ElementsAre(field->name() + "." + key));
      ++required;
    }
  }
  EXPECT_EQ(required, 24);
}

TEST_F(ConfigTest, RefusesWrongValuesByTheirKey) {
  using Config = broker::v1::BrokerConfig;
  for (const char* address : {"127.0.0.1", "127.0.0.1:", ":7443", "127.0.0.1:x", "127.0.0.1:65536",
                              "127.0.0.1:-1", "127.0.0.1:123456"}) {
    SCOPED_TRACE(address);
    EXPECT_THAT(WrongAfter([&](Config& c) { c.set_listen(address); }), ElementsAre("listen"));
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_http()->set_public_listen(address); }),
                ElementsAre("http.public_listen"));
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_http()->set_bundles_listen(address); }),
                ElementsAre("http.bundles_listen"));
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_http()->set_operator_listen(address); }),
                ElementsAre("http.operator_listen"));
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_authzen()->set_listen(address); }),
                ElementsAre("authzen.listen"));
  }
  for (const char* oin : {"0000009900000000100", "0000009900000000100x"}) {
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_log()->set_operator_(oin); }),
                ElementsAre("log.operator"))
        << oin;
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_bundle_readers(0)->set_organisation(oin); }),
                ElementsAre("bundle_readers[0].organisation"));
  }
  EXPECT_THAT(WrongAfter([](Config& c) { c.mutable_bundle_readers(0)->set_unit("fg"); }),
              ElementsAre("bundle_readers[0].unit"));
  EXPECT_THAT(WrongAfter([](Config& c) { c.mutable_log()->set_origin("log example/2026"); }),
              ElementsAre("log.origin"));
  EXPECT_THAT(WrongAfter([](Config& c) { c.mutable_directory()->set_first_officer("x+1+y"); }),
              ElementsAre("directory.first_officer"));
  EXPECT_THAT(WrongAfter([](Config& c) {
                c.mutable_directory()->set_second_officer(c.directory().first_officer());
              }),
              ElementsAre("directory.second_officer"));
  for (const char* prefix : {"log", "/log/", "/l og", "/../x"}) {
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_http()->set_prefix(prefix); }),
                ElementsAre("http.prefix"))
        << prefix;
  }
}

TEST_F(ConfigTest, RefusesForeignPacksAndBasesThatCannotBeServed) {
  using Config = broker::v1::BrokerConfig;
  for (const char* base : {"http://pdp.example", "https://", "https://pdp.example/", "pdp.example",
                           "https://pdp.example?x", "https://a@b"}) {
    EXPECT_THAT(WrongAfter([&](Config& c) { c.mutable_authzen()->set_base_url(base); }),
                ElementsAre("authzen.base_url"))
        << base;
  }
  for (const char* tenant : {"", "A", "a/b", "certification"}) {
    EXPECT_THAT(WrongAfter([&](Config& c) { AddForeign(c, tenant, "x"); }),
                ElementsAre("authzen.foreign_packs[1].tenant"))
        << tenant;
  }
  EXPECT_THAT(WrongAfter([&](Config& c) { AddForeign(c, "other", ""); }),
              ElementsAre("authzen.foreign_packs[1].file"));
}

TEST_F(ConfigTest, TwoPersonsSignThePolicyAndJuristsItsRules) {
  using Config = broker::v1::BrokerConfig;
  EXPECT_THAT(WrongAfter([](Config& c) { c.mutable_policy()->mutable_activators()->RemoveLast(); }),
              ElementsAre("policy.activators"));
  EXPECT_THAT(WrongAfter([](Config& c) {
                c.mutable_policy()->set_activators(1, c.policy().activators(0));
              }),
              ElementsAre("policy.activators[1]"));
  EXPECT_THAT(WrongAfter([](Config& c) { c.mutable_policy()->set_activators(0, "x+1+y"); }),
              ElementsAre("policy.activators[0]"));
  EXPECT_THAT(WrongAfter([](Config& c) { c.mutable_policy()->add_jurists("x"); }),
              ElementsAre("policy.jurists[1]"));
  EXPECT_THAT(WrongAfter([](Config& c) { c.mutable_policy()->clear_jurists(); }), ElementsAre());
  EXPECT_THAT(WrongAfter([](Config& c) {
                c.mutable_policy()->clear_jurists();
                c.clear_demonstration();
              }),
              ElementsAre("policy.jurists"));
}

TEST_F(ConfigTest, NamesTheLineOfWhatItDoesNotKnow) {
  for (const auto& [text, line] : std::vector<std::pair<std::string, std::string>>{
           {"listen: \"127.0.0.1:1\"\n# a comment\nlisten_to: \"x\"\n", "3"},
           {"tls {\n  key_file: \"a\"\n  password: \"geheim\"\n}\n", "3"},
           {"\nlisten: 7\n", "2"},
           {"log { publish_seconds: -1 }\n", "1"},
           {"listen: \"a:1\"\nlisten: \"a:2\"\n", "2"}}) {
    const absl::Status status = LoadText(text).status();
    EXPECT_THAT(status, HasReason("CONFIG_INVALID")) << text;
    EXPECT_THAT(MessageOf(status), HasSubstr("broker.txtpb:" + line + ":"));
    EXPECT_THAT(MessageOf(status), Not(HasSubstr("geheim")));
    EXPECT_THAT(MessageOf(status), Not(HasSubstr(folder_.path().string())));
  }
}

TEST_F(ConfigTest, RefusesAFileThatIsNotThereOrFarTooLarge) {
  EXPECT_THAT(LoadConfig(folder_.path() / "no-such-file"), HasReason("FILE_NOT_FOUND"));
  EXPECT_THAT(LoadText(std::string((64 << 10) + 1, '#')), HasReason("FILE_TOO_LARGE"));
}

}  // namespace
}  // namespace sluis::daemon
