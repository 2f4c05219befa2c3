// What is sent in one request, and what makes it of samples.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "loader/outputs/sample_piece.h"
#include "shared/base/time.h"

namespace loader {

struct Batch {
  std::string body;
  std::uint64_t samples = 0;  ///< That count as sent when it has arrived.
};

/// A format. Pure: samples and instants in, bodies out. Virtual because outputs are chosen by the
/// user at run time.
class BatchEncoder {
 public:
  virtual ~BatchEncoder() = default;
  /// The next number of tags, from 0 on.
  virtual void add_tags(const TagTexts& tags) = 0;
  /// Each sample is in one batch, sooner or later. `thread` is the one that has measured them; see
  /// SamplePiece.
  virtual void add(std::span<const HandedSample> samples, std::size_t thread) = 0;
  /// What is not to be made any larger.
  [[nodiscard]] virtual std::vector<Batch> take_full() = 0;
  /// Everything that was added since the last time; `now` is the wall clock's.
  [[nodiscard]] virtual std::vector<Batch> cut(lab::WallTime now) = 0;
  /// The same at the end, with what the format has to say there.
  [[nodiscard]] virtual std::vector<Batch> finish(lab::WallTime now) { return cut(now); }
  /// The two halves of a batch that was too large for the server; none: it can't be sent in parts.
  [[nodiscard]] virtual std::vector<Batch> split(const Batch& /*batch*/) { return {}; }
  /// A body that has been sent, for its memory.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): a format that reuses it takes it over.
  virtual void reuse(std::string /*body*/) {}
};

}  // namespace loader
