#include "loader/flow/text_template.h"

#include <utility>
#include <vector>

#include "shared/base/json_reader.h"

namespace loader {
namespace {

lab::Error unknown_name(std::string_view name, const Environment& environment) {
  std::vector<std::string_view> names;
  for (const auto& [known, value] : environment) names.push_back(known);
  std::string what = "${" + std::string(name) + "} is not set; set it with -e " +
                     std::string(name) + "=VALUE or in the environment";
  if (const auto close = lab::nearest(name, names)) {
    what += " (did you mean ${" + std::string(*close) + "}?)";
  }
  return {{}, what};
}

}  // namespace

lab::Result<std::string> expand(std::string_view text, const Environment& environment) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const std::size_t dollar = text.find("${");
    if (dollar == std::string_view::npos) break;
    out += text.substr(0, dollar);
    if (out.ends_with('$')) {
      // "$${" is an escaped "${".
      out.back() = '$';
      out += '{';
      text.remove_prefix(dollar + 2);
      continue;
    }
    const std::size_t brace = text.find('}', dollar);
    if (brace == std::string_view::npos) {
      return lab::Error{{}, "\"${\" without a closing brace; write \"$${\" for a literal one"};
    }
    const std::string_view name = text.substr(dollar + 2, brace - dollar - 2);
    const auto found = environment.find(name);
    if (found == environment.end()) return unknown_name(name, environment);
    out += found->second;
    text.remove_prefix(brace + 1);
  }
  out += text;
  return lab::Result<std::string>(boost::system::in_place_value, std::move(out));
}

}  // namespace loader
