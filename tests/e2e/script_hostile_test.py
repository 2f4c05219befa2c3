"""Scripts that no one should write: whatever they do, loader ends by itself, in time, with a word about it. The other virtual
users go on, unless the memory or the time of all is taken: that ends the run. Most of these k6 survives as well;
tests/support/scripts.py says how to hold them against it."""

import os
import signal
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from programs import DEADLINE_SECONDS, clean_environment
from scripts import AGAINST_K6, WORLDS, ScriptTest

# One user does what it should not; the other says "well" after that, and both have a teardown to come.
FRAME = """
import { sleep, check } from 'k6';
import http from 'k6/http';
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { SharedArray } from 'k6/data';
const counter = new Counter('my_counter');
export const options = { scenarios: {
  bad: { executor: 'per-vu-iterations', exec: 'bad', vus: 1, iterations: 1, maxDuration: '20s', gracefulStop: '0s' },
  good: { executor: 'per-vu-iterations', exec: 'good', vus: 1, iterations: 2, maxDuration: '20s', gracefulStop: '0s' },
} };
export function good() { sleep(0.2); console.log('good is well'); }
export function teardown() { console.log('teardown is well'); }
"""


class Iterations(ScriptTest):
    def bad(self, body, says=(), never=(), code=0, worlds=WORLDS, prefix="", others=True):
        """Runs `body` as an iteration beside a good one."""
        run = self.expect(
            f"{FRAME}{prefix}\nexport function bad() {{ {body} }}", code=code, says=says, never=["is not a function", *never], worlds=worlds,
        )  # fmt: skip
        if others:
            self.assertEqual(run.log.count("good is well"), 2, run.log)
            self.assertIn("teardown is well", run.log)
        return run

    @unittest.skipIf(AGAINST_K6, "k6 takes all memory")
    def test_recursion(self):
        for body in (
            "(function f() { f(); })();",
            "const f = () => [1].map(f); f();",
            "const a = {}; a.toString = () => '' + a; String(a);",
            "const f = (x) => JSON.stringify({ toJSON: () => f() }); f();",
            "class A { get a() { return this.a; } } new A().a;",
            "const f = () => check(1, { a: f }); f();",
            "JSON.parse('['.repeat(200000));",
            "eval('('.repeat(200000));",
            "new RegExp('('.repeat(100000));",
        ):
            self.bad(body)
        self.bad("(function f() { f(); })();", says=["RangeError: Maximum call stack size exceeded"])
        self.bad("try { (function f() { f(); })(); } catch (e) { console.log('caught ' + e.name); }", says=["caught RangeError"])

    @unittest.skipIf(AGAINST_K6, "k6 takes all memory")
    def test_memory(self):
        for body in (
            "const all = []; for (;;) all.push(new Array(1000).fill({ a: all.length }));",
            "const m = new Map(); for (let i = 0; ; i++) m.set('key ' + i, new Array(100).fill(i));",
        ):
            self.bad(body, code=107, says=["teardown is well", "more memory than a virtual user may have"], others=False)
        for body in (
            "const all = []; for (;;) all.push(new Uint8Array(1 << 20));",
            "let s = 'x'; for (;;) s += s + Math.random();",
            "let a = [1, 2, 3]; for (;;) a = a.concat(a);",
        ):
            self.bad(body, says=["RangeError"])

    def test_sizes_that_nobody_has(self):
        self.bad("new Array(-1);", says=["RangeError"])
        if AGAINST_K6:
            return  # It takes what it is asked for.
        for body in ("new ArrayBuffer(2 ** 45);", "new Uint8Array(2 ** 40);", "'x'.repeat(2 ** 30);", "'abc'.padEnd(2 ** 30);"):
            self.bad(body, says=["RangeError"])

    def test_thrown_values(self):
        for body in (
            "throw new Proxy({}, {});",
            "throw Symbol('s');",
            "const e = new Error('a'); e.cause = e; throw e;",
            "const e = new Error('a'); e.stack = 5; throw e;",
            "const e = new Error('a'); delete e.stack; throw e;",
        ):
            self.bad(body)
        if AGAINST_K6:
            return  # These end k6 by a panic.
        for body in (
            "throw Object.create(null);",
            "throw { toString() { throw 1; } };",
            "const e = new Error('a'); Object.defineProperty(e, 'stack', { get() { throw new Error('b'); } }); throw e;",
            "throw new Proxy({}, { get() { throw new Error('trap'); } });",
            "throw { toString() { return {}; } };",
            "Error.prepareStackTrace = () => { throw new Error('c'); }; throw new Error('d');",
            "Error.stackTraceLimit = Infinity; throw new Error('d');",
            "class E extends Error { get message() { throw 5; } } throw new E();",
        ):
            self.bad(body)

    def test_what_is_logged(self):
        self.bad("const a = {}; a.a = a; console.log(a); console.log('after');", says=["after"])
        self.bad("console.log({ get x() { throw new Error('getter'); } }); console.log('after');")
        self.bad("console.log(Symbol('s'), new Proxy({}, {}), Object.create(null), 10n, -0, [,1], () => 1); console.log('after');", says=["after"])
        self.bad("console.log(); console.log(''); console.log(undefined); console.log('after');", says=["after"])
        self.bad("console.log('x'.repeat(1000000)); console.log('after');", says=["after"])
        self.bad("console.log('\\ud800 a\\u0000b'); console.log('after');", says=["after"])
        self.bad("let d = {}; for (let i = 0; i < 5000; i++) d = { d }; console.log(d); console.log('after');")

    def test_globals_that_are_gone(self):
        for body in (
            "JSON.stringify = JSON.parse = null; check(1, { a: true }); console.log('after', { a: 1 });",
            "Object.prototype.polluted = 1; check(1, { a: true }); counter.add(1, { t: 'x' }); console.log('after');",
            "Object.keys = Object.entries = () => { throw new Error('no'); }; console.log('after');",
            "globalThis.console.log('after'); globalThis.console = null;",
            "Promise = undefined; console.log('after');",
        ):
            self.bad(body, says=["after"])
        # Not what k6 does, whose own code is not JavaScript.
        self.bad("Array.prototype.push = null; Array.prototype.map = null; Map.prototype.get = null; String.prototype.slice = null; counter.add(1);")

    def test_numbers_that_are_none(self):
        self.bad("sleep(NaN); sleep(-1); sleep('a'); sleep({}); sleep(); console.log('after');", says=["after"])
        self.bad("setTimeout(() => console.log('after'), NaN); setTimeout(() => {}, -5); clearTimeout(99); clearTimeout({});", says=["after"])
        self.bad("counter.add(NaN); counter.add({}); counter.add(undefined); counter.add(-Infinity); console.log('after');", says=["after"])

    def test_sleeps_and_timers_without_end(self):
        for body in ("sleep(1e300);", "sleep(Infinity);", "setInterval(() => {}, 1000);", "setTimeout(() => {}, 1e15);",
                     "for (;;) sleep(1);", "for (;;) try { sleep(1); } catch (e) { } finally { sleep(1); }"):  # fmt: skip
            text = FRAME.replace("'20s'", "'1s'") + f"export function bad() {{ {body} }}"
            self.expect(text, says=["good is well", "good is well", "teardown is well"])

    def test_requests_that_are_none(self):
        for call in (
            "http.get('');", "http.get('http://');", "http.get('http://[::bad/');", "http.get('ftp://127.0.0.1/');",
            "http.get('http://127.0.0.1:99999/');", "http.get('http://a b/');", "http.get(undefined);", "http.get({});",
            "http.request('BAD METHOD', 'http://127.0.0.1:1/');", "http.request('GET\\r\\nX: y', 'http://127.0.0.1:1/');",
            "http.get('http://127.0.0.1:1/\\u0000');", "http.get('http://127.0.0.1:1/', { headers: { 'A\\r\\nB': 'c' } });",
            "http.get('http://127.0.0.1:1/', { headers: { A: 'b\\r\\nC: d' } });", "http.get('http://127.0.0.1:1/', { timeout: 'soon' });",
            "http.get('http://127.0.0.1:1/', 5);", "http.post('http://127.0.0.1:1/', Symbol('s'));", "http.batch(5);", "http.batch([[]]);",
            "http.get('http://127.0.0.1:1/', { tags: { a: {} } });", "http.get('http://127.0.0.1:1/', { redirects: -5 });",
        ):  # fmt: skip
            with self.subTest(call=call):
                self.bad(f"try {{ {call} }} catch (e) {{ console.log('threw'); }} console.log('after');", says=["after"])

    def test_checks_that_are_odd(self):
        self.bad("check(1, { '': true, ' ': false, 'a\\nb': true, 'ü': true }); console.log('after');", says=["after"])
        if not AGAINST_K6:
            self.bad("check(1, { '\\ud800': true }); console.log('after');", says=["after"])
        self.bad("for (let i = 0; i < 2000; i++) check(1, { ['check ' + i]: true }); console.log('after');", says=["after"])

    def test_tags_that_are_odd(self):
        self.bad("counter.add(1, { '': '', 'a\\nb': 'c\\u0000d', x: 'y'.repeat(100000) }); console.log('after');", says=["after"])
        if not AGAINST_K6:
            self.bad("counter.add(1, { '\\ud800': '\\udfff' }); console.log('after');", says=["after"])
        self.bad("for (let i = 0; i < 20000; i++) counter.add(1, { i: String(i) }); console.log('after');", says=["after"])

    def test_promises_by_the_thousand(self):
        self.bad("for (let i = 0; i < 10000; i++) Promise.resolve(i).then(() => {}); setTimeout(() => console.log('after'), 1);", says=["after"])
        self.bad("for (let i = 0; i < 1000; i++) Promise.reject(i);", says=["Uncaught (in promise)"])
        self.bad("for (let i = 0; i < 10000; i++) setTimeout(() => {}, 1); setTimeout(() => console.log('after'), 2);", says=["after"])


