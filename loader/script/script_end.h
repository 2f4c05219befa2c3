// A call of a script's function: what for, and how it ended.
#pragma once

#include <cstdint>
#include <string>

namespace loader {

/// What a script is doing, as the built-in modules know it.
enum class ScriptPhase : std::uint8_t { init, iteration, setup, teardown, summary };

struct ScriptEnd {
  enum class Kind : std::uint8_t {
    completed,
    exception,    ///< Thrown.
    rejection,    ///< Of a promise that nobody handles, such as that of an async function.
    interrupted,  ///< Cut by whoever runs it.
    aborted,      ///< By exec.test.abort().
    exhausted,    ///< It took more memory than it may have, or ran on and on without a pause.
  };
  Kind kind = Kind::completed;
  std::string text;  ///< For people: the stack trace, the reason.
};

}  // namespace loader
