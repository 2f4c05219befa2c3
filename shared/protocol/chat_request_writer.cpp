#include "shared/protocol/chat_request_writer.h"

#include <utility>

#include "shared/base/json.h"
#include "shared/base/json_text.h"

namespace lab {
namespace {

class BodyWriter {
 public:
  explicit BodyWriter(const Json* extra) : extra_(extra && extra->is_object() ? extra : nullptr) {}

  // Starts a member; false if an extra member of that name replaces it.
  [[nodiscard]] bool starts(std::string_view name) {
    if (extra_ && extra_->contains(name)) return false;
    out += out.empty() ? "{" : ",";
    append_json_string(out, name);
    out += ':';
    return true;
  }

  [[nodiscard]] std::string finish() {
    const Json* extra = std::exchange(extra_, nullptr);
    if (extra) {
      for (const auto& [name, value] : extra->items()) {
        if (starts(name)) out += value.dump();
      }
    }
    out += out.empty() ? "{}" : "}";
    return std::move(out);
  }

  std::string out;

 private:
  const Json* extra_;
};

void append_messages(std::string& out, std::span<const OutgoingMessage> messages) {
  out += '[';
  for (const OutgoingMessage& message : messages) {
    if (&message != messages.data()) out += ',';
    out.append(R"({"role":")").append(to_string(message.role)).append(R"(","content":)");
    append_json_string(out, message.content);
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string write_chat_request(const OutgoingChatRequest& request) {
  BodyWriter body(request.extra);
  if (body.starts("model")) append_json_string(body.out, request.model);
  if (body.starts("messages")) append_messages(body.out, request.messages);
  if (request.max_tokens && body.starts("max_tokens")) {
    append_json_integer(body.out, *request.max_tokens);
  }
  if (request.temperature && body.starts("temperature")) {
    append_json_number(body.out, *request.temperature);
  }
  if (request.stream && body.starts("stream")) body.out += *request.stream ? "true" : "false";
  if (request.include_usage && body.starts("stream_options")) {
    body.out += R"({"include_usage":true})";
  }
  if (request.seed && body.starts("seed")) append_json_integer(body.out, *request.seed);
  return body.finish();
}

}  // namespace lab
