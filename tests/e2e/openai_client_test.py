"""The official OpenAI client (npm) against a running mockgw. The tests themselves are in openai_client/; OPENAI_CLIENT
names the folder where install_openai_client put them."""

import os
import subprocess
import unittest

from programs import DEADLINE_SECONDS, ProgramTest, instant

AUTH = {"keys": ["test-api-key"]}


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
        self.run_node("client_test.mjs", GATEWAY_URL=self.mockgw(config=instant(auth=AUTH)).url)

    def check_retries(self, failures, **fault):
        rule = {"name": "first answers", "match": {"path": "/v1/chat/completions", "first_n": failures}}
        config = instant(auth=AUTH, faults=[{**rule, "fault": {"kind": "status", **fault}}])
        url = self.mockgw(config=config).url
        self.run_node("retry_test.mjs", GATEWAY_URL=url, FAILURES=str(failures), STATUS=str(fault["status"]))

    def test_retries_after_429(self):
        self.check_retries(3, status=429, retry_after=0)

    def test_retries_after_503(self):
        self.check_retries(2, status=503)

    def test_shape_comparison_bites(self):
        self.run_node("shape_test.mjs")


if __name__ == "__main__":
    unittest.main()
