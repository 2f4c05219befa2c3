#include "loader/run/error_tally.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace loader {
namespace {

constexpr const char* kOthers = "others";
constexpr char kSeparator = '\0';

bool is_of_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_';
}

// "retry in 20s (req_8f1c)" and "retry in 7s (req_a93e)" are the same said twice.
void append_without_ids(std::string& out, std::string_view message) {
  while (!message.empty()) {
    const auto end = std::find_if_not(message.begin(), message.end(), is_of_word);
    const auto size = std::max<std::size_t>(1, static_cast<std::size_t>(end - message.begin()));
    const std::string_view word = message.substr(0, size);
    const bool is_number = word.find_first_of("0123456789") != std::string_view::npos;
    out += is_number ? std::string_view("#") : word;
    message.remove_prefix(size);
  }
}

std::optional<ErrorKind> kind_of(const RequestRecord& record) {
  if (record.is_failed) return record.status == 0 ? ErrorKind::transport : ErrorKind::status;
  if (!record.is_chat) return std::nullopt;
  const bool is_streamed = record.chunks.has_value();
  // A whole completion where a stream was asked for is a good answer, and no stream.
  if (record.outcome == "ok" && record.is_stream == is_streamed) return std::nullopt;
  return record.is_stream ? ErrorKind::stream : ErrorKind::answer;
}

bool is_unreached(const RequestRecord& record) {
  return record.reason.starts_with("dial: ") || record.reason.starts_with("lookup: ");
}

// k6's texts don't say who was not to be reached; a redirect's says it.
std::string transport_text(const RequestRecord& record) {
  std::string text(record.reason.empty() ? "status 0" : record.reason);
  if (is_unreached(record) && !text.ends_with(')')) text += " (" + std::string(record.host) + ")";
  return text;
}

std::string text_of(ErrorKind kind, const RequestRecord& record) {
  switch (kind) {
    case ErrorKind::transport:
      return transport_text(record);
    case ErrorKind::status:
      return "status " + std::to_string(record.status);
    case ErrorKind::stream:
      return "stream: " + std::string(record.outcome == "ok" ? "not_streamed" : record.outcome);
    case ErrorKind::answer:
      return "answer: " + std::string(record.outcome);
    case ErrorKind::other:
      break;
  }
  return kOthers;
}

}  // namespace

void ErrorTallies::add(const RequestRecord& record, const TagTable& tags) {
  const std::optional<ErrorKind> kind = kind_of(record);
  if (!kind) return;
  const lab::Duration at = record.end.time_since_epoch();
  add({.text = text_of(*kind, record),
       .count = 1,
       .kind = *kind,
       .status = record.status,
       .message = std::string(*kind == ErrorKind::transport ? "" : record.reason),
       .host = std::string(record.host),
       // A host that is not reached is not reached whatever is asked of it.
       .model = std::string(is_unreached(record) ? "" : record.model),
       .scenario = std::string(tags.find(record.tags, "scenario").value_or("")),
       .first = at,
       .last = at,
       .request_id = std::string(record.request_id)});
}

void ErrorTallies::add(const ErrorTally& error) {
  ErrorTally& row = row_of(error);
  if (row.count == 0 || error.first < row.first) {
    row.first = error.first;
    row.request_id = error.request_id;
    if (row.kind != ErrorKind::other) row.message = error.message;
  }
  row.last = row.count == 0 ? error.last : std::max(row.last, error.last);
  row.count += error.count;
}

ErrorTally& ErrorTallies::row_of(const ErrorTally& error) {
  make_key(error);
  auto found = known_.find(key_);
  if (found == known_.end() && rows_.size() >= kRowsMax) {
    key_.clear();
    found = known_.find(key_);
  }
  if (found != known_.end()) return rows_[found->second];
  known_.emplace(key_, rows_.size());
  if (key_.empty())
    return rows_.emplace_back(ErrorTally{.text = kOthers, .kind = ErrorKind::other});
  ErrorTally& row = rows_.emplace_back(error);
  row.count = 0;
  return row;
}

// Empty for what has no row of its own.
void ErrorTallies::make_key(const ErrorTally& error) {
  key_.clear();
  if (error.kind == ErrorKind::other) return;
  key_ += static_cast<char>(error.kind);
  for (const std::string* const each : {&error.text, &error.host, &error.model, &error.scenario}) {
    key_ += *each;
    key_ += kSeparator;
  }
  append_without_ids(key_, error.message);
}

std::vector<ErrorTally> ErrorTallies::list(lab::TimePoint start) const {
  std::vector<ErrorTally> list = rows_;
  for (ErrorTally& row : list) {
    // What failed while the run was still waiting for its start was before it.
    row.first = std::max(lab::Duration{}, row.first - start.time_since_epoch());
    row.last = std::max(lab::Duration{}, row.last - start.time_since_epoch());
  }
  const auto order = [](const ErrorTally& row) {
    return std::tuple(row.kind == ErrorKind::other, -static_cast<std::int64_t>(row.count),
                      std::string_view(row.text), std::string_view(row.host),
                      std::string_view(row.model), std::string_view(row.scenario),
                      std::string_view(row.message));
  };
  std::ranges::sort(list, {}, order);
  return list;
}

std::vector<ErrorTally> merged(const std::vector<std::vector<ErrorTally>>& lists) {
  std::vector<ErrorTally> rows;
  for (const auto& list : lists) rows.insert(rows.end(), list.begin(), list.end());
  // The most frequent keep rows of their own.
  std::ranges::stable_sort(rows, std::ranges::greater(), &ErrorTally::count);
  ErrorTallies all;
  for (const ErrorTally& row : rows) all.add(row);
  return all.list({});
}

}  // namespace loader
