#include "loader/outputs/sample_piece.h"

#include <gtest/gtest.h>

#include "loader/outputs/sample_output.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;
using Texts = std::vector<std::string_view>;

/// Keeps what it is given.
class KeepingOutput final : public SampleOutput {
 public:
  using Pieces = std::vector<std::shared_ptr<const SamplePiece>>;
  explicit KeepingOutput(Pieces& pieces) : pieces_(pieces) {}
  [[nodiscard]] std::string description() const override { return "keeping"; }
  lab::Result<void> write(std::shared_ptr<const SamplePiece> piece) override {
    pieces_.push_back(std::move(piece));
    return {};
  }
  lab::Result<void> flush() override { return {}; }
  lab::Result<void> finish() override { return {}; }

 private:
  Pieces& pieces_;
};

class SampleBufferTest : public testing::Test {
 protected:
  SampleBufferTest() {
    outputs.add(std::make_unique<KeepingOutput>(first));
    outputs.add(std::make_unique<KeepingOutput>(second));
  }
  KeepingOutput::Pieces first;
  KeepingOutput::Pieces second;
  Outputs outputs;
};

SampleBuffer buffer_of(Outputs& outputs) {
  return {outputs, [] { return lab::TimePoint(); }};
}

TEST_F(SampleBufferTest, TagsOfSeveralThreadsHaveOneNumber) {
  TagTable one;
  TagTable other;
  const TagSetId status = one.intern({{"status", "200"}});
  const TagSetId different = other.intern({{"other", "x"}});
  const TagSetId same = other.intern({{"status", "200"}});
  SampleBuffer of_one = buffer_of(outputs);
  SampleBuffer of_other = buffer_of(outputs);
  of_one.add({B::vus, status, 1, lab::TimePoint(1s)}, one);
  of_other.add({B::vus, different, 2, lab::TimePoint(2s)}, other);
  of_other.add({B::vus, same, 3, lab::TimePoint(3s)}, other);
  of_one.flush();
  of_other.flush();

  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0]->samples[0].tags, 0u);
  EXPECT_EQ(first[1]->samples[0].tags, 1u);
  EXPECT_EQ(first[1]->samples[1].tags, 0u);
  EXPECT_EQ(first[1]->samples[1].value, 3);
  EXPECT_EQ(first[1]->samples[1].at, lab::TimePoint(3s));
  const TagNumbers& numbers = *first[0]->numbers;
  EXPECT_EQ(numbers.from(0), (std::vector<TagTexts>{{{"status", "200"}}, {{"other", "x"}}}));
  EXPECT_EQ(numbers.from(1), (std::vector<TagTexts>{{{"other", "x"}}}));
  EXPECT_TRUE(numbers.from(2).empty());
}

TEST_F(SampleBufferTest, AllOutputsHaveTheSamePiece) {
  const TagTable tags;
  SampleBuffer buffer = buffer_of(outputs);
  buffer.flush();
  EXPECT_TRUE(first.empty());
  buffer.add({B::vus, {}, 1, {}}, tags);
  buffer.flush();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first, second);
}

TEST_F(SampleBufferTest, SamplesKeepTheirMetadata) {
  const TagTable tags;
  SampleBuffer buffer = buffer_of(outputs);
  // "b" comes from two requests, or from one that is spoken of twice; "a" is met again at the end.
  const std::vector<std::pair<std::string, std::uint64_t>> given{
      {"a", 1}, {"a", 1}, {"", 0}, {"b", 2}, {"b", 3}, {"", 0}, {"a", 1}};
  for (const auto& [id, number] : given) {
    buffer.add({B::http_reqs, {}, 1, {}, id, number}, tags);
  }
  buffer.flush();
  Texts ids;
  for (const HandedSample& sample : first.at(0)->samples) {
    ids.push_back(first.at(0)->metadata[sample.metadata]);
  }
  EXPECT_EQ(ids, (Texts{"a", "a", "", "b", "b", "", "a"}));
}

// A server that takes nothing may have thousands of them waiting, of a load that is small.
TEST_F(SampleBufferTest, ASmallPieceTakesLittleMemory) {
  const TagTable tags;
  SampleBuffer buffer = buffer_of(outputs);
  for (int i = 0; i < 100; ++i) {
    buffer.add({B::http_reqs, {}, 1, {}, "a", 1}, tags);
    buffer.flush();
  }
  ASSERT_EQ(first.size(), 100u);
  for (const auto& piece : first) {
    ASSERT_EQ(piece->size(), 1u);
    ASSERT_LT(piece->samples.capacity(), 8u);
    ASSERT_EQ(piece->metadata[piece->samples[0].metadata], "a");
  }
}

TEST_F(SampleBufferTest, ThePieceAfterAFullOneHasItsOwnMetadata) {
  const TagTable tags;
  SampleBuffer buffer = buffer_of(outputs);
  for (std::size_t i = 0; i <= SampleBuffer::kSamplesMax; ++i) {
    buffer.add({B::http_reqs, {}, 1, {}, "a", 1}, tags);
  }
  buffer.flush();
  ASSERT_EQ(first.size(), 2u);
  ASSERT_EQ(first[1]->size(), 1u);
  EXPECT_EQ(first[1]->metadata[first[1]->samples[0].metadata], "a");
}

TEST(PiecePool, UsesTheMemoryAgainOfWhatNobodyHasAnyMore) {
  PiecePool<std::vector<int>> pool(1);
  std::shared_ptr<std::vector<int>> piece = pool.take();
  piece->assign(3, 7);
  piece.reset();
  piece = pool.take();
  // Nothing of what was there is left.
  EXPECT_TRUE(piece->empty());
  EXPECT_GE(piece->capacity(), 3u);
}

TEST(PiecePool, PiecesMayOutliveIt) {
  std::shared_ptr<std::vector<int>> piece;
  {
    PiecePool<std::vector<int>> pool(1);
    piece = pool.take();
  }
  piece->push_back(1);
  EXPECT_EQ(piece->size(), 1u);
}

}  // namespace
}  // namespace loader
