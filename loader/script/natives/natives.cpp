#include "loader/script/natives/natives.h"

#include <cmath>
#include <vector>

namespace loader {

std::vector<NativeFunction> all_natives() {
  std::vector<NativeFunction> all;
  for (const auto table :
       {metric_natives(), http_natives(), sse_natives(), time_natives(), file_natives(),
        crypto_natives(), asymmetric_natives(), execution_natives()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> pairs_argument(const NativeCall& call, int index) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!call[index]->IsArray()) return pairs;
  v8::Isolate* const isolate = call.GetIsolate();
  const auto array = call[index].As<v8::Array>();
  const auto context = isolate->GetCurrentContext();
  for (std::uint32_t i = 0; i + 1 < array->Length(); i += 2) {
    v8::Local<v8::Value> name;
    v8::Local<v8::Value> value;
    if (!array->Get(context, i).ToLocal(&name) || !array->Get(context, i + 1).ToLocal(&value)) {
      break;
    }
    pairs.emplace_back(to_utf8(isolate, name), to_utf8(isolate, value));
  }
  return pairs;
}

lab::Duration duration_of(double milliseconds) {
  constexpr double kMillisecondsMax = 1e12;  // Some thirty years.
  if (!(milliseconds > 0)) return lab::Duration::zero();
  if (milliseconds > kMillisecondsMax) milliseconds = kMillisecondsMax;
  return lab::Duration(static_cast<std::int64_t>(std::llround(milliseconds * 1e6)));
}

}  // namespace loader
