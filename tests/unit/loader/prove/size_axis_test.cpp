#include "loader/prove/size_axis.h"

#include <gtest/gtest.h>

#include "example_proof.h"

namespace loader {
namespace {

std::vector<std::string> texts_of(const MutantFamily& family) {
  std::vector<std::string> texts;
  for (const AxisMark& mark : axis_marks(family)) texts.push_back(mark.text);
  return texts;
}
using Texts = std::vector<std::string>;

TEST(SizeAxis, ALogarithmicOneHasPowersOfTen) {
  const std::vector<AxisMark> marks = axis_marks(percent_family("status-500"));
  ASSERT_EQ(marks.size(), 4u);
  EXPECT_EQ(marks[0].text, "0.1%");
  EXPECT_NEAR(marks[0].position, 0, 1e-9);
  EXPECT_EQ(marks[2].text, "10%");
  EXPECT_NEAR(marks[2].position, 2.0 / 3, 1e-9);
  EXPECT_NEAR(marks[3].position, 1, 1e-9);
}

TEST(SizeAxis, AShortOneHasWhatIsInBetween) {
  MutantFamily family = percent_family("hidden-retries");
  family.range = {1, 90};
  EXPECT_EQ(texts_of(family), (Texts{"1%", "2%", "5%", "10%", "20%", "50%"}));
}

TEST(SizeAxis, GoesFromMildToSevereWhereLessIsWorse) {
  MutantFamily family = percent_family("fewer-slots");
  family.range = {100, 1};
  family.unit = "% of the users";
  EXPECT_EQ(texts_of(family), (Texts{"100", "10", "1"}));
}

TEST(SizeAxis, ALinearOneHasEvenSteps) {
  MutantFamily family = percent_family("unreachable");
  family.scale = SizeScale::linear;
  family.unit = "s";
  family.range = {0, 600};
  EXPECT_EQ(texts_of(family), (Texts{"0s", "100s", "200s", "300s", "400s", "500s", "600s"}));
}

TEST(SizeAxis, KeepsWhatIsBeyondItsEndsOnIt) {
  EXPECT_EQ(axis_position(percent_family("status-500"), 500), 1);
  EXPECT_EQ(axis_position(percent_family("status-500"), 0.01), 0);
}

}  // namespace
}  // namespace loader
