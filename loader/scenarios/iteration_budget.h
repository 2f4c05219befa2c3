// How many iterations are left to start in the load models that count them.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace loader {

/// Shared by all VUs (shared-iterations), of each VU (per-vu-iterations), or without a bound (the
/// others).
class IterationBudget {
 public:
  [[nodiscard]] static IterationBudget unlimited() { return IterationBudget(); }
  [[nodiscard]] static IterationBudget shared(std::uint64_t iterations) {
    IterationBudget budget;
    budget.is_limited_ = true;
    budget.left_ = {iterations};
    return budget;
  }
  [[nodiscard]] static IterationBudget per_vu(std::uint64_t vus, std::uint64_t iterations) {
    IterationBudget budget;
    budget.is_limited_ = true;
    budget.left_.assign(vus, iterations);
    return budget;
  }

  /// Takes one iteration for a VU of the scenario (numbered from 0); false if none is left for it.
  [[nodiscard]] bool take(std::size_t vu) {
    if (!is_limited_) return true;
    std::uint64_t& left = left_.size() == 1 ? left_.front() : left_.at(vu);
    if (left == 0) return false;
    --left;
    return true;
  }

  [[nodiscard]] bool is_limited() const { return is_limited_; }
  /// Iterations never started: k6 reports them as dropped_iterations when the time is up.
  [[nodiscard]] std::uint64_t left() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t of_vu : left_) sum += of_vu;
    return sum;
  }

 private:
  bool is_limited_ = false;
  std::vector<std::uint64_t> left_;
};

}  // namespace loader
