// A profile: read, and every error, stream's end and answer that it gives words for.
#include <string>

#include "mockgw/profiles/profile_reader.h"
#include "shared/base/json.h"
#include "tests/fuzz/fuzz.h"

namespace mockgw {
namespace {

const PlaceholderValues& values() {
  static const PlaceholderValues values = [] {
    PlaceholderValues made;
    made.set(Placeholder::detail, "what is \"wrong\"\n\xff");
    made.set(Placeholder::model, "gpt-4");
    made.set(Placeholder::upstream_status, "429");
    made.set(Placeholder::limit, "10");
    made.set(Placeholder::completion, R"({"id":"1"})");
    made.set(Placeholder::request_id, "req-1");
    return made;
  }();
  return values;
}

void render_all(const Profile& profile) {
  for (const auto& [name, condition] : kErrorConditions) {
    const RenderedError error = render_error(profile, condition, values());
    assert(error.status >= ErrorTemplate::kStatusMin && error.status <= ErrorTemplate::kStatusMax);
    assert(error.body.empty() == error.content_type.empty());
    (void)render_stream_error(profile, condition, values());
  }
  (void)render_identity_headers(profile, values());
  (void)wrap_completion(profile, R"({"id":"1"})", values());
  (void)wrap_completion(profile, std::nullopt, values());
}

}  // namespace
}  // namespace mockgw

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = lab::parse_json(lab::fuzz::text_of(data, size), "profile.json");
  if (!json) {
    lab::fuzz::check_refusal(json.error(), "profile.json");
    return 0;
  }
  const auto profile = mockgw::read_profile(*json, "profile.json");
  if (profile) {
    mockgw::render_all(*profile);
  } else {
    // It may be of a file that this one extends.
    assert(!profile.error().to_string().empty());
  }
  return 0;
}
