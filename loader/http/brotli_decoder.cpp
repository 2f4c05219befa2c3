#include "loader/http/brotli_decoder.h"

#include <new>

namespace loader {

BrotliDecoder::BrotliDecoder() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {
  if (state_ == nullptr) throw std::bad_alloc();
}

BrotliDecoder::~BrotliDecoder() { BrotliDecoderDestroyInstance(state_); }

lab::IoResult<std::string_view> BrotliDecoder::decode(std::string_view piece,
                                                      std::uint64_t bytes_max) {
  out_.clear();
  has_input_ = has_input_ || !piece.empty();
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(piece.data());
  std::size_t bytes_in = piece.size();
  auto result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (!is_finished_ && result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
    std::size_t no_room = 0;
    result = BrotliDecoderDecompressStream(state_, &bytes_in, &next_in, &no_room, nullptr, nullptr);
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      return lab::make_error_code(lab::Errc::bad_message);
    }
    // The decoder's own buffer, a window at most, is taken whole.
    std::size_t taken = 0;
    const std::uint8_t* const bytes = BrotliDecoderTakeOutput(state_, &taken);
    out_.append(reinterpret_cast<const char*>(bytes), taken);
    if (out_.size() > bytes_max) return lab::make_error_code(lab::Errc::body_too_large);
    is_finished_ = BrotliDecoderIsFinished(state_) == BROTLI_TRUE;
  }
  return std::string_view(out_);
}

}  // namespace loader
