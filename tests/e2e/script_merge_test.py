"""A k6 script in parts, merged: its own metrics, groups and checks, and its setup, which every process carries out and one of
them measures."""

import json
import unittest
from pathlib import Path

from programs import ProgramTest

SCRIPT = """
import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const words = new Trend('words');
const wait = new Trend('wait', true);
const asked = new Counter('asked');
const good = new Rate('good');
const last = new Gauge('last');
export const options = {
  scenarios: {
    few: { executor: 'per-vu-iterations', vus: 5, iterations: 8, exec: 'ask' },
    rate: { executor: 'constant-arrival-rate', rate: 3, duration: '20s', preAllocatedVUs: 30, exec: 'ask' },
  },
  thresholds: { words: ['p(95)>0'], 'asked{scenario:few}': ['count==40'], good: ['rate>0.9'], 'checks{kind:answer}': ['rate==1'], 'asked{scenario:nobody}': [] },
};
export function setup() {
  check(http.get(`${__ENV.GATEWAY_URL}/health`), { 'is healthy': (r) => r.status === 200 });
  return { prompt: 'Hello' };
}
export function ask(data) {
  group('talk', () => {
    const body = JSON.stringify({ model: 'gpt-4', messages: [{ role: 'user', content: data.prompt }], max_tokens: 50 });
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer test-api-key' };
    const r = http.post(`${__ENV.GATEWAY_URL}/v1/chat/completions`, body, { headers });
    check(r, { 'has an answer': (a) => a.json('choices.0.message.content').length > 0 }, { kind: 'answer' });
    words.add(r.json('usage.completion_tokens'));
    wait.add(r.timings.duration);
    asked.add(1);
    good.add(r.status === 200);
    last.add(7);
  });
  sleep(0.5 + Math.random());
}
"""


class ScriptMerge(ProgramTest):
    def test_the_parts_are_the_whole(self):
        place = Path(self.folder())
        script = place / "script.js"
        script.write_text(SCRIPT)
        run = ("run", str(script), "--simulate=instant", "--seed", "3", "--quiet", "--no-color")
        whole = self.run_program("LOADER", *run, "--summary-file", str(place / "whole.json"))
        self.assertEqual(whole.returncode, 0, whole.stdout + whole.stderr)
        files = [str(place / f"shard-{number}.json") for number in (1, 2, 3)]
        for number in (1, 2, 3):
            part = self.run_program("LOADER", *run, "--shard", f"{number}/3", "--mergeable", str(place / "shard-{shard}.json"), "--no-thresholds")
            self.assertEqual(part.returncode, 0, part.stdout + part.stderr)
        merged = self.run_program("LOADER", "merge", *files, "--summary-file", str(place / "merged.json"), "--no-color")
        self.assertEqual(merged.returncode, 0, merged.stdout + merged.stderr)
        # The gateway draws nothing: a script's requests have no ids that it could draw by. But ids of its own are counted, and
        # as long as their numbers; and a mean's last digit depends on the order of its sum.
        one, parts = (self.values(place / f"{name}.json") for name in ("whole", "merged"))
        self.assertEqual(parts, one)
        # 40 of the one scenario, an arrival each third of a second of the other, and the first's setup.
        metrics = json.loads((place / "merged.json").read_text())["metrics"]
        self.assertEqual(metrics["asked"]["values"]["count"], 40 + 61)
        self.assertEqual(metrics["http_reqs"]["values"]["count"], 40 + 61 + 1)

    def test_parts_of_other_programs_are_left_out(self):
        place = Path(self.folder())
        (place / "lib.js").write_text("export const words = 3;")
        (place / "data.txt").write_text("a b c")
        script = place / "main.js"
        script.write_text(
            "import { words } from './lib.js';\n"
            "const text = open('./data.txt');\n"
            "export const options = { vus: 3, iterations: 3 };\n"
            "export default function () { if (__ENV.WORDS === '-1') throw new Error(text + words + __ENV.HOSTNAME); }\n"
        )

        def part(number, *flags, **variables):
            run = ("run", str(script), "--simulate=instant", "-q", "--no-thresholds", *flags)
            done = self.run_program("LOADER", *run, "--shard", f"{number}/3", "--mergeable", str(place / "shard-{shard}.json"), environment=variables)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        def finding():
            merged = self.run_program("LOADER", "merge", *(str(place / f"shard-{n}.json") for n in (1, 2, 3)), "--no-summary", folder=place)
            self.assertIn(merged.returncode, (0, 123), merged.stderr)
            found = [line.split("what differs: ")[1] for line in merged.stderr.splitlines() if "what differs" in line]
            self.assertEqual(len(found), 0 if merged.returncode == 0 else 1, merged.stderr)
            return found[0] if found else "nothing"

        for number in (1, 2, 3):
            part(number)
        self.assertEqual(finding(), "nothing")
        for name, content in (("lib.js", "export const words = 4;"), ("data.txt", "a b d")):
            with self.subTest(name):
                before = (place / name).read_text()
                (place / name).write_text(content)
                part(3)
                (place / name).write_text(before)
                self.assertEqual(finding(), f"the file {name}")
        for number, (what, flags, variables) in enumerate(
            (
                ("the variable X", ("-e", "X=1"), {}),
                ("the variable WORDS", (), {"WORDS": "4"}),
                ("nothing", (), {"OTHER": "4", "HOSTNAME": "node-3", "API_KEY": "sk-3"}),
            )
        ):
            with self.subTest(what, number=number):
                part(3, *flags, **variables)
                self.assertEqual(finding(), what)
        self.assertNotIn("sk-3", (place / "shard-3.json").read_text())

    @staticmethod
    def values(file):
        """By metric, and the checks in their groups."""
        summary = json.loads(file.read_text())
        metrics = {
            name: ({key: value for key, value in metric["values"].items() if key != "avg"}, metric.get("thresholds"))
            for name, metric in summary["metrics"].items()
            if name != "data_received"
        }
        return metrics, summary["root_group"]


if __name__ == "__main__":
    unittest.main()
