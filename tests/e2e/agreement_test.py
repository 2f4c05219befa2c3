"""A simulated run and a real one of the same suite, gateway file and seed agree.

Counts agree exactly: what the gateway decides about a request depends on the request's identity, not on when it comes.
Latencies agree within TOLERANCE: in real time every wait can only be longer, by the kernel and by what else the machine
does, so what is compared is the middle of the distribution and the upper half, not its end.
"""

import json
import os
import unittest
from pathlib import Path

from programs import ProgramTest

RELATIVE, ABSOLUTE_MS = 0.10, 15  # A real percentile may be so much above the simulated one …
BELOW_MS = 1.5  # … and hardly below it: timers do not fire early; histogram buckets and clocks round.

GATEWAY = {
    "latency": {"ttft": {"lognormal": {"p50": "60ms", "p99": "200ms"}}, "itl": "2ms", "other": "5ms"},
    "tokens": {"output": {"uniform": [10, 30]}},
    "faults": [
        {"name": "overloaded", "match": {"percent": 10}, "fault": {"kind": "status", "status": 503}},
        {"name": "limited", "match": {"percent": 10}, "fault": {"kind": "status", "status": 429}},
        {"name": "broken", "match": {"percent": 10, "stream": True}, "fault": {"kind": "reset_mid_stream", "after_tokens": 3}},
        {"name": "cut", "match": {"percent": 10, "stream": True}, "fault": {"kind": "truncate_no_done", "after_tokens": 3}},
    ],
}
SUITE = {
    "name": "agreement",
    "options": {
        "scenarios": {
            "buffered": {"executor": "per-vu-iterations", "vus": 4, "iterations": 30, "exec": "buffered"},
            "streamed": {"executor": "per-vu-iterations", "vus": 4, "iterations": 30, "exec": "streamed"},
        }
    },
    "flows": {
        "buffered": [{"chat": {"prompt": "Hello"}, "checks": {"status is 200": {"status": 200}}}],
        "streamed": [{"chat": {"prompt": "Hello", "stream": True}, "checks": {"status is 200": {"status": 200}}}],
    },
}
STREAMS = {
    "name": "streams",
    "options": {"scenarios": {"streams": {"executor": "per-vu-iterations", "vus": 5, "iterations": 12}}},
    "flows": {
        "default": [
            {"group": {"name": "conversation", "steps": [
                {"chat": {"prompt": {"one_of": ["Hello", "And then?"]}, "stream": True, "include_usage": True}},
                {"sleep": {"uniform": ["5ms", "20ms"]}},
                {"chat": {"prompt": "Why?", "stream": True, "max_tokens": 15}},
            ]}},
        ]
    },
}  # fmt: skip
UNEVEN = {
    "latency": {"ttft": {"exponential": {"mean": "40ms"}}, "itl": {"uniform": ["1ms", "5ms"]}},
    "tokens": {"output": {"uniform": [5, 25]}},
    "faults": [{"name": "mute", "match": {"percent": 10}, "fault": {"kind": "empty_content"}}],
}
# Of an hour's budget of 40 requests; who comes 41st depends on the time, how many come too late does not.
LIMITED = {
    "latency": {"ttft": "10ms", "itl": "1ms"},
    "tokens": {"output": 5},
    "rate_limits": {"rules": [{"algorithm": "sliding_window_log", "window": "1h", "requests": 40}]},
}
MANY = {
    "name": "many",
    "options": {"scenarios": {"s": {"executor": "shared-iterations", "vus": 3, "iterations": 60}}},
    "flows": {"default": [{"chat": {"prompt": "Hello"}}, {"http": {"path": "/nowhere"}}]},
}
COUNTS = [
    ("http_reqs", "count"), ("iterations", "count"), ("llm_requests_success", "count"), ("llm_requests_error", "count"),
    ("http_req_failed", "passes"), ("http_req_failed", "fails"), ("checks", "passes"), ("checks", "fails"),
    ("llm_streaming_success", "passes"), ("llm_streaming_success", "fails"), ("llm_total_tokens", "count"),
]  # fmt: skip


class Agreement(ProgramTest):
    def run_suite(self, suite, gateway, *where):
        folder = self.folder()
        Path(folder, "suite.json").write_text(json.dumps(suite))
        Path(folder, "gateway.json").write_text(json.dumps(gateway))
        done = self.run_program("LOADER", "run", "suite.json", "--seed", "11", "--out", "csv=samples.csv", *where, folder=folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        summary = json.loads(Path(folder, f"{suite['name']}-test-summary.json").read_text())
        return summary["metrics"], self.outcomes(Path(folder, "samples.csv"))

    def outcomes(self, samples):
        """How many requests ended in each way: scenario, status, error."""
        header, *rows = samples.read_text().splitlines()
        names = header.split(",")
        counted = {}
        for row in rows:
            sample = dict(zip(names, row.split(",")))
            if sample["metric_name"] == "http_reqs":
                kind = (sample["scenario"], sample["status"], sample["error_code"])
                counted[kind] = counted.get(kind, 0) + 1
        return counted

    def both(self, suite, config, outcomes_min):
        """The metrics of a simulated and of a real run, whose counts agree."""
        # The seed of the command line is the gateway's too in simulation.
        config = {**config, "seed": 11}
        simulated, simulated_outcomes = self.run_suite(suite, config, "--simulate=gateway.json")
        gateway = self.mockgw(config=config)
        real, real_outcomes = self.run_suite(suite, config, "--url", gateway.url)
        self.assertEqual(real_outcomes, simulated_outcomes)
        self.assertGreaterEqual(len(real_outcomes), outcomes_min, "the suite no longer meets every kind of outcome")
        for metric, value in COUNTS:
            if metric in simulated:
                self.assertEqual(real[metric]["values"][value], simulated[metric]["values"][value], f"{metric} {value}")
        return simulated, real

    def check_latencies(self, simulated, real):
        for metric in ("http_req_duration", "llm_time_to_first_token"):
            for percentile in ("p(50)", "p(90)"):
                low = simulated[metric]["values"][percentile]
                high = real[metric]["values"][percentile]
                self.assertGreaterEqual(high, low - BELOW_MS, f"{metric} {percentile}")
                self.assertLessEqual(high, low * (1 + RELATIVE) + self.slack(), f"{metric} {percentile}")

    def test_same_outcomes_and_about_the_same_latencies(self):
        self.check_latencies(*self.both(SUITE, GATEWAY, outcomes_min=6))

    def test_streams_of_uneven_tokens(self):
        self.check_latencies(*self.both(STREAMS, UNEVEN, outcomes_min=1))

    def test_a_rate_limit_and_a_path_that_is_not_there(self):
        self.both(MANY, LIMITED, outcomes_min=3)

    def slack(self):
        # Instrumented code on busy cores adds its own time to every request.
        return ABSOLUTE_MS * (10 if "SANITIZED" in os.environ else 1)


if __name__ == "__main__":
    unittest.main()
