// The catalogue of prove: ways in which a gateway goes wrong, each with a size, as data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/json_reader.h"
#include "shared/base/owned_json.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace loader {

/// How the sizes of a family lie between its mildest and its most severe one.
enum class SizeScale : std::uint8_t { linear, logarithmic };

/// What a suite must do for a family to mean anything to it.
enum class MutantNeed : std::uint8_t {
  streams,         ///< Asks for a stream somewhere.
  buffered,        ///< Asks for an answer in one piece somewhere.
  health,          ///< Asks for /health.
  models,          ///< Asks for /v1/models.
  several_models,  ///< Asks for more than one model.
  several_vus,     ///< Has more than one request under way at once.
};

/// When it goes wrong.
enum class MutantWindow : std::uint8_t { whole, last_third, middle_minute };

/// A window in which a family is tried as well, and the reference size there.
struct FamilyWindow {
  MutantWindow during = MutantWindow::last_third;
  double reference = 0;
};

/// One way of going wrong.
struct MutantFamily {
  std::string name;
  std::string breaks;  ///< One sentence: what it is in production.
  /// Merged into the gateway file and the network; see mutant.h for what stands for the size.
  lab::OwnedJson gateway;
  lab::OwnedJson network;
  /// The mildest and the most severe size, in this order; empty: it is there or it is not.
  std::vector<double> range;
  SizeScale scale = SizeScale::linear;
  std::string unit;       ///< "%", "s", "x"; with its blank, if it has one.
  bool is_whole = false;  ///< Sizes are whole numbers.
  double reference = 0;   ///< The size at which a careful team would want to know.
  lab::Duration duration_min{};
  std::uint64_t requests_min = 0;
  std::vector<MutantNeed> needs;
  std::vector<FamilyWindow> windows;  ///< Besides the whole run.

  [[nodiscard]] bool has_size() const { return !range.empty(); }
  /// From 0 (the mildest) to 1 (the most severe), and back. The size is rounded to what people
  /// read: four digits, or whole.
  [[nodiscard]] double position_of(double size) const;
  [[nodiscard]] double size_at(double position) const;
  /// The position at which so much (0..1) of the way between the sizes of two others is done.
  [[nodiscard]] double position_between(double low, double high, double share) const;
  /// "20%", "1.5s".
  [[nodiscard]] std::string size_text(double size) const;

 private:
  [[nodiscard]] double exact_size_at(double position) const;
};

void fields(lab::Fields& f, FamilyWindow& c);
void fields(lab::Fields& f, MutantFamily& c);
void check(const lab::JsonValue& value, MutantFamily& family);
/// Of a file of families.
[[nodiscard]] lab::Json mutants_schema(lab::SchemaPrinter& printer);

/// "whole-run", "last-third", "middle-minute".
[[nodiscard]] std::string_view to_string(MutantWindow window);

/// The families of a file's text, {"families": […]}. The Error lists all problems.
[[nodiscard]] lab::Result<std::vector<MutantFamily>> read_mutant_families(std::string_view text,
                                                                          const std::string& file);
/// The built-in ones, by the names of their files, as written in each.
[[nodiscard]] const std::vector<MutantFamily>& builtin_mutant_families();
/// The built-in ones with those of `own` in the place of their namesakes, the others after them.
[[nodiscard]] std::vector<MutantFamily> with_own_families(std::vector<MutantFamily> own);

}  // namespace loader
