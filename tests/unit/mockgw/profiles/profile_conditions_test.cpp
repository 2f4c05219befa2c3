// Walks every condition of every profile: the promises of gateway-compatible answers, in one table.
#include <gtest/gtest.h>

#include <algorithm>

#include "mockgw/profiles/profile.h"
#include "mockgw/profiles/profile_reader.h"
#include "shared/base/json.h"
#include "tests/unit/mockgw/profiles/profile_condition_rows.h"

namespace mockgw {
namespace {

std::string shape_of(const lab::Json& body) {
  std::string shape;
  for (const auto& [key, value] : body.items()) {
    if (!shape.empty()) shape += ',';
    shape += key;
    if (value.is_object()) shape += "(" + shape_of(value) + ")";
  }
  return shape;
}

// The object that holds type, code and message; Bifrost's stream errors hold one in another.
const lab::Json& error_object(const lab::Json& body) {
  if (!body.contains("error")) return body;
  const lab::Json& error = body["error"];
  return error.contains("error") ? error["error"] : error;
}

std::string text_or_empty(const lab::Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string content_type_of(std::string_view shape) {
  if (shape == kEmpty) return "";
  return shape == kText ? "text/plain" : "application/json";
}

PlaceholderValues values_of(std::string_view limit_kind) {
  PlaceholderValues values;
  values.set(Placeholder::limit_kind, std::string(limit_kind));
  values.set(Placeholder::retry_after_seconds, "4");
  return values;
}

void expect_row(const Profile& profile, const ConditionRow& row) {
  SCOPED_TRACE(std::string(row.profile) + " " + std::string(to_string(row.condition)));
  const RenderedError error = render_error(profile, row.condition, values_of("tokens"));
  EXPECT_EQ(error.status, row.status);
  EXPECT_EQ(error.content_type, content_type_of(row.shape));
  if (error.content_type != "application/json") {
    EXPECT_EQ(error.body.empty(), row.shape == std::string_view(kEmpty));
    return;
  }
  const auto body = lab::Json::parse(error.body);
  EXPECT_EQ(shape_of(body), row.shape);
  EXPECT_EQ(text_or_empty(error_object(body), "type"), row.type);
  EXPECT_EQ(text_or_empty(error_object(body), "code"), row.code);
}

TEST(ProfileConditions, EveryOneAnswersAsItsGatewayDoes) {
  for (const ConditionRow& row : kRows) expect_row(load_profile(row.profile).value(), row);
}

TEST(ProfileConditions, NoneIsLeftOutOfTheTable) {
  for (const std::string_view profile : profile_names()) {
    for (const auto& [name, condition] : kErrorConditions) {
      const auto is_row = [&](const ConditionRow& row) {
        return row.profile == profile && row.condition == condition;
      };
      EXPECT_EQ(std::ranges::count_if(kRows, is_row), 1) << profile << " " << name;
    }
  }
}

}  // namespace
}  // namespace mockgw
