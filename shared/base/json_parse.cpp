// parse_json() and the files behind it: strict about what nlohmann_json lets pass.
#include <algorithm>
#include <iterator>

#include "shared/base/json.h"
#include "shared/base/json_builder.h"
#include "shared/base/json_reader.h"

namespace lab {
namespace {

constexpr std::size_t kDepthMax = 64;

// Lets the parser's events know how far it has read: its SAX interface tells positions only for
// syntax errors.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }

 private:
  const char* at_;
  std::size_t* count_;
};

// The parser's events; each returns false to stop it, with the reason in problem_.
class StrictSax : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    if (!may_open()) return false;
    builder_.begin_object();
    return true;
  }
  bool start_array(std::size_t) override {
    if (!may_open()) return false;
    builder_.begin_array();
    return true;
  }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool key(string_t& key) override {
    if (builder_.has_key(key)) {
      problem_ = "the key \"" + key + "\" is given twice in one object";
      return false;
    }
    builder_.key(std::move(key));
    return true;
  }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& exception) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …": the place
    // is said by us.
    problem_ = exception.what();
    if (const auto end = problem_.find("] "); end != std::string::npos) problem_.erase(0, end + 2);
    if (problem_.starts_with("parse error at ")) problem_.erase(0, problem_.find(": ") + 2);
    return false;
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] Json take() { return builder_.take(); }

 private:
  bool add(Json value) {
    builder_.value(std::move(value));
    return true;
  }
  bool end() {
    builder_.end();
    return true;
  }
  bool may_open() {
    if (builder_.depth() < kDepthMax) return true;
    problem_ = "nesting deeper than " + std::to_string(kDepthMax);
    return false;
  }

  JsonBuilder builder_;
  std::string problem_;
};

// The line and column, both from 1, of the last of the first `count` bytes; columns count
// characters, not bytes.
std::string line_and_column(std::string_view text, std::size_t count) {
  const std::string_view before = text.substr(0, count > 0 ? count - 1 : 0);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::string_view row =
      newline == std::string_view::npos ? before : before.substr(newline + 1);
  const auto column = 1 + std::count_if(row.begin(), row.end(), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
                      });
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view file) {
  StrictSax sax;
  std::size_t count = 0;
  const CountingIterator first(text.data(), &count);
  const CountingIterator last(text.data() + text.size(), &count);
  const bool ok = Json::sax_parse(first, last, &sax, Json::input_format_t::json, true, true);
  // in_place_value: Error, an aggregate of strings, could be made of a Json or a string as well.
  if (ok) return Result<Json>(boost::system::in_place_value, sax.take());
  return Error{std::string(file), line_and_column(text, count) + ": " + sax.problem()};
}

Result<Json> read_json_file(const std::string& path) {
  const Result<std::string> text = read_text_file(path);
  if (!text) return text.error();
  return parse_json(*text, path);
}

}  // namespace lab
