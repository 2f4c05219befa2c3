// mockgw's flags, and the same from the environment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mockgw/config/gateway_config.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"
#include "shared/runtime/tls.h"

namespace mockgw {

/// More threads than this is a typing error.
inline constexpr unsigned kThreadsMax = 256;

struct CommandLine {
  std::string file;  ///< Empty: the embedded healthy gateway.
  ConfigOverrides overrides;
  std::optional<lab::TlsIdentity> tls{};  ///< Given: HTTPS.
  unsigned threads = 1;
  std::string log_level = "info";
  bool check = false;
  bool print_config = false;       ///< What differs from the defaults.
  bool print_full_config = false;  ///< Every key.
  std::string completion{};        ///< For a shell, to be printed; empty: not asked for.
  bool version = false;
  bool help = false;
};

/// `arguments` are those after the program's name. Flags win over MOCKGW_<NAME>. The error says
/// which flag or variable is wrong and what it takes.
[[nodiscard]] lab::Result<CommandLine> parse_command_line(
    const std::vector<std::string>& arguments, const lab::EnvironmentLookup& environment);
/// The text of --help.
[[nodiscard]] std::string usage();

}  // namespace mockgw
