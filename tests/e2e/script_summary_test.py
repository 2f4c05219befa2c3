"""What a k6 script writes at its end (handleSummary), and which of several settings counts.

tests/support/scripts.py says how to hold this against k6."""

import json
import unittest
from pathlib import Path

from programs import instant
from scripts import AGAINST_K6, ScriptTest

DEFAULT = "\nexport default function () { console.log('in iteration'); }"


class HandleSummary(ScriptTest):
    def summary(self, body, says=(), never=(), code=0, before=""):
        return self.expect(f"{before}{DEFAULT} export {body}", says=["in iteration", *says], never=never, code=code)

    def test_writes_files_and_both_outputs(self):
        run = self.summary(
            "function handleSummary() { return { 'a.txt': 'A', stdout: 'out', stderr: 'err',"
            " 'b.bin': new Uint8Array([66, 66]).buffer }; }",
            says=["err"],
        )  # fmt: skip
        self.assertEqual((run.read("a.txt"), run.read("b.bin"), run.out), ("A", "BB", "out"))

    def test_one_bad_place_does_not_stop_the_others(self):
        says = "failed to handle the end-of-test summary" if AGAINST_K6 else "nope/x: can't be written"
        run = self.summary("function handleSummary() { return { 'nope/x': '1', 'ok.txt': '2' }; }", says=[says])
        self.assertEqual((run.read("ok.txt"), run.out), ("2", ""))

    def test_nothing_is_printed_of_an_empty_one(self):
        self.assertEqual(self.summary("function handleSummary() { return {}; }").out, "")

    def test_without_a_result_the_built_in_one_is_printed(self):
        self.assertIn("TOTAL RESULTS", self.summary("function handleSummary() {}").out)

    def test_with_an_exception_the_built_in_one_is_printed(self):
        run = self.summary("function handleSummary() { throw new Error('sum'); }", says=["Error: sum"])
        self.assertIn("TOTAL RESULTS", run.out)

    def test_that_returns_what_it_should_not(self):
        # k6 prints no summary then.
        for body, says in (
            ("function handleSummary() { return 'text'; }", "handleSummary() should return a map with string keys"),
            ("function handleSummary() { return { stdout: 1, 'a.txt': 'a' }; }", "the value for stdout"),
            ("const handleSummary = {};", "exported 'handleSummary' is no function"),
        ):
            run = self.summary(body) if AGAINST_K6 else self.expect(f"{DEFAULT} export {body}", says=[says])
            self.assertEqual("TOTAL RESULTS" in run.out, not AGAINST_K6)
            self.assertFalse(Path(run.folder, "a.txt").exists())

    def test_may_ask_for_more_which_nobody_measures(self):
        url = self.mockgw(config=instant()).url
        for world in ((), () if AGAINST_K6 else ("--simulate=instant",)):
            run = self.run_script(
                f"""import http from 'k6/http';
                const url = '{url}/health';
                export const options = {{ iterations: 2 }};
                export function setup() {{ return {{ response: http.get(url), all: http.batch([url]) }}; }}
                export default function (data) {{
                  http.get(url);
                  const {{ response, all }} = data;
                  console.log(response.status, JSON.parse(response.body).status, typeof response.json, all[0].status);
                }}
                export async function handleSummary(data) {{
                  const later = await http.asyncRequest('GET', url);
                  const statuses = [http.get(url).status, http.batch([url])[0].status, later.status];
                  return {{ stdout: statuses.join(' ') + ', ' + data.metrics.http_reqs.values.count + ' requests' }};
                }}""",
                *world,
            )  # fmt: skip
            self.assertEqual((run.code, run.out), (0, "200 200 200, 4 requests"), run.log)
            self.assertEqual(run.log.count("200 healthy undefined 200"), 2, run.log)

    def test_may_be_async(self):
        run = self.summary("async function handleSummary() { await null; return { stdout: 'later' }; }")
        self.assertEqual(run.out, "later")

    def test_has_the_parents_of_what_thresholds_name(self):
        before = (
            "import { Counter } from 'k6/metrics'; new Counter('mine'); new Counter('other');"
            "export const options = { thresholds: { 'mine{a:b}': ['count==0'] } };"
        )
        shown = "Object.keys(metrics).filter((name) => /mine|other/.test(name)).sort().map((name) => name + metrics[name].values.count)"
        run = self.summary(f"function handleSummary({{ metrics }}) {{ return {{ stdout: `${{{shown}}}` }}; }}", before=before)
        self.assertEqual(run.out, "mine0,mine{a:b}0")
        # Who asks nothing wants to see it.
        run = self.summary(
            f"function handleSummary({{ metrics }}) {{ return {{ stdout: `${{{shown}}} ${{metrics.checks.values.rate}}` }}; }}",
            before=before.replace("'mine{a:b}': ['count==0']", "'mine{a:b}': [], 'other{c:d}': [], checks: []"),
            never=["thresholds", "warning"],
        )
        self.assertEqual(run.out, "mine0,mine{a:b}0,other0,other{c:d}0 0")

    def test_the_exit_code_stays(self):
        self.summary(
            "function handleSummary() { throw new Error('sum'); }", code=99,
            before="export const options = { thresholds: { iterations: ['count>5'] } };", says=["Error: sum"],
        )  # fmt: skip

    def test_what_it_is_given(self):
        run = self.expect(
            "import { check, group } from 'k6'; import { Trend } from 'k6/metrics'; const t = new Trend('t_t', true);"
            "export const options = { thresholds: { t_t: ['avg<5', 'max<0'], checks: ['rate==1'] } };"
            "export function setup() { return { a: [1, null] }; }"
            "export default function () { group('g', () => check(1, { one: true })); t.add(3); }"
            "export function handleSummary(data) { return { stdout: JSON.stringify(data) }; }",
            code=99,
        )  # fmt: skip
        data = json.loads(run.out)
        self.assertEqual(sorted(data), ["metrics", "options", "root_group", "setup_data", "state"])
        self.assertEqual(data["setup_data"], {"a": [1, None]})
        self.assertEqual(sorted(data["options"]), ["noColor", "summaryTimeUnit", "summaryTrendStats"])
        self.assertEqual(sorted(data["state"]), ["isStdErrTTY", "isStdOutTTY", "testRunDurationMs"])
        self.assertEqual(
            data["metrics"]["t_t"],
            {"type": "trend", "contains": "time", "values": {k: 3 for k in ("avg", "min", "med", "max", "p(90)", "p(95)")},
             "thresholds": {"avg<5": {"ok": True}, "max<0": {"ok": False}}},
        )  # fmt: skip
        self.assertEqual(data["root_group"]["groups"][0]["checks"][0]["name"], "one")
        self.assertEqual(data["metrics"]["checks"]["values"], {"rate": 1, "passes": 1, "fails": 0})


