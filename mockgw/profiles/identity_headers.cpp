#include "mockgw/profiles/identity_headers.h"

#include <array>

#include "mockgw/base/header_text.h"

namespace mockgw {
namespace {

// Control characters never occur in a header's text, so they can stand for the values that differ
// by answer while the profile's templates are rendered once.
constexpr char kRequestId = '\x01';
constexpr char kModel = '\x02';
constexpr char kProcessing = '\x03';
constexpr char kProvider = '\x04';
constexpr char kRetries = '\x05';
constexpr char kRetriesOrExhausted = '\x06';

PlaceholderValues marks() {
  PlaceholderValues values = gateway_placeholders();
  values.set(Placeholder::request_id, std::string(1, kRequestId));
  values.set(Placeholder::model, std::string(1, kModel));
  values.set(Placeholder::processing_ms, std::string(1, kProcessing));
  values.set(Placeholder::provider, std::string(1, kProvider));
  values.set(Placeholder::retry_count, std::string(1, kRetries));
  values.set(Placeholder::retry_count_or_exhausted, std::string(1, kRetriesOrExhausted));
  return values;
}

bool is_mark(char c) { return c >= kRequestId && c <= kRetriesOrExhausted; }

bool is_unknown(char mark, const AnswerIdentity& answer) {
  return (mark == kModel && answer.model.empty()) || (mark == kProvider && answer.provider.empty());
}

std::string retries_or_exhausted(const AnswerIdentity& answer) {
  return answer.retries_are_exhausted ? "-1" : std::to_string(answer.retries);
}

}  // namespace

PlaceholderValues gateway_placeholders() {
  PlaceholderValues values;
  values.set(Placeholder::organization, "org-mockgw");
  values.set(Placeholder::version, LAB_VERSION);
  return values;
}

IdentityHeaders::IdentityHeaders(const Profile& profile) {
  for (const auto& [name, text] : render_identity_headers(profile, marks())) {
    Header header{name, {Piece{}}};
    for (const char c : text) {
      if (is_mark(c)) {
        header.pieces.back().mark = c;
        header.pieces.emplace_back();
      } else {
        header.pieces.back().text += c;
      }
    }
    headers_.push_back(std::move(header));
  }
}

void IdentityHeaders::append_to(lab::HttpHeaders& headers, const AnswerIdentity& answer) const {
  std::string value;  // Short values stay in the string's own buffer.
  for (const Header& header : headers_) {
    if (header.pieces.size() == 1) {
      headers.add(header.name, header.pieces.front().text);
      continue;
    }
    value.clear();
    bool is_complete = true;
    for (const Piece& piece : header.pieces) {
      value += piece.text;
      if (piece.mark == kRequestId) append_header_value(value, answer.request_id);
      if (piece.mark == kProcessing) value += std::to_string(answer.processing_ms);
      if (piece.mark == kModel) append_header_value(value, answer.model);
      if (piece.mark == kRetries) value += std::to_string(answer.retries);
      if (piece.mark == kRetriesOrExhausted) value += retries_or_exhausted(answer);
      if (piece.mark == kProvider) append_header_value(value, answer.provider);
      is_complete = is_complete && !is_unknown(piece.mark, answer);
    }
    if (is_complete) headers.add(header.name, value);
  }
}

}  // namespace mockgw
