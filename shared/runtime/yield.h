// Giving way to the others of one executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace lab {

/// Completes once everything that is ready to run now has run: never inline, without a wait, and
/// so without a way to cancel it.
template <class Token>
auto async_yield(const boost::asio::any_io_executor& executor, Token&& token) {
  return boost::asio::async_initiate<Token, void()>(
      [](auto handler, const boost::asio::any_io_executor& its_executor) {
        // As a plain function, not for the executor and slot that belong to the handler: whoever
        // yields is on this executor anyway.
        boost::asio::post(its_executor, [own = std::move(handler)]() mutable { std::move(own)(); });
      },
      token, executor);
}

}  // namespace lab
