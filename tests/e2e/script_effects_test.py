"""What a k6 script's calls come to outside of the script: lines of its log, stack traces, and samples.

The expectations are k6's (v1.3.0, but for how console.log() writes objects, which is v2's)."""

import json
import re
import unittest
from pathlib import Path

from programs import ProgramTest

CONSOLE = Path(__file__).parents[1] / "scripts/console.js"
IMPORTS = """import { check, fail, group } from 'k6';
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
"""


class EffectsTest(ProgramTest):
    def run_script(self, script, *flags, code=0):
        """Runs a script, simulated; gives the lines of its log, where its own place is "script.js"."""
        folder = self.folder()
        if not isinstance(script, Path):
            Path(folder, "script.js").write_text(IMPORTS + script)
            script = Path(folder, "script.js")
        run = self.run_program(
            "LOADER", "run", "-q", "--no-summary", "--simulate=instant", "--log-format", "raw", *flags, str(script),
            folder=folder,
        )  # fmt: skip
        self.assertEqual(run.returncode, code, run.stderr + run.stdout)
        return run.stderr.replace(f"file://{folder}/", "").split("\n"), Path(folder)


class Console(EffectsTest):
    def test_values_are_written_as_the_script_says(self):
        lines, _ = self.run_script(CONSOLE)
        pairs = [line.split(" = ") for line in lines if " = " in line]
        self.assertGreater(len(pairs), 30)
        for written, expected in pairs:
            self.assertEqual(written, expected)

    def test_debug_is_for_verbose_runs(self):
        levels = [f"level {name}" for name in ("debug", "error", "info", "log", "warn")]
        shown = lambda lines: [line for line in lines if line.startswith("level ")]
        self.assertEqual(shown(self.run_script(CONSOLE)[0]), levels[1:])
        self.assertEqual(shown(self.run_script(CONSOLE, "-v")[0]), levels)


# [line 5 of a script, in its default function, what the log says of it]; "…" stands for an offset.
DEFAULT = "\tat default (script.js:5:"
TRACES = (
    ("throw new Error('boom');", ["Error: boom", DEFAULT + "7(…))"]),
    ("throw 'text';", ["text", "\tat script.js:5:1(…)"]),
    ("throw null;", ["null", "\tat script.js:5:1(…)"]),
    ("fail('no');", ["GoError: no", DEFAULT + "1(…))"]),
    ("(function inner() { throw new TypeError('t'); })();",
     ["TypeError: t", "\tat inner (script.js:5:27(…))", DEFAULT + "49(…))"]),
    ("[1].map(() => { throw new Error('in map'); });",
     ["Error: in map", "\tat script.js:5:23(…)", "\tat map (native)", DEFAULT + "5(…))"]),
    ("check(1, { a: () => { throw new Error('in check'); } });",
     ["Error: in check", "\tat a (script.js:5:29(…))", DEFAULT + "1(…))"]),
    ("const e = new Error('x'); e.name = 'Renamed'; throw e;", ["Renamed: x", DEFAULT + "11(…))"]),
    ("setTimeout(function later() { throw new Error('t'); }, 1);",
     ["Error: t", "\tat later (script.js:5:37(…))"]),
    ("Promise.reject('lost');", ["Uncaught (in promise) lost"]),
    ("Promise.reject();", ["Uncaught (in promise) undefined"]),
    ("Promise.reject({ stack: 'its stack' });", ["Uncaught (in promise) its stack"]),
    ("Promise.reject(new Error('lost'));", ["Uncaught (in promise) Error: lost", DEFAULT + "16(…))"]),
)  # fmt: skip


# The same virtual user, in one scenario after the other.
CUT = """
import { sleep } from 'k6';
export const options = { scenarios: {
  first: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s', exec: 'first' },
  second: { executor: 'per-vu-iterations', vus: 1, iterations: 1, startTime: '2s', exec: 'second' },
} };
export function first() { Promise.resolve().then(() => console.log('a job of the first')); sleep(10); }
export function second() { console.log('second'); }
"""


class Ending(EffectsTest):
    def test_nothing_begins_after_an_abort(self):
        body = "console.log(`start ${__ITER}`); if (__ITER === 3) exec.test.abort('why');"
        lines, _ = self.run_script(f"export default function () {{ {body} }}", "-u", "1", "-i", "10", code=108)
        self.assertEqual([line for line in lines if line.startswith("start")], [f"start {i}" for i in range(4)])


class Traces(EffectsTest):
    def test_what_is_thrown(self):
        for body, expected in TRACES:
            with self.subTest(body=body):
                lines, _ = self.run_script(f"export default function () {{\n{body}\n}}")
                self.assertEqual([re.sub(r"\(\d+\)", "(…)", line) for line in lines if line], expected)

    def test_an_async_function_that_throws(self):
        lines, _ = self.run_script("export default async function () { await null; throw new Error('late'); }")
        self.assertEqual(lines[0], "Uncaught (in promise) Error: late")

    def test_promises_of_an_iteration_that_throws_are_settled_in_it(self):
        body = "const i = __ITER; Promise.resolve().then(() => console.log(`job of ${i} in ${__ITER}`)); if (i === 0) throw 1;"
        lines, _ = self.run_script(f"export default function () {{ {body} }}", "-u", "1", "-i", "2")
        self.assertEqual([line for line in lines if line.startswith("job")], ["job of 0 in 0", "job of 1 in 1"])

    def test_promises_of_an_iteration_that_is_cut_are_forgotten(self):
        lines, _ = self.run_script(CUT)
        self.assertEqual([line for line in lines if line], ["second"])

    def test_timers_that_are_cut(self):
        body = "setInterval(() => {}, 5); setTimeout(() => {}, 1); setTimeout(() => { throw new Error('t'); }, 0);"
        lines, _ = self.run_script(f"export default function () {{ {body} }}")
        cut = [line for line in lines if "was stopped" in line]
        interrupted = "was stopped because the VU iteration was interrupted"
        self.assertEqual(cut, [f"setTimeout 2 {interrupted}", f"setInterval 1 {interrupted}"])


