#include "shared/base/fields.h"

#include <gtest/gtest.h>

#include <array>

#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace lab {
namespace {

enum class Shape : std::uint8_t { round, square };
constexpr std::array<std::pair<std::string_view, Shape>, 2> kShapes{
    {{"round", Shape::round}, {"square", Shape::square}}};
constexpr auto kVehicles = std::to_array<Kind>({{"boat", "Swims."}, {"car", "Drives."}});
enum class VehicleKind : std::uint8_t { boat, car };

struct Wheel {
  std::int64_t inches = 16;
  Shape shape = Shape::round;
};
void fields(Fields& f, Wheel& c) {
  f("inches", c.inches, between(10, 30), "Across.");
  f("shape", c.shape, kShapes, "Seen from the side.");
}
void check(const JsonValue& value, Wheel& c) {
  if (c.shape == Shape::square && c.inches > 20) value.problem("too large for a square one");
}

struct Vehicle {
  VehicleKind kind = VehicleKind::boat;
  double draught = 1;
  std::vector<Wheel> wheels{};
  std::string name = "it";
  std::optional<Duration> age{};
  Wheel spare{};
};
void fields(Fields& f, Vehicle& c) {
  f.kind("kind", c.kind, kVehicles, "What it is.");
  if (c.kind == VehicleKind::boat) f("draught", c.draught, at_least(0), "In metres.");
  if (c.kind == VehicleKind::car) f.require("wheels", c.wheels, "All of them.");
  f("name", c.name, "What it is called.");
  f.or_null("age", c.age, "Null: unknown.");
  f("spare", c.spare, "Another wheel.");
}

struct Outcome {
  Vehicle vehicle;
  std::string problems;
};

Outcome read(const char* text, Vehicle over = {}) {
  const Json json = Json::parse(text);
  JsonProblems problems("vehicle.json");
  read_fields(JsonValue(json, "", problems), over);
  return {over, problems.to_string()};
}

TEST(Fields, AKeyThatIsNotGivenKeepsItsValue) {
  const auto [vehicle, problems] = read(R"({"kind":"boat","draught":2,"spare":{"inches":18}})");
  EXPECT_EQ(problems, "");
  EXPECT_EQ(vehicle.draught, 2);
  EXPECT_EQ(vehicle.name, "it");
  EXPECT_EQ(vehicle.spare.inches, 18);
}

TEST(Fields, WhichKeysThereAreGoesByTheKind) {
  EXPECT_EQ(read(R"({"kind":"car","wheels":[{}],"draught":1})").problems,
            "vehicle.json: unknown key \"draught\"; allowed: \"kind\", \"wheels\", \"name\", "
            "\"age\", \"spare\"");
  EXPECT_EQ(read(R"({"kind":"car"})").problems, "vehicle.json: missing required key \"wheels\"");
  EXPECT_EQ(read(R"({"kind":"cart","draught":1})").problems,
            "vehicle.json: kind: unknown value \"cart\"; did you mean \"car\"? allowed: \"boat\", "
            "\"car\"");
}

TEST(Fields, ABoundIsSaidWithThePath) {
  EXPECT_EQ(read(R"({"kind":"car","wheels":[{"inches":9}]})").problems,
            "vehicle.json: wheels[0].inches: 9 is out of range: 10 to 30 are allowed");
  EXPECT_EQ(read(R"({"kind":"boat","spare":{"shape":"square","inches":30}})").problems,
            "vehicle.json: spare: too large for a square one");
}

TEST(Fields, WhatIsWrittenIsReadBack) {
  Vehicle car{.kind = VehicleKind::car, .wheels = {{}, {20, Shape::square}}, .name = "c"};
  const Json written = write_fields(car);
  EXPECT_EQ(written.dump(), R"({"kind":"car","wheels":[{"inches":16,"shape":"round"},)"
                            R"({"inches":20,"shape":"square"}],"name":"c","age":null,)"
                            R"("spare":{"inches":16,"shape":"round"}})");
  EXPECT_EQ(write_fields(read(written.dump().c_str()).vehicle), written);
}

TEST(Fields, ChangesAreWhatDiffersFromABase) {
  Vehicle changed{.name = "other", .age = std::chrono::hours(1)};
  changed.spare.inches = 20;
  const Vehicle base{.age = std::chrono::hours(2)};
  const auto changes = StructType::of<Vehicle>().write_change(&changed, &base);
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->dump(), R"({"name":"other","age":"1h0m0s","spare":{"inches":20}})");
  EXPECT_FALSE(StructType::of<Vehicle>().write_change(&base, &base));
  // Null takes away what the base has.
  EXPECT_EQ(StructType::of<Vehicle>().write_change(&changed, &base)->at("age"), "1h0m0s");
  changed.age.reset();
  EXPECT_TRUE(StructType::of<Vehicle>().write_change(&changed, &base)->at("age").is_null());
}

TEST(Fields, ASchemaHasAnAlternativeForEachKind) {
  SchemaPrinter printer(SchemaDialect::plain);
  const Vehicle defaults;
  const Json schema = StructType::of<Vehicle>().schema(printer, &defaults);
  ASSERT_EQ(schema["anyOf"].size(), 2u);
  EXPECT_EQ(schema["anyOf"][0]["description"], "Swims.");
  EXPECT_FALSE(schema["anyOf"][0]["properties"].contains("wheels"));
  const Json& car = schema["anyOf"][1];
  EXPECT_EQ(car["properties"]["kind"]["const"], "car");
  EXPECT_EQ(car["required"].dump(), R"(["kind","wheels"])");
  EXPECT_EQ(car["properties"]["spare"]["properties"]["inches"].dump(),
            R"({"description":"Across.","type":"integer","minimum":10,"maximum":30,"default":16})");
}

}  // namespace
}  // namespace lab
