#include "loader/script/engine/v8_platform.h"

#include <libplatform/libplatform.h>

#include <atomic>
#include <utility>

namespace loader {
namespace {

class ClockedPlatform final : public v8::Platform {
 public:
  explicit ClockedPlatform(double (*wall_milliseconds)())
      : base_(v8::platform::NewSingleThreadedDefaultPlatform()),
        wall_milliseconds_(wall_milliseconds) {}

  v8::PageAllocator* GetPageAllocator() override { return base_->GetPageAllocator(); }
  v8::ZoneBackingAllocator* GetZoneBackingAllocator() override {
    return base_->GetZoneBackingAllocator();
  }
  void OnCriticalMemoryPressure() override { base_->OnCriticalMemoryPressure(); }
  bool OnCriticalMemoryPressure(std::size_t length) override {
    return base_->OnCriticalMemoryPressure(length);
  }
  int NumberOfWorkerThreads() override { return base_->NumberOfWorkerThreads(); }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate) override {
    return base_->GetForegroundTaskRunner(isolate);
  }
  void CallOnWorkerThread(std::unique_ptr<v8::Task> task) override {
    base_->CallOnWorkerThread(std::move(task));
  }
  void CallDelayedOnWorkerThread(std::unique_ptr<v8::Task> task, double seconds) override {
    base_->CallDelayedOnWorkerThread(std::move(task), seconds);
  }
  bool IdleTasksEnabled(v8::Isolate* /*isolate*/) override { return false; }
  std::unique_ptr<v8::JobHandle> PostJob(v8::TaskPriority priority,
                                         std::unique_ptr<v8::JobTask> task) override {
    return base_->PostJob(priority, std::move(task));
  }
  double MonotonicallyIncreasingTime() override { return base_->MonotonicallyIncreasingTime(); }
  double CurrentClockTimeMillis() override { return wall_milliseconds_(); }
  v8::TracingController* GetTracingController() override { return base_->GetTracingController(); }

 private:
  std::unique_ptr<v8::Platform> base_;
  double (*wall_milliseconds_)();
};

class BoundedAllocator final : public v8::ArrayBuffer::Allocator {
 public:
  explicit BoundedAllocator(std::size_t bytes_max)
      : base_(v8::ArrayBuffer::Allocator::NewDefaultAllocator()), bytes_max_(bytes_max) {}

  void* Allocate(std::size_t length) override {
    return take(length) ? base_->Allocate(length) : nullptr;
  }
  void* AllocateUninitialized(std::size_t length) override {
    return take(length) ? base_->AllocateUninitialized(length) : nullptr;
  }
  void Free(void* data, std::size_t length) override {
    bytes_ -= length;
    base_->Free(data, length);
  }

 private:
  bool take(std::size_t length) {
    if (length > bytes_max_ - bytes_) return false;
    bytes_ += length;
    return true;
  }

  std::unique_ptr<v8::ArrayBuffer::Allocator> base_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;  // An isolate is used by one thread at a time.
};

class SharedText final : public v8::String::ExternalOneByteStringResource {
 public:
  SharedText(std::string_view text, std::shared_ptr<const void> owner)
      : text_(text), owner_(std::move(owner)) {}
  const char* data() const override { return text_.data(); }
  std::size_t length() const override { return text_.size(); }

 protected:
  // Without an owner it is part of the snapshot, and of all heaps that are made from it.
  void Dispose() override {
    if (owner_ != nullptr) delete this;
  }

 private:
  std::string_view text_;
  std::shared_ptr<const void> owner_;
};

}  // namespace

v8::String::ExternalOneByteStringResource* make_text_resource(std::string_view text,
                                                              std::shared_ptr<const void> owner) {
  return new SharedText(text, std::move(owner));
}

std::unique_ptr<v8::Platform> make_v8_platform(double (*wall_milliseconds)()) {
  return std::make_unique<ClockedPlatform>(wall_milliseconds);
}

std::unique_ptr<v8::ArrayBuffer::Allocator> make_buffer_allocator(std::size_t bytes_max) {
  return std::make_unique<BoundedAllocator>(bytes_max);
}

}  // namespace loader

#if defined(__SANITIZE_ADDRESS__)
// A heap of V8's lies in memory that the leak checker does not look through; what only that refers
// to would count as lost, and isolates are kept for reuse until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libnode.so\nleak:make_text_resource\n";
}
#endif
