#include "mockgw/chat/strict_schema.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "shared/base/json.h"

namespace mockgw {
namespace {

TEST(StrictSchema, IsLookedAtInEveryPlace) {
  const std::string closed = R"("additionalProperties":false,"type":"object")";
  const std::string open = R"({"type":"object"})";
  const std::string wants_false =
      "'additionalProperties' is required to be supplied and to be false.";
  const std::pair<std::string, std::string> rows[] = {
      {"{" + closed + "}", ""},
      {R"({"type":"array"})",
       R"(schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.)"},
      {"{}", R"(schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.)"},
      {R"({"type":"object","additionalProperties":true})", "In context=(), " + wants_false},
      {"{" + closed + R"(,"properties":{"a":)" + open + R"(},"required":["a"]})",
       "In context=('properties', 'a'), " + wants_false},
      {"{" + closed + R"(,"properties":{"a":{"type":["object","null"]}},"required":["a"]})",
       "In context=('properties', 'a'), " + wants_false},
      {"{" + closed + R"(,"properties":{"a":{"items":)" + open + R"(}},"required":["a"]})",
       "In context=('properties', 'a', 'items'), " + wants_false},
      {"{" + closed + R"(,"properties":{"a":{"anyOf":[{"type":"string"},)" + open +
           R"(]}},"required":["a"]})",
       "In context=('properties', 'a', 'anyOf', '1'), " + wants_false},
      {"{" + closed + R"(,"$defs":{"d":)" + open + "}}",
       "In context=('$defs', 'd'), " + wants_false},
      {"{" + closed + R"(,"properties":{"a":{},"b":{}},"required":["a"]})",
       "In context=(), 'required' is required to be supplied and to be an array including every "
       "key "
       "in properties. Missing 'b'."},
      {"{" + closed + R"(,"properties":{"a":{}}})",
       "In context=(), 'required' is required to be supplied and to be an array including every "
       "key "
       "in properties. Missing 'a'."},
      {"{" + closed + R"(,"properties":{"a":{}},"required":["a","b"]})",
       "In context=(), 'required' is required to be supplied and to be an array including every "
       "key in properties. Extra required key 'b' supplied."},
      {"{" + closed + R"(,"required":[1]})",
       "In context=(), 'required' is required to be supplied and to be an array including every "
       "key in properties. Extra required key '1' supplied."},
      {"{" + closed + R"(,"oneOf":[]})", "In context=(), 'oneOf' is not permitted."},
      {"{" + closed + R"(,"allOf":[]})", "In context=(), 'allOf' is not permitted."},
      {"{" + closed + R"(,"not":{}})", "In context=(), 'not' is not permitted."},
      {"{" + closed + R"(,"patternProperties":{}})",
       "In context=(), 'patternProperties' is not permitted."},
      {"{" + closed + R"(,"properties":{"a":{"if":{}}},"required":["a"]})",
       "In context=('properties', 'a'), 'if' is not permitted."},
      {"{" + closed + R"(,"properties":{"a":{"$ref":"#/$defs/d"}},"required":["a"]})",
       "In context=('properties', 'a'), reference to component '#/$defs/d' which was not found in "
       "the schema."},
      {"{" + closed +
           R"(,"properties":{"a":{"$ref":"#/$defs/d"},"b":{"$ref":"#"}},"required":["a","b"],)"
           R"("$defs":{"d":{"type":"string"}}})",
       ""},
      {"{" + closed + R"(,"properties":{"a":{"type":"array"}},"required":["a"]})",
       "In context=('properties', 'a'), array schema missing items."},
      // A property may have a keyword's name.
      {"{" + closed + R"(,"properties":{"items":{"type":"string"}},"required":["items"]})", ""},
  };
  for (const auto& [schema, problem] : rows) {
    EXPECT_EQ(strict_schema_problem(lab::Json::parse(schema)), problem) << schema;
  }
}

TEST(StrictSchema, TellsWhatEachValueIs) {
  const std::string closed = R"("additionalProperties":false,"type":"object")";
  const std::pair<std::string, std::string> rows[] = {
      {"{" + closed + R"(,"properties":{"a":{}},"required":["a"]})",
       "In context=('properties', 'a'), schema must have a 'type' key."},
      {"{" + closed + R"(,"properties":{"a":{"description":"d"}},"required":["a"]})",
       "In context=('properties', 'a'), schema must have a 'type' key."},
      {"{" + closed + R"(,"properties":{"a":{"const":1},"b":{"enum":[1]}},"required":["a","b"]})",
       ""},
      {"{" + closed + R"(,"properties":{"a":{"type":"string","format":"uri"}},"required":["a"]})",
       "In context=('properties', 'a'), 'uri' is not a valid format."},
      {"{" + closed + R"(,"properties":{"a":{"type":"string","format":"uuid"}},"required":["a"]})",
       ""},
      {"{" + closed + R"(,"properties":{"a":{"type":"array","items":[true]}},"required":["a"]})",
       "[True] is not of type 'object', 'boolean'."},
  };
  for (const auto& [schema, problem] : rows) {
    EXPECT_EQ(strict_schema_problem(lab::Json::parse(schema)), problem) << schema;
  }
}

TEST(OpenSchema, IsAnObjectWhoseArraysHaveItems) {
  const std::string at_the_top =
      "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top "
      "level.";
  const auto object = [](const std::string& property) {
    return R"({"type":"object","properties":{"a":)" + property + "}}";
  };
  const std::pair<std::string, std::string> rows[] = {
      {"{}", ""},
      {R"({"type":"object","properties":{},"additionalProperties":true,"required":["x"]})", ""},
      {R"({"type":"object"})", "In context=(), object schema missing properties."},
      {R"({"properties":{}})",
       R"(schema must be a JSON Schema of 'type: "object"', got 'type: null'.)"},
      {R"({"type":"object","oneOf":[]})", at_the_top},
      {R"({"type":"object","properties":{},"anyOf":[]})", at_the_top},
      {R"({"type":"object","properties":{},"allOf":[]})", at_the_top},
      {R"({"type":"object","properties":{},"enum":[]})", at_the_top},
      {R"({"type":"object","properties":{},"not":{}})", at_the_top},
      {object(R"({"type":"array","items":[{"type":"string"}]})"),
       "[{'type': 'string'}] is not of type 'object', 'boolean'."},
      {object(R"({"type":"object"})"), ""},
      {R"({"type":"array"})",
       R"(schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.)"},
      {R"({"type":"string"})",
       R"(schema must be a JSON Schema of 'type: "object"', got 'type: "string"'.)"},
      {R"({"type":"object","properties":{"a":{"type":"array"}}})",
       "In context=('properties', 'a'), array schema missing items."},
      {R"({"type":"object","properties":{"a":{"type":["array","null"]}}})",
       "In context=('properties', 'a'), array schema missing items."},
      {R"({"type":"object","properties":{"a":{"type":"array","items":{"type":"array"}}}})",
       "In context=('properties', 'a', 'items'), array schema missing items."},
      {R"({"type":"object","properties":{"a":{"oneOf":[{},{"type":"array"}]}}})",
       "In context=('properties', 'a', 'oneOf', '1'), array schema missing items."},
      {R"({"type":"object","properties":{"a":{"type":"array","items":{}},"type":{"const":"array"}}})",
       ""},
      {R"({"type":"object","properties":{"a":{"type":"array","prefixItems":[{}]}}})",
       "In context=('properties', 'a'), array schema missing items."},
  };
  for (const auto& [schema, problem] : rows) {
    EXPECT_EQ(open_schema_problem(lab::Json::parse(schema)), problem) << schema;
  }
}

}  // namespace
}  // namespace mockgw
