// V8's platform with a clock of ours, and an allocator of ArrayBuffers that has a limit. Compiled
// without RTTI, as V8 is, whose classes have no type information to derive from.
#pragma once

#include <v8.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace loader {

/// Everything happens on the threads that run scripts: there are no workers. `wall_milliseconds` is
/// what Date says; it outlives all isolates.
[[nodiscard]] std::unique_ptr<v8::Platform> make_v8_platform(double (*wall_milliseconds)());

/// Allocations beyond `bytes_max` at a time fail, which a script sees as a RangeError.
[[nodiscard]] std::unique_ptr<v8::ArrayBuffer::Allocator> make_buffer_allocator(
    std::size_t bytes_max);

/// A text for strings that share it: their heaps hold no copy. ASCII only. `owner` keeps it alive;
/// null: it is there for ever. Given to one string, which disposes of it.
[[nodiscard]] v8::String::ExternalOneByteStringResource* make_text_resource(
    std::string_view text, std::shared_ptr<const void> owner);

}  // namespace loader
