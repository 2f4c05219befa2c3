#include "loader/delivery/line_protocol.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <optional>

#include "loader/outputs/decimal.h"
#include "shared/base/flags.h"

namespace loader {
namespace {

// In tags and in the names of measurements a backslash goes before what would end them.
void append_escaped(std::string& out, std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && text[end - 1] == '\\') --end;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i >= end || c == '\n' || c == '\r') {
      out += "\\ ";
    } else {
      if (c == ',' || c == '=' || c == ' ') out += '\\';
      out += c;
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

template <class Number>
bool is_number(std::string_view text) {
  Number number{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && rest == text.data() + text.size();
}

// As in k6, a value that is none of its kind stays a text.
void append_field_value(std::string& out, std::string_view text, FieldKind kind) {
  if (kind == FieldKind::integer && is_number<std::int64_t>(text)) {
    out.append(text).append("i");
  } else if (kind == FieldKind::number && is_number<double>(text)) {
    out += text;
  } else if (const auto on = lab::parse_switch(text); kind == FieldKind::boolean && on) {
    out += *on ? "true" : "false";
  } else {
    append_quoted(out, text);
  }
}

lab::Duration unit_of(TimePrecision precision) {
  constexpr std::array<lab::Duration, 6> kUnits{
      std::chrono::nanoseconds(1), std::chrono::microseconds(1), std::chrono::milliseconds(1),
      std::chrono::seconds(1),     std::chrono::minutes(1),      std::chrono::hours(1)};
  return kUnits[static_cast<std::size_t>(precision)];
}

// Where the first space is that no backslash stands before: behind the tags.
std::size_t end_of_series(std::string_view line) {
  std::size_t i = 0;
  while (i < line.size() && line[i] != ' ' && line[i] != '\n') i += line[i] == '\\' ? 2 : 1;
  return std::min(i, line.size());
}

// Behind the point that a body begins with. A line break within a field's text does not end it.
std::size_t end_of_point(std::string_view body) {
  bool is_in_text = false;
  std::size_t i = end_of_series(body);
  while (i < body.size() && (is_in_text || body[i] != '\n')) {
    if (body[i] == '"' && (is_in_text || body[i - 1] == '=')) is_in_text = !is_in_text;
    i += is_in_text && body[i] == '\\' ? 2 : 1;
  }
  return std::min(i + 1, body.size());
}

}  // namespace

std::string line_tags(const TagTexts& tags, const LineFormat& format) {
  std::string text;
  std::string fields;
  for (const auto& [key, value] : tags) {
    const auto field = std::find_if(format.fields.begin(), format.fields.end(),
                                    [&key](const auto& each) { return each.first == key; });
    if (field != format.fields.end()) {
      append_escaped(fields, key);
      fields += '=';
      append_field_value(fields, value, field->second);
      fields += ',';
    } else if (!key.empty() && !value.empty()) {
      text += ',';
      append_escaped(text, key);
      text += '=';
      append_escaped(text, value);
    }
  }
  return text + ' ' + fields;
}

std::optional<LeftOut> influxdb_left_out(unsigned status, std::string_view body) {
  constexpr std::string_view kDropped = "dropped=";
  const std::size_t at = body.rfind(kDropped);
  if (status < 400 || body.find("partial write") == body.npos || at == body.npos) {
    return std::nullopt;
  }
  const std::string_view count = body.substr(at + kDropped.size());
  LeftOut left_out{.why = std::string(body)};
  const char* const end = count.data() + count.size();
  if (std::from_chars(count.data(), end, left_out.samples).ec != std::errc{}) return std::nullopt;
  return left_out;
}

LineProtocol::LineProtocol(const MetricRegistry& registry, RunClock clock, LineFormat format)
    : registry_(&registry), clock_(clock), format_(std::move(format)) {
  begin_batch();
}

void LineProtocol::add_tags(const TagTexts& tags) {
  tags_.push_back(line_tags(tags, format_));
  series_.emplace_back();
}

LineProtocol::PointSeries& LineProtocol::series_of(const HandedSample& sample) {
  SeriesOfTags& with_tags = series_[sample.tags];
  std::vector<PointSeries>& all = with_tags.all;
  std::size_t& next = with_tags.next;
  if (next >= all.size() || all[next].metric != sample.metric) {
    next = 0;
    while (next < all.size() && all[next].metric != sample.metric) ++next;
    if (next == all.size()) {
      std::string head;
      append_escaped(head, registry_->info(sample.metric).name);
      head += tags_[sample.tags];
      LatestTimes& latest = latest_[head.substr(0, end_of_series(head))];
      latest.resize(format_.threads, lab::WallTime::min());
      all.emplace_back(sample.metric, head + "value=", &latest);
    }
  }
  return all[next++];
}

lab::WallTime LineProtocol::own_time(lab::TimePoint at, std::size_t thread) const {
  const auto step = static_cast<lab::Duration::rep>(format_.threads);
  const auto own = static_cast<lab::Duration::rep>(thread);
  const lab::WallTime wall = clock_.wall(at);
  return wall + lab::Duration((own - wall.time_since_epoch().count() % step + step) % step);
}

// All that a request gives has its time.
const std::string& LineProtocol::time_text(lab::WallTime time) {
  if (time != time_) {
    time_ = time;
    time_text_ = " " + std::to_string(time.time_since_epoch() / unit_of(format_.precision)) + "\n";
  }
  return time_text_;
}

void LineProtocol::add(std::span<const HandedSample> samples, std::size_t thread) {
  assert(thread < format_.threads);
  if (samples.empty()) return;
  const lab::Duration step(format_.threads);
  lab::TimePoint at = samples.front().at;
  lab::WallTime time = own_time(at, thread);
  for (const HandedSample& sample : samples) {
    if (sample.at != at) {
      at = sample.at;
      time = own_time(at, thread);
    }
    PointSeries& series = series_of(sample);
    lab::WallTime& latest = (*series.latest)[thread];
    latest = time > latest ? time : latest + step;
    const std::size_t begin = open_.body.size();
    open_.body += series.head;
    append_decimal(open_.body, sample.value);
    open_.body += time_text(latest);
    if (open_.body.size() > format_.bytes_max) move_to_next_batch(begin);
    if (++open_.samples == LineFormat::kPointsMax) close_batch();
  }
}

void LineProtocol::move_to_next_batch(std::size_t begin) {
  if (begin == 0) return;
  const std::string line = open_.body.substr(begin);
  open_.body.resize(begin);
  close_batch();
  open_.body += line;
}

std::size_t LineProtocol::room() const {
  return std::min(format_.bytes_max, LineFormat::kBodyBytes);
}

// With room for all that it may become: to grow would copy it, into new memory. What is not used of
// that is only promised, and costs nothing.
void LineProtocol::begin_batch() {
  open_ = {};
  if (!spare_.empty()) {
    open_.body = std::move(spare_.back());
    open_.body.clear();
    spare_.pop_back();
  }
  open_.body.reserve(room());
}

void LineProtocol::close_batch() {
  if (open_.samples == 0) return;
  if (open_.body.size() < room() / 4) {
    // A small one goes without the rest: many of them may have to wait.
    full_.push_back({std::string(open_.body), std::exchange(open_.samples, 0)});
    open_.body.clear();
    return;
  }
  full_.push_back(std::move(open_));
  begin_batch();
}

void LineProtocol::reuse(std::string body) {
  const bool is_large = body.capacity() >= room();
  if (is_large && spare_.size() < LineFormat::kBodiesKept) spare_.push_back(std::move(body));
}

std::vector<Batch> LineProtocol::split(const Batch& batch) {
  const std::string& body = batch.body;
  may_split_ = may_split_ && body.size() >= LineFormat::kSplitBytesMin;
  if (!may_split_) return {};
  if (batch.samples < 2) return {};
  // The point in the middle is the first half's, unless that were all.
  std::size_t cut = 0;
  std::uint64_t samples = 0;
  while (samples + 1 < batch.samples && cut <= body.size() / 2) {
    cut += end_of_point(std::string_view(body).substr(cut));
    ++samples;
  }
  format_.bytes_max =
      std::min(format_.bytes_max, std::max(body.size() / 2, LineFormat::kSplitBytesMin));
  return {{body.substr(0, cut), samples}, {body.substr(cut), batch.samples - samples}};
}

std::vector<Batch> LineProtocol::take_full() { return std::exchange(full_, {}); }

std::vector<Batch> LineProtocol::cut(lab::WallTime /*now*/) {
  close_batch();
  return take_full();
}

}  // namespace loader
