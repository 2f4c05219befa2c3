#include "tests/sweep/request_tally.h"

#include <bit>
#include <string_view>
#include <utility>

#include "loader/metrics/metric_builtins.h"

namespace lab::test {
namespace {

void add_text(EventHash& hash, std::string_view text) { hash.add_bytes(text.data(), text.size()); }

}  // namespace

Result<void> TallyOutput::write(std::shared_ptr<const loader::SamplePiece> piece) {
  for (loader::TagTexts& tags : piece->numbers->from(sets_.size())) {
    sets_.push_back(std::move(tags));
  }
  for (const loader::HandedSample& sample : piece->samples) {
    tally_->samples.add(sample.metric.index);
    tally_->samples.add(std::bit_cast<std::uint64_t>(sample.value));
    tally_->samples.add(static_cast<std::uint64_t>(sample.at.time_since_epoch().count()));
    std::string status = "0";
    for (const auto& [key, value] : sets_[sample.tags]) {
      add_text(tally_->samples, key);
      add_text(tally_->samples, value);
      if (key == "status") status = value;
    }
    if (sample.metric != loader::BuiltinMetrics::http_reqs) continue;
    ++tally_->statuses[static_cast<unsigned>(std::stoul(status))];
  }
  return {};
}

}  // namespace lab::test
