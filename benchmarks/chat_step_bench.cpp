// What a chat step costs the loader besides its I/O: with the baseline suite's checks it shall be
// at most 3 µs.
#include <benchmark/benchmark.h>

#include <string>

#include "loader/flow/flow.h"
#include "loader/flow/flow_samples.h"
#include "loader/flow/flow_tags.h"
#include "loader/flow/llm_result.h"
#include "loader/http/stream_meter.h"
#include "loader/metrics/metrics.h"
#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::string_view kSteps = R"([{"chat": {"prompt": "Hello", "max_tokens": 150}, "checks": {
  "status is 200": {"status": 200}, "response has choices": {"json": "/choices/0"},
  "response has content": {"json": "/choices/0/message/content", "not_empty": true},
  "response time < 15s": {"duration": "<15s"}}}])";

// 150 tokens, some 1,100 bytes, as a gateway answers it.
std::string completion() {
  std::string content;
  for (int i = 0; i < 150; ++i) content += "words ";
  return R"({"id":"chatcmpl-9f2c1d7e5b8a4c3f9e0d1a2b","object":"chat.completion",)"
         R"("created":1700000000,)"
         R"("model":"gpt-3.5-turbo","choices":[{"index":0,)"
         R"("message":{"role":"assistant","content":")" +
         content +
         R"(","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,)"
         R"("completion_tokens":150,"total_tokens":159},"system_fingerprint":"fp_44709d6fcb"})";
}

struct Bench {
  Flow flow;
  MetricRegistry registry;
  TagTable table;
  FlowTags tags{table};
  Metrics metrics;
  HttpOutcome outcome;
  std::string url = "http://localhost:8080/v1/chat/completions";

  Bench() : flow(read()), metrics(declared(), table) {
    outcome.status = outcome.head_status = 200;
    outcome.headers.add("Content-Type", "application/json");
    outcome.body = completion();
    outcome.is_expected = true;
    outcome.body_end = BodyEnd::complete;
    outcome.finished = lab::TimePoint(std::chrono::milliseconds(100));
  }

  static Flow read() {
    const lab::Json json = lab::Json::parse(kSteps);
    lab::JsonProblems problems("bench");
    return read_flow("chat", {json, "flow", problems}, {});
  }
  const MetricRegistry& declared() {
    declare_checks(flow, registry.checks());
    return registry;
  }
};

void chat_step(benchmark::State& state) {
  Bench bench;
  const Step& step = bench.flow.steps.front();
  const auto& chat = std::get<ChatStep>(step.action);
  const TagSetId base = bench.table.with({}, "scenario", "baseline");
  lab::Rng rng(1);
  for (auto _ : state) {
    std::string body = chat.models.front().body_head;
    append_prompt(body, *chat.prompt, rng);
    body += chat.body_tail;
    benchmark::DoNotOptimize(body);
    const TagSetId tags = bench.tags.request({.step = &step,
                                              .base = base,
                                              .url = &bench.url,
                                              .method = "POST",
                                              .model = "gpt-3.5-turbo",
                                              .outcome = &bench.outcome});
    add_http_samples(bench.metrics, bench.outcome, tags);
    JsonBody json(step.asked, bench.outcome.body);
    const LlmResult result = assess_answer(
        bench.outcome, report_answer(bench.outcome, nullptr, json), false, step.objectives);
    add_llm_samples(bench.metrics, result, {tags, tags, tags}, bench.outcome.finished);
    const CheckSubject subject{200, &bench.outcome.headers, bench.outcome.body, {}};
    const TagSetId step_tags = bench.tags.step(base, step);
    for (const Check& check : step.checks) {
      bench.metrics.add_check(check.id, evaluate(check, subject, json),
                              bench.tags.check(step_tags, check), bench.outcome.finished);
    }
  }
}
BENCHMARK(chat_step);

void json_body(benchmark::State& state) {
  const std::string body = completion();
  JsonPointers asked;
  asked.add("/usage/completion_tokens", false);
  for (auto _ : state) {
    JsonBody json(asked, body);
    benchmark::DoNotOptimize(json.find("/usage/completion_tokens"));
  }
}
BENCHMARK(json_body);

void stream_chunk(benchmark::State& state) {
  const std::string chunk =
      R"(data: {"id":"chatcmpl-9f2c1d7e5b8a4c3f9e0d1a2b","object":"chat.completion.chunk",)"
      R"("created":1700000000,"model":"gpt-3.5-turbo","system_fingerprint":"fp_44709d6fcb",)"
      R"("choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]})"
      "\n\n";
  StreamMeter meter;
  std::size_t pushed = 0;
  for (auto _ : state) {
    // A stream of 200 tokens, again and again.
    if (++pushed % 200 == 0) meter = StreamMeter();
    meter.push(chunk, lab::TimePoint());
  }
}
BENCHMARK(stream_chunk);

}  // namespace
}  // namespace loader

BENCHMARK_MAIN();
