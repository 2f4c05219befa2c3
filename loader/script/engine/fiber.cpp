#include "loader/script/engine/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <boost/context/detail/fcontext.hpp>
#include <cassert>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace loader {
namespace {

namespace ctx = boost::context::detail;

std::size_t page_bytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

FiberStack::FiberStack(std::size_t bytes) : bytes_(bytes) {
  const std::size_t guard = page_bytes();
  void* const memory = ::mmap(nullptr, bytes + guard, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  if (::mprotect(memory, guard, PROT_NONE) != 0) {
    ::munmap(memory, bytes + guard);
    throw std::bad_alloc();
  }
  low_ = static_cast<std::byte*>(memory) + guard;
}

FiberStack::~FiberStack() {
  const std::size_t guard = page_bytes();
  ::munmap(low_ - guard, bytes_ + guard);
}

void FiberStack::trim() { ::madvise(low_, bytes_, MADV_DONTNEED); }

// What AddressSanitizer has to be told at each change of stack stands beside the jump.
struct Fiber::Switch {
  explicit Switch(FiberStack& its_stack) : stack(its_stack) {}

  void to_body(Fiber* fiber) {
#if defined(__SANITIZE_ADDRESS__)
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(&fake, stack.low(), stack.bytes());
#endif
    body = ctx::jump_fcontext(body, fiber).fctx;
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
  }

  void to_caller([[maybe_unused]] bool is_last) {
#if defined(__SANITIZE_ADDRESS__)
    void* fake = nullptr;
    __sanitizer_start_switch_fiber(is_last ? nullptr : &fake, caller_low, caller_bytes);
#endif
    arrived(ctx::jump_fcontext(caller, nullptr));
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(fake, &caller_low, &caller_bytes);
#endif
  }

  void arrived(ctx::transfer_t from) { caller = from.fctx; }

  static void run(ctx::transfer_t from) {
    auto* const fiber = static_cast<Fiber*>(from.data);
    Switch& self = *fiber->switch_;
    self.arrived(from);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_finish_switch_fiber(nullptr, &self.caller_low, &self.caller_bytes);
#endif
    fiber->body_();
    fiber->is_done_ = true;
    self.to_caller(true);
  }

  FiberStack& stack;
  ctx::fcontext_t body = nullptr;
  ctx::fcontext_t caller = nullptr;
#if defined(__SANITIZE_ADDRESS__)
  const void* caller_low = nullptr;
  std::size_t caller_bytes = 0;
#endif
};

Fiber::Fiber(FiberStack& stack, std::function<void()> body)
    : body_(std::move(body)), switch_(std::make_unique<Switch>(stack)) {
  switch_->body = ctx::make_fcontext(stack.high(), stack.bytes(), &Switch::run);
}

Fiber::~Fiber() { assert(is_done_); }

void Fiber::resume() {
  assert(!is_done_);
  switch_->to_body(this);
}

void Fiber::suspend() { switch_->to_caller(false); }

}  // namespace loader
