#include "loader/scenarios/shard.h"

#include <charconv>
#include <numeric>
#include <optional>
#include <string>

namespace loader {
namespace {

constexpr std::string_view kAuto = "auto";

lab::Error bad_shard(std::string_view text, const std::string& why) {
  return {{},
          "\"" + std::string(text) + "\" " + why +
              "; write 2/5 for the second of five, or auto/5 where Kubernetes or Slurm numbers "
              "the processes"};
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> number_of(const lab::EnvironmentLookup& environment,
                                       const char* name) {
  const auto text = environment(name);
  return text ? number_in(*text) : std::nullopt;
}

/// What whoever has started the processes says of them.
struct Numbered {
  std::optional<std::uint64_t> index;  ///< From 0.
  std::optional<std::uint64_t> count;
};

Numbered numbered(const lab::EnvironmentLookup& environment) {
  if (const auto index = number_of(environment, "JOB_COMPLETION_INDEX")) return {index, {}};
  const auto id = number_of(environment, "SLURM_ARRAY_TASK_ID");
  if (!id) return {};
  const std::uint64_t first = number_of(environment, "SLURM_ARRAY_TASK_MIN").value_or(0);
  const std::uint64_t step = number_of(environment, "SLURM_ARRAY_TASK_STEP").value_or(1);
  if (*id < first || step == 0) return {};
  return {(*id - first) / step, number_of(environment, "SLURM_ARRAY_TASK_COUNT")};
}

}  // namespace

lab::Result<Shard> parse_shard(std::string_view text, const lab::EnvironmentLookup& environment) {
  const std::size_t slash = text.find('/');
  const std::string_view which = text.substr(0, slash);
  std::optional<std::uint64_t> number = number_in(which);
  std::optional<std::uint64_t> of;
  if (slash != std::string_view::npos) of = number_in(text.substr(slash + 1));
  if (which == kAuto) {
    const Numbered process = numbered(environment);
    if (!process.index) {
      return bad_shard(text,
                       "needs a number in JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID, and there "
                       "is none");
    }
    number = *process.index + 1;
    if (slash == std::string_view::npos) of = process.count;
    if (!of) return bad_shard(text, "does not say of how many");
  }
  if (!number || !of) return bad_shard(text, "is no part of a number of parts");
  if (*of < 1 || *of > kShardsMax) {
    return bad_shard(text, "is out of range: there may be 1 to " + std::to_string(kShardsMax));
  }
  if (*number < 1 || *number > *of) {
    return bad_shard(text, "is out of range: of " + std::to_string(*of) + " there are 1 to " +
                               std::to_string(*of) + ", and this is " + std::to_string(*number));
  }
  return Shard{*number, *of};
}

std::vector<ExecutionSegment> equal_segments(std::uint64_t count) {
  const auto border = [count](std::uint64_t number) {
    const std::uint64_t divisor = std::gcd(number, count);
    return Rational{static_cast<std::int64_t>(number / divisor),
                    static_cast<std::int64_t>(count / divisor)};
  };
  std::vector<ExecutionSegment> segments;
  for (std::uint64_t i = 0; i < count; ++i) segments.push_back({border(i), border(i + 1)});
  return segments;
}

}  // namespace loader
