// Values to places along an axis, evenly or by their logarithms, and the round numbers marked on
// it.
#pragma once

#include <vector>

namespace loader {

/// The distance between an axis's marks: 1, 2 or 5 times a power of ten, so that `span` > 0 has at
/// most `marks_max` of them, and not many fewer.
[[nodiscard]] double axis_step(double span, double marks_max = 8);

class ValueScale {
 public:
  /// From zero to the first mark that `most` is not beyond.
  [[nodiscard]] static ValueScale from_zero(double most);
  /// From end to end; if there is nothing between them, a little around them.
  [[nodiscard]] static ValueScale between(double low, double high);
  /// The same by logarithms; both are > 0.
  [[nodiscard]] static ValueScale logarithmic(double low, double high);

  /// 0 at the lower end, 1 at the upper one; what is beyond an end is put there.
  [[nodiscard]] double place(double value) const;
  /// The value there.
  [[nodiscard]] double value(double place) const;
  [[nodiscard]] bool is_logarithmic() const { return is_logarithmic_; }
  [[nodiscard]] const std::vector<double>& marks() const { return marks_; }

 private:
  double low_ = 0;
  double high_ = 1;
  bool is_logarithmic_ = false;
  std::vector<double> marks_;
};

}  // namespace loader
