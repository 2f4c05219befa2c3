#include "loader/prove/mutant_family.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "shared/base/embedded_files.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

constexpr std::pair<std::string_view, SizeScale> kScales[] = {
    {"linear", SizeScale::linear},
    {"log", SizeScale::logarithmic},
};
constexpr std::pair<std::string_view, MutantNeed> kNeeds[] = {
    {"streams", MutantNeed::streams},
    {"buffered", MutantNeed::buffered},
    {"health", MutantNeed::health},
    {"models", MutantNeed::models},
    {"several_models", MutantNeed::several_models},
    {"several_vus", MutantNeed::several_vus},
};
constexpr std::pair<std::string_view, MutantWindow> kWindows[] = {
    {"last-third", MutantWindow::last_third},
    {"middle-minute", MutantWindow::middle_minute},
};

std::string name_problem(const std::string& text) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  };
  const bool is_good =
      !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), is_plain);
  return is_good ? std::string()
                 : "takes letters, digits, \".\", \"_\" and \"-\", the first no \".\"";
}
constexpr lab::TextRules kNameText{.problem = name_problem,
                                   .pattern = "^[A-Za-z0-9_-][A-Za-z0-9._-]*$"};

std::string control_problem(const std::string& text) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  return std::any_of(text.begin(), text.end(), is_control) ? "takes no control characters"
                                                           : std::string();
}
constexpr lab::TextRules kPrintable{.problem = control_problem};

// Whether a family's patch has a place for its size.
bool mentions_size(const MutantFamily& family) {
  const std::string patch = family.gateway->dump() + family.network->dump();
  constexpr std::string_view kBlanks[]{"<size>", "<fraction>", "<middle>", "<share>"};
  return std::any_of(std::begin(kBlanks), std::end(kBlanks), [&patch](std::string_view blank) {
    return patch.find(blank) != std::string::npos;
  });
}

struct FamilyFile {
  std::vector<MutantFamily> families;
};

void fields(lab::Fields& f, FamilyFile& c) {
  f.ignored({"$schema", "Names this schema, for editors."});
  f.require("families", c.families, "Ways of going wrong.");
}

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  // Not 1e+05.
  if (std::string_view(text).find('e') != std::string_view::npos) {
    std::snprintf(text, sizeof text, "%.0f", std::strtod(text, nullptr));
  }
  return text;
}

}  // namespace

void fields(lab::Fields& f, FamilyWindow& c) {
  f.require("during", c.during, kWindows, "The last third of the run, or a minute in its middle.");
  f.require("reference", c.reference, "The reference size there.");
}

void fields(lab::Fields& f, MutantFamily& c) {
  f.require("name", c.name, kNameText,
            "Unique: letters, digits, \".\", \"_\" and \"-\"; a family of one's own replaces a "
            "built-in one of its name.");
  f.require("breaks", c.breaks, kPrintable, "One sentence: what it is in production.");
  f("gateway", c.gateway,
    lab::Says("Merged into the gateway file; lists are added to. \"<size>\" stands for the size.")
        .such_as(
            R"({"faults":[{"match":{"percent":"<size>"},"fault":{"kind":"empty_content"}}]})"));
  f("network", c.network,
    lab::Says("The same for the network file.").such_as(R"({"connect_failures":"<size>"})"));
  f("range", c.range,
    lab::Says("The mildest and the most severe size; without it the family has no size.")
        .such_as("[1,100]"));
  f("scale", c.scale, kScales, "How sizes lie between these.");
  f("unit", c.unit, kPrintable, "Follows the size in reports.");
  f("whole", c.is_whole, "Sizes are whole numbers.");
  f("reference", c.reference, "The size at which a careful team would want to know.");
  f("duration_min", c.duration_min, "Shorter suites are not asked to notice it.");
  f("requests_min", c.requests_min, "Nor are those that make fewer requests.");
  f("needs", c.needs, kNeeds, "What a suite must do to be asked.");
  f("windows", c.windows, "Tried during these alone as well.");
}

