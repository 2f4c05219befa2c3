"""A hundred clients ask for the largest answers there are and read nothing: the gateway stays small, and others are answered."""

import json
import os
import socket
import time
import unittest
from pathlib import Path

from programs import ProgramTest, chat_body, instant

CLIENTS = 10 if "SANITIZED" in os.environ else 100
HEALTH_SECONDS = 1 if "UNOPTIMIZED" in os.environ else 0.05
MEMORY_MEGABYTES = 200
ASKED = 40  # Times /health is asked, one after the other, from the moment the requests are out.
# Of those, so many may take longer: the machine runs other things than this test, too.
LATE_MAX = 4

MANY_ITEMS = {"type": "array", "minItems": 1_000_000, "items": {"type": "integer"}}
UNIQUE_ITEMS = {**MANY_ITEMS, "uniqueItems": True}


def schema(of):
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": of}}
    return {"model": "gpt-4o", "response_format": form}


def tool(of):
    parameters = {"type": "object", "properties": {"x": of}, "required": ["x"]}
    return {"tools": [{"type": "function", "function": {"name": "f", "parameters": parameters}}], "tool_choice": "required"}


LOGPROBS = {"logprobs": True, "top_logprobs": 20, "n": 128}
BUFFERED = {
    "log probabilities": LOGPROBS,
    "unique items": schema(UNIQUE_ITEMS),
    "items of many choices": {**schema(MANY_ITEMS), **LOGPROBS},
}
STREAMED = {
    "log probabilities": LOGPROBS,
    "items": schema(MANY_ITEMS),
    "long texts": schema({"type": "array", "minItems": 1000, "items": {"type": "string", "minLength": 4000}}),
    "arguments of many choices": {**tool(MANY_ITEMS), "n": 128},
}


def peak_megabytes(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024


class LargeAnswers(ProgramTest):
    def health_seconds(self, gateway):
        begin = time.monotonic()
        self.assertEqual(gateway.request("GET", "/health")[0], 200)
        return time.monotonic() - begin

    def ask_all(self, gateway, body):
        text = json.dumps(body).encode()
        request = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(text) + text
        clients = []
        for _ in range(CLIENTS):
            client = socket.socket()
            # Little room, so that the answers wait in the gateway.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", gateway.port))
            self.addCleanup(client.close)
            clients.append(client)
        for client in clients:
            client.sendall(request)
        return clients

    def check(self, name, body, config=None):
        gateway = self.mockgw(config=config or instant())
        clients = self.ask_all(gateway, body)
        times = sorted(self.health_seconds(gateway) for _ in range(ASKED))
        # Each has begun, so each was planned.
        for client in clients:
            client.settimeout(60)
            self.assertEqual(client.recv(12), b"HTTP/1.1 200", name)
        times += [self.health_seconds(gateway)]
        megabytes = peak_megabytes(gateway.process)
        print(f"{name}: /health took {1000 * times[-2]:.0f} ms at most, {1000 * times[ASKED // 2]:.1f} ms mostly; {megabytes:.0f} MB")
        for client in clients:
            client.close()
        if "SANITIZED" in os.environ:
            return  # Several times as slow and large.
        self.assertLess(sorted(times)[-LATE_MAX - 1], HEALTH_SECONDS, name)
        self.assertLess(megabytes, MEMORY_MEGABYTES, name)

    def test_buffered(self):
        for name, ask in BUFFERED.items():
            with self.subTest(name):
                self.check(f"{name}, buffered", chat_body(**ask))

    def test_streamed(self):
        for name, ask in STREAMED.items():
            with self.subTest(name):
                self.check(f"{name}, streamed", chat_body(stream=True, **ask))

    def test_echoed(self):
        prompt = [{"role": "user", "content": "twelveletter" * 20_000}]
        for stream in (False, True):
            with self.subTest(stream=stream):
                echo = instant(tokens={"content": "echo"}, requests={"token_limits": "none"})
                self.check(f"echo, {stream=}", chat_body(messages=prompt, stream=stream, n=4, logprobs=True, top_logprobs=20), echo)

    def test_the_limit_ends_an_answer_as_a_models_own_does(self):
        gateway = self.mockgw(config=instant(tokens={"output": 500}, limits={"max_answer_tokens": 100}))
        status, _, body = gateway.request("POST", "/v1/chat/completions", chat_body(n=2, max_tokens=400))
        answer = json.loads(body)
        self.assertEqual(status, 200)
        self.assertEqual([choice["finish_reason"] for choice in answer["choices"]], ["length", "length"])
        self.assertEqual(answer["usage"]["completion_tokens"], 100)

    def test_a_body_in_pieces_is_json(self):
        gateway = self.mockgw(config=instant())
        status, headers, body = gateway.request("POST", "/v1/chat/completions", chat_body(**LOGPROBS))
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"))
        choices = json.loads(body)["choices"]
        self.assertEqual(len(choices), 128)
        self.assertEqual(len(choices[127]["logprobs"]["content"][0]["top_logprobs"]), 20)


if __name__ == "__main__":
    unittest.main()
