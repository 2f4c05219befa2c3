// --dashboard: the report of a run in a browser while it goes on, from a thread of its own, so that
// who looks does not slow the load.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "loader/summary/summary_data.h"
#include "shared/base/error.h"

namespace loader {

class Dashboard {
 public:
  /// Makes the page of a summary; called on the dashboard's thread.
  using Render = std::function<std::string(const SummaryData&)>;

  /// What an address to listen on is like, ADDRESS:PORT; the Error says so.
  [[nodiscard]] static lab::Result<void> check_address(std::string_view address);
  /// Starts the thread. The Error says why it can't listen there.
  [[nodiscard]] static lab::Result<std::unique_ptr<Dashboard>> open(std::string_view address,
                                                                    const std::string& suite,
                                                                    Render render);
  /// Without finish(), pages are cut off.
  ~Dashboard();
  Dashboard(const Dashboard&) = delete;
  Dashboard& operator=(const Dashboard&) = delete;

  // Any thread may call these.
  /// True if somebody would see a newer summary: nobody else needs one made.
  [[nodiscard]] bool is_followed() const;
  /// What there is so far. Of several that come while a page is made the last one counts.
  void show(SummaryData summary);

  /// What came of the run, for the pages that are open; the last call. Takes a few seconds at most.
  void finish(SummaryData summary);
  /// Only this machine can reach it.
  [[nodiscard]] bool is_private() const;
  /// Whether it was left to the system where it listens.
  [[nodiscard]] bool has_chosen_port() const;
  /// "dashboard (http://127.0.0.1:5665)"
  [[nodiscard]] std::string description() const;

 private:
  struct State;
  explicit Dashboard(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace loader
