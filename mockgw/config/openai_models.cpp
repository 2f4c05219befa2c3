#include "mockgw/config/openai_models.h"

#include <array>

namespace mockgw {
namespace {

struct Entry {
  std::string_view id;
  ModelLimits limits;
};

// A longer name stands before what it begins with.
constexpr auto kModels = std::to_array<Entry>({
    {"gpt-3.5-turbo-instruct", {4'096, 4'096, false, ModelKind::text}},
    {"gpt-3.5-turbo", {16'385, 4'096, false, ModelKind::text}},
    {"gpt-4-turbo", {128'000, 4'096, false, ModelKind::chat}},
    {"gpt-4-32k", {32'768, 32'768, false, ModelKind::text}},
    {"gpt-4-0125-preview", {128'000, 4'096, false, ModelKind::chat}},
    {"gpt-4-1106-preview", {128'000, 4'096, false, ModelKind::chat}},
    {"gpt-4o-2024-05-13", {128'000, 4'096, false, ModelKind::chat}},
    {"gpt-4o", {128'000, 16'384, false, ModelKind::chat}},
    {"gpt-4.1", {1'047'576, 32'768, false, ModelKind::chat}},
    {"gpt-4.5", {128'000, 16'384, false, ModelKind::chat}},
    {"gpt-4", {8'192, 8'192, false, ModelKind::text}},
    {"chatgpt-4o", {128'000, 16'384, false, ModelKind::chat}},
    {"gpt-5-chat", {128'000, 16'384, false, ModelKind::chat}},
    {"gpt-5.1-chat", {128'000, 16'384, false, ModelKind::chat}},
    {"gpt-5.2-chat", {128'000, 16'384, false, ModelKind::chat}},
    {"gpt-5.3-chat", {128'000, 16'384, false, ModelKind::chat}},
    {"gpt-5.4-mini", {400'000, 128'000, true, ModelKind::gpt_5_1}},
    {"gpt-5.4-nano", {400'000, 128'000, true, ModelKind::gpt_5_1}},
    {"gpt-5.4", {1'050'000, 128'000, true, ModelKind::gpt_5_1}},
    {"gpt-5.5", {1'050'000, 128'000, true, ModelKind::gpt_5}},
    {"gpt-5.1", {400'000, 128'000, true, ModelKind::gpt_5_1}},
    {"gpt-5.2", {400'000, 128'000, true, ModelKind::gpt_5_1}},
    {"gpt-5.3", {400'000, 128'000, true, ModelKind::gpt_5_1}},
    {"gpt-5", {400'000, 128'000, true, ModelKind::gpt_5}},
    {"o1-mini", {128'000, 65'536, false, ModelKind::o1}},
    {"o1-preview", {128'000, 32'768, false, ModelKind::o1}},
    {"o1", {200'000, 100'000, true, ModelKind::o1}},
    {"o3-mini", {200'000, 100'000, true, ModelKind::o1}},
    {"o3", {200'000, 100'000, true, ModelKind::o3}},
    {"o4-mini", {200'000, 100'000, true, ModelKind::o3}},
});

// "gpt-4-0613" is a version of gpt-4, "gpt-5.1" of gpt-5; "gpt-40" is none.
bool is_version_of(std::string_view id, std::string_view model) {
  if (!id.starts_with(model)) return false;
  if (id.size() == model.size()) return true;
  const char next = id[model.size()];
  return next == '-' || next == '.';
}

}  // namespace

std::optional<ModelLimits> openai_model_limits(std::string_view id) {
  constexpr std::string_view kTuned = "ft:";
  if (id.starts_with(kTuned)) {
    id.remove_prefix(kTuned.size());
    id = id.substr(0, id.find(':'));
  }
  for (const Entry& entry : kModels) {
    if (is_version_of(id, entry.id)) return entry.limits;
  }
  return std::nullopt;
}

}  // namespace mockgw
