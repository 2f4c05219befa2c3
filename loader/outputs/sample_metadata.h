// The metadata of a piece's samples, in one piece of memory, by number: those of one request have
// the same.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace loader {

class SampleMetadata {
 public:
  using Number = std::uint16_t;
  static constexpr std::size_t kTextsMax = std::numeric_limits<Number>::max();

  /// The number of a text that was not empty, from 1 on, at most kTextsMax of them; 0 if it is. The
  /// same as the last if the text is.
  [[nodiscard]] Number add(std::string_view text) {
    if (text.empty()) return 0;
    if (ends_.empty() || text != (*this)[static_cast<Number>(ends_.size())]) {
      assert(ends_.size() < kTextsMax);
      text_ += text;
      ends_.push_back(text_.size());
    }
    return static_cast<Number>(ends_.size());
  }
  /// Valid until the next change.
  [[nodiscard]] std::string_view operator[](Number number) const {
    if (number == 0) return {};
    const std::size_t begin = number == 1 ? 0 : ends_[number - 2];
    return std::string_view(text_).substr(begin, ends_[number - 1] - begin);
  }
  void clear() {
    text_.clear();
    ends_.clear();
  }

 private:
  std::string text_;  ///< All of it.
  std::vector<std::size_t> ends_;
};

}  // namespace loader
