// The seed sweep: many random suites, gateways and networks in virtual time, and the invariants
// that must hold in all.
//   sweep COUNT [FIRST]   runs the seeds FIRST (1) to FIRST + COUNT - 1; exit code 1 if one broke
//   an invariant.
#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

#include "tests/sweep/sweep_case.h"

namespace {

using lab::test::run_sweep_case;
using lab::test::SweepOutcome;

// Every so many seeds one is run twice and compared byte for byte.
constexpr std::uint64_t kTwiceEvery = 10;

bool parse(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

SweepOutcome run_seed(std::uint64_t seed) {
  try {
    SweepOutcome outcome = run_sweep_case(seed);
    if (seed % kTwiceEvery == 0 && run_sweep_case(seed).bytes != outcome.bytes) {
      outcome.broken.emplace_back("two runs of this seed wrote different bytes");
    }
    return outcome;
  } catch (const std::exception& e) {
    return {{std::string("an exception: ") + e.what()}, {}, 0};
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
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const SweepOutcome outcome = run_seed(seed);
    requests += outcome.requests;
    if (outcome.broken.empty()) continue;
    ++failed;
    for (const std::string& sentence : outcome.broken) {
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), sentence.c_str());
    }
    std::printf("  replay: sweep 1 %llu\n", static_cast<unsigned long long>(seed));
  }
  std::printf("%llu seeds, %llu requests, %llu failed\n", static_cast<unsigned long long>(count),
              static_cast<unsigned long long>(requests), static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
