#include "tests/sweep/request_tally.h"

#include <bit>
#include <string_view>

#include "loader/metrics/metric_builtins.h"

namespace lab::test {
namespace {

void add_text(EventHash& hash, std::string_view text) { hash.add_bytes(text.data(), text.size()); }

}  // namespace

Result<void> TallyOutput::write(std::span<const loader::Sample> samples,
                                const loader::TagTable& tags) {
  for (const loader::Sample& sample : samples) {
    tally_->samples.add(sample.metric.index);
    tally_->samples.add(std::bit_cast<std::uint64_t>(sample.value));
    tally_->samples.add(static_cast<std::uint64_t>(sample.at.time_since_epoch().count()));
    for (const auto& [key, value] : tags.tags(sample.tags)) {
      add_text(tally_->samples, key);
      add_text(tally_->samples, value);
    }
    if (sample.metric != loader::BuiltinMetrics::http_reqs) continue;
    const std::string status(tags.find(sample.tags, "status").value_or("0"));
    ++tally_->statuses[static_cast<unsigned>(std::stoul(status))];
  }
  return {};
}

}  // namespace lab::test
