"""Where loader has a k6 script from: standard input, modules over HTTPS with their cache, TypeScript; and where what the
script says goes."""

import http.server
import os
import ssl
import subprocess
import threading
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment

SIMULATED = ("--simulate", "--seed", "1", "-q", "--no-summary", "--summary-file", "none")


class Modules(http.server.BaseHTTPRequestHandler):
    """Serves the server's `modules`: by path, a status and a text, or an address to go to."""

    def do_GET(self):
        self.server.asked.append(self.path)
        status, text = self.server.modules.get(self.path, (404, "none"))
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", text)
            text = ""
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


class ScriptSources(ProgramTest):
    def setUp(self):
        self.place = self.folder()

    def write(self, name, text):
        Path(self.place, name).write_text(text)
        return name

    def loader(self, *arguments, input=None, **environment):
        done = subprocess.run(
            [os.environ["LOADER"], *arguments], input=input or "", capture_output=True, text=True, cwd=self.place,
            env=clean_environment(self.place, **environment), timeout=DEADLINE_SECONDS,
        )  # fmt: skip
        return done

    def serve(self, modules):
        """A server of modules whose certificate is in self.certificate, and its address."""
        self.certificate, key = (os.path.join(self.place, name) for name in ("certificate.pem", "key.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=modules", "-addext", "subjectAltName=IP:127.0.0.1", "-out", self.certificate, "-keyout", key],
            check=True, capture_output=True, timeout=DEADLINE_SECONDS,
        )  # fmt: skip
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Modules)
        server.modules, server.asked = modules, []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()

        def stop():
            server.shutdown()
            thread.join(timeout=DEADLINE_SECONDS)
            server.server_close()

        self.addCleanup(stop)
        return server, f"https://127.0.0.1:{server.server_port}"

    def test_standard_input(self):
        self.write("a.txt", "beside it")
        script = "const text = open('./a.txt'); export default function () { console.log(text, __ENV.X); }"
        for name in ("-", "/dev/stdin"):
            done = self.loader("run", name, *SIMULATED, "-e", "X=1", input="// A script.\n" + script)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn('msg="beside it 1" source=console', done.stderr)
        suite = '// A suite.\n{"flows": {"default": [{"http": {"method": "GET", "path": "/health"}}]}}'
        done = self.loader("run", "-", *SIMULATED, input=suite.partition("\n")[2])
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_modules_over_https_are_kept(self):
        server, url = self.serve({
            "/lib/a.js?_k6=1": (200, "import { b } from './b.js'; export const a = 'a' + b;"),
            "/lib/b.js?v=1": (200, "export const b = 'never';"),
            "/lib/b.js?_k6=1": (302, "/other/b.js"),
            "/other/b.js": (200, "exports.b = 'b';"),
        })  # fmt: skip
        script = self.write("s.js", f"import {{ a }} from '{url}/lib/a.js'; export default () => console.log(a);")
        for _ in range(2):
            done = self.loader("run", script, *SIMULATED, SSL_CERT_FILE=self.certificate)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("msg=ab source=console", done.stderr)
        self.assertEqual(server.asked, ["/lib/a.js?_k6=1", "/lib/b.js?_k6=1", "/other/b.js"])
        kept = Path(self.place, ".cache/loader/modules")
        self.assertEqual(len(list(kept.iterdir())), 2)

    def test_modules_that_cannot_be_had(self):
        server, url = self.serve({"/down.js?_k6=1": (302, "http://127.0.0.1:1/a.js"), "/500.js": (500, "no")})
        for path, reason in (
            ("none.js", f"not found: {url}/none.js"),
            ("500.js", f"wrong status code (500) for: {url}/500.js"),
            ("down.js", f"not found: {url}/down.js"),
        ):
            script = self.write("s.js", f"import '{url}/{path}'; export default () => {{}};")
            done = self.loader("run", script, *SIMULATED, SSL_CERT_FILE=self.certificate)
            self.assertEqual(done.returncode, 107, done.stderr)
            self.assertIn(reason, done.stderr)
            self.assertIn(f'The moduleSpecifier "{url}/{path}" couldn\'t be retrieved', done.stderr)
        self.assertEqual(server.asked[:2], ["/none.js?_k6=1", "/none.js"])
        # A certificate that nobody vouches for.
        done = self.loader("run", script, *SIMULATED)
        self.assertEqual(done.returncode, 107, done.stderr)
        self.assertIn("x509", done.stderr)
        self.assertFalse(Path(self.place, ".cache").exists())

    def test_typescript(self):
        script = self.write("s.ts", "interface A { a: number }\nenum E { X }\n\nfunction f(a: A): never {\n  throw new Error('boom');\n}\n"
                            "export default function (): void {\n  console.log(E.X as number);\n  f({ a: 1 });\n}\n")  # fmt: skip
        done = self.loader("run", script, *SIMULATED)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("msg=0 source=console", done.stderr)
        self.assertIn("s.ts:5:9", done.stderr)
        self.write("s.ts", "let a: = 1;\nexport default () => a;\n")
        done = self.loader("run", script, *SIMULATED)
        self.assertEqual(done.returncode, 107, done.stderr)
        self.assertIn('s.ts:1:7: Unexpected "="', done.stderr)
        done = self.loader("run", script, *SIMULATED, PATH=self.place)
        self.assertEqual(done.returncode, 107, done.stderr)
        self.assertIn("TypeScript needs esbuild: apt-get install esbuild", done.stderr)

    def test_the_console_in_a_file(self):
        script = self.write("s.js", "export default () => { console.log('a b'); console.error('x'); console.debug('d'); throw new Error('y'); };")
        for arguments, environment in ((("--console-output", "console.txt"), {}), ((), {"K6_CONSOLE_OUTPUT": "console.txt"})):
            done = self.loader("run", script, *SIMULATED, *arguments, **environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("source=console", done.stderr)
            self.assertIn("source=stacktrace", done.stderr)
        lines = Path(self.place, "console.txt").read_text().splitlines()
        self.assertEqual([line.partition("Z\" ")[2] for line in lines], ['level=info msg="a b"', "level=error msg=x"] * 2)
        self.loader("run", script, *SIMULATED, "--console-output", "json.txt", "--log-format", "json", "-v")
        lines = Path(self.place, "json.txt").read_text().splitlines()
        self.assertEqual([line.partition(',"time"')[0] for line in lines],
                         ['{"level":"info","msg":"a b"', '{"level":"error","msg":"x"', '{"level":"debug","msg":"d"'])  # fmt: skip
        init = self.write("i.js", "console.log('init'); export default () => console.log('iteration');")
        done = self.loader("run", init, *SIMULATED, "--console-output", "init.txt")
        self.assertIn("msg=init source=console", done.stderr)
        self.assertEqual([line.partition("msg=")[2] for line in Path(self.place, "init.txt").read_text().splitlines()], ["iteration"])
        done = self.loader("run", script, *SIMULATED, "--console-output", "none/console.txt")
        self.assertEqual(done.returncode, 104, done.stderr)
        self.assertIn("--console-output: none/console.txt: can't be written: No such file or directory", done.stderr)

    def test_a_summary_that_takes_too_long(self):
        script = self.write("s.js", "import { sleep } from 'k6'; export const options = { handleSummaryTimeout: '5s' };\n"
                            "export default () => {}; export function handleSummary() { sleep(10); return { 'a.txt': '' }; }")  # fmt: skip
        done = self.loader("run", script, "--simulate", "--seed", "1", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("handleSummary() execution timed out after 5 seconds", done.stderr)
        self.assertIn("iterations", done.stdout)
        self.assertFalse(Path(self.place, "a.txt").exists())
        done = self.loader("run", script, "--simulate", "--seed", "1", "-q", K6_HANDLE_SUMMARY_TIMEOUT="11s")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(Path(self.place, "a.txt").exists())


if __name__ == "__main__":
    unittest.main()
