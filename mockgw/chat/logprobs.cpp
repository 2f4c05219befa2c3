#include "mockgw/chat/logprobs.h"

#include <cmath>

#include "mockgw/chat/vocabulary.h"

namespace mockgw {
namespace {

constexpr double kLikeliestMin = 0.5;
constexpr double kLikeliestMax = 0.9995;

// Each candidate after the likeliest has half of what is left, so the sum stays below one.
double probability(double likeliest, std::size_t rank) {
  if (rank == 0) return likeliest;
  return std::ldexp(1 - likeliest, -static_cast<int>(rank));
}

// Sampling follows the probabilities: rank 1 has half of what rank 0 leaves, and so on.
std::size_t draw_rank(double likeliest, lab::Rng& rng) {
  constexpr std::size_t kRankMax = 24;
  double left = rng.uniform01() - likeliest;
  std::size_t rank = 0;
  while (left >= 0 && rank < kRankMax) left -= probability(likeliest, ++rank);
  return rank;
}

}  // namespace

lab::TokenLogprob token_logprob(const LogprobsPlan& plan, std::size_t choice, std::size_t token,
                                std::string_view text) {
  lab::Rng rng = plan.rng.child("logprob", choice, token);
  const double likeliest = kLikeliestMin + rng.uniform01() * (kLikeliestMax - kLikeliestMin);
  const std::size_t rank = plan.is_greedy ? 0 : draw_rank(likeliest, rng);
  lab::TokenLogprob result{std::string(text), std::log(probability(likeliest, rank)), {}};
  std::size_t word = rng.below(kWords.size());
  for (std::size_t i = 0; i < plan.top; ++i) {
    std::string_view candidate = text;
    if (i != rank) {
      if (kWords[word % kWords.size()] == text) ++word;
      candidate = kWords[word++ % kWords.size()];
    }
    result.top.emplace_back(candidate, std::log(probability(likeliest, i)));
  }
  return result;
}

}  // namespace mockgw
