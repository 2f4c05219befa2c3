#include "loader/delivery/network_output.h"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <cassert>
#include <deque>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "loader/delivery/batch_cutter.h"
#include "loader/delivery/delivery_queue.h"
#include "loader/delivery/secrets.h"
#include "loader/http/http_client.h"
#include "loader/outputs/hand_over.h"
#include "loader/outputs/writer_thread.h"
#include "shared/runtime/asio_runtime.h"
#include "shared/runtime/wakeup.h"

namespace loader {

namespace asio = boost::asio;

namespace {

// Of what is taken at a time: its batches must not be too many for the queue.
constexpr std::size_t kTakenMax = 32'768;
// From so many on it is time to take them.
constexpr std::size_t kWakeSamples = 16'384;
// How soon a warning is told, and how long nothing may arrive without one: a server that is started
// again is none to speak of.
constexpr lab::Duration kLookInterval = std::chrono::seconds(1);
constexpr lab::Duration kSilenceMax = std::chrono::seconds(5);

ClientOptions client_options(ClientOptions options) {
  options.response_bytes_max = kAnswerBytesMax;
  return options;
}

BatchCutter::Clock clock_of(const OutputContext& context) {
  return context.is_virtual ? BatchCutter::Clock::virtual_time : BatchCutter::Clock::real;
}

HandOverSettings hand_over_settings(const OutputContext& context) {
  if (context.is_virtual) {
    return {WhenFull::wait, NetworkOutput::kSamplesMaxOfWaiting, kWakeSamples};
  }
  return {WhenFull::drop, NetworkOutput::kSamplesMax, kWakeSamples};
}

}  // namespace

/// All but the hand-over and the warnings is used by the sender's own thread alone, until it has
/// ended.
class NetworkOutput::Sender {
 public:
  Sender(NetworkOutputPlan plan, const OutputContext& context)
      : target_(std::move(plan.target)),
        secrets_(secrets_of(target_)),
        client_options_(client_options(target_.client)),
        http_(runtime_, client_options_),
        cutter_(std::move(plan.encoder), target_.interval, clock_of(context), context.clock),
        queue_(target_.concurrent, runtime_.now()),
        hand_over_(hand_over_settings(context),
                   [this] { runtime_.post([this] { pump_wakeup_.notify(); }); }),
        pump_wakeup_(runtime_),
        greeter_(runtime_) {
    for (unsigned i = 0; i < target_.concurrent; ++i) senders_.emplace_back(runtime_);
    asio::co_spawn(runtime_.executor(), pump(),
                   [this](const std::exception_ptr& thrown) { note_end(thrown); });
    spawn(greet(), greeter_);
    thread_ = std::thread([this] {
      lower_thread_priority();
      runtime_.run();
      end_.set_value();
    });
  }

  ~Sender() {
    if (!thread_.joinable()) return;
    hand_over_.give_up();
    hand_over_.close();
    runtime_.post([this] { abort(); });
    thread_.join();
  }

  void give(std::shared_ptr<const SamplePiece> piece) { hand_over_.give(std::move(piece)); }

  void close() { hand_over_.close(); }

  [[nodiscard]] bool ends_within(lab::Duration patience) {
    return has_ended_.wait_for(patience) == std::future_status::ready;
  }

  void finish() {
    close();
    thread_.join();
    warn_of_drops(true);
  }

  [[nodiscard]] const std::string& description() const { return target_.description; }

  [[nodiscard]] OutputTotals totals() const {
    assert(!thread_.joinable());
    return {.name = target_.description,
            .taken = hand_over_.taken(),
            .sent = queue_.sent(),
            .dropped = hand_over_.dropped() + queue_.dropped()};
  }

  std::vector<std::string> take_warnings() {
    const std::lock_guard lock(warnings_mutex_);
    return std::exchange(warnings_, {});
  }

 private:
  /// A coroutine that can be woken and ended.
  struct Task {
    explicit Task(lab::Runtime& runtime) : wakeup(runtime) {}
    lab::Wakeup wakeup;
    asio::cancellation_signal signal;
    bool has_begun = false;
  };

  void spawn(asio::awaitable<void> coroutine, Task& task) {
    auto on_end = [this](const std::exception_ptr& thrown) { note_end(thrown); };
    asio::co_spawn(runtime_.executor(), begin(&task, std::move(coroutine)),
                   asio::bind_cancellation_slot(task.signal.slot(), std::move(on_end)));
  }

  // co_spawn() awaits its turn where it catches nothing (Boost 1.81, impl/co_spawn.hpp): a
  // cancellation before the first step would end the process.
  static asio::awaitable<void> begin(Task* task, asio::awaitable<void> coroutine) {
    task->has_begun = true;
    co_await std::move(coroutine);
  }

