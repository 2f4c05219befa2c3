// The request ids of a row of samples, in one piece of memory: those of one request come one after
// the other.
#pragma once

#include <cassert>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace loader {

/// Ids have numbers from 1 on; 0 is none.
class RequestIds {
 public:
  static constexpr std::size_t kIdsMax = std::numeric_limits<std::uint16_t>::max();

  /// The number of `id`; 0 of an empty one. The last one's, if it is that again.
  std::uint16_t add(std::string_view id) {
    if (id.empty()) return 0;
    const std::uint16_t last = size();
    if (last > 0 && (*this)[last] == id) return last;
    assert(last < kIdsMax);
    text_ += id;
    ends_.push_back(text_.size());
    return size();
  }
  /// Empty for 0. Valid until the next change.
  [[nodiscard]] std::string_view operator[](std::uint16_t number) const {
    if (number == 0) return {};
    const std::size_t begin = number == 1 ? 0 : ends_[number - 2u];
    return std::string_view(text_).substr(begin, ends_[number - 1u] - begin);
  }
  [[nodiscard]] std::uint16_t size() const { return static_cast<std::uint16_t>(ends_.size()); }
  void clear() {
    text_.clear();
    ends_.clear();
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace loader