SAMPLES = """
const trend = new Trend('a_trend');
export default function () {
  check(1, [true, false]);
  try { check(1, { t1() { throw Error('x'); }, t2: true }); } catch (thrown) {}
  trend.add('abc'); trend.add(''); trend.add(5, { a: true, group: 'mine' });
  group('A', () => group('B', () => { check(1, { inside: true }); exec.vu.tags.foo = 'bar'; trend.add(7); }));
  try { group('T', () => { throw 1; }); } catch (thrown) {}
  group('', () => check(1, { root: 1 }));
}
"""


class Samples(EffectsTest):
    def samples(self, script, *metrics):
        """[[metric, value, {tag: value}]] of these metrics, in their order."""
        lines, folder = self.run_script(script, "--out", "json=samples.json")
        points = [json.loads(line) for line in Path(folder, "samples.json").read_text().splitlines()]
        found = []
        for point in points:
            if point["type"] == "Point" and point["metric"] in metrics:
                tags = {k: v for k, v in point["data"]["tags"].items() if k != "scenario"}
                found.append([point["metric"], point["data"]["value"], tags])
        return found, lines

    def test_infinity_is_left_out_and_told_of(self):
        script = "const trend = new Trend('a_trend'); export default function () { trend.add(1 / 0); trend.add(2); }"
        found, lines = self.samples(script, "a_trend")
        self.assertEqual([value for _, value, _ in found], [2])
        self.assertEqual(lines[0], "'Infinity' for metric 'a_trend' is left out: no average has it")

    def failed(self, body, options="{}"):
        """[(value, tags)] of http_req_failed."""
        script = f"import http from 'k6/http';\nexport const options = {options};\nexport default function () {{ {body} }}"
        return [(value, tags) for _, value, tags in self.samples(script, "http_req_failed")[0]]

    def test_a_url_that_can_not_be_asked_is_a_request_that_failed(self):
        (point,) = self.failed("http.get(`${__ENV.NOWHERE}/v1/models`);")
        self.assertEqual(point[0], 1)
        expected = {"url": "undefined/v1/models", "status": "0", "error_code": "1000", "expected_response": "false",
                    "error": 'unsupported protocol scheme ""', "method": "GET"}  # fmt: skip
        self.assertEqual({key: point[1].get(key) for key in expected}, expected)

    def test_what_is_true_of_a_request_stands_over_a_scripts_tags(self):
        url = "'http://h/health'"
        ((_, tags),) = self.failed(f"http.get({url}, {{ tags: {{ status: 'x', method: 'y', url: 'z', mine: 'm' }} }});")
        self.assertEqual((tags["status"], tags["method"], tags["url"]), ("200", "GET", "http://h/health"))
        self.assertEqual(tags["mine"], "m")

    def test_any_tag_called_name_is_the_name(self):
        url = "'http://h/health'"
        for body, options, name in (
            (f"http.get({url}, {{ tags: {{ name: '' }} }});", "{}", ""),
            (f"http.get({url});", "{ tags: { name: 'all' } }", "all"),
            (f"exec.vu.tags.name = 'mine'; http.get({url});", "{}", "mine"),
        ):
            ((_, tags),) = self.failed(body, options)
            self.assertEqual((tags["name"], tags["url"]), (name, name), body)

    def test_checks_groups_and_metrics(self):
        found, lines = self.samples(SAMPLES, "checks", "group_duration", "a_trend")
        self.assertEqual(
            found,
            [
                ["checks", 1, {"check": "0", "group": ""}],
                ["checks", 0, {"check": "1", "group": ""}],
                ["checks", 0, {"check": "t1", "group": ""}],
                ["a_trend", 0, {"group": ""}],
                ["a_trend", 5, {"a": "true", "group": "mine"}],
                ["checks", 1, {"check": "inside", "group": "::A::B"}],
                ["a_trend", 7, {"foo": "bar", "group": "::A::B"}],
                ["group_duration", 0, {"foo": "bar", "group": "::A::B"}],
                ["group_duration", 0, {"foo": "bar", "group": "::A"}],
                ["group_duration", 0, {"foo": "bar", "group": "::T"}],
                ["checks", 1, {"check": "root", "foo": "bar", "group": ""}],
                ["group_duration", 0, {"foo": "bar", "group": ""}],
            ],
        )
        refused = "'abc' is an invalid value for metric 'a_trend', a number or a boolean value is expected"
        self.assertEqual([line for line in lines if line], [refused])

    def test_a_refused_value_with_the_option_throw(self):
        script = "const t = new Trend('tr'); export default function () { t.add({}); }"
        lines, _ = self.run_script(script, "--throw")
        expected = "GoError: '[object Object]' is an invalid value for metric 'tr', a number or a boolean value is expected"
        self.assertEqual(lines[0], expected)

    def test_a_long_refused_value_is_shortened(self):
        script = "const t = new Trend('tr'); export default function () { t.add('x'.repeat(150)); }"
        lines, _ = self.run_script(script)
        shown = "x" * 50 + "... omitting 50 characters ..." + "x" * 50
        self.assertTrue(lines[0].startswith(f"'{shown}' is an invalid value for metric 'tr'"), lines[0])


if __name__ == "__main__":
    unittest.main()
