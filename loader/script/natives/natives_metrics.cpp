// Metrics, tags, checks and groups.
#include "loader/script/natives/natives.h"

namespace loader {
namespace {

/// Tags of one sample over the virtual user's: a flat list of names and values, or null.
TagSetId tags_argument(const NativeCall& call, int index, ScriptUser& user) {
  TagSetId tags = user.tags();
  if (!call[index]->IsArray()) return tags;
  const auto list = call[index].As<v8::Array>();
  const auto context = call.GetIsolate()->GetCurrentContext();
  TagTable& table = user.context().tags().table();
  for (std::uint32_t i = 0; i + 1 < list->Length(); i += 2) {
    v8::Local<v8::Value> name;
    v8::Local<v8::Value> value;
    if (!list->Get(context, i).ToLocal(&name) || !list->Get(context, i + 1).ToLocal(&value)) {
      continue;
    }
    tags = table.with(tags, to_utf8(call.GetIsolate(), name), to_utf8(call.GetIsolate(), value));
  }
  return tags;
}

void native_declare_metric(const NativeCall& call) {
  ScriptInstance& instance = instance_of(call);
  MetricRegistry& registry = instance.program().registry;
  const std::string name = text_argument(call, 0);
  const auto type = static_cast<MetricType>(static_cast<int>(number_argument(call, 1)) & 3);
  const ValueKind kind =
      call[2]->BooleanValue(call.GetIsolate()) ? ValueKind::time : ValueKind::plain;
  if (const auto known = registry.find(name)) {
    const MetricInfo& info = registry.info(*known);
    if (info.type != type) {
      instance.throw_go_error("metric '" + name + "' already exists but with type " +
                              std::string(to_string(info.type)) + ", instead of " +
                              std::string(to_string(type)));
    } else if (info.kind != kind) {
      instance.throw_go_error("metric '" + name + "' already exists but with a value type " +
                              std::string(to_string(info.kind)) + ", instead of " +
                              std::string(to_string(kind)));
    } else {
      return_number(call, known->index);
    }
    return;
  }
  if (instance.program().files.is_locked()) {
    instance.throw_go_error("metric '" + name +
                            "' was not declared when the script was first read (__VU==0)");
    return;
  }
  const auto declared = registry.declare(name, type, kind);
  if (!declared) return instance.throw_go_error(declared.error().what);
  return_number(call, declared->index);
}

void native_add_sample(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return;
  const MetricId metric{static_cast<std::uint16_t>(number_argument(call, 0))};
  const Metrics::OfRequest of_none(user->context().metrics(), {}, user->metadata_text());
  user->context().metrics().add(metric, number_argument(call, 1), tags_argument(call, 2, *user),
                                user->context().runtime().now());
}

void native_add_check(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return;
  user->add_check(text_argument(call, 0), call[1]->BooleanValue(call.GetIsolate()),
                  tags_argument(call, 2, *user));
}

void native_group_begin(const NativeCall& call) {
  if (ScriptUser* const user = user_of(call)) user->begin_group(text_argument(call, 0));
}

void native_group_end(const NativeCall& call) {
  if (ScriptUser* const user = user_of(call)) user->end_group();
}

void native_vu_tag(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return;
  const auto value = user->context().tags().table().find(user->tags(), text_argument(call, 0));
  if (value) return_text(call, *value);
}

void native_set_vu_tag(const NativeCall& call) {
  if (ScriptUser* const user = user_of(call)) {
    user->set_tag(text_argument(call, 0), text_argument(call, 1));
  }
}

void native_delete_vu_tag(const NativeCall& call) {
  if (ScriptUser* const user = user_of(call)) user->delete_tag(text_argument(call, 0));
}

template <class Names>
void return_names(const NativeCall& call, const Names& names) {
  v8::Isolate* const isolate = call.GetIsolate();
  const auto context = isolate->GetCurrentContext();
  auto list = v8::Array::New(isolate);
  std::uint32_t index = 0;
  for (const auto& [name, value] : names) {
    ignore_result(list->Set(context, index++, to_v8(isolate, name)));
  }
  call.GetReturnValue().Set(list);
}

void native_vu_tag_keys(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return return_names(call, std::map<std::string, std::string>{});
  return_names(call, user->context().tags().table().tags(user->tags()));
}

void native_vu_meta(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return;
  const auto found = user->metadata().find(text_argument(call, 0));
  if (found != user->metadata().end()) return_text(call, found->second);
}

void native_set_vu_meta(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  if (user == nullptr) return;
  user->set_metadata(text_argument(call, 0), text_argument(call, 1));
}

void native_delete_vu_meta(const NativeCall& call) {
  if (ScriptUser* const user = user_of(call)) user->delete_metadata(text_argument(call, 0));
}

void native_vu_meta_keys(const NativeCall& call) {
  ScriptUser* const user = user_of(call);
  return_names(call, user != nullptr ? user->metadata() : std::map<std::string, std::string>{});
}

constexpr NativeFunction kMetricNatives[] = {
    {"declareMetric", &native_declare_metric}, {"addSample", &native_add_sample},
    {"addCheck", &native_add_check},           {"groupBegin", &native_group_begin},
    {"groupEnd", &native_group_end},           {"vuTag", &native_vu_tag},
    {"setVuTag", &native_set_vu_tag},          {"deleteVuTag", &native_delete_vu_tag},
    {"vuTagKeys", &native_vu_tag_keys},        {"vuMeta", &native_vu_meta},
    {"setVuMeta", &native_set_vu_meta},        {"deleteVuMeta", &native_delete_vu_meta},
    {"vuMetaKeys", &native_vu_meta_keys},
};

}  // namespace

std::span<const NativeFunction> metric_natives() { return kMetricNatives; }

}  // namespace loader
