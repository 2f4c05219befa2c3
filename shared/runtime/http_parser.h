// Beast's incremental parser, filling our messages directly. Private to http_io.cpp, the only place
// that compiles Beast.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/error.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/http_request_rules.h"

namespace lab {

/// Our code for a parser's error; need_more must not get here.
inline ErrorCode translate_parser_error(const ErrorCode& ec) {
  namespace http = boost::beast::http;
  if (ec == http::error::header_limit) return Errc::header_too_large;
  if (ec == http::error::body_limit) return Errc::body_too_large;
  if (ec == http::error::partial_message) return Errc::partial_message;
  // What our own overrides below found.
  if (ec.category() != make_error_code(http::error::need_more).category()) return ec;
  return Errc::bad_message;
}

/// What requests and responses share: fields go into `headers`, body bytes to the end of `body`.
template <bool kIsRequest>
class MessageParser : public boost::beast::http::basic_parser<kIsRequest> {
  using StringView = boost::beast::string_view;
  using Verb = boost::beast::http::verb;
  using FieldName = boost::beast::http::field;

 public:
  MessageParser(HttpHeaders& headers, std::string& body, const HttpLimits& limits)
      : headers_(headers), body_(body), fields_max_(limits.header_fields_max) {
    this->eager(true);
    this->header_limit(limits.header_bytes_max);
    this->body_limit(limits.body_bytes_max);
  }

  /// True if the parser must not be given these bytes before more have come. Beast 1.81 asserts
  /// that it has the five bytes of "0\r\n\r\n" when it looks at a last chunk for the second time
  /// (parse_chunk_header in basic_parser.ipp), though the first time three are enough.
  [[nodiscard]] bool must_wait_for_more(boost::asio::const_buffer unread) const {
    constexpr std::size_t kLastChunkBytes = 5;
    return this->is_header_done() && this->chunked() && chunk_bytes_left_ == 0 &&
           unread.size() < kLastChunkBytes && *static_cast<const char*>(unread.data()) == '0';
  }

 protected:
  void on_field_impl(FieldName, StringView name, StringView value, ErrorCode& ec) override {
    // RFC 9110, 6.5.1: what comes after the body is not merged into the header section, which was
    // judged and acted upon without it.
    if (this->is_header_done()) return;
    if (headers_.size() >= fields_max_) {
      ec = Errc::header_too_large;
      return;
    }
    headers_.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override {
    // A peer's announcement is trusted up to a bound only: memory grows with what really arrives.
    constexpr std::uint64_t kReserveMax = 256 * 1024;
    if (length && kIsRequest)
      body_.reserve(static_cast<std::size_t>(std::min(*length, kReserveMax)));
  }
  std::size_t on_body_impl(StringView piece, ErrorCode&) override {
    body_.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t size, StringView, ErrorCode&) override {
    chunk_bytes_left_ = size;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, StringView piece, ErrorCode&) override {
    chunk_bytes_left_ -= piece.size();
    body_.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_finish_impl(ErrorCode&) override {}

 private:
  HttpHeaders& headers_;
  std::string& body_;
  std::size_t fields_max_;
  std::uint64_t chunk_bytes_left_ = 0;
};

/// See HttpServerConnection::limit_bodies_by().
using BodyLimit = std::function<std::optional<std::uint64_t>(std::string_view target)>;

class RequestParser final : public MessageParser<true> {
 public:
  /// The arguments outlive the parser.
  RequestParser(HttpRequest& request, const HttpLimits& limits, const BodyLimit& limit)
      : MessageParser(request.headers, request.body, limits),
        request_(request),
        body_limit_(limit) {}

 private:
  void on_request_impl(boost::beast::http::verb, boost::beast::string_view method,
                       boost::beast::string_view target, int version, ErrorCode&) override {
    request_.method.assign(method.data(), method.size());
    if (target.starts_with('/')) {
      request_.target.assign(target.data(), target.size());
    } else {
      request_.target =
          origin_form(request_.method, std::string_view(target.data(), target.size()));
    }
    request_.http_1_0 = version == 10;
    // Here: an announced length is held against the limit before on_header_impl() is called.
    if (const auto bytes_max = body_limit_ ? body_limit_(request_.target) : std::nullopt) {
      body_limit(*bytes_max);
    }
  }
  void on_header_impl(ErrorCode& ec) override { ec = refusal_of(request_); }
  void on_response_impl(int, boost::beast::string_view, int, ErrorCode&) override {}

  HttpRequest& request_;
  const BodyLimit& body_limit_;
};

class ResponseParser final : public MessageParser<false> {
 public:
  using MessageParser::MessageParser;
  [[nodiscard]] unsigned status() const { return status_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  void on_request_impl(boost::beast::http::verb, boost::beast::string_view,
                       boost::beast::string_view, int, ErrorCode&) override {}
  void on_response_impl(int code, boost::beast::string_view reason, int, ErrorCode&) override {
    status_ = static_cast<unsigned>(code);
    reason_.assign(reason.data(), reason.size());
  }

  unsigned status_ = 0;
  std::string reason_{};
};

}  // namespace lab
