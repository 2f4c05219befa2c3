#include "loader/scenarios/execution_segment.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

namespace loader {
namespace {

constexpr std::int64_t kDenominatorMax = 100'000;

lab::Error bad_segment(std::string_view text, std::string_view why) {
  return {"execution segment \"" + std::string(text) + "\"",
          std::string(why) +
              "; write \"from:to\" or \"to\" within 0 to 1, for example \"1/3:2/3\", \"0.2\" or "
              "\"10%\""};
}

Rational reduced(std::int64_t num, std::int64_t den) {
  const std::int64_t divisor = std::gcd(num, den);
  return divisor == 0 ? Rational{0, 1} : Rational{num / divisor, den / divisor};
}

bool less(const Rational& a, const Rational& b) { return a.num * b.den < b.num * a.den; }

std::optional<std::int64_t> parse_digits(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// "0.25" as 25/100; at most nine decimals, so that nothing here can overflow.
std::optional<Rational> parse_decimal(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto whole = parse_digits(text.substr(0, point));
  if (!whole || *whole > kDenominatorMax) return std::nullopt;
  if (point == std::string_view::npos) return Rational{*whole, 1};
  const std::string_view decimals = text.substr(point + 1);
  const auto fraction = parse_digits(decimals);
  if (!fraction || decimals.size() > 9) return std::nullopt;
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < decimals.size(); ++i) scale *= 10;
  return reduced(*whole * scale + *fraction, scale);
}

std::optional<Rational> parse_rational(std::string_view text) {
  std::optional<Rational> value;
  if (text.ends_with('%')) {
    value = parse_decimal(text.substr(0, text.size() - 1));
    if (value) value = reduced(value->num, value->den * 100);
  } else if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const auto num = parse_digits(text.substr(0, slash));
    const auto den = parse_digits(text.substr(slash + 1));
    if (num && den && *den > 0) value = reduced(*num, *den);
  } else {
    value = parse_decimal(text);
  }
  if (!value || value->num > value->den || value->den > kDenominatorMax) return std::nullopt;
  return value;
}

std::string to_text(const Rational& value) {
  const std::string num = std::to_string(value.num);
  return value.den == 1 ? num : num + "/" + std::to_string(value.den);
}

Rational length(const ExecutionSegment& segment) {
  return reduced(segment.to.num * segment.from.den - segment.from.num * segment.to.den,
                 segment.to.den * segment.from.den);
}

// k6's striping (lib/execution_segment.go): with the segments sorted by size, descending, element i
// goes to the first one whose taken * (1 / length) <= i. `sizes` are the lengths in elements of a
// period. Returns whose each of the first `count` elements is, at most one period of them.
std::vector<std::size_t> stripe(const std::vector<std::int64_t>& sizes, std::int64_t count) {
  const std::int64_t period = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  assert(count <= period);
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  std::vector<std::int64_t> taken(sizes.size(), 0);
  std::vector<std::size_t> owners;
  owners.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    for (const std::size_t index : order) {
      if (taken[index] * period > i * sizes[index]) continue;
      ++taken[index];
      owners.push_back(index);
      break;
    }
  }
  return owners;
}

}  // namespace

lab::Result<ExecutionSegment> parse_execution_segment(std::string_view text) {
  const std::size_t colon = text.find(':');
  const bool is_pair = colon != std::string_view::npos;
  const auto from = is_pair ? parse_rational(text.substr(0, colon)) : Rational{0, 1};
  const auto to = parse_rational(is_pair ? text.substr(colon + 1) : text);
  if (!from || !to) return bad_segment(text, "not a pair of numbers");
  if (!less(*from, *to)) return bad_segment(text, "is empty");
  return ExecutionSegment{*from, *to};
}

lab::Result<std::vector<ExecutionSegment>> parse_execution_segment_sequence(std::string_view text) {
  std::vector<ExecutionSegment> sequence;
  std::optional<Rational> previous;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const auto border = parse_rational(rest.substr(0, comma));
    if (!border) return bad_segment(text, "holds something that is no number");
    if (previous && !less(*previous, *border)) return bad_segment(text, "does not ascend");
    if (previous) sequence.push_back({*previous, *border});
    previous = border;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (sequence.empty() || sequence.front().from.num != 0 || sequence.back().to != Rational{1, 1}) {
    return bad_segment(text, "does not go from 0 to 1");
  }
  return sequence;
}

