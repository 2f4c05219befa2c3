// In place of script.cpp where the build has no script engine (-DLAB_SCRIPTS=OFF).
#include "loader/script/script.h"
#include "loader/script/script_interrupt.h"
#include "loader/script/script_program.h"

namespace loader {

Script::Script() = default;
Script::~Script() = default;

boost::system::result<std::shared_ptr<const Script>, ScriptFailure> Script::discover(
    const ScriptText&, ScriptDiscovery) {
  return ScriptFailure{
      ScriptFailure::Kind::invalid,
      "this loader was built without an engine for k6 scripts (-DLAB_SCRIPTS=OFF) and runs suites "
      "only; for scripts build it with -DLAB_SCRIPTS=ON, after scripts/install_packages build"};
}

// Nobody has a Script to ask.
const std::string& Script::options() const { return program_->options; }
bool Script::exports(std::string_view) const { return false; }
const MetricRegistry& Script::registry() const { return program_->registry; }
const std::string& Script::main_url() const { return program_->options; }
std::vector<ScriptFile> Script::files() const { return {}; }
std::unique_ptr<ScriptUsers> Script::make_users(RunContext&, ScriptRunSettings) const {
  return nullptr;
}

std::uint64_t script_vus_max() { return 0; }
void expect_script_vus(std::uint64_t) {}
void set_script_interrupt(bool (*)()) {}

}  // namespace loader
