// GET /v1/models and GET /v1/models/{id}, the answers.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace lab {

struct ModelEntry {
  std::string id{};
  std::int64_t created = 0;  ///< Unix time in seconds.
  std::string owned_by = "system";
};

[[nodiscard]] std::string write_model(const ModelEntry& model);
[[nodiscard]] std::string write_model_list(std::span<const ModelEntry> models);

}  // namespace lab
