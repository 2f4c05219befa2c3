#include "shared/protocol/model_list.h"

#include "shared/base/json_text.h"

namespace lab {
namespace {

void append_model(std::string& out, const ModelEntry& model) {
  out += R"({"id":)";
  append_json_string(out, model.id);
  out += R"(,"object":"model","created":)";
  append_json_integer(out, model.created);
  out += R"(,"owned_by":)";
  append_json_string(out, model.owned_by);
  out += '}';
}

}  // namespace

std::string write_model(const ModelEntry& model) {
  std::string out;
  append_model(out, model);
  return out;
}

std::string write_model_list(std::span<const ModelEntry> models) {
  std::string out = R"({"object":"list","data":[)";
  for (const ModelEntry& model : models) {
    if (&model != models.data()) out += ',';
    append_model(out, model);
  }
  out += "]}";
  return out;
}

}  // namespace lab
