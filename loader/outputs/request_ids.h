// The request ids of a row of samples, in one piece of memory: those of one request come one after
// the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace loader {

class RequestIds {
 public:
  /// Of the next sample; empty: none.
  void add(std::string_view id) {
    if (!id.empty() && id != last_id()) {
      text_ += id;
      ends_.push_back(text_.size());
    }
    number_of_sample_.push_back(id.empty() ? 0 : static_cast<std::uint32_t>(ends_.size()));
  }
  /// Of a sample, from 0; valid until the next change.
  [[nodiscard]] std::string_view operator[](std::size_t sample) const {
    return id_of(number_of_sample_[sample]);
  }
  void clear() {
    text_.clear();
    ends_.clear();
    number_of_sample_.clear();
  }

 private:
  [[nodiscard]] std::string_view last_id() const { return id_of(ends_.size()); }
  /// They count from 1; 0 is none.
  [[nodiscard]] std::string_view id_of(std::size_t number) const {
    if (number == 0) return {};
    const std::size_t begin = number == 1 ? 0 : ends_[number - 2];
    return std::string_view(text_).substr(begin, ends_[number - 1] - begin);
  }

  std::string text_;  ///< All ids.
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> number_of_sample_;
};

}  // namespace loader
