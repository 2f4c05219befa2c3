#include "loader/prove/suite_habits.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "loader/scenarios/execution_plan.h"
#include "shared/base/overloaded.h"

namespace loader {
namespace {

// In a shorter one a window has too few requests, or is nearly all of it.
constexpr lab::Duration kWindowedMin = std::chrono::minutes(3);

class Observer {
 public:
  explicit Observer(SuiteHabits& habits) : habits_(habits) {}

  void see(const std::vector<Step>& steps) {
    for (const Step& step : steps) see(step);
  }

 private:
  void see(const Step& step) {
    std::visit(lab::Overloaded{
                   [this, &step](const ChatStep& chat) { see(step, chat); },
                   [this, &step](const HttpStep& http) { see(step, http); },
                   [this](const GroupStep& group) { see(group.steps); },
                   [this](const RepeatStep& repeat) { see(repeat.steps); },
                   [this](const PickStep& pick) {
                     for (const PickStep::Branch& branch : pick.branches) see(branch.steps);
                   },
                   [](const SleepStep&) {},
                   [](const AbortStep&) {},
               },
               step.action);
  }
  void see(const Step& step, const ChatStep& chat) {
    (chat.stream ? habits_.streams : habits_.buffers) = true;
    for (const ChatStep::Model& model : chat.models) {
      const auto same = std::find(habits_.models.begin(), habits_.models.end(), model.name);
      if (same == habits_.models.end()) habits_.models.push_back(model.name);
    }
    habits_.timeout_max = std::max(habits_.timeout_max, step.timeout);
  }
  void see(const Step& step, const HttpStep& http) {
    const std::string_view path = http.path;
    if (path.ends_with("/health")) habits_.asks_health = true;
    if (path.ends_with("/models")) habits_.lists_models = true;
    habits_.timeout_max = std::max(habits_.timeout_max, step.timeout);
  }

  SuiteHabits& habits_;
};

bool meets(MutantNeed need, const SuiteHabits& habits) {
  switch (need) {
    case MutantNeed::streams:
      return habits.streams;
    case MutantNeed::buffered:
      return habits.buffers;
    case MutantNeed::health:
      return habits.asks_health;
    case MutantNeed::models:
      return habits.lists_models;
    case MutantNeed::several_models:
      return habits.models.size() > 1;
    case MutantNeed::several_vus:
      return habits.vus_max > 1;
  }
  return true;
}

std::string_view lack_of(MutantNeed need) {
  switch (need) {
    case MutantNeed::streams:
      return "asks for no stream";
    case MutantNeed::buffered:
      return "asks for streams only";
    case MutantNeed::health:
      return "does not ask for /health";
    case MutantNeed::models:
      return "does not ask for /v1/models";
    case MutantNeed::several_models:
      return "asks for one model only";
    case MutantNeed::several_vus:
      return "has one request under way at a time";
  }
  return {};
}

}  // namespace

SuiteHabits habits_of(const Suite& suite) {
  SuiteHabits habits;
  Observer observer(habits);
  for (const ScenarioFlow& each : suite.scenarios) {
    observer.see(each.flow.steps);
    habits.duration =
        std::max(habits.duration, each.scenario.start_time + regular_duration(each.scenario.model));
  }
  habits.vus_max = plan_execution(suite.options.scenarios, ExecutionShare()).vus_max;
  return habits;
}

std::optional<std::string> why_not_asked(const MutantFamily& family, MutantWindow window,
                                         const SuiteHabits& habits) {
  for (const MutantNeed need : family.needs) {
    if (!meets(need, habits)) return "the suite " + std::string(lack_of(need));
  }
  if (family.gateway->is_null() && family.network->is_null()) return "the family changes nothing";
  const lab::Duration least = window != MutantWindow::whole
                                  ? std::max(kWindowedMin, family.duration_min)
                                  : family.duration_min;
  if (habits.duration < least) {
    return "the suite is shorter than " + lab::format_duration(least);
  }
  if (habits.requests < static_cast<double>(family.requests_min)) {
    return "the suite makes fewer than " + std::to_string(family.requests_min) + " requests";
  }
  return std::nullopt;
}

}  // namespace loader
