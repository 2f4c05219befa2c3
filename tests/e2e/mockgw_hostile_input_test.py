"""What must not hurt mockgw: each input gets a clear error or a closed connection, and the same process goes on."""

import json
import random
import socket
import struct
import unittest

from programs import ProgramTest, chat_body, instant

CHAT = "/v1/chat/completions"


def chat_head(length, *more):
    lines = ["POST /v1/chat/completions HTTP/1.1", "Host: x", "Authorization: Bearer k", "Content-Type: application/json"]
    return ("\r\n".join([*lines, f"Content-Length: {length}", *more]) + "\r\n\r\n").encode()


def reset(client):
    """Ends a connection with RST."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


class HostileInput(ProgramTest):
    def setUp(self):
        # Short limits on silence, so that no test waits for the defaults.
        self.gateway = self.mockgw(config=instant(timeouts={"header": "300ms", "body": "300ms", "idle": "30s"}))
        self.addCleanup(self.check_that_it_lives)

    def check_that_it_lives(self):
        status, _, body = self.gateway.request("POST", CHAT, chat_body())
        self.assertEqual(status, 200, body)

    def send(self, data):
        """Everything that comes back until the gateway closes; a reset counts as an end."""
        answer = b""
        with self.gateway.connect() as client:
            try:
                client.sendall(data)
                while piece := client.recv(65536):
                    answer += piece
            except (ConnectionResetError, BrokenPipeError):
                pass
        return answer

    def check_error(self, answer, status):
        """An error answer with the envelope that clients of OpenAI's API read."""
        head, _, body = answer.partition(b"\r\n\r\n")
        self.assertIn(b"HTTP/1.1 %d " % status, head[:20], answer[:200])
        error = json.loads(body)["error"]
        self.assertEqual(sorted(error), ["code", "message", "param", "type"])
        self.assertTrue(error["message"])

    def test_garbage_bytes(self):
        noise = random.Random(1)
        for size in (1, 10, 1000, 100_000):
            # Never valid HTTP: the first byte is no token character.
            answer = self.send(b"\x00" + noise.randbytes(size) + b"\r\n\r\n")
            self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer[:100])

    def test_a_tls_hello_to_the_plain_port(self):
        answer = self.send(bytes.fromhex("16030100c8010000c40303") + bytes(200))
        self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer[:100])

    def test_half_a_head_is_timed_out(self):
        answer = self.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthor")
        self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 408 "), answer[:100])

    def test_half_a_body_is_timed_out(self):
        answer = self.send(chat_head(1000) + b'{"model":')
        self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 408 "), answer[:100])

    def test_half_a_request_and_gone(self):
        for data in (b"POS", chat_head(1000), chat_head(1000) + b'{"model":'):
            with self.gateway.connect() as client:
                client.sendall(data)
            reset_client = self.gateway.connect()
            reset_client.sendall(data)
            reset(reset_client)

    def test_a_body_announced_as_one_gigabyte(self):
        self.check_error(self.send(chat_head(1 << 30) + b"x" * 1000), 413)

    def test_a_body_announced_beyond_64_bits(self):
        self.assertRegex(self.send(chat_head(10**30) + b"x")[:13], rb"HTTP/1\.1 4(00|13) ")

    def test_an_endless_chunked_body(self):
        head = chat_head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        answer = self.send(head + chunk * 256)  # 16 MiB; the default limit is 10 MiB.
        self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 413 "), answer[:100])

    def test_ten_thousand_headers(self):
        many = [f"X-{i}: {i}" for i in range(10_000)]
        self.check_error(self.send(chat_head(2, *many) + b"{}"), 431)

    def test_one_endless_header(self):
        self.check_error(self.send(chat_head(2, "X: " + "x" * 1_000_000) + b"{}"), 431)

    def test_length_and_chunked_at_once_is_no_smuggling(self):
        answer = self.send(chat_head(5, "Transfer-Encoding: chunked", "Connection: close") + b"0\r\n\r\nGET /health HTTP/1.1\r\n\r\n")
        self.assertLessEqual(answer.count(b"HTTP/1.1 "), 1, answer)
        self.assertNotIn(b"healthy", answer)

    def test_a_coding_that_hides_the_end_of_the_body_is_no_smuggling(self):
        for coding in ("identity", "gzip", "chunked, identity", "gzip, chunked"):
            head = chat_head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: " + coding.encode())
            answer = self.send(head + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1, answer)
            self.check_error(answer, 501 if coding.endswith(" chunked") else 400)

    def test_what_is_not_http_1(self):
        self.check_error(self.send(b"GET /health HTTP/2.0\r\n\r\n"), 505)
        self.check_error(self.send(b"GET /health HTTP/1.1\r\n\r\n"), 400)
        self.check_error(self.send(b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400)

    def test_rare_but_valid_requests(self):
        end = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        for request, status in ((b"\r\n\r\nGET /health", 200), (b"GET http://x/health", 200), (b"OPTIONS *", 204)):
            self.assertTrue(self.send(request + end).startswith(b"HTTP/1.1 %d " % status), request)

    def test_invalid_utf8(self):
        body = b'{"model":"gpt-3.5-turbo","messages":[{"role":"user","content":"\xff\xfe\xc0"}]}'
        status, _, answer = self.gateway.request("POST", CHAT, body)
        self.assertEqual(status, 400, answer)
        self.assertTrue(json.loads(answer)["error"]["message"])

    def test_deeply_nested_json(self):
        for body in ("[" * 1_000_000, '{"model":"m","messages":' + "[" * 100_000 + "]" * 100_000 + "}", '{"a":' * 500_000):
            status, _, answer = self.gateway.request("POST", CHAT, body)
            self.assertEqual(status, 400, answer[:200])
            self.assertEqual(json.loads(answer)["error"]["type"], "invalid_request_error")

    def test_wrong_types_everywhere(self):
        message = [{"role": "user", "content": "hi"}]
        bodies = [
            "", "null", "[]", "7", '"text"', "{}", {"model": 7, "messages": message}, {"model": "gpt-3.5-turbo"},
            {"model": "gpt-3.5-turbo", "messages": "hi"}, {"model": "gpt-3.5-turbo", "messages": []},
            {"model": "gpt-3.5-turbo", "messages": [7]}, chat_body(stream="yes"), chat_body(n="two"), chat_body(n=-1),
            chat_body(max_tokens="many"), chat_body(max_tokens=-5), chat_body(stop=7), chat_body(temperature="hot"),
            chat_body(stream_options={"include_usage": True}),
        ]  # fmt: skip
        for body in bodies:
            status, _, answer = self.gateway.request("POST", CHAT, body)
            self.assertEqual(status, 400, (body, answer))
            self.assertTrue(json.loads(answer)["error"]["message"], body)

    def test_clients_that_leave_in_the_middle_of_a_stream(self):
        gateway = self.mockgw(config={"latency": {"ttft": "1ms", "itl": "5ms"}, "tokens": {"output": 200}})
        body = json.dumps(chat_body(stream=True, max_tokens=200)).encode()
        for leave in (socket.socket.close, reset) * 10:
            client = gateway.connect()
            client.sendall(chat_head(len(body)) + body)
            self.assertIn(b"200 OK", client.recv(4096))
            leave(client)
        status, _, _ = gateway.request("GET", "/health")
        self.assertEqual(status, 200)

    def test_clients_that_leave_before_the_first_byte_hold_nothing(self):
        slow = {"latency": {"ttft": "60s"}, "overload": {"max_concurrency": 1, "queue_size": 4}, "timeouts": {"drain": "1s"}}
        gateway = self.mockgw(config=slow)
        body = json.dumps(chat_body()).encode()

        def ask():
            client = gateway.connect()
            client.sendall(chat_head(len(body)) + body)
            return client

        # One has the slot; two wait for it, and leave.
        running = ask()
        gateway.wait_for_stats(lambda stats: stats["queue"]["running"] == 1)
        for left, leave in enumerate((socket.socket.close, reset)):
            waiting = ask()
            gateway.wait_for_stats(lambda stats: stats["queue"]["waiting"] == 1)
            leave(waiting)
            gateway.wait_for_stats(lambda stats: stats["client_disconnects"] == left + 1)
        # The next one gets the slot when the first leaves, and leaves too.
        waiting = ask()
        gateway.wait_for_stats(lambda stats: stats["queue"]["waiting"] == 1)
        running.close()
        gateway.wait_for_stats(lambda stats: stats["queue"] == {"running": 1, "waiting": 0})
        reset(waiting)
        stats = gateway.wait_for_stats(lambda stats: stats["queue"]["running"] == 0)
        self.assertEqual((stats["client_disconnects"], stats["active_requests"]), (4, 0))

    def test_the_answer_is_read_whole_although_more_was_sent(self):
        # Closing at once with bytes unread would send RST after the answer (RFC 9112, 9.6).
        request = b"GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nConnection: close\r\n\r\n"
        with self.gateway.connect() as client:
            client.sendall(request + b"x" * 200_000)
            answer = b""
            while piece := client.recv(1000):
                answer += piece
        self.assertTrue(answer.endswith(b"]}"), answer[-100:])

    def test_a_client_that_does_not_read_costs_no_one_else(self):
        body = json.dumps(chat_body(stream=True)).encode()
        clients = [self.gateway.connect() for _ in range(20)]
        for client in clients:
            client.sendall((chat_head(len(body)) + body) * 20)
        self.check_that_it_lives()
        for client in clients:
            reset(client)

    def test_unknown_routes_and_methods(self):
        status, headers, body = self.gateway.request("GET", CHAT)
        self.assertEqual((status, headers["Allow"]), (405, "POST"))
        self.assertTrue(json.loads(body)["error"]["message"])
        status, _, body = self.gateway.request("GET", "/v1/nothing/%00?x=%zz")
        self.assertEqual(status, 404)
        self.assertTrue(json.loads(body)["error"]["message"])

    def test_pipelined_requests_are_answered_in_order(self):
        body = json.dumps(chat_body()).encode()
        answer = self.send(
            b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
            + chat_head(len(body), "X-Request-Id: second") + body
            + b"GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nConnection: close\r\n\r\n"
        )  # fmt: skip
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK"), 3, answer)
        places = [answer.index(b'"status"'), answer.index(b"chat.completion"), answer.index(b'"list"')]
        self.assertEqual(places, sorted(places))
        self.assertIn(b"second", answer)


if __name__ == "__main__":
    unittest.main()
