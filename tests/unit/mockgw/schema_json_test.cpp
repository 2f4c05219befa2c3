#include "mockgw/chat/schema_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "shared/base/json.h"
#include "tests/unit/mockgw/schema_check.h"

namespace mockgw {
namespace {

using lab::Json;
using test::schema_problem;

struct SchemaCase {
  const char* name;
  const char* schema;
};

Json value_of(const Json& schema, std::uint64_t seed) {
  SchemaBudget budget;
  return value_for_schema(schema, lab::Rng(seed), budget);
}

class ValueForSchema : public testing::TestWithParam<SchemaCase> {};

TEST_P(ValueForSchema, IsValid) {
  const Json schema = Json::parse(GetParam().schema);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Json value = value_of(schema, seed);
    EXPECT_EQ(schema_problem(schema, value), "") << "seed " << seed << ": " << value;
    // What is sent is its text.
    EXPECT_EQ(Json::parse(value.dump()), value);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ValueForSchema,
    testing::Values(
        SchemaCase{"string", R"({"type":"string"})"},
        SchemaCase{"boolean", R"({"type":"boolean"})"}, SchemaCase{"null", R"({"type":"null"})"},
        SchemaCase{"integer", R"({"type":"integer"})"},
        SchemaCase{"number", R"({"type":"number"})"}, SchemaCase{"anything", R"({})"},
        SchemaCase{"long_string", R"({"type":"string","minLength":60,"maxLength":61})"},
        SchemaCase{"short_string", R"({"type":"string","maxLength":3})"},
        SchemaCase{"empty_string", R"({"type":"string","maxLength":0})"},
        SchemaCase{"format_that_does_not_fit", R"({"format":"uuid","maxLength":10})"},
        SchemaCase{"only_low", R"({"type":"integer","minimum":5000})"},
        SchemaCase{"only_high", R"({"type":"integer","maximum":-5000})"},
        SchemaCase{"one_integer", R"({"type":"integer","minimum":2.5,"maximum":3.5})"},
        SchemaCase{"exclusive", R"({"type":"integer","exclusiveMinimum":1,"exclusiveMaximum":3})"},
        SchemaCase{"both_bounds",
                   R"({"type":"integer","minimum":0,"exclusiveMinimum":7,"maximum":8})"},
        SchemaCase{"multiple", R"({"type":"integer","minimum":1,"multipleOf":500})"},
        SchemaCase{"huge", R"({"type":"integer","minimum":9e15})"},
        SchemaCase{"narrow", R"({"type":"number","exclusiveMinimum":0.001,"maximum":0.002})"},
        SchemaCase{"wide", R"({"type":"number","minimum":-1e308,"maximum":1e308})"},
        SchemaCase{"quarters", R"({"type":"number","multipleOf":0.25,"maximum":2})"},
        SchemaCase{"no_type", R"({"minimum":10,"maximum":11})"},
        SchemaCase{"nullable", R"({"type":["null","integer"]})"},
        SchemaCase{"const", R"({"const":{"a":[1,null]}})"},
        SchemaCase{"enum", R"({"enum":["celsius","fahrenheit",null,3]})"},
        SchemaCase{"items",
                   R"({"type":"array","items":{"type":"integer"},"minItems":5,"maxItems":6})"},
        SchemaCase{"no_items", R"({"type":"array","maxItems":0})"},
        SchemaCase{"unique", R"({"items":{"enum":[1,2,3]},"minItems":3,"uniqueItems":true})"},
        SchemaCase{"tuple",
                   R"({"prefixItems":[{"type":"integer"},{"type":"null"}],"items":false})"},
        SchemaCase{"object", R"({"type":"object","properties":{"city":{"type":"string"},
            "days":{"type":"integer","minimum":1,"maximum":14},"unit":{"enum":["c","f"]}},
            "required":["city","unit"],"additionalProperties":false})"},
        SchemaCase{"required_only", R"({"required":["a","b"]})"},
        SchemaCase{"dictionary", R"({"required":["a"],"additionalProperties":{"type":"integer"}})"},
        SchemaCase{"any_of", R"({"anyOf":[{"type":"integer"},{"type":"null"}]})"},
        SchemaCase{"one_of_with_base", R"({"type":"object","properties":{"a":{"type":"integer"}},
            "oneOf":[{"required":["a","b"],"properties":{"b":{"type":"null"}}},{"required":["c"]}]})"},
        SchemaCase{"all_of", R"({"allOf":[{"properties":{"a":{"type":"null"}},"required":["a"]},
            {"properties":{"b":{"type":"boolean"}},"required":["b"]}]})"},
        SchemaCase{"local_ref", R"({"$defs":{"a/b":{"type":"integer","maximum":3}},
            "properties":{"x":{"$ref":"#/$defs/a~1b"}},"required":["x"]})"},
        SchemaCase{"ref_with_siblings", R"({"definitions":{"n":{"type":"integer"}},
            "items":{"$ref":"#/definitions/n","minimum":90},"type":"array"})"},
        SchemaCase{"pattern", R"({"type":"string","pattern":"^[A-Z]{3}-\\d{4}$"})"},
        SchemaCase{"pattern_within", R"({"pattern":"^[a-z]+$","minLength":20,"maxLength":25})"},
        SchemaCase{"pattern_without_end", R"({"pattern":"^id_","minLength":12})"},
        SchemaCase{
            "at_least_properties",
            R"({"type":"object","minProperties":3,"additionalProperties":{"type":"integer"}})"},
        SchemaCase{"at_most_properties", R"({"properties":{"a":{},"b":{},"c":{},"d":{}},
            "required":["d"],"maxProperties":2})"},
        SchemaCase{"pattern_properties", R"({"type":"object","minProperties":2,
            "patternProperties":{"^x-[a-z]{4}$":{"type":"boolean"}},"additionalProperties":false})"},
        SchemaCase{"contains", R"({"type":"array","items":{"type":"integer","maximum":50},
            "contains":{"minimum":40},"minContains":2})"},
        SchemaCase{"contains_after_leading", R"({"type":"array","prefixItems":[{"type":"null"}],
            "contains":{"type":"string","pattern":"^z"}})"},
        SchemaCase{"if_const", R"({"type":"object","properties":{"country":{"enum":["US","CA"]},
            "zip":{"type":"string"}},"required":["country","zip"],
            "if":{"properties":{"country":{"const":"US"}}},
            "then":{"properties":{"zip":{"pattern":"^[0-9]{5}$"}}},
            "else":{"properties":{"zip":{"pattern":"^[A-Z][0-9][A-Z]$"}}}})"},
        SchemaCase{"if_required", R"({"properties":{"card":{"type":"string"}},
            "if":{"required":["card"]},"then":{"required":["address"],
            "properties":{"address":{"type":"string","minLength":5}}}})"},
        SchemaCase{"if_enum_then_refines", R"({"type":"object","properties":{
            "unit":{"enum":["c","f","k"]},"degrees":{"type":"integer","maximum":400}},
            "required":["unit","degrees"],"if":{"properties":{"unit":{"enum":["c","f"]}}},
            "then":{"properties":{"degrees":{"maximum":50,"minimum":-50}}},
            "else":{"properties":{"degrees":{"minimum":200}}}})"},
        SchemaCase{"ifs_side_by_side", R"({"type":"object","properties":{
            "kind":{"enum":["a","b","c"]}},"required":["kind"],"allOf":[
            {"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["of_a"]}},
            {"if":{"properties":{"kind":{"const":"b"}}},"then":{"required":["of_b"],
             "properties":{"of_b":{"type":"integer"}}}}]})"},
        SchemaCase{"if_else_if", R"({"properties":{"n":{"type":"integer","minimum":0,"maximum":9}},
            "required":["n"],"if":{"properties":{"n":{"maximum":3}}},"then":{"required":["low"]},
            "else":{"if":{"properties":{"n":{"maximum":6}}},"then":{"required":["middle"]},
                    "else":{"required":["high"]}}})"},
        SchemaCase{"then_forbids", R"({"properties":{"free":{"type":"boolean"},
            "price":{"type":"number"}},"required":["free"],
            "if":{"properties":{"free":{"const":true}}},"then":{"properties":{"price":false}},
            "else":{"required":["price"]}})"},
        SchemaCase{"if_of_a_number", R"({"type":"integer","minimum":0,"maximum":9,
            "if":{"minimum":5},"then":{"multipleOf":2},"else":{"maximum":2}})"},
        SchemaCase{"if_nested_and_referenced", R"({"$defs":{"trip":{"type":"object",
            "properties":{"by":{"enum":["car","train"]}},"required":["by"],
            "if":{"properties":{"by":{"const":"car"}}},"then":{"required":["plate"]}}},
            "type":"array","items":{"$ref":"#/$defs/trip"},"minItems":3})"},
        SchemaCase{"not_const", R"({"enum":[1,2,3],"not":{"const":2}})"},
        SchemaCase{"not_enum", R"({"type":"integer","minimum":1,"maximum":4,
            "not":{"enum":[1,2,3]}})"},
        SchemaCase{"not_required", R"({"properties":{"a":{},"b":{}},"required":["a"],
            "not":{"required":["a","b"]}})"},
        SchemaCase{"neither_of_two", R"({"properties":{"a":{},"b":{},"c":{}},
            "not":{"anyOf":[{"required":["a"]},{"required":["b"]}]}})"},
        SchemaCase{"not_type", R"({"not":{"type":"string"}})"},
        SchemaCase{"not_property", R"({"properties":{"a":{"enum":["x","y"]}},"required":["a"],
            "not":{"properties":{"a":{"const":"x"}}}})"},
        SchemaCase{"linked_list", R"({"type":"object","properties":{"value":{"type":"integer"},
            "next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["value","next"],
            "additionalProperties":false})"},
        SchemaCase{"tree", R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{
            "name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},
            "required":["name","children"]}}})"}),
    [](const auto& tested) { return tested.param.name; });