  // One that has not begun finds that all is over.
  static void end(Task& task) {
    if (task.has_begun) task.signal.emit(asio::cancellation_type::terminal);
    task.wakeup.notify();
  }

  // What goes wrong here must not take the load with it.
  void note_end(const std::exception_ptr& thrown) {
    if (!thrown || is_over_) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      warn(target_.description + ": " + error.what() + "; nothing more is sent");
    }
    abort();
  }

  // Nothing is sent from here on.
  void abort() {
    drop_all("the run was over");
    end();
  }

  // Also what the format holds for its next batch.
  void drop_all(const std::string& why) {
    hand_over_.give_up();
    for (Batch& batch : cutter_.finish(runtime_.now())) queue_.add(std::move(batch));
    queue_.drop_all(why);
  }

  void end() {
    is_over_ = true;
    pump_wakeup_.notify();
    end(greeter_);
    for (Task& task : senders_) end(task);
  }

  void warn(std::string text) {
    const std::lock_guard lock(warnings_mutex_);
    warnings_.push_back(std::move(text));
  }

  // Once while the run goes on, and once at its end, with the sum.
  void warn_of_drops(bool is_over) {
    const std::uint64_t dropped = hand_over_.dropped() + queue_.dropped();
    if (dropped == 0 || (has_warned_ && !is_over)) return;
    has_warned_ = true;
    const std::string& why = queue_.last_failure();
    warn(target_.description + ": " + std::to_string(dropped) +
         (is_over ? " samples were dropped: " : " samples dropped so far: ") +
         (why.empty() ? "the server takes them too slowly" : why));
  }

  // Once: what is said of it at the end is how much was lost.
  void warn_of_failure(lab::TimePoint now) {
    const auto since = queue_.failing_since();
    if (has_told_failure_ || !since || now - *since < kSilenceMax) return;
    has_told_failure_ = true;
    warn(target_.description + ": nothing has arrived for " + lab::format_duration(kSilenceMax) +
         ": " + queue_.last_failure() + "; it is tried again");
  }

  void add(std::vector<Batch> batches) {
    if (batches.empty()) return;
    for (Batch& batch : batches) queue_.add(std::move(batch));
    wake_senders();
  }

  void wake_senders() {
    for (Task& task : senders_) task.wakeup.notify();
  }

  // True if there may be more to take at once.
  bool take() {
    if (is_finished_ || !queue_.has_room()) return false;
    const auto taken = hand_over_.take(kTakenMax);
    for (const auto& piece : taken.pieces) add(cutter_.take(*piece));
    is_finished_ = taken.is_last;
    add(is_finished_ ? cutter_.finish(runtime_.now()) : cutter_.tick(runtime_.now()));
    return !is_finished_ && (hand_over_.waiting() >= kWakeSamples || hand_over_.is_closed());
  }

  // When take() has something to cut, if nothing else happens.
  [[nodiscard]] lab::TimePoint cut_due() const {
    return is_finished_ || !queue_.has_room() ? lab::kNoDeadline : cutter_.due();
  }

  void note_times(lab::TimePoint now) {
    if (!finish_began_ && hand_over_.is_closed()) finish_began_ = now;
    if (queue_.has_room()) had_room_ = now;
  }

  // When the server counts as lost; never while a real run goes on.
  [[nodiscard]] lab::TimePoint hopeless_at() const {
    if (finish_began_) {
      return std::min(std::max(*finish_began_, queue_.last_arrival()) + kPatience,
                      *finish_began_ + kFinishMax);
    }
    const bool is_waited_for = is_virtual() && !queue_.has_room();
    return is_waited_for ? std::max(had_room_, queue_.last_arrival()) + kPatience
                         : lab::kNoDeadline;
  }

  [[nodiscard]] bool is_virtual() const { return hand_over_.when_full() == WhenFull::wait; }

  asio::awaitable<void> pump() {
    while (!is_over_) {
      if (take()) pump_wakeup_.notify();
      if (is_finished_ && queue_.is_idle()) break;
      const lab::TimePoint now = runtime_.now();
      note_times(now);
      if (now >= hopeless_at()) {
        drop_all("no answer");
        if (!finish_began_) warn_of_drops(false);
        break;
      }
      lab::TimePoint look_due = lab::kNoDeadline;
      if (!finish_began_) {
        warn_of_failure(now);
        warn_of_drops(false);
        if (!is_virtual()) look_due = now + kLookInterval;
      }
      co_await pump_wakeup_.wait_until(std::min(std::min(cut_due(), hopeless_at()), look_due));
    }
    end();
  }