@unittest.skipIf(AGAINST_K6, "k6 shares the processor out, and cuts these at the end of the run")
class NeverPausing(ScriptTest):
    """What never waits is ended after ten seconds, whatever it is in the middle of, and the run with it."""

    BODIES = (
        "for (;;) {}",
        "try { for (;;) {} } finally { for (;;) {} }",
        "const f = () => { Promise.resolve().then(() => { for (;;) {} }); }; f();",
        "/^(a+)+$/.test('a'.repeat(60) + 'b');",
        "[1, 2].sort(() => { for (;;) {} });",
        "for (;;) try { null.x; } catch (e) {}",
    )

    def test_in_an_iteration(self):
        texts = [f"{FRAME}\nexport function bad() {{ {body} setTimeout(() => console.log('not so'), 1); }}" for body in self.BODIES]
        with ThreadPoolExecutor() as all_at_once:
            for body, run in zip(self.BODIES, all_at_once.map(self.run_script, texts)):
                with self.subTest(body=body):
                    self.assertEqual(run.code, 107, run.log)
                    self.assertNotIn("not so", run.log)
                    self.assertIn("ran for 10s without a pause", run.log)
                    self.assertIn("teardown is well", run.log)

    def test_elsewhere(self):
        texts = [
            "for (;;) {} export default function () {}",
            "if (__VU > 0) for (;;) {} export default function () {}",
            "export function setup() { for (;;) {} } export default function () {}",
            "export default function () {} export function teardown() { for (;;) {} }",
        ]
        with ThreadPoolExecutor() as all_at_once:
            for text, run in zip(texts, all_at_once.map(lambda text: self.run_script(text, *WORLDS[1]), texts)):
                with self.subTest(text=text):
                    self.assertEqual(run.code, 107, run.log)
                    self.assertIn("ran for 10s without a pause", run.log)

    def interrupt(self, script, *flags):
        """Runs a script that says "begun", and interrupts it then. Returns what came after that, standard error with it."""
        folder = Path(self.folder())
        (folder / "script.js").write_text(script)
        process = subprocess.Popen(
            [os.environ["LOADER"], "run", "script.js", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=clean_environment(folder),
        )  # fmt: skip
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        begun = next(line for line in process.stdout if "begun" in line)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        self.assertEqual(process.wait(DEADLINE_SECONDS), 105, begun + rest)
        return rest

    def test_an_interruption_is_heard(self):
        for world in WORLDS:
            rest = self.interrupt(
                "export default function () { console.log('begun'); for (;;) {} }", "-u", "2", "-d", "50s", *world
            )
            # Another iteration of each at most, which began before the signal was looked at.
            self.assertLessEqual(rest.count("begun"), 2, rest)
            self.assertIn("the run was interrupted", rest)

    def test_an_interruption_is_heard_before_the_next_iteration(self):
        busy = "export default function () { console.log('begun'); for (let i = 0; i < 3e8; i++) {} }"
        rest = self.interrupt(busy, "-u", "6", "-d", "50s", "-q")
        # The other five have not had their turn yet, and get none.
        self.assertLessEqual(rest.count("begun"), 1, rest)

    def test_an_interruption_leaves_teardown_its_time(self):
        rest = self.interrupt(
            "import { sleep } from 'k6'; export default function () {}\n"
            "export function teardown() { console.log('begun'); for (let i = 0; i < 5; i++) sleep(0.1); console.log('cleaned'); }",
            "-q",
        )
        self.assertIn("cleaned", rest)

    def test_in_handle_summary_the_built_in_one_is_printed(self):
        run = self.run_script("export default function () {} export function handleSummary() { for (;;) {} }")
        self.assertEqual(run.code, 0)
        self.assertIn("ran for 10s without a pause", run.log)
        self.assertIn("TOTAL RESULTS", run.out)

    def test_waits_that_take_no_time_are_ended_in_a_simulation(self):
        self.expect("import { sleep } from 'k6'; export default function () { for (;;) sleep(0); }", worlds=WORLDS[1:], code=107)


class Files(ScriptTest):
    """Scripts as files."""

    def test_what_is_read(self):
        text = "export default function () { console.log('read'); }"
        for content in (
            "\ufeff" + text, "#!/usr/bin/env k6\n" + text, text.replace("{", "{\r\n"), text + "\n" * 100000,
            "// " + "x" * 1000000 + "\n" + text, "/* \0 */" + text,
        ):  # fmt: skip
            self.expect(content, says=["read"])

    def test_what_is_not(self):
        for content in (b"\0\1\2", b"MZ\x90\0" * 100, "export default function () {" * 1000, "{}", "[1, 2]", "<html></html>", "'use strict'; x ="):
            run = self.run_script(content)
            self.assertIn(run.code, (107, 255), run.log)
            self.assertNotEqual(run.log, "")

    @unittest.skipIf(AGAINST_K6, "k6 takes all memory, or waits forever")
    def test_what_never_ends(self):
        self.assertIn(self.run_script("(" * 1000000 + ")" * 1000000 + "; export default function () {}").code, (0, 107))
        folder = self.folder()
        os.mkfifo(Path(folder, "pipe"))
        for text in ("open('/dev/zero');", "open('pipe');", "import './pipe';", "import '/dev/zero';"):
            Path(folder, "script.js").write_text(text + "\nexport default function () {}")
            run = self.run_file("script.js", folder=folder)
            self.assertEqual(run.code, 107, run.log)

    def test_folders_and_nothing(self):
        folder = self.folder()
        Path(folder, "dir.js").mkdir()
        for name in ("dir.js", "nothing.js"):
            run = self.run_file(name, folder=folder)
            self.assertNotEqual(run.code, 0)
            self.assertIn(name, run.log)

    def test_modules_in_a_circle(self):
        files = {"b.js": "import { a } from './script.js'; export const b = () => a;"}
        self.expect("import { b } from './b.js'; export const a = 1; export default function () { console.log('got ' + b()); }", files=files, says=["got 1"])
        files = {"c.js": "const d = require('./d.js'); exports.c = 1; exports.seen = d.seen;", "d.js": "exports.seen = typeof require('./c.js').c;"}
        self.expect("const c = require('./c.js'); exports.default = () => console.log('saw ' + c.seen);", files=files, says=["saw undefined"])
        self.expect("import './script.js'; export default function () { console.log('itself'); }", says=["itself"])

    def test_many_modules(self):
        files = {f"m{i}.js": f"import {{ n as inner }} from './m{i + 1}.js'; export const n = inner + 1;" for i in range(200)}
        files["m200.js"] = "export const n = 0;"
        self.expect("import { n } from './m0.js'; export default function () { console.log('counted ' + n); }", files=files, says=["counted 200"])


class Exports(ScriptTest):
    def test_functions_of_any_kind(self):
        self.expect("export default () => console.log('arrow');", says=["arrow"])
        self.expect("export default class A {}", says=["Class constructor"])
        self.expect("export default function* () { console.log('never begun'); }", never=["never begun"])
        self.expect("export default (function () { console.log('bound ' + this.x); }).bind({ x: 1 });", says=["bound 1"])
        self.expect("export default new Proxy(() => console.log('proxied'), {});", says=["proxied"])

    @unittest.skipIf(AGAINST_K6, "k6 ends by a panic")
    def test_options_that_throw(self):
        self.expect("export const options = { get vus() { throw new Error('opt'); } }; export default function () {}", code=255, says=["opt"])
        self.expect("export const options = {}; options.self = options; export default function () {}", code=255)

    def test_thenables(self):
        self.expect("export default function () { return { then(done) { console.log('then'); } }; }", "-i", "2")
        self.expect("export default async function () { await { then() { throw new Error('in then'); } }; }", says=["Error: in then"])


if __name__ == "__main__":
    unittest.main()
