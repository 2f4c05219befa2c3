#include "loader/script/script_stream.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace loader {
namespace {

namespace asio = boost::asio;

// Of a UTF-8 text that is cut anywhere: how much of it is whole characters.
std::size_t whole_characters(std::string_view text) {
  std::size_t back = 0;
  while (back < 3 && back < text.size()) {
    const auto byte = static_cast<unsigned char>(text[text.size() - 1 - back]);
    if (byte < 0x80) break;
    ++back;
    if (byte < 0xC0) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return length > back ? text.size() - back : text.size();
  }
  return text.size();
}

}  // namespace

ScriptStream::ScriptStream(ScriptUser& user, ScriptRequest request)
    : user_(user), wakeup_(user.context().runtime()) {
  exchange_.request = std::move(request);
  exchange_.sink = this;
}

void ScriptStream::start() {
  auto on_end = [self = shared_from_this()](const std::exception_ptr& /*cancelled*/) {
    self->has_ended_ = true;
    self->wakeup_.notify();
  };
  asio::co_spawn(user_.context().runtime().executor(), perform_by_any(&user_, &exchange_),
                 asio::bind_cancellation_slot(signal_.slot(), std::move(on_end)));
}

asio::awaitable<void> ScriptStream::wait_for_head() {
  while (head_status_ == 0 && !has_ended_) co_await wakeup_.wait_until(lab::kNoDeadline);
}

asio::awaitable<void> ScriptStream::wait_for_bytes() {
  while (!has_text() && !has_ended_) co_await wakeup_.wait_until(lab::kNoDeadline);
}

asio::awaitable<void> ScriptStream::wait_for_end() {
  while (!has_ended_) co_await wakeup_.wait_until(lab::kNoDeadline);
}

void ScriptStream::close() {
  if (has_ended_) return;
  is_closed_ = true;
  signal_.emit(asio::cancellation_type::terminal);
}

bool ScriptStream::has_text() const {
  return has_ended_ ? !text_.empty() : whole_characters(text_) > 0;
}

std::string ScriptStream::take_text() {
  const std::size_t whole = has_ended_ ? text_.size() : whole_characters(text_);
  std::string taken = text_.substr(0, whole);
  text_.erase(0, whole);
  return taken;
}

void ScriptStream::begin(unsigned status, const lab::HttpHeaders& headers) {
  head_status_ = status;
  headers_ = headers;
  wakeup_.notify();
}

void ScriptStream::take(std::string_view bytes) {
  text_ += bytes;
  wakeup_.notify();
}

void end_stream(ScriptInstance& instance, ScriptStream& stream) {
  stream.close();
  if (!stream.has_ended()) instance.wait_for_end(stream.wait_for_end());
}

}  // namespace loader
