#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "loader/prove/operating_characteristic.h"
#include "loader/prove/proof_words.h"
#include "shared/base/json.h"
#include "shared/base/time.h"

namespace loader {
namespace {

constexpr std::size_t kCellWidth = 16;
constexpr double kSecondsOfHour = 3600;

std::string cell_text(const CharacteristicCell& cell) {
  if (cell.runs == 0) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%3.0f (%.0f-%.0f)",
                100.0 * static_cast<double>(cell.red) / static_cast<double>(cell.runs),
                100 * cell.interval.low, 100 * cell.interval.high);
  return text;
}

std::string left_aligned(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// Whole minutes above two, seconds below.
std::string about(double seconds) {
  const double unit = seconds >= 2 * kSecondsOfHour ? 600 : seconds >= 120 ? 60 : 1;
  return lab::format_duration(lab::from_seconds(std::ceil(seconds / unit) * unit));
}

std::string needs_text(const CharacteristicRow& row) {
  if (!row.value) return {};
  if (!row.seconds_needed || !row.requests_needed) return "not to be told";
  return about(*row.seconds_needed) + ", " + std::to_string(*row.requests_needed) +
         (*row.requests_needed == 1 ? " request" : " requests");
}

}  // namespace

std::string characteristic_text(const OperatingCharacteristic& all) {
  std::string text =
      "\n  " + all.threshold.metric + ": " + all.threshold.expression + " of " + all.suite +
      " under " + all.family.name + "\n  " + all.family.breaks + " " + std::to_string(all.runs) +
      " runs, " + std::to_string(all.seeds) + " seeds from " + std::to_string(all.seed) + " on" +
      (all.is_interrupted ? "; INTERRUPTED" : "") +
      "\n\n  Red in so many percent of runs (95 % interval), by their length:\n\n  " +
      left_aligned("size", 9) + left_aligned("value", 9);
  for (const double seconds : all.lengths) text += left_aligned(about(seconds), kCellWidth);
  text += "to be 95 % sure, run\n";
  for (const CharacteristicRow& row : all.rows) {
    text += "  " + left_aligned(all.family.size_text(row.size), 9) +
            left_aligned(row.value ? plain_number(*row.value) : "-", 9);
    for (const CharacteristicCell& cell : row.cells) {
      text += left_aligned(cell_text(cell), kCellWidth);
    }
    text += needs_text(row) + "\n";
  }
  return text;
}

std::string characteristic_json(const OperatingCharacteristic& all) {
  lab::Json json{{"suite", all.suite},
                 {"metric", all.threshold.metric},
                 {"threshold", all.threshold.expression},
                 {"family", all.family.name},
                 {"unit", all.family.unit},
                 {"seed", all.seed},
                 {"seeds", all.seeds},
                 {"runs", all.runs},
                 {"interrupted", all.is_interrupted},
                 {"lengths", all.lengths}};
  json["sizes"] = lab::Json::array();
  for (const CharacteristicRow& row : all.rows) {
    lab::Json one{{"size", row.size}};
    one["value"] = row.value ? lab::Json(*row.value) : lab::Json();
    one["seconds_needed"] = row.seconds_needed ? lab::Json(*row.seconds_needed) : lab::Json();
    one["requests_needed"] = row.requests_needed ? lab::Json(*row.requests_needed) : lab::Json();
    one["cells"] = lab::Json::array();
    for (const CharacteristicCell& cell : row.cells) {
      one["cells"].push_back({{"runs", cell.runs},
                              {"red", cell.red},
                              {"requests", cell.requests},
                              {"interval", {cell.interval.low, cell.interval.high}}});
    }
    json["sizes"].push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

}  // namespace loader
