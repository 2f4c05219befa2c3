"""The HTML report of a run, read as a stranger would: what happened, when, to which model, and which request to look up.

Its tables are parsed and compared with the summary's JSON. What a browser draws of them is not: a browser would be one more
package for one test."""

import json
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

from programs import ProgramTest

BYTES_MAX = 1_000_000

SUITE = {
    "name": "two-models",
    "options": {
        "scenarios": {"chat": {"executor": "constant-vus", "vus": 10, "duration": "10m", "exec": "chat"}},
        "thresholds": {"http_req_failed": ["rate<0.05"], "http_req_duration": ["p(95)<15000"]},
    },
    "flows": {
        "chat": [
            {
                "pick": [
                    {"weight": 1, "steps": [{"chat": {"prompt": "Hello", "model": model, "stream": True}}]}
                    for model in ("gpt-4", "llama-3-70b")
                ]
            },
            {"sleep": "1s"},
        ]
    },
}

OUTAGE = {
    "models": {"gpt-4": {}, "llama-3-70b": {}},
    "faults": [
        {
            "name": "down",
            "match": {"model": "gpt-4"},
            "active": {"from": "3m", "for": "2m"},
            "fault": {"kind": "error", "condition": "upstream_overloaded"},
        }
    ],
}


class Report(HTMLParser):
    """The text of each section, and its tables as lists of rows by the figure or the section they are in."""

    def __init__(self, html):
        super().__init__()
        self.sections, self.tables, self.where, self.row, self.cell, self.taking = {}, {}, "head", None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag in ("h2", "b"):
            self.taking = tag
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        self.taking = None
        if tag in ("td", "th") and self.row is not None:
            self.row.append(self.cell)
            self.cell = None
        elif tag == "tr":
            self.tables.setdefault(self.where, []).append(self.row)
            self.row = None

    def handle_data(self, data):
        if self.taking == "h2" or (self.taking == "b" and self.where == "Over time") or self.is_next_figure():
            self.where = data if self.taking == "h2" else "Over time: " + data
        self.sections[self.where] = self.sections.get(self.where, "") + data
        if self.cell is not None:
            self.cell += data

    def is_next_figure(self):
        return self.taking == "b" and self.where.startswith("Over time: ")

    def column(self, where, heading):
        rows = self.tables[where]
        place = rows[0].index(heading)
        return [row[place] for row in rows[1:]]


class HtmlReport(ProgramTest):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = Path(folder.name)

    def report(self, suite, *arguments):
        done = self.run_program("LOADER", "run", suite, *arguments, "--html", "report.html", "--summary-file", "summary.json",
                                folder=self.place)  # fmt: skip
        self.assertIn(done.returncode, (0, 99), done.stdout + done.stderr)
        html = (self.place / "report.html").read_text()
        self.assertLess(len(html.encode()), BYTES_MAX)
        return Report(html), json.loads((self.place / "summary.json").read_text())

    def test_an_outage_is_told_with_time_model_and_request(self):
        (self.place / "suite.json").write_text(json.dumps(SUITE))
        (self.place / "outage.json").write_text(json.dumps(OUTAGE))
        report, summary = self.report("suite.json", "--simulate=outage.json")
        self.assertIn("SIMULATED", report.sections["head"])
        self.assertIn("outage.json", report.sections["head"])
        story = report.sections["What happened"]
        error = summary["errors"][0]
        self.assertRegex(story, r"Model gpt-4: \d+ of \d+ requests failed \(\d\d\.\d+%\) from (2:5\d|3:0\d) to (4:5\d|5:0\d)")
        self.assertIn(error["request_id"], story)
        self.assertNotIn("llama", story)
        self.assertIn(error["request_id"], report.sections["Errors"])

    def test_figures_are_those_of_the_summary(self):
        (self.place / "suite.json").write_text(json.dumps(SUITE))
        (self.place / "outage.json").write_text(json.dumps(OUTAGE))
        report, summary = self.report("suite.json", "--simulate=outage.json")
        windows = [(series["model"], window) for series in summary["over_time"]["series"] for window in series["windows"]]
        failed = sum(window.get("failed", 0) for _, window in windows)
        requests = sum(window.get("requests", 0) for _, window in windows)
        self.assertEqual(sum(map(int, report.column("Over time: Requests", "failed"))), failed)
        self.assertEqual(sum(map(int, report.column("Over time: Requests", "succeeded"))), requests - failed)
        for model, total, bad in zip(*(report.column("Models", name) for name in ("Model", "Requests", "Failed"))):
            of_model = [window for name, window in windows if name == model]
            self.assertEqual(int(total), sum(window.get("requests", 0) for window in of_model))
            self.assertEqual(int(bad or 0), sum(window.get("failed", 0) for window in of_model))

    def test_a_drift_over_two_hours_is_told_and_drawn_small(self):
        (self.place / "drift.json").write_text(json.dumps({"latency": {"drift": [{"linear": {"percent_per_hour": 40}}]}}))
        report, _ = self.report("soak", "--simulate=drift.json")
        self.assertRegex(report.sections["What happened"], r"Latency drifts by [34]\d(\.\d)?% per hour")
        self.assertRegex(report.sections["What happened"], r"median latency of successes went from")
        self.assertLessEqual(len(report.tables["Over time: Requests"]), 121)

    def test_a_gateway_that_hangs_is_no_good_run(self):
        scenario = {"executor": "constant-vus", "vus": 10, "duration": "30s", "gracefulStop": "5s"}
        suite = {"name": "hang", "options": {"scenarios": {"s": scenario}}, "flows": {"default": [{"chat": {"prompt": "Hello"}}]}}
        (self.place / "suite.json").write_text(json.dumps(suite))
        (self.place / "hang.json").write_text(json.dumps({"timeline": [{"at": "5s", "set": {"latency": {"ttft": "300s"}}}]}))
        report, summary = self.report("suite.json", "--simulate=hang.json", "--markdown", "report.md")
        self.assertEqual(summary["run"]["iterations"]["interrupted"], 10)
        self.assertEqual(summary["run"]["exit_code"], 0)
        again = self.run_program("LOADER", "report", "summary.json", folder=self.place).stdout
        for text in (report.sections["What happened"], (self.place / "report.md").read_text(), again):
            self.assertIn("10 iterations were interrupted: they had not ended when the time was up.", text)
            self.assertRegex(text, r"No request ended from 0:0\d to 0:35\.")

    def test_phases_have_the_rates_that_they_were_made_with(self):
        stages = [{"duration": "7s", "target": 5}, {"duration": "0s", "target": 20}, {"duration": "40s", "target": 20}]
        scenario = {"executor": "ramping-arrival-rate", "startRate": 5, "stages": stages, "preAllocatedVUs": 100}
        suite = {"name": "rates", "options": {"scenarios": {"s": scenario}}, "flows": {"default": [{"chat": {"prompt": "Hello"}}]}}
        (self.place / "suite.json").write_text(json.dumps(suite))
        report, _ = self.report("suite.json", "--simulate")
        rates = dict(zip(report.column("Phases", "Phase"), report.column("Phases", "per second")))
        self.assertAlmostEqual(float(rates["hold-5"]), 5, delta=0.15)
        self.assertAlmostEqual(float(rates["hold-20"]), 20, delta=0.1)
        self.assertEqual(report.column("Phases", "To")[:2], ["0:07", "0:47"])


if __name__ == "__main__":
    unittest.main()