std::string to_string(const ExecutionSegment& segment) {
  return to_text(segment.from) + ":" + to_text(segment.to);
}

std::string to_string(const std::vector<ExecutionSegment>& sequence) {
  std::string text = "0";
  for (const ExecutionSegment& segment : sequence) text += "," + to_text(segment.to);
  return text;
}

std::vector<ExecutionSegment> sequence_around(const ExecutionSegment& segment) {
  std::vector<ExecutionSegment> sequence;
  if (segment.from.num != 0) sequence.push_back({{0, 1}, segment.from});
  sequence.push_back(segment);
  if (segment.to != Rational{1, 1}) sequence.push_back({segment.to, {1, 1}});
  return sequence;
}

lab::Result<ExecutionShare> ExecutionShare::of(const ExecutionSegment& segment,
                                               const std::vector<ExecutionSegment>& sequence) {
  const auto segments = sequence.empty() ? sequence_around(segment) : sequence;
  const auto wanted = std::find(segments.begin(), segments.end(), segment);
  if (wanted == segments.end()) {
    return lab::Error{"execution segment", "the segment is not one of the sequence's"};
  }
  std::int64_t period = 1;
  for (const ExecutionSegment& part : segments) {
    period = std::lcm(period, length(part).den);
    if (period > kDenominatorMax) {
      return lab::Error{"execution segment",
                        "the common denominator of the segments is past 100,000"};
    }
  }
  std::vector<std::int64_t> sizes;
  for (const ExecutionSegment& part : segments) {
    const Rational size = length(part);
    sizes.push_back(size.num * (period / size.den));
  }
  return ExecutionShare(std::move(sizes), static_cast<std::size_t>(wanted - segments.begin()));
}

ExecutionShare::ExecutionShare(std::vector<std::int64_t> sizes, std::size_t segment)
    : sizes_(std::move(sizes)), segment_(segment) {
  const std::int64_t period = std::accumulate(sizes_.begin(), sizes_.end(), std::int64_t{0});
  period_ = static_cast<std::uint64_t>(period);
  owned_.clear();
  const std::vector<std::size_t> owners = stripe(sizes_, period);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (owners[i] == segment_) owned_.push_back(i);
  }
  assert(!owned_.empty());
}

std::optional<ExecutionShare> ExecutionShare::by_vus(std::uint64_t vus) const {
  assert(!sizes_.empty());
  if (vus % period_ == 0) return vus == 0 ? std::nullopt : std::optional(*this);
  std::vector<std::int64_t> counts;
  for (const std::int64_t size : sizes_) {
    counts.push_back(static_cast<std::int64_t>(vus / period_) * size);
  }
  for (const std::size_t owner : stripe(sizes_, static_cast<std::int64_t>(vus % period_))) {
    ++counts[owner];
  }
  if (counts[segment_] == 0) return std::nullopt;
  // Segments without a VU fall out; the others keep their order, and their lengths are the VUs'.
  std::int64_t unit = 0;
  std::vector<std::int64_t> sizes;
  std::size_t segment = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i == segment_) segment = sizes.size();
    if (counts[i] > 0) sizes.push_back(counts[i]);
    unit = std::gcd(unit, counts[i]);
  }
  for (std::int64_t& size : sizes) size /= unit;
  return ExecutionShare(std::move(sizes), segment);
}

ExecutionShare ExecutionShare::split(std::uint64_t part, std::uint64_t parts) const {
  assert(part < parts);
  ExecutionShare share;
  share.sizes_.clear();
  share.period_ = period_ * parts;
  share.owned_.clear();
  for (std::uint64_t k = part; k < owned_.size() * parts; k += parts)
    share.owned_.push_back(element(k));
  return share;
}

bool ExecutionShare::owns(std::uint64_t element) const {
  return std::binary_search(owned_.begin(), owned_.end(), element % period_);
}

std::uint64_t ExecutionShare::scale(std::uint64_t whole) const {
  const auto below = std::lower_bound(owned_.begin(), owned_.end(), whole % period_);
  return whole / period_ * owned_.size() + static_cast<std::uint64_t>(below - owned_.begin());
}

std::uint64_t ExecutionShare::element(std::uint64_t k) const {
  return k / owned_.size() * period_ + owned_[k % owned_.size()];
}

double ExecutionShare::fraction() const {
  return static_cast<double>(owned_.size()) / static_cast<double>(period_);
}

}  // namespace loader
