"""mockgw as a user types it: flags, the ready line, checking and printing a gateway file, signals."""

import json
import os
import signal
import socket
import subprocess
import unittest

from programs import ProgramTest, chat_body, clean_environment, instant


class CommandLine(ProgramTest):
    def test_ready_line_names_the_bound_port(self):
        gateway = self.mockgw()
        status, _, body = gateway.request("GET", "/health")
        self.assertEqual(status, 200)
        self.assertIn(json.loads(body)["status"], ("healthy", "degraded"))

    def test_help_and_version(self):
        for flag in ("--help", "--version"):
            done = self.run_program("MOCKGW", flag)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("mockgw", done.stdout)
        self.assertRegex(self.run_program("MOCKGW", "--version").stdout, r"\d+\.\d+\.\d+")

    def test_unknown_flag_is_named(self):
        done = self.run_program("MOCKGW", "--lisen", "127.0.0.1:0")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("lisen", done.stderr + done.stdout)

    def test_a_port_in_use_is_an_error_that_names_it(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            done = self.run_program("MOCKGW", "--listen", address)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(address, done.stderr + done.stdout)
        self.assertIn("in use", done.stderr + done.stdout)

    def test_output_that_is_lost_is_no_success(self):
        for flag in ("--help", "--version", "--print-config", "--check"):
            with open("/dev/full", "w") as full:
                done = subprocess.run([os.environ["MOCKGW"], flag], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                                      text=True, env=clean_environment(self.folder()))  # fmt: skip
            self.assertEqual(done.returncode, 1, (flag, done.stderr))
            self.assertIn("standard output could not be written", done.stderr)

    def test_an_unknown_profile_is_the_flags_or_the_variables(self):
        done = self.run_program("MOCKGW", "--check", "--profile", "nope")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--profile: ", done.stderr)
        done = self.run_program("MOCKGW", "--check", environment={"MOCKGW_PROFILE": "nope", "MOCKGW_SEED": ""})
        self.assertIn("MOCKGW_PROFILE: ", done.stderr)

    def test_connections_are_bounded_by_the_limit_of_open_files(self):
        # Of the default nobody has to be warned.
        self.assertEqual(self.mockgw(config=instant(), open_files=64).warnings("max_connections"), [])
        gateway = self.mockgw(config=instant(limits={"max_connections": 5000}), open_files=64)
        self.assertIn("44", gateway.warnings("max_connections")[0])
        clients = [gateway.connect() for _ in range(60)]
        # Those past the bound are turned away; the gateway goes on with the others, without a word.
        clients[0].sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertIn(b"alive", clients[0].recv(4096))
        self.assertEqual(clients[-1].recv(1), b"")
        for client in clients:
            client.close()
        self.assertEqual(gateway.warnings("cannot accept"), [])

    def test_environment_and_flag_precedence(self):
        # --listen 127.0.0.1:0 is a flag here, so the environment's nonsense address is not used.
        self.mockgw(environment={"MOCKGW_LISTEN": "192.0.2.1:1"})
        done = self.run_program("MOCKGW", "--print-config", environment={"MOCKGW_SEED": "77"})
        self.assertEqual(json.loads(done.stdout)["seed"], 77)
        done = self.run_program("MOCKGW", "--print-config", "--seed", "78", environment={"MOCKGW_SEED": "77"})
        self.assertEqual(json.loads(done.stdout)["seed"], 78)


class GatewayFile(ProgramTest):
    def write(self, text):
        self.place = self.folder()
        path = os.path.join(self.place, "gateway.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_check_accepts_a_good_file_with_comments(self):
        path = self.write('// slow\n{"latency": {"ttft": "250ms" /* constant */}}\n')
        done = self.run_program("MOCKGW", path, "--check")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_check_names_file_path_and_nearest_key(self):
        path = self.write('{"latency": {"tftt": "250ms"}}')
        done = self.run_program("MOCKGW", path, "--check")
        self.assertNotEqual(done.returncode, 0)
        for word in ("gateway.json", "latency", "tftt", "ttft"):
            self.assertIn(word, done.stderr + done.stdout)

    def test_check_refuses_bad_json_and_a_missing_file(self):
        done = self.run_program("MOCKGW", self.write('{"latency": '), "--check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("gateway.json", done.stderr + done.stdout)
        done = self.run_program("MOCKGW", "/no/such/file.json", "--check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/no/such/file.json", done.stderr + done.stdout)

    def test_print_config_is_a_file_that_prints_itself(self):
        for flag in ("--print-config", "--print-full-config"):
            first = self.run_program("MOCKGW", "--seed", "5", flag)
            self.assertEqual(first.returncode, 0, first.stderr)
            again = self.run_program("MOCKGW", self.write(first.stdout), flag)
            self.assertEqual(again.stdout, first.stdout, again.stderr)

    def test_print_config_says_what_differs_only(self):
        path = self.write('{"latency": {"ttft": "9s"}, "models": {"m": {"latency": {"itl": "1ms"}}}, "seed": 1}')
        done = self.run_program("MOCKGW", path, "--print-config")
        self.assertEqual(json.loads(done.stdout), {"latency": {"ttft": "9s"}, "models": {"m": {"latency": {"itl": "1ms"}}}})

    def test_instant_has_no_latency(self):
        done = self.run_program("MOCKGW", self.write('{"latency": {"ttft": "9s"}}'), "--instant", "--print-config")
        self.assertNotIn("9s", done.stdout)


class Signals(ProgramTest):
    def test_sigterm_finishes_what_is_in_flight(self):
        # A stream of ten tokens, with time between them; SIGTERM comes after the first of its bytes.
        gateway = self.mockgw(config={"latency": {"ttft": "50ms", "itl": "50ms"}, "tokens": {"output": 10}})
        body = json.dumps(chat_body(stream=True)).encode()
        with gateway.connect() as client:
            client.sendall(
                b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            answer = client.recv(1)
            gateway.signal(signal.SIGTERM)
            while piece := client.recv(65536):
                answer += piece
        self.assertIn(b"HTTP/1.1 200 OK", answer)
        self.assertIn(b"data: [DONE]", answer)
        self.assertTrue(answer.endswith(b"0\r\n\r\n"), answer[-100:])
        self.assertEqual(gateway.wait(), 0)

    def test_sigterm_with_idle_connections_ends_at_once(self):
        gateway = self.mockgw()
        with gateway.connect() as idle:
            idle.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"200 OK", idle.recv(65536))
            self.assertEqual(gateway.stop(), 0)

    def test_sighup_reloads_the_file_and_refuses_a_bad_one(self):
        gateway = self.mockgw(config=instant(auth={"keys": ["first"]}))
        status = lambda key: gateway.request("GET", "/v1/models", headers={"Authorization": f"Bearer {key}"})[0]
        self.assertEqual((status("first"), status("second")), (200, 401))
        # A good file is taken.
        gateway.config_file.write_text(json.dumps(instant(auth={"keys": ["second"]})))
        gateway.signal(signal.SIGHUP)
        gateway.wait_for_line(r"reloaded .*gateway\.json")
        self.assertEqual((status("first"), status("second")), (401, 200))
        # A bad one is refused with its error, and the old one stays.
        gateway.config_file.write_text('{"auth": {"kyes": []}}')
        gateway.signal(signal.SIGHUP)
        self.assertIn("kyes", gateway.wait_for_line(r"not reloaded.*").group(0))
        self.assertEqual((status("first"), status("second")), (401, 200))

    def test_sighup_says_that_another_address_needs_a_restart(self):
        gateway = self.mockgw(config=instant(listen="127.0.0.1:0"), listen_flag=False)
        gateway.config_file.write_text(json.dumps(instant(listen="127.0.0.1:1")))
        gateway.signal(signal.SIGHUP)
        gateway.wait_for_line(r"listen: .*127\.0\.0\.1:1.* restart")
        gateway.wait_for_line(r"reloaded .*gateway\.json")

    def test_sigint_ends_like_sigterm(self):
        gateway = self.mockgw()
        gateway.signal(signal.SIGINT)
        self.assertEqual(gateway.wait(), 0)


if __name__ == "__main__":
    unittest.main()
