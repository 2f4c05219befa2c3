// The metadata of a row of samples, in one piece of memory: those of one request, which have the
// same, come one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace loader {

class SampleMetadata {
 public:
  /// Of the next sample; empty: none.
  void add(std::string_view metadata) {
    if (!metadata.empty() && metadata != last()) {
      text_ += metadata;
      ends_.push_back(text_.size());
    }
    number_of_sample_.push_back(metadata.empty() ? 0 : static_cast<std::uint32_t>(ends_.size()));
  }
  /// Of a sample, from 0; valid until the next change.
  [[nodiscard]] std::string_view operator[](std::size_t sample) const {
    return text_of(number_of_sample_[sample]);
  }
  void clear() {
    text_.clear();
    ends_.clear();
    number_of_sample_.clear();
  }

 private:
  [[nodiscard]] std::string_view last() const { return text_of(ends_.size()); }
  /// They count from 1; 0 is none.
  [[nodiscard]] std::string_view text_of(std::size_t number) const {
    if (number == 0) return {};
    const std::size_t begin = number == 1 ? 0 : ends_[number - 2];
    return std::string_view(text_).substr(begin, ends_[number - 1] - begin);
  }

  std::string text_;  ///< All of it.
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> number_of_sample_;
};

}  // namespace loader