  // Batches wait until a server has been heard, which then has the database that they are for.
  asio::awaitable<void> greet() {
    HttpClient client(http_);
    for (unsigned failures = 0; !is_over_ && !target_.greeting_target.empty();) {
      const lab::HttpRequest request = request_to(target_.greeting_target);
      HttpOutcome outcome;
      co_await client.perform(call_of(request), &outcome);
      if (outcome.has_response()) break;
      queue_.note_failure(secrets_.hide(outcome.error.text), runtime_.now());
      co_await greeter_.wakeup.wait_until(runtime_.now() + pause_after(++failures));
    }
    if (is_over_) co_return;
    for (Task& task : senders_) spawn(send(&task), task);
  }

  asio::awaitable<void> send(Task* task) {
    HttpClient client(http_);
    lab::HttpRequest request = request_to(target_.url.target);
    HttpOutcome outcome;
    while (!is_over_) {
      auto attempt = queue_.next(runtime_.now());
      if (!attempt) {
        co_await task->wakeup.wait_until(queue_.due());
        continue;
      }
      request.body = std::move(attempt->batch.body);
      co_await perform(&client, &request, &outcome);
      attempt->batch.body = std::move(request.body);
      settle(*std::move(attempt), reply_of(outcome, target_, secrets_));
      pump_wakeup_.notify();
      wake_senders();
    }
  }

  asio::awaitable<void> perform(HttpClient* client, lab::HttpRequest* request,
                                HttpOutcome* outcome) {
    co_await client->perform(call_of(*request), outcome);
    const auto to = moved_to(*outcome, target_.url);
    if (!to) co_return;
    HttpCall call = call_of(*request);
    call.url = &*to;
    request->target = to->target;
    co_await client->perform(call, outcome);
    request->target = target_.url.target;
  }

  void settle(DeliveryQueue::Try attempt, const DeliveryReply& reply) {
    if (reply.verdict == DeliveryReply::Verdict::too_large) {
      std::vector<Batch> halves = cutter_.split(attempt.batch);
      if (!halves.empty()) return queue_.replace(attempt, std::move(halves));
    }
    const bool is_left_out = reply.verdict == DeliveryReply::Verdict::arrived && !reply.why.empty();
    if (is_left_out && !std::exchange(has_told_left_out_, true)) {
      warn(target_.description + ": " + reply.why);
    }
    cutter_.reuse(queue_.settle(std::move(attempt), reply, runtime_.now()));
  }

  [[nodiscard]] lab::HttpRequest request_to(const std::string& path) const {
    lab::HttpRequest request;
    request.method = "POST";
    request.target = path;
    request.headers = target_.headers;
    if (!request.headers.find("User-Agent")) {
      request.headers.add("User-Agent", "llm-load-lab/" LAB_VERSION);
    }
    return request;
  }

  [[nodiscard]] HttpCall call_of(const lab::HttpRequest& request) const {
    return {.url = &target_.url, .request = &request, .timeout = kRequestTimeout, .is_due = true};
  }

  const DeliveryTarget target_;
  const Secrets secrets_;
  const ClientOptions client_options_;
  lab::AsioRuntime runtime_;
  HttpClientContext http_;
  BatchCutter cutter_;
  DeliveryQueue queue_;
  HandOver<SamplePiece> hand_over_;
  lab::Wakeup pump_wakeup_;
  Task greeter_;
  std::deque<Task> senders_;  ///< A deque, because tasks can't move.
  bool is_finished_ = false;  ///< All that was handed over is in the queue.
  bool is_over_ = false;      ///< All coroutines are to end.
  bool has_warned_ = false;
  bool has_told_failure_ = false;
  bool has_told_left_out_ = false;
  std::optional<lab::TimePoint> finish_began_;
  lab::TimePoint had_room_{};  ///< The last time that the queue had some.
  std::mutex warnings_mutex_;
  std::vector<std::string> warnings_;
  std::promise<void> end_;  ///< Of the thread.
  std::future<void> has_ended_ = end_.get_future();
  std::thread thread_;
};

NetworkOutput::NetworkOutput(NetworkOutputPlan plan, const OutputContext& context)
    : sender_(std::make_unique<Sender>(std::move(plan), context)) {}

NetworkOutput::~NetworkOutput() = default;

std::string NetworkOutput::description() const { return sender_->description(); }

lab::Result<void> NetworkOutput::write(std::shared_ptr<const SamplePiece> piece) {
  sender_->give(std::move(piece));
  return {};
}

lab::Result<void> NetworkOutput::finish() {
  sender_->finish();
  return {};
}

void NetworkOutput::close() { sender_->close(); }

bool NetworkOutput::ends_within(lab::Duration patience) { return sender_->ends_within(patience); }

std::optional<OutputTotals> NetworkOutput::totals() const { return sender_->totals(); }

std::vector<std::string> NetworkOutput::take_warnings() { return sender_->take_warnings(); }

}  // namespace loader
