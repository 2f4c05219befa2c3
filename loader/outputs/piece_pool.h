// Pieces whose memory is used again: new memory costs more than what is written there, since the
// kernel has to clear it first.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace loader {

/// `Piece` has clear(), which leaves its memory. Thread-safe; pieces may outlive the pool.
template <class Piece>
class PiecePool {
 public:
  /// So many are kept at most while nobody has them.
  explicit PiecePool(std::size_t kept_max) : spare_(std::make_shared<Spare>(kept_max)) {}

  /// An empty one, which comes back by itself when the last who has it lets it go.
  [[nodiscard]] std::shared_ptr<Piece> take() {
    std::unique_ptr<Piece> piece = spare_->take();
    if (!piece) piece = std::make_unique<Piece>();
    const auto give_back = [spare = spare_](Piece* given) {
      spare->give(std::unique_ptr<Piece>(given));
    };
    return {piece.release(), give_back};
  }

 private:
  class Spare {
   public:
    explicit Spare(std::size_t kept_max) : kept_max_(kept_max) { pieces_.reserve(kept_max); }
    std::unique_ptr<Piece> take() {
      const std::lock_guard lock(mutex_);
      if (pieces_.empty()) return nullptr;
      std::unique_ptr<Piece> piece = std::move(pieces_.back());
      pieces_.pop_back();
      return piece;
    }
    void give(std::unique_ptr<Piece> piece) {
      piece->clear();
      const std::lock_guard lock(mutex_);
      if (pieces_.size() < kept_max_) pieces_.push_back(std::move(piece));
    }

   private:
    const std::size_t kept_max_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Piece>> pieces_;
  };

  std::shared_ptr<Spare> spare_;
};

}  // namespace loader
