#include "loader/command/program_facts.h"

#include <algorithm>
#include <array>
#include <boost/algorithm/hex.hpp>
#include <filesystem>
#include <set>

#include "loader/command/script_variables.h"
#include "loader/script/crypto.h"

namespace loader {
namespace {

// Long enough that no two are alike by chance.
constexpr std::size_t kDigestBytes = 16;

// Variables that tell the parts apart by their nature, and the key, which says nothing of the load.
bool is_of_one_part(std::string_view variable) {
  constexpr std::array<std::string_view, 9> kOfOnePart{
      "API_KEY",  "HOSTNAME", "JOB_COMPLETION_INDEX", "NODE_NAME",          "POD_IP",
      "POD_NAME", "POD_UID",  "SLURMD_NODENAME",      "SLURM_ARRAY_TASK_ID"};
  return std::ranges::find(kOfOnePart, variable) != kOfOnePart.end();
}

// As it lies beside the main file: machines may have the whole in different folders. Of what comes
// from the network, no query and no user: they may be secret.
std::string shown_address(const std::string& url, const std::string& main_url) {
  constexpr std::string_view kFile = "file://";
  if (url.starts_with(kFile) && main_url.starts_with(kFile)) {
    const std::filesystem::path main = main_url.substr(kFile.size());
    return std::filesystem::path(url.substr(kFile.size()))
        .lexically_relative(main.parent_path())
        .string();
  }
  const std::string shown = url.substr(0, url.find_first_of("?#"));
  const std::size_t host = std::min(shown.find("://"), shown.size());
  const std::size_t user = shown.substr(0, shown.find('/', host + 3)).rfind('@');
  return user == std::string::npos ? shown : shown.substr(0, host) + "://" + shown.substr(user + 1);
}

std::set<std::string> variables_of_files(const std::vector<ScriptFile>& files) {
  std::set<std::string> names;
  for (const ScriptFile& file : files) names.merge(variables_of_script(file.text));
  return names;
}

void add_prompts(std::string& all, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (const auto* const chat = std::get_if<ChatStep>(&step.action)) {
      const auto* const list = chat->prompt ? std::get_if<PromptList>(&*chat->prompt) : nullptr;
      if (list == nullptr) continue;
      // They are escaped, so none has a line's end in it.
      for (const std::string& prompt : **list) all.append(prompt).append("\n");
    } else if (const auto* const group = std::get_if<GroupStep>(&step.action)) {
      add_prompts(all, group->steps);
    } else if (const auto* const repeat = std::get_if<RepeatStep>(&step.action)) {
      add_prompts(all, repeat->steps);
    } else if (const auto* const pick = std::get_if<PickStep>(&step.action)) {
      for (const PickStep::Branch& branch : pick->branches) add_prompts(all, branch.steps);
    }
  }
}

}  // namespace

std::string digest_of(std::string_view text) {
  return boost::algorithm::hex_lower(digest("sha256", text).value().substr(0, kDigestBytes));
}

void add_script_facts(Facts& facts, const Script& script, const RunCommand& command,
                      const RunEnvironment& environment) {
  const std::vector<ScriptFile> files = script.files();
  for (const ScriptFile& file : files) {
    // The suite's text.
    if (file.url == script.main_url()) continue;
    facts["the file " + shown_address(file.url, script.main_url())] += digest_of(file.text);
  }
  std::set<std::string> names = variables_of_files(files);
  for (const std::string& assignment : command.assignments) {
    names.insert(assignment.substr(0, assignment.find('=')));
  }
  // It stands over the variable, and is a fact already.
  if (command.url) names.erase("GATEWAY_URL");
  for (const std::string& name : names) {
    const auto found = environment.set_by_user.find(name);
    if (found == environment.set_by_user.end() || is_of_one_part(name)) continue;
    facts["the variable " + name] = digest_of(found->second);
  }
}

void add_prompt_facts(Facts& facts, const Suite& suite) {
  std::string all;
  for (const ScenarioFlow& scenario : suite.scenarios) add_prompts(all, scenario.flow.steps);
  if (suite.setup) add_prompts(all, suite.setup->steps);
  if (suite.teardown) add_prompts(all, suite.teardown->steps);
  facts["the prompts"] = digest_of(all);
}

}  // namespace loader
