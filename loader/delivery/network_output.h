// An output over the network: a thread of its own makes batches of what the load's threads hand
// over, and sends them until they have arrived.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loader/delivery/delivery_target.h"
#include "loader/delivery/output_context.h"
#include "loader/outputs/sample_output.h"

namespace loader {

/// A server that is slow or away never slows the load: what does not fit into the queue is dropped
/// and counted. In virtual time the run waits instead, until nothing has arrived for kPatience.
class NetworkOutput final : public SampleOutput {
 public:
  /// Of one request, until its answer is whole.
  static constexpr lab::Duration kRequestTimeout = std::chrono::seconds(10);
  /// What finish() gives a server that takes nothing.
  static constexpr lab::Duration kPatience = std::chrono::seconds(10);
  /// What it takes at most.
  static constexpr lab::Duration kFinishMax = std::chrono::seconds(60);
  /// So many may wait; some 30 bytes each. Where the run waits fewer will do.
  static constexpr std::size_t kSamplesMax = 2'000'000;
  static constexpr std::size_t kSamplesMaxOfWaiting = 65'536;

  /// Starts the thread.
  NetworkOutput(NetworkOutputPlan plan, const OutputContext& context);
  /// Without finish(), what is not sent is lost.
  ~NetworkOutput() override;

  [[nodiscard]] std::string description() const override;
  lab::Result<void> write(std::shared_ptr<const SamplePiece> piece) override;
  lab::Result<void> flush() override { return {}; }
  void close() override;
  [[nodiscard]] bool ends_within(lab::Duration patience) override;
  /// Sends what was taken, within kFinishMax. Never an Error: a metrics server that is away does
  /// not make a run a failure. What was not taken is among the warnings.
  lab::Result<void> finish() override;
  /// After finish().
  [[nodiscard]] std::optional<OutputTotals> totals() const override;
  [[nodiscard]] std::vector<std::string> take_warnings() override;

 private:
  class Sender;
  std::unique_ptr<Sender> sender_;
};

}  // namespace loader
