// k6 scripts in virtual time: the same engine, client and metrics as over sockets, under the eyes
// of the sanitizers.
#include <gtest/gtest.h>

#include "loader/command/script_discovery.h"
#include "loader/prove/observed_requests.h"
#include "loader/summary/summary_json.h"
#include "tests/sim/simulated_runs.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

const std::string kImports = R"(
import http from 'k6/http';
import sse from 'k6/x/sse';
import exec from 'k6/execution';
import { check, fail, group, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { SharedArray } from 'k6/data';
const url = `${__ENV.GATEWAY_URL}/v1/chat/completions`;
const body = (stream) => JSON.stringify({
  model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 20, stream });
)";

struct ScriptRunOf {
  boost::system::result<PreparedRun, RefusedRun> prepared;
  std::vector<ScriptLogLine> lines;
};

/// A script is told from a suite by its text.
ScriptRunOf prepared_script(const std::string& text) {
  RunCommand command = simulate_command("test.js");
  command.suite_text = kImports + text;
  ScriptRunOf run{RefusedRun(), {}};
  run.prepared = prepare_run(command, make_environment({}, {}).value(),
                             [&run](const ScriptLogLine& line) { run.lines.push_back(line); });
  return run;
}

struct Ran {
  RunResult result;
  std::vector<std::string> lines;  ///< Of the log: "error: text".
};

Ran ran(const std::string& text, const std::string& gateway_name = "") {
  ScriptRunOf script = prepared_script(text);
  EXPECT_TRUE(script.prepared.has_value()) << script.prepared.error().to_string();
  Ran ran;
  if (!script.prepared) return ran;
  script.prepared->spec.hands_summary = true;
  RunObserver observer;
  observer.log = [&ran](const ScriptLogLine& line) {
    const char* const level = line.level == ScriptLogLevel::error ? "error: " : "";
    ran.lines.push_back(level + line.text);
  };
  Simulation simulation(1);
  auto result = simulation.run(script.prepared->suite, script.prepared->spec,
                               find_gateway(gateway_name).value(), observer);
  EXPECT_TRUE(result.has_value());
  ran.result = *std::move(result);
  return ran;
}

bool has_line(const Ran& ran, const std::string& part) {
  for (const std::string& line : ran.lines) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

const std::string kChats = R"(
export const options = { vus: 3, duration: '20s', thresholds: { checks: ['rate>0.99'] } };
const mine = new Trend('mine', true);
export default function () {
  const response = http.post(url, body(false), { tags: { kind: 'chat' } });
  check(response, { 'is 200': (r) => r.status === 200, 'has text': (r) => r.json('choices.0.message.content') !== '' });
  mine.add(response.timings.duration);
  sleep(Math.random());
}
)";

TEST(SimulatedScript, MakesTheSameBytesTwice) {
  const auto bytes = [] {
    const RunResult result = ran(kChats).result;
    EXPECT_EQ(result.exit_code, ExitCode::ok);
    return summary_json(result.summary);
  };
  EXPECT_EQ(bytes(), bytes());
}

TEST(SimulatedScript, MetersChatsUnderNamesOfOurOwn) {
  const Ran run = ran(kChats);
  EXPECT_EQ(count(run.result, "http_reqs"), count(run.result, "llm.requests_success"));
  EXPECT_EQ(2 * count(run.result, "iterations"), run.result.summary.root.checks.front().passes +
                                                     run.result.summary.root.checks.back().passes);
  EXPECT_TRUE(metric(run.result, "mine").has_samples);
}

TEST(SimulatedScript, MetersWhatIsReadAsAStream) {
  const Ran run = ran(R"(
export const options = { vus: 2, iterations: 6 };
export default function () {
  let text = '';
  sse.open(url, { method: 'POST', body: body(true), headers: { 'Content-Type': 'application/json' } }, (client) => {
    client.on('event', (event) => {
      if (event.data === '[DONE]') return client.close();
      text += JSON.parse(event.data).choices[0].delta.content || '';
    });
  });
  check(text, { 'has text': (t) => t.length > 0 });
}
)");
  EXPECT_EQ(count(run.result, "llm.requests_success"), 6);
  EXPECT_TRUE(metric(run.result, "llm.time_to_first_token").has_samples);
  EXPECT_EQ(run.result.summary.root.checks.front().passes, 6u);
}

TEST(SimulatedScript, SetsUpTearsDownAndSummarizes) {
  const Ran run = ran(R"(
export const options = { iterations: 1 };
export function setup() { return { token: 'abc' }; }
export default function (data) { console.log(`iteration ${data.token}`); }
export function teardown(data) { console.log(`teardown ${data.token}`); }
export function handleSummary(data) { return { stdout: `n=${data.metrics.iterations.values.count} ${data.setup_data.token}` }; }
)");
  EXPECT_TRUE(has_line(run, "iteration abc"));
  EXPECT_TRUE(has_line(run, "teardown abc"));
  ASSERT_TRUE(run.result.script_files.has_value());
  EXPECT_EQ(run.result.script_files->front().second, "n=1 abc");
}

