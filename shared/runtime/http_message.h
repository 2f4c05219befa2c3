// HTTP/1.1 messages as values; no parsing and no I/O here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/time.h"

namespace lab {

/// Header fields in the order of arrival, in one buffer: clearing and refilling allocates nothing
/// once warm.
class HttpHeaders {
 public:
  struct Field {
    std::string_view name;   ///< As received; compare without case (RFC 9110, 5.1).
    std::string_view value;  ///< Without surrounding white space.
  };

  /// Neither text may be a field's of this object.
  void add(std::string_view name, std::string_view value);
  /// Removes every field of that name, then adds one.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  void clear();

  /// The first field of that name. Views stay valid until the next change.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// True if a comma-separated list field (all of that name) holds `token`, without case:
  /// Connection, Accept-Encoding.
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;

  [[nodiscard]] std::size_t size() const { return spans_.size(); }
  [[nodiscard]] bool empty() const { return spans_.empty(); }
  [[nodiscard]] Field operator[](std::size_t i) const {
    return {name_of(spans_[i]), value_of(spans_[i])};
  }

  /// Appends the fields as HTTP/1.1 writes them: "name: value", a line each.
  void append_to(std::string& out) const;

 private:
  // Each field stands in the buffer as it goes out, in order: nearly always all go out as they
  // stand.
  struct Span {
    std::uint32_t offset;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };
  static constexpr std::size_t kColonSize = 2;
  static constexpr std::size_t kLineEndSize = 2;

  [[nodiscard]] std::string_view name_of(const Span& span) const {
    return {bytes_.data() + span.offset, span.name_size};
  }
  [[nodiscard]] std::string_view value_of(const Span& span) const {
    return {bytes_.data() + span.offset + span.name_size + kColonSize, span.value_size};
  }

  static std::size_t end_of(const Span& span) {
    return span.offset + span.name_size + kColonSize + span.value_size + kLineEndSize;
  }

  std::string bytes_;  // As long as it has ever been: to fill new room each time would cost.
  std::vector<Span> spans_;
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";  ///< Path and query as on the wire.
  HttpHeaders headers;
  std::string body;
  bool http_1_0 = false;
};

/// Content-Length, Transfer-Encoding, Connection and Date are the connection's business, not in
/// `headers`.
struct HttpResponse {
  unsigned status = 200;
  HttpHeaders headers;
  std::string body;
};

/// Whether texts of the same length differ in nothing but the case of ASCII letters.
[[nodiscard]] bool same_letters(std::string_view a, std::string_view b);
[[nodiscard]] inline bool equals_ignore_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_letters(a, b);
}
/// The path of a request target, without query and fragment.
[[nodiscard]] std::string_view target_path(std::string_view target);
/// RFC 9110's phrase for a status, "Unknown" for others.
[[nodiscard]] std::string_view reason_phrase(unsigned status);
/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
[[nodiscard]] std::string format_http_date(WallTime t);

}  // namespace lab
