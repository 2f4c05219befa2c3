#include "mockgw/profiles/profile.h"

#include <charconv>

#include "mockgw/base/header_text.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

HeaderFields render_headers(const HeaderFields& fields, const PlaceholderValues& values) {
  HeaderFields out;
  for (const auto& [name, text] : fields) {
    auto value = render_text_if_complete(text, values);
    if (value) out.emplace_back(name, std::move(*value));
  }
  return out;
}

unsigned status_of(const ErrorTemplate& error, const PlaceholderValues& values) {
  if (!error.status_of_upstream) return error.status;
  const auto text = values.find(Placeholder::upstream_status);
  if (!text) return error.status;
  unsigned status = 0;
  std::from_chars(text->data(), text->data() + text->size(), status);
  return status >= ErrorTemplate::kStatusMin && status <= ErrorTemplate::kStatusMax ? status
                                                                                    : error.status;
}

// Fills in what envelopes name: the template's own texts. They are rendered with the caller's
// values first, so that {code} in a template is the validator's and {code} in an envelope is the
// template's.
PlaceholderValues values_for_body(const ErrorTemplate& error, unsigned status,
                                  const PlaceholderValues& given) {
  PlaceholderValues with_status = given;
  with_status.set(Placeholder::status, std::to_string(status));
  const auto optional_text = [&](const std::optional<std::string>& text) {
    return text ? render_text_if_complete(*text, with_status) : std::nullopt;
  };
  const auto code = optional_text(error.code);
  const auto param = optional_text(error.param);

  PlaceholderValues values;
  for (const auto& [placeholder, value] : with_status.entries()) {
    if (placeholder == Placeholder::code || placeholder == Placeholder::param) continue;
    values.set(placeholder, value);
  }
  if (code) values.set(Placeholder::code, *code);
  if (param) values.set(Placeholder::param, *param);
  if (!error.type.empty()) values.set(Placeholder::type, render_text(error.type, with_status));
  values.set(Placeholder::message, render_text(error.message, with_status));
  return values;
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kShape[i] == '-' ? c != '-' : !is_hex) return false;
  }
  return true;
}

std::string to_text(const lab::Json& json) {
  return json.dump(-1, ' ', false, lab::Json::error_handler_t::replace);
}

}  // namespace

RenderedError render_error(const Profile& profile, ErrorCondition condition,
                           const PlaceholderValues& values) {
  const ErrorTemplate& error = profile.error(condition);
  RenderedError out;
  out.status = status_of(error, values);
  for (const auto& [name, value] : render_headers(error.headers, values)) {
    append_header_value(out.headers.emplace_back(name, "").second, value);
  }
  if (error.envelope.kind == Envelope::Kind::empty) return out;
  const PlaceholderValues body_values = values_for_body(error, out.status, values);
  if (error.envelope.kind == Envelope::Kind::text) {
    out.content_type = "text/plain";
    out.body = *body_values.find(Placeholder::message);
    return out;
  }
  out.content_type = "application/json";
  out.body = to_text(render_body(*error.envelope.body, body_values));
  return out;
}

std::optional<std::string> render_stream_error(const Profile& profile, ErrorCondition cause,
                                               const PlaceholderValues& values) {
  if (profile.streaming.mid_stream_error != StreamingBehaviour::MidStreamError::event) {
    return std::nullopt;
  }
  PlaceholderValues with_cause = values;
  with_cause.set(Placeholder::cause_message, render_text(profile.error(cause).message, values));
  const ErrorTemplate& error = profile.error(ErrorCondition::stream_error);
  const PlaceholderValues body_values =
      values_for_body(error, status_of(error, with_cause), with_cause);
  if (error.envelope.kind != Envelope::Kind::json) {
    return std::string(*body_values.find(Placeholder::message));
  }
  return to_text(render_body(*error.envelope.body, body_values));
}

HeaderFields render_identity_headers(const Profile& profile, const PlaceholderValues& values) {
  return render_headers(profile.identity_headers, values);
}

std::string wrap_completion(const Profile& profile, std::optional<std::string> completion,
                            const PlaceholderValues& values) {
  if (profile.success_envelope->is_null()) return completion.value_or("null");
  PlaceholderValues with_completion = values;
  if (completion) with_completion.set(Placeholder::completion, std::move(*completion));
  return to_text(render_body(*profile.success_envelope, with_completion));
}

bool satisfies(const RequiredHeader& required, std::optional<std::string_view> value) {
  if (!value) return false;
  return required.format == RequiredHeader::Format::any || is_uuid(*value);
}

}  // namespace mockgw
