#include "mockgw/gateway/shared_in_order.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/time_point.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using lab::test::at;

struct Diary {
  explicit Diary(std::string its_owner) : owner(std::move(its_owner)) {}
  std::size_t write(const std::string& entry, lab::TimePoint now) {
    entries.push_back(entry);
    times.push_back(now);
    return entries.size();
  }
  std::string owner;
  std::vector<std::string> entries;
  std::vector<lab::TimePoint> times;
};

TEST(SharedInOrder, NoTimeIsBeforeTheOneThatCameLast) {
  SharedInOrder<Diary> shared("me");
  EXPECT_EQ(shared.at(at(2s), &Diary::write, "a"), 1u);
  // Another thread was a little slower.
  EXPECT_EQ(shared.at(at(1s), &Diary::write, "b"), 2u);
  EXPECT_EQ(shared.at(at(3s), &Diary::write, "c"), 3u);
  const auto times = shared.look([](const Diary& diary) { return diary.times; });
  EXPECT_EQ(times, (std::vector{at(2s), at(2s), at(3s)}));
  EXPECT_EQ(shared.look(&Diary::owner), "me");
}

}  // namespace
}  // namespace mockgw
