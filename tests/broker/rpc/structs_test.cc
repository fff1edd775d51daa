#include "broker/rpc/structs.h"

#include <gtest/gtest.h>

namespace sluis::rpc {
namespace {

v1::FieldRules RulesOf(std::uint32_t bytes, std::uint32_t depth) {
  v1::FieldRules rules;
  rules.set_max_bytes(bytes);
  rules.set_max_depth(depth);
  return rules;
}

Json Nested(int levels) {
  Json json = Json::object();
  for (int i = 1; i < levels; ++i) json = Json{{"x", json}};
  return json;
}

TEST(Structs, AreTheJsonThatABodyWouldHave) {
  for (const char* text :
       {"{}", R"({"a":null,"b":[true,false,"x",[],{}],"c":{"d":{"e":"\u0000\u00e9"}}})",
        R"({"n":[0,1,-1,9007199254740991,-9007199254740991,0.5,-2.25,1e+300]})"}) {
    const Json json = Json::parse(text);
    google::protobuf::Struct object;
    ToStruct(json, &object);
    EXPECT_FALSE(FaultOf(object, RulesOf(1000, 4)).has_value());
    EXPECT_EQ(ToJson(object).dump(), json.dump()) << "to the byte: page tokens are bound to it";
  }
}

TEST(Structs, AreBoundedInDepthAndSize) {
  google::protobuf::Struct object;
  ToStruct(Nested(28), &object);
  EXPECT_FALSE(FaultOf(object, RulesOf(10000, 28)).has_value());
  EXPECT_TRUE(FaultOf(object, RulesOf(10000, 27)).has_value());
  const auto size = static_cast<std::uint32_t>(object.ByteSizeLong());
  EXPECT_FALSE(FaultOf(object, RulesOf(size, 28)).has_value());
  EXPECT_TRUE(FaultOf(object, RulesOf(size - 1, 28)).has_value());
}

TEST(Structs, WhatIsWrongIsSaidWithoutTheCallersWords) {
  google::protobuf::Struct object;
  (*object.mutable_fields())["jan-jansen"];
  const auto fault = FaultOf(object, RulesOf(1000, 4));
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->description.find("jan"), std::string::npos);
}

}  // namespace
}  // namespace sluis::rpc
