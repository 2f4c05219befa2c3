"""The official OpenAI client (npm) against a running mockgw. The tests themselves are in openai_client/; OPENAI_CLIENT
names the folder where install_openai_client put them, or the reason why it could not: then this is skipped."""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, instant

PROFILES = Path(__file__).resolve().parents[2] / "fixtures" / "profiles"
AUTH = {"keys": ["test-api-key"]}


def conditions():
    """Every condition that a profile knows, but for the one inside of streams."""
    text = (PROFILES / "openai.json").read_text()
    errors = json.loads(re.sub(r"(?m)^\s*//.*$", "", text))["errors"]
    return sorted(set(errors) - {"envelope", "stream_error"})


class OpenaiClient(ProgramTest):
    def run_node(self, script, **environment):
        done = subprocess.run(
            ["node", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=os.environ["OPENAI_CLIENT"],
            env={**os.environ, "NO_PROXY": "127.0.0.1", **environment},
            timeout=DEADLINE_SECONDS,
        )
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_every_field_stream_and_error(self):
        usual = ("gpt-3.5-turbo", "gpt-4", "claude-3-sonnet-20240229", "claude-3-haiku-20240307")
        models = {**{name: {} for name in usual}, "meta/llama-3": {"owned_by": "meta"}}
        self.run_node("client_test.mjs", GATEWAY_URL=self.mockgw(config=instant(auth=AUTH, models=models)).url)

    def test_tools_structured_answers_and_logprobs(self):
        answers = [{"match": {"regex": "(?i)^ping"}, "text": "pong"}]
        tokens = {"content": {"fixtures": answers}, "tool_calls": {"parallel": 2}}
        self.run_node("tools_test.mjs", GATEWAY_URL=self.mockgw(config=instant(auth=AUTH, tokens=tokens)).url)

    def check_retries(self, failures, **fault):
        rule = {"name": "first answers", "match": {"path": "/v1/chat/completions", "first_n": failures}}
        config = instant(auth=AUTH, faults=[{**rule, "fault": {"kind": "status", **fault}}])
        url = self.mockgw(config=config).url
        self.run_node("retry_test.mjs", GATEWAY_URL=url, FAILURES=str(failures), STATUS=str(fault["status"]))

    def test_retries_after_429(self):
        self.check_retries(3, status=429, retry_after=0)

    def test_retries_after_503(self):
        self.check_retries(2, status=503)

    def test_each_profile_is_seen_as_it_promises(self):
        faults = [
            {"name": f"fault {status}", "match": {"header": {"x-test-fault": str(status)}},
             "fault": {"kind": "status", "status": status}}
            for status in (429, 500, 503, 504)
        ]  # fmt: skip
        faults += [
            {"name": f"fault {condition}", "match": {"header": {"x-test-fault": condition}},
             "fault": {"kind": "error", "condition": condition}}
            for condition in conditions()
        ]  # fmt: skip
        limits = {"rules": [{"name": "one an hour", "key_by": ["api_key"], "algorithm": "sliding_window_log", "window": "1h", "requests": 1}]}
        # The client retries failures, and must not open a breaker by it.
        config = instant(auth=AUTH, circuit_breaker={"enabled": False})
        gateways = {}
        for file in sorted(PROFILES.glob("*.json")):
            open_to_all = self.mockgw("--profile", file.stem, config={**config, "faults": faults})
            limited = self.mockgw("--profile", file.stem, config={**config, "rate_limits": limits})
            gateways[file.stem] = {"url": open_to_all.url, "limited_url": limited.url}
        self.assertGreaterEqual(len(gateways), 10)
        self.run_node(
            "profile_test.mjs", GATEWAYS=json.dumps(gateways), PROFILES=str(PROFILES), CONDITIONS=json.dumps(conditions())
        )

    def test_shape_comparison_bites(self):
        self.run_node("shape_test.mjs")


if __name__ == "__main__":
    reason = Path(os.environ["OPENAI_CLIENT"], "not_tested")
    if reason.exists():
        print(reason.read_text())
        sys.exit(77)  # SKIP_RETURN_CODE in CMakeLists.txt.
    unittest.main()
