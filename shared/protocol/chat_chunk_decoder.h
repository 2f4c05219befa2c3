// Reads the chunks of a stream, nearly all of which are the one before with another token: such a
// chunk is compared with it, not parsed.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/error.h"
#include "shared/protocol/chat_chunk.h"

namespace lab {

class ChatChunkDecoder {
 public:
  /// What parse_chat_chunk() says of it; valid until the next call.
  [[nodiscard]] const Result<ChatChunk>& read(std::string_view json);

 private:
  // True if `json` is the last chunk but for plain characters in its token and in its padding, so
  // that a parser would meet the same events. Takes the token then.
  bool take_like_last(std::string_view json);
  void parse(std::string_view json);

  Result<ChatChunk> chunk_;
  // The last chunk's text, up to its token, from there to its padding, and the rest. Without
  // padding there is no rest; without a token of one choice there is nothing to be compared.
  std::string before_;
  std::string between_;
  std::string after_;
};

}  // namespace lab
