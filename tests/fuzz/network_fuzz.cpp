// A network file: read, and what the model that it gives does to bytes.
#include "shared/base/json.h"
#include "shared/base/json_reader.h"
#include "shared/sim/network_model.h"
#include "tests/fuzz/fuzz.h"

namespace lab::fuzz {
namespace {

void check(const NetworkModel& model) {
  Rng rng(1);
  for (const TimePoint sent : {TimePoint(), TimePoint(std::chrono::hours(1)), kNoDeadline}) {
    for (int i = 0; i < 4; ++i) assert(model.arrival(sent, rng) >= sent);
  }
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 30}) {
    assert(model.transmission(bytes) >= Duration::zero());
  }
  for (std::size_t i = 1; i < model.partitions.size(); ++i) {
    assert(model.partitions[i].from > model.partitions[i - 1].until);
  }
  assert(model.window_bytes > 0);
}

}  // namespace
}  // namespace lab::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab;
  const auto json = parse_json(fuzz::text_of(data, size), "network.json");
  if (!json) {
    fuzz::check_refusal(json.error(), "network.json");
    return 0;
  }
  JsonProblems problems("network.json");
  const NetworkModel model = read_network_model(JsonValue(*json, "", problems));
  if (problems.empty()) {
    fuzz::check(model);
  } else {
    fuzz::check_refusal({{}, problems.to_string()}, "network.json");
  }
  return 0;
}
