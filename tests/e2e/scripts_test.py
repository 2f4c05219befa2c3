"""k6 scripts as they are: the conformance scripts (tests/scripts), the five suites as scripts (fixtures/scripts), which do what
their JSON twins do, and scripts in the manner of public ones (tests/scripts/public).

tests/support/scripts.py says how to hold this against k6."""

import json
import unittest
from pathlib import Path

from programs import instant
from script_server import ScriptServer
from scripts import AGAINST_K6, WORLDS, ScriptTest

ROOT = Path(__file__).parents[2]
SUITES = ("smoke", "baseline", "stress", "soak", "streaming")
# Shortened by their own settings; simulated, they run as long as they say.
SHORT = ("-e", "DURATION=1s", "-e", "DURATION_SECONDS=1", "-e", "RAMP=1s", "-e", "HOLD=1s")
PUBLIC = sorted(
    path for path in Path(ROOT, "tests/scripts/public").iterdir()
    if path.suffix in (".js", ".ts") and path.name not in ("commonjs_helper.js", "typed_answer.ts")
)  # fmt: skip


def checks_of(group, path=""):
    """{path of a check: [passes, fails]} of a summary's root_group."""
    found = {f"{path}::{check['name']}": [check["passes"], check["fails"]] for check in as_list(group["checks"])}
    for inner in as_list(group["groups"]):
        found.update(checks_of(inner, f"{path}::{inner['name']}"))
    return found


def as_list(members):
    return list(members.values()) if isinstance(members, dict) else members


def counts_of(summary):
    metrics = summary["metrics"]
    counter = lambda name: metrics[name].get("values", metrics[name])["count"]
    return {"requests": counter("http_reqs"), "iterations": counter("iterations"), **checks_of(summary["root_group"])}


class Conformance(ScriptTest):
    def test_each_script_finishes(self):
        server = ScriptServer().start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        scripts = [path for path in sorted(Path(ROOT, "tests/scripts").glob("*.js")) if path.name != "assert.js"]
        self.assertGreater(len(scripts), 10)
        for path in scripts:
            # Nobody answers at SERVER in a simulation.
            for world in WORLDS[:1] if "SERVER" in path.read_text() else WORLDS:
                with self.subTest(script=path.name, world=world):
                    run = self.run_file(path, *world, "-e", f"SERVER={server.url}")
                    self.assertEqual(run.code, 0, run.log + run.out)
                    self.assertRegex(run.log, rf"(?m)^finished {path.stem}: [1-9][0-9]* assertions$")


class Suites(ScriptTest):
    def script(self, suite, *flags, **environment):
        """(counts, the run) of a suite's script."""
        run = self.run_file(Path(ROOT, f"fixtures/scripts/{suite}-test.js"), *flags, environment=environment)
        self.assertEqual(run.code, 0, run.log + run.out)
        return counts_of(json.loads(run.read(f"{suite}-test-summary.json"))), run

    def twin(self, suite, *flags, **environment):
        """The counts of the suite itself."""
        folder = self.folder()
        run = self.run_program("LOADER", "run", suite, "-q", *flags, folder=folder, environment=environment)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return counts_of(json.loads(Path(folder, f"{suite}-test-summary.json").read_text()))

    def test_for_real_each_counts_what_its_twin_counts(self):
        url = self.mockgw(config=instant()).url
        for suite in SUITES:
            with self.subTest(suite=suite):
                counts, _ = self.script(suite, "-u", "4", "-i", "8", GATEWAY_URL=url)
                self.assertEqual(counts["iterations"], 8)
                if not AGAINST_K6:
                    self.assertEqual(counts, self.twin(suite, "-u", "4", "-i", "8", GATEWAY_URL=url))

    @unittest.skipIf(AGAINST_K6, "k6 does not simulate")
    def test_simulated_each_counts_what_its_twin_counts(self):
        for suite in SUITES:
            with self.subTest(suite=suite):
                flags = ("--simulate=instant", "-u", "5", "-i", "50")
                self.assertEqual(self.script(suite, *flags)[0], self.twin(suite, *flags))

    @unittest.skipIf(AGAINST_K6, "k6 does not simulate")
    def test_whole_suites_without_chance_count_the_same(self):
        # Their think times are fixed, and an instant gateway takes no time. A twentieth of stress's users is up to eight.
        for suite, flags in (("smoke", ()), ("stress", ("--execution-segment", "0:1/20"))):
            with self.subTest(suite=suite):
                counts = self.script(suite, "--simulate=instant", *flags)[0]
                self.assertEqual(counts, self.twin(suite, "--simulate=instant", *flags))

    @unittest.skipIf(AGAINST_K6, "k6 does not simulate")
    def test_simulated_twice_they_write_the_same_bytes(self):
        for suite in SUITES:
            with self.subTest(suite=suite):
                runs = [self.script(suite, "--simulate", "-u", "5", "-i", "40")[1] for _ in range(2)]
                files = [{path.name: path.read_bytes() for path in run.folder.iterdir() if path.is_file()} for run in runs]
                self.assertEqual(files[0], files[1])
                self.assertEqual((runs[0].out, runs[0].log), (runs[1].out, runs[1].log))

    def test_the_environment_wins(self):
        gateway = self.mockgw(config=instant())
        settings = {"GATEWAY_URL": gateway.url + "/v1/", "MODEL": "gpt-4o", "MAX_TOKENS": 1, "TEMPERATURE": 0}
        for suite in ("smoke", "stress"):
            self.script(suite, "-i", "3", "--no-thresholds", **settings)
        models = json.loads(gateway.request("GET", "/admin/stats")[2])["models"]
        self.assertEqual({name: model["completions"] for name, model in models.items() if model["completions"]}, {"gpt-4o": 6})
        self.assertEqual(models["gpt-4o"]["completion_tokens"], 6)


