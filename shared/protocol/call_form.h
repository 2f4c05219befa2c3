// The three forms in which a chat answer calls what its request offers.
#pragma once

#include <cstdint>

namespace lab {

enum class CallForm : std::uint8_t {
  tool,      ///< An element of tool_calls, of type function: JSON arguments.
  custom,    ///< An element of tool_calls, of type custom: free text as input.
  function,  ///< The older function_call: one a choice, without an id.
};

}  // namespace lab
