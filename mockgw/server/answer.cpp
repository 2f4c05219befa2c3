#include "mockgw/server/answer.h"

#include "mockgw/server/chat_handler.h"

namespace mockgw {

// Here, because PendingChat is incomplete in the header.
Answer::Answer() = default;
Answer::~Answer() = default;
Answer::Answer(Answer&&) noexcept = default;
Answer& Answer::operator=(Answer&&) noexcept = default;

}  // namespace mockgw
