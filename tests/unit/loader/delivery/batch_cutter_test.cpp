#include "loader/delivery/batch_cutter.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

using namespace std::chrono_literals;

const RunClock kRun{.start = lab::TimePoint(100s), .wall_start = lab::WallTime(1'000s)};

/// Bodies that say what was asked of it.
class NotingEncoder final : public BatchEncoder {
 public:
  void add_tags(const TagTexts& /*tags*/) override {}
  void add(std::span<const HandedSample> samples, std::size_t /*thread*/) override {
    for (const HandedSample& sample : samples) {
      text_ += std::to_string(static_cast<int>(sample.value)) + " ";
      ++samples_;
    }
  }
  std::vector<Batch> take_full() override { return {}; }
  std::vector<Batch> cut(lab::WallTime now) override { return note("at ", now); }
  std::vector<Batch> finish(lab::WallTime now) override { return note("end ", now); }

 private:
  std::vector<Batch> note(const std::string& what, lab::WallTime now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    return {
        {std::exchange(text_, "") + what + std::to_string(seconds), std::exchange(samples_, 0)}};
  }
  std::string text_;
  std::uint64_t samples_ = 0;
};

BatchCutter cutter(BatchCutter::Clock clock, lab::Duration interval = 5s) {
  return {std::make_unique<NotingEncoder>(), interval, clock, kRun};
}

SamplePiece samples_at(const std::vector<lab::Duration>& times) {
  SamplePiece piece{.numbers = std::make_shared<TagNumbers>()};
  for (const lab::Duration time : times) {
    piece.samples.push_back({BuiltinMetrics::vus, 0, 0, lab::to_seconds(time), kRun.start + time});
  }
  return piece;
}

std::vector<std::string> bodies(const std::vector<Batch>& batches) {
  std::vector<std::string> texts;
  for (const Batch& batch : batches) texts.push_back(batch.body);
  return texts;
}

using Bodies = std::vector<std::string>;

TEST(BatchCutter, CutsByTheClock) {
  BatchCutter real = cutter(BatchCutter::Clock::real);
  EXPECT_EQ(real.due(), kRun.start + 5s);
  EXPECT_EQ(bodies(real.take(samples_at({1s, 7s}))), Bodies());
  EXPECT_EQ(bodies(real.tick(kRun.start + 4s)), Bodies());
  EXPECT_EQ(bodies(real.tick(kRun.start + 6s)), Bodies{"1 7 at 1006"});
  // By the clock's grid, and without making up for what was missed.
  EXPECT_EQ(real.due(), kRun.start + 10s);
  EXPECT_EQ(bodies(real.tick(kRun.start + 21s)), Bodies{"at 1021"});
  EXPECT_EQ(real.due(), kRun.start + 25s);
  EXPECT_EQ(bodies(real.finish(kRun.start + 22s)), Bodies{"end 1022"});
}

TEST(BatchCutter, CutsByTheSamplesInVirtualTime) {
  BatchCutter simulated = cutter(BatchCutter::Clock::virtual_time);
  EXPECT_EQ(simulated.due(), lab::kNoDeadline);
  EXPECT_EQ(bodies(simulated.tick(kRun.start + 1h)), Bodies());
  EXPECT_EQ(bodies(simulated.take(samples_at({1s, 4s, 5s, 6s, 31s, 32s}))),
            (Bodies{"1 4 at 1005", "5 6 at 1010"}));
  // At the end the time is that of the latest sample.
  EXPECT_EQ(bodies(simulated.finish(kRun.start + 1h)), Bodies{"31 32 end 1032"});
}

TEST(BatchCutter, WithoutAnIntervalCutsAtTheEndOnly) {
  BatchCutter never = cutter(BatchCutter::Clock::virtual_time, lab::Duration::max());
  EXPECT_EQ(bodies(never.take(samples_at({1s, 7200s}))), Bodies());
  EXPECT_EQ(bodies(never.finish(kRun.start)), Bodies{"1 7200 end 8200"});
}

}  // namespace
}  // namespace loader
