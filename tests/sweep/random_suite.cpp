#include "tests/sweep/random_suite.h"

#include <string>
#include <string_view>

#include "shared/base/json.h"

namespace lab::test {
namespace {

// Longer than anything takes.
constexpr std::string_view kPatience = "10m";

class SuiteDraw {
 public:
  SuiteDraw(Draw draw, bool is_patient) : draw_(draw), is_patient_(is_patient) {}

  Json suite() {
    Json scenarios = Json::object();
    for (std::int64_t i = draw_.between(1, 2); i > 0; --i) {
      scenarios["scenario_" + std::to_string(i)] = scenario();
    }
    Json thresholds = Json::array({"rate<0.5"});
    if (!is_patient_ && draw_.chance(0.3)) {
      thresholds.push_back({{"threshold", "rate<0.2"}, {"abortOnFail", true}});
    }
    Json suite{
        {"name", "sweep"},
        {"options", {{"scenarios", scenarios}, {"thresholds", {{"http_req_failed", thresholds}}}}},
        {"flows", {{"default", flow()}}}};
    if (draw_.chance(0.2)) suite["setup"] = Json::array({request()});
    if (draw_.chance(0.2)) suite["teardown"] = Json::array({request()});
    return suite;
  }

 private:
  Json wait(std::int64_t low, std::int64_t high) {
    const std::string drawn = draw_.milliseconds(low, high);
    return is_patient_ ? std::string(kPatience) : drawn;
  }

  Json stages() {
    Json stages = Json::array();
    for (std::int64_t i = draw_.between(1, 3); i > 0; --i) {
      stages.push_back(
          {{"duration", draw_.milliseconds(0, 4000)}, {"target", draw_.between(0, 6)}});
    }
    // A profile without any load is refused.
    stages.push_back({{"duration", "1s"}, {"target", draw_.between(1, 3)}});
    return stages;
  }

  Json scenario() {
    const std::string_view executor =
        draw_.one_of({"constant-vus", "ramping-vus", "shared-iterations", "per-vu-iterations",
                      "constant-arrival-rate", "ramping-arrival-rate", "poisson-arrival-rate",
                      "saturation-search"});
    Json scenario{{"executor", executor}, {"gracefulStop", wait(0, 3000)}};
    if (draw_.chance(0.3)) scenario["startTime"] = draw_.milliseconds(0, 2000);
    if (executor == "ramping-vus") {
      scenario["startVUs"] = draw_.between(0, 4);
      scenario["gracefulRampDown"] = wait(0, 1500);
      scenario["stages"] = stages();
    } else if (executor.ends_with("iterations")) {
      const std::int64_t vus = draw_.between(1, 4);
      scenario["vus"] = vus;
      scenario["iterations"] = draw_.between(vus, 20);
      scenario["maxDuration"] = draw_.milliseconds(1000, 8000);
    } else if (executor == "constant-vus") {
      scenario["vus"] = draw_.between(1, 5);
      scenario["duration"] = draw_.milliseconds(1000, 6000);
    } else {
      add_open_load(executor, scenario);
    }
    return scenario;
  }

  void add_open_load(std::string_view executor, Json& scenario) {
    scenario["preAllocatedVUs"] = draw_.between(1, 4);
    scenario["maxVUs"] = 6;
    if (executor == "ramping-arrival-rate") {
      scenario["startRate"] = draw_.between(0, 5);
      scenario["stages"] = stages();
    } else if (executor == "saturation-search") {
      scenario["startRate"] = draw_.between(1, 5);
      scenario["maxRate"] = draw_.between(6, 30);
      scenario["stepDuration"] = draw_.milliseconds(1000, 2000);
      scenario["thresholds"] = {{"http_req_failed", {"rate<0.3"}}};
    } else {
      scenario["rate"] = draw_.between(1, 20);
      scenario["duration"] = draw_.milliseconds(1000, 5000);
    }
  }

  Json chat() {
    Json chat{{"prompt", draw_.one_of({"Hello", "What is the capital of Portugal?", ""})},
              {"max_tokens", draw_.between(1, 40)},
              {"stream", draw_.chance(0.5)}};
    if (chat["stream"].get<bool>() && draw_.chance(0.5)) chat["include_usage"] = true;
    Json step{{"chat", chat}, {"timeout", wait(50, 4000)}};
    if (draw_.chance(0.4)) step["retry"] = {{"attempts", draw_.between(2, 4)}};
    if (draw_.chance(0.5)) step["checks"] = {{"status is 200", {{"status", 200}}}};
    return step;
  }

  Json request() {
    if (!draw_.chance(0.2)) return chat();
    return {{"http", {{"path", draw_.one_of({"/health", "/v1/models", "/nowhere"})}}},
            {"timeout", wait(50, 4000)}};
  }

  Json step() {
    if (draw_.chance(0.7)) return request();
    const Json steps = Json::array({request()});
    const std::string_view kind = draw_.one_of({"group", "repeat", "pick"});
    if (kind == "group") return {{"group", {{"name", "group"}, {"steps", steps}}}};
    if (kind == "repeat") return {{"repeat", {{"times", draw_.between(1, 3)}, {"steps", steps}}}};
    const Json other{{"weight", draw_.between(1, 3)}, {"steps", Json::array({request()})}};
    return {{"pick", Json::array({Json{{"steps", steps}}, other})}};
  }

  Json flow() {
    Json steps = Json::array();
    for (std::int64_t i = draw_.between(1, 3); i > 0; --i) steps.push_back(step());
    // Always some think time: with an instant gateway a loop without one would not let time move.
    steps.push_back({{"sleep", draw_.milliseconds(10, 1200)}});
    return steps;
  }

  Draw draw_;
  bool is_patient_;
};

}  // namespace

Json random_suite(Draw draw, bool is_patient) { return SuiteDraw(draw, is_patient).suite(); }

}  // namespace lab::test
