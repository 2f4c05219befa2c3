#include "loader/prove/mutant.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "shared/base/embedded_files.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using lab::Json;

constexpr std::string_view kTimes = "times";

/// What the texts of a patch stand for.
class Blanks {
 public:
  Blanks(double size, const SuiteHabits& habits) {
    numbers_["<size>"] = size;
    numbers_["<fraction>"] = size / 100;
    numbers_["<middle>"] = std::max(0.0, std::floor((lab::to_seconds(habits.duration) - size) / 2));
    numbers_["<share>"] =
        std::max(1.0, std::round(static_cast<double>(habits.vus_max) * size / 100));
    if (!habits.models.empty()) model_ = habits.models.back();
  }

  [[nodiscard]] Json filled_in(const Json& patch) const {
    if (patch.is_string()) return filled_in(patch.get<std::string>());
    Json result = patch;
    if (patch.is_structured()) {
      for (Json& each : result) each = filled_in(Json(each));
    }
    return result;
  }

 private:
  [[nodiscard]] static Json number(double value) {
    const bool is_whole = value == std::floor(value) && std::abs(value) < 1e15;
    return is_whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
  }
  [[nodiscard]] Json filled_in(std::string text) const {
    for (const auto& [blank, value] : numbers_) {
      if (text == blank) return number(value);
      replace(text, blank, number(value).dump());
    }
    replace(text, "<model>", model_);
    return text;
  }
  static void replace(std::string& text, std::string_view blank, const std::string& by) {
    const std::size_t at = text.find(blank);
    if (at != std::string::npos) text.replace(at, blank.size(), by);
  }

  std::map<std::string, double, std::less<>> numbers_;
  std::string model_;
};

bool is_times(const Json& patch) {
  return patch.is_object() && patch.size() == 1 && patch.contains(kTimes);
}

// A distribution's durations or counts; weights and shapes are neither.
Json scaled(const Json& value, double factor) {
  if (value.is_number()) return value.get<double>() * factor;
  if (value.is_string()) {
    const auto duration = lab::parse_duration(value.get<std::string>());
    if (!duration) return value;
    return lab::format_duration(lab::from_seconds(lab::to_seconds(*duration) * factor));
  }
  Json result = value;
  if (!value.is_structured()) return result;
  for (auto item = result.begin(); item != result.end(); ++item) {
    const bool is_shape = value.is_object() && (item.key() == "weight" || item.key() == "alpha");
    if (!is_shape) *item = scaled(Json(*item), factor);
  }
  return result;
}

/// Puts patches over a gateway or network file.
class Merger {
 public:
  /// `fallback` is what the file leaves out.
  [[nodiscard]] Json merged(const Json& base, const Json& fallback, const Json& patch) {
    if (is_times(patch)) return times(base.is_null() ? fallback : base, patch[kTimes]);
    if (patch.is_array() && base.is_array()) {
      Json result = base;
      result.insert(result.end(), patch.begin(), patch.end());
      return result;
    }
    if (!patch.is_object()) return patch;
    Json result = base.is_object() ? base : Json::object();
    for (const auto& [key, value] : patch.items()) {
      result[key] = merged(member_of(base, key), member_of(fallback, key), value);
    }
    return result;
  }
  /// What is wrong with the patch; empty: nothing.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  static Json member_of(const Json& object, const std::string& key) {
    return object.is_object() && object.contains(key) ? object[key] : Json();
  }
  Json times(const Json& value, const Json& factor) {
    if (!factor.is_number()) {
      problem_ = "\"times\" takes a number, or \"<size>\"";
    } else if (value.is_null()) {
      problem_ = "\"times\" stands for a value that the gateway file does not have";
    }
    return problem_.empty() ? scaled(value, factor.get<double>()) : value;
  }

  std::string problem_;
};

const Json& default_gateway() {
  static const Json healthy =
      lab::parse_json(*lab::embedded_file("gateways/healthy.json"), "healthy.json").value();
  return healthy;
}

// From the window's beginning on, or for so long.
Json stretch(MutantWindow window, const SuiteHabits& habits) {
  const auto seconds = [](double value) {
    return lab::format_duration(lab::from_seconds(std::floor(value)));
  };
  const double whole = lab::to_seconds(habits.duration);
  if (window == MutantWindow::last_third) {
    return {{"name", "mutant"}, {"at", seconds(whole * 2 / 3)}};
  }
  return {{"name", "mutant"}, {"at", seconds(whole / 2 - 30)}, {"for", "60s"}};
}

Json in_window(const Json& sound, const Json& broken, const Json& patch, MutantWindow window,
               const SuiteHabits& habits) {
  if (window == MutantWindow::whole) return broken;
  Json phase = stretch(window, habits);
  for (const auto& [section, value] : patch.items()) phase["set"][section] = broken[section];
  Json result = sound;
  result["timeline"].push_back(std::move(phase));
  return result;
}

}  // namespace

lab::Result<MutantWorld> make_mutant(const SoundWorld& sound, const MutantFamily& family,
                                     MutantWindow window, double size, const SuiteHabits& habits) {
  const Blanks blanks(size, habits);
  MutantWorld world{sound.gateway, sound.network};
  Merger merger;
  if (!family.gateway->is_null()) {
    const Json patch = blanks.filled_in(*family.gateway);
    const Json broken = merger.merged(*sound.gateway, default_gateway(), patch);
    world.gateway = in_window(*sound.gateway, broken, patch, window, habits);
  }
  if (!family.network->is_null()) {
    world.network = merger.merged(*sound.network, Json(), blanks.filled_in(*family.network));
  }
  if (!merger.problem().empty()) return lab::Error{"family " + family.name, merger.problem()};
  return world;
}

GatewayText gateway_text(const MutantWorld& world, const std::string& file) {
  return {world.gateway->dump(), file, {}};
}

lab::Result<lab::NetworkModel> network_model(const MutantWorld& world, const std::string& file) {
  lab::JsonProblems problems(file);
  auto model = lab::read_network_model(lab::JsonValue(*world.network, "", problems));
  if (!problems.empty()) return lab::Error{{}, problems.to_string()};
  return model;
}

}  // namespace loader
