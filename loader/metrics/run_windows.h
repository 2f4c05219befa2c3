// Keeps what happens when, while it happens: one a thread, put together when read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/metrics/over_time.h"
#include "loader/metrics/request_record.h"
#include "loader/metrics/sketch.h"
#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// Not synchronised. Memory is flat: windows get twice as long whenever there would be more than
/// kWindowsMax of them; what comes beyond kSeriesMax or kKindsMax is put together.
class RunWindows {
 public:
  static constexpr lab::Duration kWindow = std::chrono::seconds(1);
  static constexpr std::size_t kWindowsMax = 240;
  static constexpr std::size_t kSeriesMax = 64;
  static constexpr std::size_t kKindsMax = 12;
  /// What more series and kinds than these are called.
  static constexpr std::string_view kOthers = "others";

  /// `tags` is the table of all records, and outlives it.
  explicit RunWindows(const TagTable& tags) : tags_(tags) {}

  // `since_start` of the scenarios; negative, which is before that, is left out. It does not go
  // back.
  /// A request that ended then.
  void add(const RequestRecord& record, lab::Duration since_start);
  void add_iteration(lab::Duration since_start);
  void add_dropped(std::uint64_t iterations, lab::Duration since_start);

  /// What there is so far; virtual users and breaches are for others to tell.
  [[nodiscard]] OverTime over_time() const;

 private:
  /// The window that is filled now, of one series.
  struct OpenWindow {
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    std::vector<std::uint64_t> failures{};
    std::vector<std::string> examples{};
    std::string slowest{};
    double slowest_ms = 0;
    std::uint64_t tokens_in = 0;
    std::uint64_t tokens_out = 0;
    SketchTally succeeded{};
    SketchTally failed_after{};
    SketchTally time_to_first_token{};
    SketchTally inter_token{};
  };
  /// Views into the table.
  struct Place {
    std::string_view scenario;
    std::string_view phase;
  };
  struct Series {
    RequestSeries closed{};
    SketchTally tokens_in{};
    SketchTally tokens_out{};
    OpenWindow open{};
  };

  [[nodiscard]] bool move_to(lab::Duration since_start);
  void close_window();
  [[nodiscard]] static RequestWindow window_of(const OpenWindow& open);
  [[nodiscard]] Series& series_of(const RequestRecord& record);
  [[nodiscard]] const Place& place_of(TagSetId tags);
  [[nodiscard]] std::size_t kind_of(const RequestRecord& record);
  UserWindow& users();

  const TagTable& tags_;
  lab::Duration window_ = kWindow;
  std::size_t open_ = 0;  ///< The number of the window that is filled.
  std::vector<std::string> kinds_;
  std::vector<std::unique_ptr<Series>> series_;  ///< Pointers, because they are large.
  std::vector<std::optional<Place>> place_of_set_;
  std::vector<UserWindow> users_;
};

}  // namespace loader
