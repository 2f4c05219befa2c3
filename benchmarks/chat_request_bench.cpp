// What the wire costs: a request read, a chunk written and read, events decoded. Each is paid once
// a request or token.
#include <benchmark/benchmark.h>

#include <string>

#include "shared/base/json.h"
#include "shared/protocol/chat_chunk.h"
#include "shared/protocol/chat_request.h"
#include "shared/protocol/chat_request_writer.h"
#include "shared/protocol/chat_response.h"
#include "shared/protocol/sse.h"

namespace lab {
namespace {

// 151 bytes, as the k6 suites send it.
constexpr std::string_view kBody =
    R"({"model":"gpt-3.5-turbo","messages":[{"role":"user","content":"What is the capital of )"
    R"(France? Answer in one word."}],"max_tokens":100,"temperature":0.7})";

ChunkWriter chunk_writer() {
  return ChunkWriter({.id = "chatcmpl-9f2c1d7e5b8a4c3f9e0d1a2b",
                      .created = 1700000000,
                      .model = "gpt-3.5-turbo",
                      .system_fingerprint = "fp_44709d6fcb"});
}

std::string content_chunk() {
  std::string chunk;
  chunk_writer().append_content(chunk, 0, " understanding");
  return chunk;
}

void count_bytes(benchmark::State& state, std::size_t size) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

void parse_request(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_chat_request(kBody));
  count_bytes(state, kBody.size());
}
BENCHMARK(parse_request);

void parse_chunk(benchmark::State& state) {
  const std::string chunk = content_chunk();
  for (auto _ : state) benchmark::DoNotOptimize(parse_chat_chunk(chunk));
  count_bytes(state, chunk.size());
}
BENCHMARK(parse_chunk);

// What read_json() is to be compared with: the same chunk through nlohmann's SAX interface, keeping
// nothing.
struct NlohmannSax : nlohmann::json_sax<nlohmann::json> {
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }
};

void parse_chunk_by_nlohmann_sax(benchmark::State& state) {
  const std::string chunk = content_chunk();
  NlohmannSax sax;
  for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::sax_parse(chunk, &sax));
  count_bytes(state, chunk.size());
}
BENCHMARK(parse_chunk_by_nlohmann_sax);

void write_request(benchmark::State& state) {
  const OutgoingMessage message{Role::user, "What is the capital of France? Answer in one word."};
  const OutgoingChatRequest request{.model = "gpt-3.5-turbo",
                                    .messages = {&message, 1},
                                    .max_tokens = 100,
                                    .temperature = 0.7,
                                    .stream = false};
  for (auto _ : state) benchmark::DoNotOptimize(write_chat_request(request));
}
BENCHMARK(write_request);

void write_chunk(benchmark::State& state) {
  ChunkWriter writer = chunk_writer();
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_sse_written(out, [&](std::string& text) { writer.append_content(text, 0, " word"); });
    benchmark::DoNotOptimize(out.data());
  }
  count_bytes(state, out.size());
}
BENCHMARK(write_chunk);

void decode_events(benchmark::State& state) {
  std::string stream;
  for (int i = 0; i < 64; ++i) append_sse_data(stream, content_chunk());
  SseDecoder decoder;
  std::size_t bytes = 0;
  for (auto _ : state) {
    decoder.push(stream, [&](const SseEvent& event) { bytes += event.data.size(); });
  }
  benchmark::DoNotOptimize(bytes);
  count_bytes(state, stream.size());
  state.SetItemsProcessed(state.iterations() * 64);
}
BENCHMARK(decode_events);

}  // namespace
}  // namespace lab

BENCHMARK_MAIN();
