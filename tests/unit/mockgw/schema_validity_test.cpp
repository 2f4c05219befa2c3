#include "mockgw/chat/schema_validity.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

TEST(SchemaValidity, FollowsEachKeyword) {
  struct Row {
    const char* schema;
    const char* good;
    const char* bad;
  };
  const Row rows[] = {
      {R"({"type":"integer"})", "3.0", "3.5"},
      {R"({"type":["null","string"]})", "null", "1"},
      {R"({"const":{"a":1}})", R"({"a":1})", R"({"a":2})"},
      {R"({"enum":[1,"x"]})", "\"x\"", "2"},
      {R"({"minimum":1,"maximum":2})", "2", "3"},
      {R"({"exclusiveMinimum":1,"exclusiveMaximum":3})", "2", "3"},
      {R"({"multipleOf":0.1})", "0.3", "0.35"},
      {R"({"minLength":2,"maxLength":2})", "\"\u00e4\u00f6\"", "\"a\""},
      {R"({"minItems":1,"maxItems":2})", "[1]", "[]"},
      {R"({"prefixItems":[{"type":"null"}],"items":{"type":"integer"}})", "[null,1]",
       "[null,null]"},
      {R"({"uniqueItems":true})", "[1,2]", "[1,1]"},
      {R"({"contains":{"minimum":5}})", "[1,6]", "[1]"},
      {R"({"contains":{"minimum":5},"minContains":2,"maxContains":2})", "[5,6]", "[5,6,7]"},
      {R"({"required":["a"]})", R"({"a":1})", R"({"b":1})"},
      {R"({"minProperties":1,"maxProperties":1})", R"({"a":1})", "{}"},
      {R"({"properties":{"a":{"type":"null"}}})", R"({"a":null,"b":1})", R"({"a":1})"},
      {R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1})", R"({"b":1})"},
      {R"({"allOf":[{"minimum":1},{"maximum":3}]})", "2", "4"},
      {R"({"anyOf":[{"type":"null"},{"minimum":3}]})", "null", "1"},
      {R"({"oneOf":[{"minimum":1},{"minimum":3}]})", "2", "4"},
      {R"({"$defs":{"n":{"type":"null"}},"$ref":"#/$defs/n"})", "null", "1"},
      {R"({"not":{"const":1}})", "2", "1"},
      {R"({"if":{"minimum":5},"then":{"multipleOf":5},"else":{"const":1}})", "10", "7"},
      {R"({"if":{"minimum":5},"else":{"const":1}})", "1", "2"},
  };
  for (const Row& row : rows) {
    const Json schema = Json::parse(row.schema);
    EXPECT_TRUE(is_valid_for_schema(schema, schema, Json::parse(row.good))) << row.schema;
    EXPECT_FALSE(is_valid_for_schema(schema, schema, Json::parse(row.bad))) << row.schema;
  }
  EXPECT_FALSE(is_valid_for_schema(false, false, 1));
  EXPECT_TRUE(is_valid_for_schema(true, true, 1));
  const Json none_needed = Json::parse(R"({"contains":{"minimum":5},"minContains":0})");
  EXPECT_TRUE(is_valid_for_schema(none_needed, none_needed, Json::parse("[1]")));
}

TEST(SchemaValidity, ThatOfOtherKindsOfValuesIsNotAsked) {
  const Json schema =
      Json::parse(R"({"minimum":5,"minLength":5,"minItems":5,"required":["a"],"pattern":"^x"})");
  EXPECT_TRUE(is_valid_for_schema(schema, schema, nullptr));
  EXPECT_FALSE(is_valid_for_schema(schema, schema, "abc"));
  EXPECT_TRUE(is_valid_for_schema(schema, schema, "abcdef"));
}

TEST(SchemaValidity, EndsWhateverTheSchemaAsksFor) {
  const Json circle = Json::parse(R"({"$ref":"#"})");
  EXPECT_TRUE(is_valid_for_schema(circle, circle, 1));
  const Json tree = Json::parse(R"({"allOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]})");
  EXPECT_TRUE(is_valid_for_schema(tree, tree, 1));
  const char* schemas[] = {R"({"type":7})", R"({"enum":3})", R"({"required":"a","properties":[1]})",
                           R"({"allOf":{},"anyOf":[],"oneOf":3,"$ref":5})",
                           R"({"minimum":"x","multipleOf":0,"prefixItems":{}})"};
  for (const char* schema : schemas) {
    for (const char* value : {"1", "\"a\"", "[1]", R"({"a":1})"}) {
      EXPECT_TRUE(is_valid_for_schema(Json::parse(schema), Json::parse(schema), Json::parse(value)))
          << schema << value;
    }
  }
}

}  // namespace
}  // namespace mockgw