void check(const lab::JsonValue& value, MutantFamily& family) {
  if (family.range.empty()) {
    if (mentions_size(family))
      value.problem("a patch with \"<size>\" in it takes a range of sizes");
    return;
  }
  const double mild = family.range.front();
  const double severe = family.range.back();
  if (family.range.size() != 2 || mild == severe) {
    value.problem("range takes two different numbers, the mildest and the most severe size");
    family.range.clear();
    return;
  }
  if (family.scale == SizeScale::logarithmic && (mild <= 0 || severe <= 0)) {
    value.problem("a range of scale log takes numbers above 0");
    family.range.clear();
    return;
  }
  const auto [low, high] = std::minmax(mild, severe);
  const auto is_outside = [least = low, most = high](double size) {
    return size < least || size > most;
  };
  const bool is_window_outside =
      std::any_of(family.windows.begin(), family.windows.end(),
                  [&](const FamilyWindow& window) { return is_outside(window.reference); });
  if (is_outside(family.reference) || is_window_outside) {
    value.problem("reference must be a size within range");
  }
  if (!mentions_size(family)) {
    value.problem("a family with a range has \"<size>\" somewhere in its patch");
  }
}

lab::Json mutants_schema(lab::SchemaPrinter& printer) {
  const FamilyFile defaults;
  return lab::StructType::of<FamilyFile>().schema(printer, &defaults);
}

std::string_view to_string(MutantWindow window) {
  for (const auto& [word, each] : kWindows) {
    if (each == window) return word;
  }
  return "whole-run";
}

double MutantFamily::position_of(double size) const {
  if (!has_size()) return 1;
  const double mild = range.front();
  const double severe = range.back();
  if (scale == SizeScale::linear) return (size - mild) / (severe - mild);
  return std::log(size / mild) / std::log(severe / mild);
}

double MutantFamily::exact_size_at(double position) const {
  const double mild = range.front();
  const double severe = range.back();
  return scale == SizeScale::linear ? mild + position * (severe - mild)
                                    : mild * std::exp(position * std::log(severe / mild));
}

double MutantFamily::size_at(double position) const {
  if (!has_size()) return 0;
  const double size = exact_size_at(position);
  return is_whole ? std::round(size) : std::strtod(rounded(size).c_str(), nullptr);
}

double MutantFamily::position_between(double low, double high, double share) const {
  if (!has_size()) return low + share * (high - low);
  const double from = exact_size_at(low);
  return position_of(from + share * (exact_size_at(high) - from));
}

std::string MutantFamily::size_text(double size) const {
  return has_size() ? rounded(size) + unit : std::string();
}

lab::Result<std::vector<MutantFamily>> read_mutant_families(std::string_view text,
                                                            const std::string& file) {
  const auto json = lab::parse_json(text, file);
  if (!json) return json.error();
  lab::JsonProblems problems(file);
  FamilyFile read;
  lab::read_fields(lab::JsonValue(*json, "", problems), read);
  for (std::size_t i = 0; i < read.families.size(); ++i) {
    const auto same = [&](const MutantFamily& each) { return each.name == read.families[i].name; };
    if (std::any_of(read.families.begin(), read.families.begin() + static_cast<std::ptrdiff_t>(i),
                    same)) {
      problems.add("families[" + std::to_string(i) + "].name",
                   "\"" + read.families[i].name + "\" is taken by a family before");
    }
  }
  if (!problems.empty()) return lab::Error{{}, problems.to_string()};
  return std::move(read.families);
}

const std::vector<MutantFamily>& builtin_mutant_families() {
  static const std::vector<MutantFamily> families = [] {
    std::vector<MutantFamily> all;
    for (const std::string_view path : lab::embedded_files("mutants")) {
      auto some = read_mutant_families(*lab::embedded_file(path), std::string(path)).value();
      std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
  }();
  return families;
}

std::vector<MutantFamily> with_own_families(std::vector<MutantFamily> own) {
  std::vector<MutantFamily> all = builtin_mutant_families();
  for (MutantFamily& each : own) {
    const auto same = std::find_if(all.begin(), all.end(), [&each](const MutantFamily& family) {
      return family.name == each.name;
    });
    if (same != all.end()) {
      *same = std::move(each);
    } else {
      all.push_back(std::move(each));
    }
  }
  return all;
}

}  // namespace loader
