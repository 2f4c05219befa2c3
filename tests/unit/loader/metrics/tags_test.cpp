#include "loader/metrics/tags.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(TagTable, GivesEqualSetsOneIdWhateverTheOrder) {
  TagTable table;
  const TagSetId a = table.intern({{"method", "POST"}, {"status", "200"}});
  const TagSetId b = table.with(table.with({}, "status", "200"), "method", "POST");
  EXPECT_EQ(a, b);
  EXPECT_NE(a, table.with(a, "status", "500"));
}

TEST(TagTable, ReplacesAKeyAndKeepsTheBase) {
  TagTable table;
  const TagSetId base = table.intern({{"status", "200"}, {"group", ""}});
  const TagSetId derived = table.with(base, "status", "429");
  EXPECT_EQ(table.find(derived, "status"), "429");
  EXPECT_EQ(table.find(derived, "group"), "");
  EXPECT_EQ(table.find(base, "status"), "200");
  EXPECT_EQ(table.find(base, "method"), std::nullopt);
}

TEST(TagTable, ListsTagsByKey) {
  TagTable table;
  const TagSetId set = table.intern({{"url", "http://h/"}, {"method", "GET"}, {"name", "x"}});
  EXPECT_EQ(table.tags(set),
            (std::vector<TagView>{{"method", "GET"}, {"name", "x"}, {"url", "http://h/"}}));
}

TEST(TagTable, ContainsNeedsEveryTagExactly) {
  TagTable table;
  const TagSetId set = table.intern({{"a", "1"}, {"b", "2"}});
  EXPECT_TRUE(table.contains(set, {}));
  EXPECT_TRUE(table.contains(set, {{"b", "2"}, {"a", "1"}}));
  EXPECT_FALSE(table.contains(set, {{"a", "1"}, {"b", "3"}}));
  EXPECT_FALSE(table.contains(set, {{"c", ""}}));
}

TEST(TagTable, StopsGrowingAtItsBoundAndCounts) {
  TagTable table;
  const TagSetId base = table.with({}, "scenario", "soak");
  for (std::size_t i = 0; i < TagTable::kSetsMax + 10; ++i) {
    (void)table.with(base, "request", std::to_string(i));
  }
  EXPECT_EQ(table.size(), TagTable::kSetsMax);
  EXPECT_EQ(table.overflowed(), 12u);
  EXPECT_EQ(table.with(base, "request", "one more"), base);
  // What is known stays usable.
  EXPECT_EQ(table.find(table.with(base, "request", "7"), "request"), "7");
}

TEST(TagTable, KeptKeysHaveRoomOfTheirOwn) {
  TagTable table;
  int told = 0;
  table.on_overflow([&told] { ++told; });
  table.keep("phase");
  for (std::size_t i = 0; i < TagTable::kSetsMax; ++i) {
    (void)table.with({}, "request", std::to_string(i));
  }
  EXPECT_EQ(told, 1);
  const TagSetId lost = table.with({}, "request", "one more");
  EXPECT_EQ(lost, TagSetId{});
  EXPECT_EQ(table.find(table.with(lost, "phase", "steady"), "phase"), "steady");
  EXPECT_EQ(table.find(table.with(lost, "other", "x"), "other"), std::nullopt);
  EXPECT_EQ(told, 1);
  // That room has an end, too.
  for (std::size_t i = 0; i < TagTable::kSetsMax + 10; ++i) {
    (void)table.with({}, "phase", std::to_string(i));
  }
  EXPECT_EQ(table.size(), 2 * TagTable::kSetsMax);
}

}  // namespace
}  // namespace loader
