#include "loader/compare/compare_settings.h"

#include <charconv>
#include <optional>
#include <string>

namespace loader {
namespace {

constexpr double kMarginOfTimes = 0.02;
constexpr double kMarginOfShares = 0.005;

std::optional<double> percent_in(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  // Written so that NaN is refused too.
  if (!is_number || !(percent >= 0 && percent <= 1000)) return std::nullopt;
  return percent / 100;
}

bool is_meant(std::string_view name, std::string_view asked) {
  return name == asked ||
         (name.starts_with(asked) && name.size() > asked.size() && name[asked.size()] == '_');
}

std::string measure_names() {
  std::string names;
  for (const MeasureInfo& info : kMeasures) {
    names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  return names;
}

}  // namespace

std::array<double, kMeasureCount> CompareSettings::default_margins() {
  std::array<double, kMeasureCount> margins{};
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    margins[i] = kMeasures[i].unit == MeasureUnit::share ? kMarginOfShares : kMarginOfTimes;
  }
  return margins;
}

lab::Result<void> set_margin(CompareSettings& settings, std::string_view text) {
  const std::size_t border = text.find('=');
  const bool is_named = border != std::string_view::npos;
  const auto margin = percent_in(is_named ? text.substr(border + 1) : text);
  if (!margin) {
    return lab::Error{"--margin", "\"" + std::string(text) +
                                      "\" is no margin; use a percentage, 5%, or that of a "
                                      "measure, ttft_p95=10%"};
  }
  bool is_known = false;
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    const bool is_share = kMeasures[i].unit == MeasureUnit::share;
    const bool is_set = is_named ? is_meant(kMeasures[i].name, text.substr(0, border)) : !is_share;
    if (!is_set) continue;
    settings.margins[i] = *margin;
    is_known = true;
  }
  if (is_known) return {};
  return lab::Error{"--margin", "there is no measure \"" + std::string(text.substr(0, border)) +
                                    "\"; there are " + measure_names()};
}

}  // namespace loader
