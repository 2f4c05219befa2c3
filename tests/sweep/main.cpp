// The seed sweep: many random suites, gateways and networks in virtual time, and the invariants
// that must hold in all.
//   sweep COUNT [FIRST]   runs the seeds FIRST (1) to FIRST + COUNT - 1; exit code 1 if one broke
//   an invariant. Each seed runs twice, and must write the same bytes.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>

#include "tests/sweep/sweep_case.h"

// Of compiler-rt; null in a build without sanitizers.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

using lab::test::run_sweep_case;
using lab::test::SweepOutcome;

// No case takes a second; one that takes this long hangs in a loop that no bound sees.
constexpr unsigned kSecondsMax = 120;

// The command that runs the present seed alone, for whoever ends this process in the middle of it:
// an assert, a signal, a sanitizer.
char replay_line[96];

void set_replay(std::uint64_t seed) {
  std::snprintf(replay_line, sizeof replay_line,
                "seed %llu ended the sweep; replay: scripts/sweep 1 %llu\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed));
}

// Async-signal-safe.
void show_replay() {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, replay_line, std::strlen(replay_line));
}

void on_signal(int number) {
  show_replay();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void show_replay_at_any_end() {
  for (const int number : {SIGABRT, SIGSEGV, SIGALRM, SIGINT, SIGTERM}) {
    std::signal(number, &on_signal);
  }
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(&show_replay);
}

bool parse(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

SweepOutcome run_seed(std::uint64_t seed) {
  try {
    SweepOutcome outcome = run_sweep_case(seed);
    if (run_sweep_case(seed).bytes != outcome.bytes) {
      outcome.broken.emplace_back("two runs of this seed wrote different bytes");
    }
    return outcome;
  } catch (const std::exception& e) {
    return {.broken = {std::string("an exception: ") + e.what()}, .bytes = {}};
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t count = 0;
  std::uint64_t first = 1;
  if (argc < 2 || argc > 3 || !parse(argv[1], count) || (argc == 3 && !parse(argv[2], first))) {
    std::fprintf(stderr, "usage: sweep COUNT [FIRST]\n");
    return 2;
  }
  std::uint64_t failed = 0;
  std::uint64_t requests = 0;
  std::uint64_t largest = 0;
  show_replay_at_any_end();
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    set_replay(seed);
    alarm(kSecondsMax);
    const SweepOutcome outcome = run_seed(seed);
    requests += outcome.requests;
    largest = std::max(largest, outcome.events);
    if (outcome.broken.empty()) continue;
    ++failed;
    for (const std::string& sentence : outcome.broken) {
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), sentence.c_str());
    }
    std::printf("  replay: scripts/sweep 1 %llu\n", static_cast<unsigned long long>(seed));
  }
  std::printf("%llu seeds, %llu requests, at most %llu events in one, %llu failed\n",
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(requests),
              static_cast<unsigned long long>(largest), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