class Precedence(ScriptTest):
    TEXT = (
        "export const options = { vus: 2, iterations: 2 };"
        "export default function () { console.log(`${options.vus} users, ${options.iterations} iterations`); }"
    )

    def test_the_script(self):
        self.expect(self.TEXT, says=["2 users, 2 iterations"] * 2)

    def test_the_environment_wins_over_the_script(self):
        self.expect(self.TEXT, environment={"K6_VUS": 1, "K6_ITERATIONS": 3}, says=["1 users, 3 iterations"] * 3)

    def test_flags_win_over_both(self):
        self.expect(
            self.TEXT,
            "-u", "3", "-i", "4", environment={"K6_VUS": 1, "K6_ITERATIONS": 3}, says=["3 users, 4 iterations"] * 4,
        )  # fmt: skip

    def test_a_shortcut_replaces_scenarios(self):
        self.expect(
            "export const options = { scenarios: { a: { executor: 'shared-iterations', exec: 'a' } } };"
            "export function a() { console.log('in a'); }" + DEFAULT,
            "-i", "1", says=["in iteration"], never=["in a"],
        )  # fmt: skip

    def test_variables(self):
        self.expect(
            "export const options = { scenarios: { s: { executor: 'shared-iterations', env: { C: 'scenario' } } } };"
            "export default function () { console.log(`${__ENV.A} ${__ENV.B} ${__ENV.C} ${__ENV.D}`); }",
            "-e", "B=flag", "-e", "C=flag", environment={"A": "system", "B": "system"}, says=["system flag scenario undefined"],
        )  # fmt: skip


if __name__ == "__main__":
    unittest.main()
