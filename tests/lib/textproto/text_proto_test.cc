#include "lib/textproto/text_proto.h"

#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "sluis/broker/v1/config.pb.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

TEST(TextProto, ReadsWhatIsKnown) {
  broker::v1::BrokerConfig config;
  ASSERT_OK(
      ParseTextProto("# a comment\nlisten: \"127.0.0.1:7443\"\ntls { key_file: \"key.pem\" }\n",
                     "b.txtpb", &config));
  EXPECT_EQ(config.listen(), "127.0.0.1:7443");
  EXPECT_EQ(config.tls().key_file(), "key.pem");
}

TEST(TextProto, NamesTheLineOfAnUnknownKeyAndTheNearestKnownOne) {
  broker::v1::BrokerConfig config;
  const absl::Status status =
      ParseTextProto("listen: \"a:1\"\ntls {\n  keyfile: \"x\"\n}\n", "b.txtpb", &config);
  EXPECT_EQ(ReasonOf(status), "CONFIG_INVALID");
  EXPECT_EQ(DetailOf(status).metadata.at("line"), "3");
  EXPECT_NE(MessageOf(status).find("b.txtpb:3:"), std::string::npos);
  EXPECT_NE(MessageOf(status).find("key_file"), std::string::npos);
}

TEST(TextProto, RefusesAMemberTwiceAnotherTypeAndAHalfFile) {
  broker::v1::BrokerConfig config;
  for (const char* text :
       {"listen: \"a:1\"\nlisten: \"b:2\"\n", "listen: 7\n", "tls { key_file: \"x\"",
        "listen \"a\"", "demonstration: maybe\n", "log { publish_seconds: -1 }", "\xff\xfe"}) {
    EXPECT_EQ(ReasonOf(ParseTextProto(text, "b.txtpb", &config)), "CONFIG_INVALID") << text;
  }
}

}  // namespace
}  // namespace sluis