class Public(ScriptTest):
    def run_public(self, path, *flags, **environment):
        run = self.run_file(path, "--summary-export", "export.json", *flags, environment=environment)
        self.assertEqual(run.code, 0, run.log + run.out)
        counts = counts_of(json.loads(run.read("export.json")))
        checks = {name: count for name, count in counts.items() if "::" in name}
        self.assertEqual({name: fails for name, (_, fails) in checks.items() if fails}, {}, run.log)
        self.assertGreater(min(passes for passes, _ in checks.values()), 0)
        return run

    def test_there_are_eleven(self):
        self.assertEqual(len(PUBLIC), 11)

    def test_for_real(self):
        url = self.mockgw(config=instant()).url
        for path in PUBLIC:
            if AGAINST_K6 and "from 'https://" in path.read_text():
                continue  # Needs the network.
            with self.subTest(script=path.name):
                self.run_public(path, *SHORT, GATEWAY_URL=url, BASE_URL=url, API_HOST=url)

    @unittest.skipIf(AGAINST_K6, "k6 does not simulate")
    def test_simulated_as_they_are_and_twice_the_same(self):
        for path in PUBLIC:
            with self.subTest(script=path.name):
                runs = [self.run_public(path, "--simulate") for _ in range(2)]
                self.assertEqual((runs[0].out, runs[0].log), (runs[1].out, runs[1].log))
                self.assertEqual(runs[0].read("export.json"), runs[1].read("export.json"))

    def test_reports_are_written(self):
        if AGAINST_K6:
            self.skipTest("needs the network")
        run = self.run_public(Path(ROOT, "tests/scripts/public/groups_and_reports.js"), "--simulate")
        self.assertIn("✓ good_answers", run.out)
        self.assertIn("█ chat", run.out)
        page = run.read("summary.html")
        for shown in ("<html", "chat has tokens", "good_answers"):
            self.assertIn(shown, page)
        self.assertEqual(json.loads(run.read("summary.json"))["metrics"]["good_answers"]["values"]["rate"], 1)


CHAT = """
import http from 'k6/http';
const post = (stream) => http.post(`${__ENV.GATEWAY_URL || 'http://localhost:8080'}/v1/chat/completions`, JSON.stringify({
  model: 'gpt-4', stream, max_tokens: 5, messages: [{ role: 'user', content: 'Hello' }],
}), { headers: { 'Content-Type': 'application/json', Authorization: 'Bearer test-api-key' } });
"""


@unittest.skipIf(AGAINST_K6, "k6 does not look into answers")
class Metering(ScriptTest):
    def metrics(self, text, code=0):
        """The metrics of a run, each world's, with the values of their summaries."""
        text = CHAT + text + "\nexport function handleSummary(data) { return { 'data.json': JSON.stringify(data) }; }"
        url = self.mockgw(config=instant()).url
        for world in WORLDS:
            with self.subTest(world=world):
                run = self.run_script(text, *world, environment={"GATEWAY_URL": url})
                self.assertEqual(run.code, code, run.log)
                yield json.loads(run.read("data.json"))["metrics"]

    def test_chats_are_measured_as_such(self):
        for metrics in self.metrics("export default function () { post(true); post(false); }"):
            self.assertEqual(metrics["llm.requests_success"]["values"]["count"], 2)
            self.assertEqual(metrics["llm.streaming_success"]["values"]["passes"], 1)
            self.assertEqual(metrics["llm.time_to_first_token"]["type"], "trend")
            self.assertGreater(metrics["llm.total_tokens"]["values"]["count"], 1)

    def test_thresholds_of_them(self):
        options = (
            "export const options = { thresholds: { 'llm.time_to_first_token': ['max<0'], 'llm.success_rate': ['rate==1'] } };"
        )
        for metrics in self.metrics(options + "export default function () { post(true); }", code=99):
            self.assertFalse(metrics["llm.time_to_first_token"]["thresholds"]["max<0"]["ok"])
            self.assertTrue(metrics["llm.success_rate"]["thresholds"]["rate==1"]["ok"])

    def test_metrics_that_scripts_declare_themselves_are_others(self):
        # Of the names that suites have, and of whatever type: names with a point are none that a script can declare.
        declared = (
            "import { Counter, Rate, Trend } from 'k6/metrics';"
            "const ttft = new Trend('llm_time_to_first_token'); const tokens = new Trend('llm_total_tokens', true);"
            "const good = new Rate('llm_requests_success'); const rate = new Rate('llm_success_rate');"
        )
        use = "export default function () { post(true); ttft.add(7); tokens.add(8); good.add(true); rate.add(false); }"
        for metrics in self.metrics(declared + use):
            self.assertEqual(metrics["llm_time_to_first_token"]["contains"], "default")
            self.assertEqual(metrics["llm_time_to_first_token"]["values"]["max"], 7)
            self.assertEqual(metrics["llm_total_tokens"]["values"]["avg"], 8)
            self.assertEqual(metrics["llm_requests_success"]["values"], {"rate": 1, "passes": 1, "fails": 0})
            self.assertEqual(metrics["llm_success_rate"]["values"], {"rate": 0, "passes": 0, "fails": 1})
            self.assertEqual(metrics["llm.requests_success"]["values"]["count"], 1)


if __name__ == "__main__":
    unittest.main()