struct FormatCase {
  const char* format;
  const char* pattern;
};

class StringFormat : public testing::TestWithParam<FormatCase> {};

TEST_P(StringFormat, IsFollowed) {
  const Json schema{{"type", "string"}, {"format", GetParam().format}};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Json value = value_of(schema, seed);
    EXPECT_TRUE(std::regex_match(value.get<std::string>(), std::regex(GetParam().pattern)))
        << value;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, StringFormat,
    testing::Values(FormatCase{"date", "20[0-4][0-9]-[01][0-9]-[0-2][0-9]"},
                    FormatCase{"time", "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"},
                    FormatCase{"date-time", "[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z"},
                    FormatCase{"duration", "PT[0-9]+M"},
                    FormatCase{"uuid", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f-]{16}"},
                    FormatCase{"email", "[a-z]+@example\\.com"},
                    FormatCase{"hostname", "[a-z]+\\.example\\.com"},
                    FormatCase{"uri", "https://example\\.com/[a-z]+"},
                    FormatCase{"uri-reference", "/[a-z]+"},
                    FormatCase{"ipv4", "192\\.0\\.2\\.[0-9]{1,3}"},
                    FormatCase{"ipv6", "2001:db8::[0-9]{1,4}"},
                    FormatCase{"unheard-of", "[a-z ]+"}),
    [](const auto& tested) {
      std::string name = tested.param.format;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(ValueForSchema, IsTheSameForTheSameGenerator) {
  const Json schema =
      Json::parse(R"({"properties":{"a":{"type":"string"},"b":{"type":"integer"}}})");
  EXPECT_EQ(value_of(schema, 3), value_of(schema, 3));
  EXPECT_NE(value_of(schema, 3), value_of(schema, 4));
}

TEST(ValueForSchema, GivesEveryPropertyInTheSchemasOrder) {
  const Json schema = Json::parse(R"({"properties":{"z":{},"a":{},"m":{}},"required":["a"]})");
  const Json value = value_of(schema, 1);
  std::string names;
  for (const auto& [name, member] : value.items()) names += name;
  EXPECT_EQ(names, "zam");
}

TEST(ValueForSchema, EndsWhateverTheSchemaAsksFor) {
  // Nothing that is valid would end.
  const Json endless = Json::parse(R"({"properties":{"a":{"$ref":"#"}},"required":["a"]})");
  EXPECT_LT(value_of(endless, 1).dump().size(), 1'000u);
  // Six branches at each level, and a million items.
  const Json wide = Json::parse(R"({"type":"array","items":{"$ref":"#"},"minItems":1000000})");
  EXPECT_LT(value_of(wide, 1).dump().size(), 1'000'000u);
  // References that lead in a circle, nowhere and out of the document.
  const Json circle = Json::parse(R"({"$ref":"#"})");
  EXPECT_TRUE(value_of(circle, 1).is_string());
  const Json nowhere = Json::parse(R"({"anyOf":[{"$ref":"#/$defs/none"}]})");
  EXPECT_TRUE(value_of(nowhere, 1).is_string());
  const Json outside = Json::parse(R"({"type":"integer","$ref":"https://example.com/schema"})");
  EXPECT_TRUE(value_of(outside, 1).is_number_integer());
  // A text longer than any answer.
  const Json text = Json::parse(R"({"type":"string","minLength":1000000})");
  EXPECT_LT(value_of(text, 1).dump().size(), 5'000u);
}

TEST(ValueForSchema, TakesSchemasThatAreNone) {
  const char* schemas[] = {R"(true)",
                           R"(null)",
                           R"({"type":7})",
                           R"({"type":[]})",
                           R"({"enum":[]})",
                           R"({"enum":3})",
                           R"({"properties":[1],"required":"a"})",
                           R"({"type":"array","items":[{}],"minItems":-1})",
                           R"({"anyOf":[]})",
                           R"({"allOf":{}})",
                           R"({"type":"number","minimum":"x","multipleOf":0})",
                           R"({"type":"integer","minimum":9,"maximum":1})",
                           R"({"type":"string","minLength":9,"maxLength":1})"};
  for (const char* schema : schemas) {
    const Json value = value_of(Json::parse(schema), 1);
    EXPECT_TRUE(Json::accept(value.dump())) << schema;
  }
}

// No double is between two of its steps.
TEST(ValueForSchema, StepsMayBeTooSmallToTell) {
  const Json schema = Json::parse(R"({"type":"number","multipleOf":5e-324,"minimum":1e308})");
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Json value = value_of(schema, seed);
    EXPECT_GE(value.get<double>(), 1e308) << value.dump();
    EXPECT_LE(value.get<double>(), std::numeric_limits<double>::max()) << value.dump();
  }
}

// A few bytes of a schema that ask for as much work as there is; each ends within its budget.
TEST(SchemaBudget, BoundsWhatASchemaCanCost) {
  for (const char* schema : {
           R"({"type":"array","minItems":1000000})",
           R"({"type":"array","minItems":1000000,"uniqueItems":true,
               "items":{"type":"integer","minimum":0,"maximum":1000000000}})",
           R"({"type":"array","minItems":1000,"items":{"type":"array","minItems":1000,
               "items":{"type":"array","minItems":1000,"items":{"type":"null"}}}})",
           R"({"type":"array","minItems":1000000,"items":{"type":"string","minLength":4096}})",
           R"({"type":"array","minItems":1000000,"items":{"not":{"type":"string"}}})",
           R"({"type":"object","minProperties":1000000})",
       }) {
    SchemaBudget budget = SchemaBudget::of_tokens(1000);
    const std::string text = value_for_schema(Json::parse(schema), lab::Rng(1), budget).dump();
    EXPECT_LE(budget.steps, 2 * budget.steps_max) << schema;
    EXPECT_LE(text.size(), 2 * budget.bytes_max) << schema;
  }
}

}  // namespace
}  // namespace mockgw
