// Reads a JSON text as a sequence of events, without a document. All templates: for .cpp files.
//
// Boost.JSON's parser rather than nlohmann's SAX interface, because these texts are read for every
// request and every chunk; see benchmarks/chat_request_bench.cpp for both.
#pragma once

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace lab {

struct JsonReadResult {
  bool ok = false;
  std::size_t offset = 0;  ///< Of the byte where reading stopped.
  std::string what;        ///< Why it did, if it is not ok.
};

/// `json` itself or, if half of a surrogate pair stands alone in it as an escape, a copy in
/// `repaired` with \ufffd in its place, of the same size. JSON's grammar allows the half (RFC 8259,
/// 8.2) and JavaScript writes it wherever a text is cut within a character; Boost.JSON 1.81 does
/// not read it.
[[nodiscard]] std::string_view with_whole_surrogates(std::string_view json, std::string& repaired);

// Turns Boost.JSON's handler interface into whole keys and strings.
template <class Consumer>
class JsonEventHandler {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  explicit JsonEventHandler(Consumer& consumer) : consumer_(consumer) {}

  using Text = boost::json::string_view;
  using Code = boost::json::error_code;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return consumer_.begin_object(), true; }
  bool on_object_end(std::size_t, Code&) { return consumer_.end_object(), true; }
  bool on_array_begin(Code&) { return consumer_.begin_array(), true; }
  bool on_array_end(std::size_t, Code&) { return consumer_.end_array(), true; }
  bool on_key_part(Text part, std::size_t, Code&) { return keep(part); }
  bool on_key(Text last, std::size_t, Code&) {
    consumer_.key(whole(last));
    return forget();
  }
  bool on_string_part(Text part, std::size_t, Code&) { return keep(part); }
  bool on_string(Text last, std::size_t, Code&) {
    consumer_.string(whole(last));
    return forget();
  }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t value, Text, Code&) { return consumer_.integer(value), true; }
  bool on_uint64(std::uint64_t value, Text, Code&) {
    return consumer_.real(static_cast<double>(value)), true;
  }
  // JSON's grammar has no bound: what is beyond a double's range reads as the end of that range, so
  // that every number a consumer meets is finite. Of 0e999 Boost.JSON makes zero times infinity.
  bool on_double(double value, Text, Code&) {
    constexpr double kLargest = std::numeric_limits<double>::max();
    const double number = std::isnan(value) ? 0 : value;
    return consumer_.real(std::clamp(number, -kLargest, kLargest)), true;
  }
  bool on_bool(bool value, Code&) { return consumer_.boolean(value), true; }
  bool on_null(Code&) { return consumer_.null(), true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

 private:
  bool keep(Text part) {
    parts_.append(part.data(), part.size());
    return true;
  }
  std::string_view whole(Text last) {
    if (parts_.empty()) return {last.data(), last.size()};
    keep(last);
    return parts_;
  }
  bool forget() {
    parts_.clear();
    return true;
  }

  Consumer& consumer_;
  std::string parts_;
};

/// Feeds all of `json`, which must be one strict JSON value in valid UTF-8, nested at most
/// `depth_max` deep. The consumer has begin_object, end_object, begin_array, end_array,
/// key(string_view), string(string_view), integer(int64_t), real(double), boolean(bool) and null;
/// the views are valid during the call only, and numbers are finite.
template <class Consumer>
[[nodiscard]] JsonReadResult read_json(std::string_view json, std::size_t depth_max,
                                       Consumer& consumer) {
  std::string repaired;
  json = with_whole_surrogates(json, repaired);
  boost::json::parse_options options;
  options.max_depth = depth_max;
  boost::json::basic_parser<JsonEventHandler<Consumer>> parser(options, consumer);
  boost::json::error_code ec;
  const std::size_t read = parser.write_some(false, json.data(), json.size(), ec);
  if (!ec && read < json.size()) ec = boost::json::error::extra_data;
  if (ec) return {false, read, ec.message()};
  return {true, read, {}};
}

}  // namespace lab
