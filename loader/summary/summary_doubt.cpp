#include "loader/summary/summary_doubt.h"

namespace loader {

DoubtFinding dropped_samples_finding(const std::string& output, std::uint64_t dropped,
                                     std::uint64_t taken) {
  return {.kind = "output",
          .text = output + " dropped " + std::to_string(dropped) + " of " + std::to_string(taken) +
                  " samples",
          .details = {"what it shows is not the whole run; summary and thresholds have all of it"}};
}

std::vector<std::string> doubt_lines(const SelfDoubt& doubt) {
  std::vector<std::string> lines;
  for (const DoubtFinding& finding : doubt.findings) {
    lines.push_back(finding.text);
    for (const std::string& detail : finding.details) lines.push_back("  " + detail);
  }
  if (doubt.verdicts.empty()) return lines;
  lines.emplace_back("verdicts that hang on it:");
  for (const DoubtfulVerdict& verdict : doubt.verdicts) lines.push_back("  " + verdict.text);
  return lines;
}

}  // namespace loader
