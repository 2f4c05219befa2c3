// A run file: whatever is read can be merged, and is written as it was read.
#include <cstdint>
#include <string>

#include "loader/merge/merge.h"
#include "loader/merge/run_file.h"
#include "tests/fuzz/fuzz.h"

namespace loader {
namespace {

// A year's ticks are no input's work.
bool is_merged_soon(const RunFile& file) {
  constexpr std::uint64_t kTicksMax = 10'000;
  std::uint64_t ticks = 0;
  for (const TickStretch& stretch : file.ticks) ticks += stretch.ticks;
  return ticks <= kTicksMax;
}

void check_read(const RunFile& file) {
  const std::string text = run_file_text(file);
  const auto again = read_run_file(text, "again.json");
  assert(again && run_file_text(*again) == text);
  assert(differences(file.run, again->run).empty());
  if (!is_merged_soon(file)) return;
  const auto merged = merge_shards({{"a.json", file}, {"b.json", *again}}, {}, {});
  assert(merged && merged->exit_code == ExitCode::incomplete);
}

}  // namespace
}  // namespace loader

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loader;
  const std::string name = "run.json";
  const auto file = read_run_file(lab::fuzz::text_of(data, size), name);
  if (file) {
    check_read(*file);
  } else {
    lab::fuzz::check_refusal(file.error(), name);
  }
  return 0;
}
