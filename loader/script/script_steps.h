// The steps of a script: a flow has its steps before the run, a script's requests become some as
// they are met. Those that are alike share one, which tags are found by.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "loader/flow/flow.h"
#include "loader/flow/run_context.h"
#include "loader/http/error_code.h"
#include "loader/http/url.h"
#include "loader/script/script_request.h"
#include "shared/base/error.h"

namespace loader {

struct ScriptStep {
  Step step;
  StepTarget target;
  RequestError problem{};  ///< Why its URL can't be asked, in Go's words; code 0: it can.
};

/// One a thread.
class ScriptSteps {
 public:
  /// A script that makes up URLs without end must not eat the memory: beyond so many different
  /// steps, further ones have the name kFurther and no tags of their own.
  static constexpr std::size_t kStepsMax = 20'000;
  static constexpr std::string_view kFurther = "(further URLs)";

  /// That of `request`, valid until the next call. With `gateway`, requests go there, whatever host
  /// the URL names. The Error is of what is no URL.
  [[nodiscard]] lab::Result<const ScriptStep*> find(const ScriptRequest& request,
                                                    const Url* gateway);
  [[nodiscard]] bool is_full() const { return steps_.size() >= kStepsMax; }

 private:
  void make_key(const ScriptRequest& request);

  std::deque<ScriptStep> steps_;
  std::unordered_map<std::string, const ScriptStep*> known_;
  std::string key_;     ///< Kept for its memory.
  ScriptStep further_;  ///< The last one beyond kStepsMax.
};

}  // namespace loader