TEST(SimulatedScript, AnExceptionEndsAnIterationOnly) {
  const Ran run = ran(R"(
export const options = { vus: 1, iterations: 3 };
export default function () { fail('no ' + __ITER); }
)");
  EXPECT_EQ(run.result.exit_code, ExitCode::ok);
  EXPECT_EQ(count(run.result, "iterations"), 3);
  EXPECT_TRUE(has_line(run, "error: ") && has_line(run, "no 2"));
}

TEST(SimulatedScript, IsCutWithItsGracefulStop) {
  const Ran run = ran(R"(
export const options = { scenarios: { one: { executor: 'constant-vus', vus: 2, duration: '5s', gracefulStop: '1s' } } };
export default async function () {
  setInterval(() => {}, 10000);
  http.asyncRequest('GET', __ENV.GATEWAY_URL + '/health');
  group('around', () => sleep(100));
}
)");
  EXPECT_EQ(run.result.exit_code, ExitCode::ok);
  EXPECT_LT(run.result.summary.duration, 7s);
  EXPECT_TRUE(has_line(run, "setInterval"));
}

TEST(SimulatedScript, SendsSideBySide) {
  const Ran run = ran(R"(
export const options = { iterations: 1, batch: 4 };
export default async function () {
  const answers = http.batch(Array.from({ length: 9 }, () => ['POST', url, body(false)]));
  const more = await Promise.all([http.asyncRequest('POST', url, body(false)), http.asyncRequest('POST', url, body(false))]);
  check(answers.concat(more), { 'all came': (all) => all.length === 11 && all.every((r) => r.status === 200) });
}
)");
  EXPECT_EQ(count(run.result, "http_reqs"), 11);
  EXPECT_EQ(run.result.summary.root.checks.front().passes, 1u);
}

TEST(SimulatedScript, EndsWithTheExitCodesOfK6) {
  const auto code = [](const std::string& text) { return ran(text).result.exit_code; };
  EXPECT_EQ(code("export default function () { exec.test.abort('enough'); }"),
            ExitCode::aborted_by_suite);
  EXPECT_EQ(code("export default function () { exec.test.fail('bad'); }"), ExitCode::marked_failed);
  EXPECT_EQ(
      code("export function setup() { throw new Error('no'); } export default function () {}"),
      ExitCode::flow_failed);
  EXPECT_EQ(code("export const options = { thresholds: { iterations: ['count>5'] } };"
                 "export default function () {}"),
            ExitCode::thresholds_crossed);
  EXPECT_EQ(
      code("if (__VU > 0) throw new Error('in a virtual user'); export default function () {}"),
      ExitCode::flow_failed);
}

TEST(SimulatedScript, IsRefusedWithTheExitCodesOfK6) {
  const auto code = [](const std::string& text) {
    const ScriptRunOf run = prepared_script(text);
    EXPECT_FALSE(run.prepared.has_value());
    return run.prepared.has_value() ? ExitCode::ok : run.prepared.error().code;
  };
  EXPECT_EQ(code("throw new Error('at once');"), ExitCode::flow_failed);
  EXPECT_EQ(code("exec.test.abort('at once');"), ExitCode::aborted_by_suite);
  EXPECT_EQ(code("export const nothing = 1;"), ExitCode::failure);
  EXPECT_EQ(code("export const options = { vus: 'many' }; export default function () {}"),
            ExitCode::invalid_configuration);
  EXPECT_EQ(code("export const options = { scenarios: { a: { executor: 'shared-iterations', exec: "
                 "'missing' } } }; export default function () {}"),
            ExitCode::invalid_configuration);
}

TEST(SimulatedScript, ShowsWhatItAsksForToWhoeverProvesIt) {
  ScriptRunOf script = prepared_script(kChats);
  ASSERT_TRUE(script.prepared.has_value());
  const GatewayText healthy = find_gateway("").value();
  const SoundWorld sound{lab::OwnedJson(lab::parse_json(healthy.text, healthy.file).value()),
                         healthy.file, lab::OwnedJson::object()};
  ASSERT_TRUE(observe_requests(script.prepared->suite, script.prepared->spec, sound).has_value());
  const std::vector<Step>& steps = script.prepared->suite.scenarios.front().flow.steps;
  ASSERT_EQ(steps.size(), 1u);
  const auto* const chat = std::get_if<ChatStep>(&steps.front().action);
  ASSERT_NE(chat, nullptr);
  EXPECT_EQ(chat->models.front().name, "gpt-4");
  EXPECT_FALSE(chat->stream);
}

}  // namespace
}  // namespace loader
