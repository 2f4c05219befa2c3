#include "mockgw/chat/definition_check.h"

#include <string>
#include <utility>
#include <vector>

#include "mockgw/chat/strict_schema.h"
#include "shared/base/json.h"
#include "shared/protocol/openai_checks.h"

namespace mockgw {
namespace {

using lab::FoundProblem;
using lab::RequestProblem;

FoundProblem check_parameters(const lab::ChatTool& tool, std::string param) {
  if (!tool.parameters->is_object()) return std::nullopt;
  const std::string why =
      tool.strict ? strict_schema_problem(*tool.parameters) : open_schema_problem(*tool.parameters);
  if (why.empty()) return std::nullopt;
  return RequestProblem{.message = "Invalid schema for function '" + tool.name + "': " + why,
                        .param = std::move(param),
                        .code = "invalid_function_parameters"};
}

FoundProblem check_description(const lab::ChatTool& tool, std::string param) {
  constexpr std::size_t kLengthMax = 1024;
  if (tool.form == lab::CallForm::custom) return std::nullopt;
  return lab::check_length(std::move(param), tool.description, kLengthMax);
}

FoundProblem check_all(const std::vector<lab::ChatTool>& tools, const std::string& list) {
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const lab::ChatTool& tool = tools[i];
    std::string path = list + "[" + std::to_string(i) + "]";
    if (tool.form == lab::CallForm::tool) path += ".function";
    if (tool.form == lab::CallForm::custom) path += ".custom";
    if (auto found = lab::check_definition_name(path + ".name", tool.name)) return found;
    if (auto found = check_description(tool, path + ".description")) return found;
    if (auto found = check_parameters(tool, path + ".parameters")) return found;
  }
  return std::nullopt;
}

FoundProblem check_format(const lab::ResponseFormat& format) {
  if (format.kind != lab::ResponseFormat::Kind::json_schema) return std::nullopt;
  if (auto found = lab::check_definition_name("response_format.json_schema.name", format.name)) {
    return found;
  }
  if (!format.strict || !format.schema->is_object()) return std::nullopt;
  const std::string why = strict_schema_problem(*format.schema);
  if (why.empty()) return std::nullopt;
  return RequestProblem{
      .message = "Invalid schema for response_format '" + format.name + "': " + why,
      .param = "response_format"};
}

}  // namespace

FoundProblem check_definitions(const lab::ChatRequest& request) {
  if (auto found = check_all(request.tools, "tools")) return found;
  if (request.unusual) {
    if (auto found = check_all(request.unusual->functions, "functions")) return found;
  }
  return check_format(request.response_format);
}

}  // namespace mockgw
