#include "loader/http/answer_report.h"

namespace loader {

std::string_view to_string(AnswerFailure failure) {
  switch (failure) {
    case AnswerFailure::none:
      return "none";
    case AnswerFailure::status:
      return "status";
    case AnswerFailure::in_band_error:
      return "in_band_error";
    case AnswerFailure::abnormal_finish:
      return "abnormal_finish";
    case AnswerFailure::timed_out:
      return "timed_out";
    case AnswerFailure::cut_short:
      return "cut_short";
    case AnswerFailure::wrong_content_type:
      return "wrong_content_type";
    case AnswerFailure::malformed:
      return "malformed";
    case AnswerFailure::missing_content:
      return "missing_content";
    case AnswerFailure::missing_finish_reason:
      return "missing_finish_reason";
    case AnswerFailure::missing_done:
      return "missing_done";
    case AnswerFailure::not_streamed:
      return "not_streamed";
  }
  return "unknown";
}

std::optional<std::int64_t> AnswerReport::tokens() const {
  if (const auto believed = answer.believed_tokens()) return believed;
  if (!is_stream) return std::nullopt;
  return answer.counted_tokens();
}

AnswerFailure judge(const AnswerReport& report, unsigned status, BodyEnd end) {
  if (status == 0 && end == BodyEnd::timed_out) return AnswerFailure::timed_out;
  if (status != 200) return AnswerFailure::status;
  if (report.answer.error()) return AnswerFailure::in_band_error;
  if (!report.answer.abnormal_finish().empty()) return AnswerFailure::abnormal_finish;
  // Whoever has read [DONE] has the whole answer, however the connection went on.
  if (end == BodyEnd::timed_out && !report.is_done()) return AnswerFailure::timed_out;
  if ((end != BodyEnd::complete || report.is_cut) && !report.is_done()) {
    return AnswerFailure::cut_short;
  }
  if (report.malformed_parts > 0) return AnswerFailure::malformed;
  if (!report.answer.says_something()) return AnswerFailure::missing_content;
  if (!report.is_stream) return AnswerFailure::none;
  if (!report.answer.has_finish_reason()) return AnswerFailure::missing_finish_reason;
  return report.is_done() ? AnswerFailure::none : AnswerFailure::missing_done;
}

AnswerReport report_completion(const lab::ChatChunk* completion, unsigned status, BodyEnd end) {
  AnswerReport report;
  completion != nullptr ? static_cast<void>(report.answer.add(*completion))
                        : void(++report.malformed_parts);
  report.failure = judge(report, status, end);
  return report;
}

}  // namespace loader
