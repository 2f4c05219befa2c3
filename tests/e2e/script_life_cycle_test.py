"""What runs when in a k6 script, what is shared, and how it ends: order, exit codes, exceptions, aborts.

tests/support/scripts.py says how to hold this against k6."""

import json
import unittest

from script_server import ScriptServer
from scripts import AGAINST_K6, WORLDS, ScriptTest

EXEC = "import exec from 'k6/execution';\n"
SUMMARY = "\nexport function handleSummary() { return { stdout: 'the summary' }; }"
TEARDOWN = "\nexport function teardown() { console.log('in teardown'); }"
DEFAULT = "\nexport default function () { console.log('in iteration'); }"
# k6 has 255 for what is thrown in a promise, since that is no exception to it.


class Order(ScriptTest):
    def test_each_part_has_its_own_init(self):
        run = self.expect(
            "console.log('init of ' + __VU);"
            "export function setup() { console.log('setup'); return { a: 1 }; }"
            "export default function (data) { console.log(`iteration ${__ITER} of ${__VU} with ${data.a}`); }"
            "export function teardown(data) { console.log('teardown with ' + data.a); }"
            "export function handleSummary(data) { console.log('summary with ' + data.setup_data.a); return {}; }",
            "-i", "2",
        )  # fmt: skip
        self.assertEqual(
            [line for line in run.lines if line],
            ["init of 0", "init of 1", "init of 0", "setup", "iteration 0 of 1 with 1", "iteration 1 of 1 with 1",
             "init of 0", "teardown with 1", "init of 0", "summary with 1"],
        )  # fmt: skip
        self.assertEqual(run.out, "")

    def test_each_user_has_its_own_globals_and_data(self):
        self.expect(
            "let own = 0; export function setup() { return { n: 0 }; }"
            "export default function (data) { own += 1; data.n += 1; console.log(`${own} ${data.n}`); }"
            "export function teardown(data) { console.log(`own ${own}, data ${data.n}`); }",
            "-u", "1", "-i", "2", says=["1 1", "2 2", "own 0, data 0"],
        )  # fmt: skip

    def test_lists_of_setup_data_keep_their_lengths(self):
        self.expect(
            "export function setup() { return { list: [1], users: [{ roles: ['a'] }], gone: [1, 2], none: [] }; }"
            "export default function (d) {"
            " d.list.push(2); d.list[0] += 1; d.users[0].roles.push('b'); d.gone.shift(); d.none = [7]; d.none.push(8);"
            " const here = d.list; here.push(3);"
            " console.log(`${here} | ${d.users[0].roles} | ${JSON.stringify(d.gone)} | ${d.none} | ${d.list}`);"
            " if (__ITER === 1) { d.none = 'text'; console.log(Object.keys({ ...d }).sort() + d.none); } }"
            "export function teardown(d) { console.log(d.list + ' at the end'); }",
            "-u", "1", "-i", "2",
            says=["2,3 | a | [2,null] | 7 | 2", "3,3 | a | [null,null] | 7 | 3", "gone,list,none,users", "text", "1 at the end"],
        )  # fmt: skip

    def test_iterations_are_numbered_by_user(self):
        run = self.expect(
            "export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } };"
            "export default function () { console.log(`user ${__VU} iteration ${__ITER}`); }"
        )
        self.assertEqual(
            sorted(line for line in run.lines if line), [f"user {u} iteration {i}" for u in (1, 2, 3) for i in (0, 1)]
        )

    def test_progress_is_of_what_the_scenario_counts(self):
        for executor, iterations in (("shared-iterations", 4), ("per-vu-iterations", 4)):
            self.expect(
                EXEC + "export const options = { scenarios: { s: { executor: '" + executor + "', vus: 1, iterations: 4 } } };"
                "export default function () { console.log(`at ${exec.scenario.progress}`); }",
                says=["at 0", "at 0.25", "at 0.5", "at 0.75"],
            )  # fmt: skip

    def test_a_later_scenario_takes_users_that_have_waited_longest(self):
        # Two are planned for each, since all three might last until they are together.
        run = self.run_script(
            "import { sleep } from 'k6';\n"
            "const one = { executor: 'per-vu-iterations', vus: 2, iterations: 1 };\n"
            "export const options = { scenarios: { a: one, b: { ...one, startTime: '1s' }, c: { ...one, startTime: '2s', maxDuration: '1s' } } };\n"
            "let n = 0; export default function () { sleep(0.1); console.log(`did ${++n} of ${__VU}`); }"
        )
        said = [line for line in run.lines if line.startswith("did")]
        self.assertEqual(len(said), 6, run.log)
        # Whose turn it is differs in k6, that each is as good as new does not.
        self.assertEqual(sorted(said) if AGAINST_K6 else said, [f"did 1 of {vu}" for vu in range(1, 7)])

    def test_no_iteration_number_outside_of_iterations(self):
        self.expect(
            "console.log(typeof __ITER); export function setup() { return __ITER; }" + DEFAULT,
            code=107, says=["undefined", "ReferenceError: __ITER is not defined"], never=["in iteration"],
        )  # fmt: skip

    def test_setup_and_teardown_can_be_left_out(self):
        text = "export function setup() { console.log('in setup'); }" + DEFAULT + TEARDOWN
        self.expect(text, "--no-setup", "--no-teardown", says=["in iteration"], never=["in setup", "in teardown"])

    def test_async_functions_are_waited_for(self):
        self.expect(
            "const pause = (ms) => new Promise((done) => setTimeout(done, ms));"
            "export async function setup() { await pause(5); console.log('setup'); return await Promise.resolve(7); }"
            "export default async function (data) { await pause(5); console.log('iteration ' + data); }"
            "export async function teardown(data) { await pause(5); console.log('teardown ' + data); }",
            says=["setup", "iteration 7", "teardown 7"],
        )  # fmt: skip

    def test_an_iteration_ends_with_its_last_timer(self):
        self.expect(
            "export default function () { setTimeout(() => console.log('late ' + __ITER), 20); console.log('begun ' + __ITER); }",
            "-i", "2", says=["begun 0", "late 0", "begun 1", "late 1"],
        )  # fmt: skip

    def test_a_promise_that_never_settles_ends_the_iteration(self):
        self.expect(
            "export default async function () { console.log('a' + __ITER); await new Promise(() => {}); console.log('no'); }",
            "-i", "2", says=["a0", "a1"], never=["no"],
        )  # fmt: skip

    def test_top_level_await(self):
        self.expect(
            "const x = await Promise.resolve(5); export default function () { console.log('got ' + x); }",
            says=["got 5"],
        )  # fmt: skip


class Refused(ScriptTest):
    """What is wrong before anything has run."""

    def test_a_script_that_throws(self):
        self.expect("throw new Error('boom');" + DEFAULT, code=107, says=["Error: boom", "script.js:1"])

    def test_what_a_module_throws_is_no_promise(self):
        for text in ("throw new Error('at once');" + DEFAULT, DEFAULT + "import 'k6';\nthrow new Error('at once');"):
            self.expect(text, code=107, says=["Error: at once"], never=["in promise"])

    def test_a_script_that_throws_for_a_user(self):
        self.expect(
            "if (__VU > 0) throw new Error('boom');" + DEFAULT,
            code=107, says=["Error: boom"], never=["in iteration"],
        )  # fmt: skip

    def test_a_script_that_is_none(self):
        self.expect("export default function ( {", code=107, says=["script.js"])

    def test_a_rejection_that_nobody_handles(self):
        self.expect("Promise.reject(new Error('lost'));" + DEFAULT, code=255, says=["Uncaught (in promise) Error: lost"])

    def test_an_await_that_is_rejected(self):
        self.expect("await Promise.reject(new Error('lost'));" + DEFAULT, code=107, says=["Error: lost"])

    def test_an_await_that_never_ends(self):
        self.expect(
            "await new Promise(() => {});" + DEFAULT,
            code=255 if AGAINST_K6 else 107, says=["the main module" if AGAINST_K6 else "a top-level await waits for something that will never happen"],
        )  # fmt: skip

    def test_a_script_without_functions(self):
        for text in ("", "console.log('x');", "export default {};", "export const options = {};"):
            self.expect(text, code=255, says=["no exported functions in script"])

    def test_a_function_that_is_not_there(self):
        scenario = "export const options = { scenarios: { a: { executor: 'shared-iterations', exec: 'nope' } } };"
        self.expect(scenario + DEFAULT, code=104, says=["executor a: function 'nope' not found in exports"])
        self.expect(
            "export function other() {}",
            code=104, says=["executor default: function 'default' not found in exports"],
        )  # fmt: skip

    def test_setup_and_teardown_that_are_no_functions(self):
        self.expect("export const setup = 1;" + DEFAULT, code=255, says=["exported 'setup' must be a function"])
        self.expect("export const teardown = {};" + DEFAULT, code=255, says=["exported 'teardown' must be a function"])

    def test_options_that_are_none(self):
        self.expect("export const options = { vus: 'many' };" + DEFAULT, code=104, says=["many" if AGAINST_K6 else "vus"])
        self.expect("export const options = { scenarios: { a: { executor: 'nope' } } };" + DEFAULT, code=104, says=["nope"])
        self.expect("export const options = 'x';" + DEFAULT, code=104)
        self.expect("export const options = [1];" + DEFAULT, code=104)
        self.expect("export const options = { tags: { a: () => 1 } };" + DEFAULT, code=255, says=["unsupported type"])

    def test_thresholds_that_are_none(self):
        self.expect("export const options = { thresholds: { checks: ['rate>x'] } };" + DEFAULT, code=104, says=["rate>x"])
        self.expect("export const options = { thresholds: { nobodys: ['rate>0'] } };" + DEFAULT, code=104, says=["nobodys"])

    def test_thresholds_that_nobody_evaluates(self):
        wrong = "export const options = { thresholds: { checks: ['rate>x'], nobodys: ['rate>0'] } };" + DEFAULT
        self.expect(wrong, "--no-thresholds")
        self.expect(wrong, environment={"K6_NO_THRESHOLDS": "true"})

    def test_thresholds_of_protocols_that_are_not_spoken(self):
        counts = {f"ws_{name}": ["count==0"] for name in ("sessions", "msgs_sent", "msgs_received")}
        times = {name: ["p(95)<1000"] for name in ("ws_ping", "ws_connecting", "ws_session_duration", "grpc_req_duration")}
        options = json.dumps({"thresholds": {**counts, **times, "ws_sessions{a:b}": ["count<1"]}})
        self.expect(f"export const options = {options};" + DEFAULT)
        self.expect("export const options = { thresholds: { ws_sessions: ['rate<1', 'p(95)<1'] } };" + DEFAULT, code=104)

    def test_options_that_do_not_matter(self):
        self.expect("export const options = null;" + DEFAULT, says=["in iteration"])
        self.expect("export const options = { nope: 1 };" + DEFAULT, says=["unknown", "in iteration"])

    def test_modules_that_are_not_there(self):
        self.expect(
            "import './nope.js';" + DEFAULT,
            code=107, says=['The moduleSpecifier "./nope.js" couldn\'t be found on local disk'],
        )  # fmt: skip
        self.expect("import x from 'lodash';" + DEFAULT, code=107, says=["couldn't be recognised as something k6 supports"])
        self.expect(
            "import x from 'http://127.0.0.1:1/x.js';" + DEFAULT,
            code=107, says=["only supported schemes for imports are file and https"],
        )  # fmt: skip
        self.expect("import x from 'k6/x/nope';" + DEFAULT, code=107, says=["k6/x/nope"])
        self.expect("import x from 'k6/nope';" + DEFAULT, code=107, says=["k6/nope"])

    def test_exports_that_are_not_there(self):
        self.expect(
            "import { nope } from './b.js';" + DEFAULT, files={"b.js": "export const b = 1;"}, code=107,
            says=['The requested module "./b.js" does not provide an export named "nope"'] if AGAINST_K6 else ["./b.js", "nope"],
        )  # fmt: skip

    def test_a_module_of_json(self):
        self.expect("import x from './b.json';" + DEFAULT, files={"b.json": '{"a":1}'}, code=107, says=["b.json"])

    def test_files_that_are_not_there(self):
        self.expect("open('nope.txt');" + DEFAULT, code=107, says=["nope.txt: no such file or directory"])

    def test_what_init_may_not_do(self):
        self.expect(
            "import http from 'k6/http'; http.get('http://127.0.0.1:1');" + DEFAULT, code=107,
            says=["Making http requests in the init context is not supported"],
        )  # fmt: skip
        self.expect(
            "import { check } from 'k6'; check(1, {});" + DEFAULT, code=107,
            says=["Using check() in the init context is not supported"],
        )  # fmt: skip
        self.expect(EXEC + "exec.test.fail('x');" + DEFAULT, code=107, says=["fail"])

    def test_what_the_api_throws_has_a_place(self):
        fail = "import { fail } from 'k6';\nfunction f() {\n  fail('why');\n}\n"
        self.expect(fail + "f();" + DEFAULT, code=107, says=["GoError: why\n", "\tat f (script.js:3:", "\tat script.js:5:"])
        self.expect(fail + "if (__VU > 0) f();" + DEFAULT, code=107, says=["GoError: why\n", "\tat f (script.js:3:", "\tat script.js:5:"])
        self.expect("\nopen('nope.txt');" + DEFAULT, code=107, says=["no such file or directory\n", "\tat script.js:2:"])

    def test_one_metric_of_two_types(self):
        self.expect(
            "import { Rate, Trend } from 'k6/metrics'; new Rate('x_y'); new Trend('x_y');" + DEFAULT, code=107,
            says=["metric 'x_y' already exists but with type rate, instead of trend"],
        )  # fmt: skip


class Exceptions(ScriptTest):
    def test_in_an_iteration(self):
        run = self.expect(
            "export default function () { throw new Error('boom'); }" + TEARDOWN + SUMMARY.replace("'the summary'", "'' + "
            "arguments[0].metrics.iterations.values.count"),
            "-i", "2", says=["Error: boom", "at default (", "Error: boom", "in teardown"],
        )  # fmt: skip
        self.assertEqual(run.out, "2")

    def test_of_any_value(self):
        for value, text in (("'text'", "text"), ("null", "null"), ("undefined", "undefined"), ("{}", "[object Object]")):
            self.expect(f"export default function () {{ throw {value}; }}", says=[text])

    def test_in_a_timer(self):
        self.expect(
            "export default function () { setTimeout(() => { throw new Error('timer'); }, 1);"
            " setTimeout(() => console.log('later'), 5000); }",
            says=["setTimeout 2 was stopped because the VU iteration was interrupted", "Error: timer"], never=["later"],
        )  # fmt: skip

    def test_in_a_promise(self):
        self.expect("export default function () { Promise.reject('p'); }", says=["Uncaught (in promise) p"])
        self.expect(
            "export default async function () { await null; throw new Error('a'); }",
            says=["Uncaught (in promise) Error: a"],
        )  # fmt: skip
        self.expect(
            "export default function () { const p = Promise.reject('p'); setTimeout(() => p.catch(() => console.log('caught')), 5); }",
            says=["Uncaught (in promise) p"], never=["caught\n"],
        )  # fmt: skip

    def test_that_are_handled_are_nobodys_business(self):
        run = self.expect(
            "export default async function () { Promise.reject('p').catch(() => {});"
            " try { await Promise.reject('q'); } catch (e) { console.log('caught ' + e); } }"
        )
        self.assertEqual(run.log, "caught q\n")

    def test_in_setup(self):
        run = self.expect(
            "export function setup() { throw new Error('boom'); }" + DEFAULT + TEARDOWN + SUMMARY, code=107,
            says=["Error: boom"], never=["in iteration", "in teardown"],
        )  # fmt: skip
        self.assertEqual(run.out, "the summary")
        self.expect(
            "export async function setup() { throw new Error('s'); }" + DEFAULT,
            code=255, says=["Uncaught (in promise) Error: s"],
        )  # fmt: skip

    def test_in_teardown(self):
        run = self.expect(
            "export function teardown() { throw new Error('boom'); }" + DEFAULT + SUMMARY, code=107,
            says=["in iteration", "Error: boom"],
        )  # fmt: skip
        self.assertEqual(run.out, "the summary")

    def test_what_iterations_may_not_do(self):
        only = "is only available in the init stage"
        self.expect("export default function () { open('x'); }", says=['the "open" function ' + only])
        self.expect("export default function () { require('k6'); }", says=['the "require" function ' + only])
        self.expect(
            "import { Rate } from 'k6/metrics'; export default function () { new Rate('x_y'); }",
            says=["metrics must be declared in the init context"],
        )  # fmt: skip
        self.expect(
            "export default async function () { await import('k6').catch((e) => console.log('' + e)); }",
            says=["dynamic modules not enabled in the host program"],
        )  # fmt: skip

    def test_setup_data_that_is_no_json(self):
        for value in ("NaN", "{ f() {} }", "(() => { const a = {}; a.a = a; return a; })()"):
            self.expect(
                f"export function setup() {{ return {value}; }}" + DEFAULT, code=255,
                says=["error marshaling setup() data to JSON: json: unsupported"], never=["in iteration"],
            )  # fmt: skip


class Ends(ScriptTest):
    def test_a_threshold(self):
        run = self.expect(
            "import { check } from 'k6'; export const options = { thresholds: { checks: ['rate>0.9'] } };"
            "export default function () { check(1, { a: false }); }" + SUMMARY,
            code=99, says=["thresholds on metrics 'checks' have been crossed"],
        )  # fmt: skip
        self.assertEqual(run.out, "the summary")

    def test_fail_is_an_exception(self):
        self.expect(
            "import { fail } from 'k6'; export default function () { fail('why'); }" + TEARDOWN,
            says=["why", "in teardown"],
        )  # fmt: skip

    def test_marked_as_failed(self):
        self.expect(
            EXEC + "export default function () { exec.test.fail('bad'); console.log('goes on'); }", "-i", "2", code=110,
            says=["test marked as failed: bad", "goes on", "test marked as failed: bad", "goes on"],
        )  # fmt: skip

    def test_too_slow_a_setup(self):
        run = self.expect(
            "import { sleep } from 'k6'; export const options = { setupTimeout: '300ms' };"
            "export function setup() { sleep(600); }" + DEFAULT + TEARDOWN + SUMMARY,
            code=100, says=["setup() execution timed out" if AGAINST_K6 else "setup took longer than 300ms"], never=["in iteration", "in teardown"],
        )  # fmt: skip
        self.assertEqual(run.out, "the summary")

    def test_a_setup_that_computes_for_too_long(self):
        self.expect(
            "export const options = { setupTimeout: '100ms' };"
            "export function setup() { const end = Date.now() + 300; while (Date.now() < end); }" + DEFAULT,
            code=100, never=["in iteration"], worlds=((),),
        )  # fmt: skip

    def test_too_slow_a_teardown(self):
        self.expect(
            "import { sleep } from 'k6'; export const options = { teardownTimeout: '300ms' };" + DEFAULT
            + "export function teardown() { sleep(600); }",
            code=101, says=["in iteration", "teardown() execution" if AGAINST_K6 else "teardown took longer than 300ms"],
        )  # fmt: skip

    def test_cut_at_the_end(self):
        self.expect(
            "export const options = { scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };"
            "export default function () { let n = 0; setInterval(() => { n += 1; if (n === 3) console.log('three'); }, 10); }",
            says=["three", "setInterval 1 was stopped because the VU iteration was interrupted"],
        )  # fmt: skip


# Ways to wait for a minute.
WAITS = {
    "a promise": "await new Promise((resolve) => setTimeout(resolve, 60000));",
    "a timer": "setTimeout(() => console.log('gone on'), 60000); return;",
    "a request": "await http.asyncRequest('GET', S + '/delay/60000');",
    "a batch": "http.batch([S + '/delay/60000', S + '/delay/60000']);",
    "a stream": "sse.open(S + '/delay/60000', () => {});",
    "a sleep": "sleep(60);",
}


class Cuts(ScriptTest):
    """What waits is cut there and then, whatever it waits for."""

    def setUp(self):
        self.server = ScriptServer().start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def expect_cut(self, functions, *flags, **expected):
        imports = "import http from 'k6/http'; import { sleep } from 'k6';\n" + ("" if AGAINST_K6 else "import sse from 'k6/x/sse';\n")
        script = imports + "const S = __ENV.SERVER;\n" + functions + DEFAULT
        # A batch of k6's may give its answers before the script is told to end.
        never = ["in iteration"] if AGAINST_K6 else ["in iteration", "gone on"]
        return self.expect(script, "-e", f"SERVER={self.server.url}", *flags, never=never, worlds=((),), **expected)

    def functions(self):
        """[(name, body of an async function)]"""
        waits = [(name, wait) for name, wait in WAITS.items() if not (AGAINST_K6 and "sse" in wait)]
        return [(name.replace(" ", "_"), f"{wait} console.log('gone on');") for name, wait in waits]

    def test_iterations_at_their_end(self):
        functions = self.functions()
        run = self.expect_cut(
            "".join(f"export async function {name}() {{ {body} }}\n" for name, body in functions)
            + "const scenario = (exec) => ({ executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s', exec });\n"
            + f"export const options = {{ scenarios: {{ {', '.join(f'{name}: scenario({name!r})' for name, _ in functions)} }} }};",
            "--summary-export", "summary.json",
        )
        self.assertNotIn("iterations", json.loads(run.read("summary.json"))["metrics"])

    def test_a_setup_that_is_too_slow(self):
        for name, body in self.functions():
            with self.subTest(wait=name):
                self.expect_cut(
                    f"export const options = {{ setupTimeout: '200ms' }}; export async function setup() {{ {body} }}", code=100
                )

    def test_a_setup_in_which_a_threshold_ends_the_run(self):
        for world in WORLDS:
            self.expect(
                "import { sleep } from 'k6'; import { Counter } from 'k6/metrics'; const c = new Counter('bad');"
                "export const options = { thresholds: { bad: [{ threshold: 'count<1', abortOnFail: true }] } };"
                "export function setup() { c.add(1); sleep(60); console.log('gone on'); }" + DEFAULT + TEARDOWN,
                code=99, never=["gone on", "in iteration", "in teardown"], worlds=(world,),
            )  # fmt: skip


class Aborts(ScriptTest):
    def test_of_one_thread_ends_the_others_at_once(self):
        run = self.expect(
            EXEC + "import { sleep } from 'k6'; export default function () { if (__VU === 2) exec.test.abort('stop it');"
            " console.log('an iteration'); sleep(0.02); }",
            "-u", "4", "-d", "20s", "--threads", "2", code=108, says=["test aborted: stop it"], worlds=((),),
        )  # fmt: skip
        # In the second until the threads are looked at again there would be 100.
        self.assertLess(run.log.count("an iteration"), 40)

    def test_in_an_iteration_nothing_catches_it(self):
        run = self.expect(
            EXEC + "export default function () { try { exec.test.abort('stop it'); } catch (e) { console.log('caught'); }"
            " finally { console.log('finally'); } console.log('after'); }" + TEARDOWN + SUMMARY,
            "-i", "5", code=108, says=["in teardown", "test aborted: stop it"], never=["caught", "finally", "after"],
        )  # fmt: skip
        self.assertEqual(run.out, "the summary")

    def test_wherever_it_is_called(self):
        for call in (
            "setTimeout(() => exec.test.abort('x'), 1);",
            "Promise.resolve().then(() => exec.test.abort('x')).catch(() => console.log('caught'));",
            "group('g', () => check(1, { a: () => exec.test.abort('x') }));",
            "[1].forEach(() => exec.test.abort('x'));",
            "JSON.parse('[1]', () => exec.test.abort('x'));",
            "'' + { toString() { exec.test.abort('x'); } };",
            "new Proxy({}, { get() { exec.test.abort('x'); } }).a;",
            "for (const a of (function* () { exec.test.abort('x'); })()) console.log('went on');",
        ):
            self.expect(
                EXEC + "import { check, group } from 'k6';"
                f"export default function () {{ {call} setTimeout(() => console.log('went on'), 5000); }}",
                "-i", "3", code=108, says=["test aborted: x"], never=["caught", "went on"],
            )  # fmt: skip

    def test_others_are_cut(self):
        self.expect(
            EXEC + "import { sleep } from 'k6'; export default function () { if (__VU === 1) { sleep(0.1); exec.test.abort(); }"
            " sleep(600); console.log('slept'); }" + TEARDOWN,
            "-u", "3", "-i", "3", code=108, says=["in teardown", "test aborted"],
            never=[] if AGAINST_K6 else ["slept"],  # k6 wakes sleepers first, and it is a matter of luck how far they get.
        )  # fmt: skip

    def test_in_setup_no_teardown(self):
        run = self.expect(
            EXEC + "export function setup() { exec.test.abort('early'); }" + DEFAULT + TEARDOWN + SUMMARY, code=108,
            says=["test aborted: early"], never=["in iteration", "in teardown"],
        )  # fmt: skip
        self.assertEqual(run.out, "the summary")

    def test_in_init(self):
        self.expect(
            EXEC + "exec.test.abort('early');" + DEFAULT,
            code=108, says=["test aborted: early"], never=["in iteration"],
        )  # fmt: skip
        self.expect(EXEC + "if (__VU) exec.test.abort('early');" + DEFAULT, code=108, says=["test aborted: early"])

    def test_in_teardown(self):
        run = self.expect(
            EXEC + DEFAULT + "export function teardown() { exec.test.abort('late'); }" + SUMMARY, code=108,
            says=["in iteration", "test aborted: late"],
        )  # fmt: skip
        self.assertEqual(run.out, "the summary")

    def test_in_handle_summary(self):
        run = self.expect(
            EXEC + DEFAULT + "export function handleSummary() { exec.test.abort('too late'); return { stdout: 'x' }; }",
            says=["test aborted: too late"],
        )  # fmt: skip
        self.assertIn("TOTAL RESULTS", run.out)

    def test_the_iteration_that_aborts_is_measured_and_none_is_dropped(self):
        run = self.expect(
            EXEC + "export const options = { iterations: 5 }; export default function () { if (__ITER === 1) exec.test.abort('x'); }\n"
            "export function handleSummary({ metrics }) {\n"
            "  return { stdout: `iterations ${metrics.iterations.values.count} dropped ${metrics.dropped_iterations}` };\n}",
            code=108,
        )  # fmt: skip
        self.assertIn("iterations 2 dropped undefined", run.out)

    def test_chai_ends_the_run_where_it_is_to(self):
        script = (
            "import chai, { describe, expect } from 'https://jslib.k6.io/k6chaijs/VERSION/index.js';\n"
            "chai.config.exitOnError = true;\n"
            "export default function () { describe('a', () => expect(1, 'one').to.equal(2)); console.log('went on'); }"
        )
        self.expect(script.replace("VERSION", "4.5.0.1"), code=108, says=["test aborted: expected 1 to equal 2"], never=["went on"])
        # That version has no such option.
        self.expect(script.replace("VERSION", "4.3.4.3"), says=["went on"])


class Ways(ScriptTest):
    """What k6 lets users write, and whose tags win."""

    def test_options_in_letters_of_either_case(self):
        self.expect(
            "export const options = { Scenarios: { a: { executor: 'per-vu-iterations', VUS: 2, iterations: 1 } }, TAGS: { x: 'y' },\n"
            "  thresholds: { 'iterations{x:y}': ['count==2'] } };\nexport default function () {}",
        )  # fmt: skip

    def test_variables_of_k6_by_a_flag(self):
        run = self.run_script("export default function () { console.log('it', __ENV.K6_ITERATIONS); }", "-e", "K6_ITERATIONS=3")
        self.assertEqual(run.log.count("it 3"), 3, run.log)
        run = self.run_script("export default function () { console.log('it'); }", "-e", "K6_ITERATIONS=3", "-i", "2")
        self.assertEqual(run.log.count("it"), 2, run.log)

    def test_flags_that_say_little(self):
        show = "export default function () { console.log(`it [${__ENV.SOME}]`); }"
        self.expect(show, "-e", "SOME", environment={"SOME": "x"}, says=["it []"])
        self.expect(show, "-e", "S-OME=x", code=255 if AGAINST_K6 else 104, says=["S-OME"], never=["it ["])
        self.expect(show, "--system-tags", "url,foo", says=["it ["])
        self.expect(show, "--summary-mode", "legacy", says=["legacy", "it ["])
        idle = "import { sleep } from 'k6'; export default function () { sleep(0.1); console.log('it'); }"
        self.expect(idle, "-u", "0", "-s", "1s:2", "-s", "0s:0", says=["it"])
        self.expect(show, "-u", "0", "-i", "1", code=104, says=["the number of VUs must be more than 0"], never=["it ["])

    def test_where_a_module_is(self):
        self.expect(
            "const d = JSON.parse(open(import.meta.resolve('./data.json')));\n"
            "export default function () { console.log(d.a, import.meta.resolve('./x/../y.json')); }",
            files={"data.json": '{"a":7}'}, says=["7 y.json"],
        )  # fmt: skip

    def test_a_run_without_a_seed_draws_anew(self):
        script = "const a = Math.random(); export default function () { console.log(a, Math.random(), crypto.randomUUID()); }"
        logs = [self.run_script(script, *flags).log for flags in ((), (), ("--seed", "2"), ("--seed", "2"), *[("--simulate=instant",)] * 2)]
        self.assertEqual(len(set(logs)), 4, logs)
        self.assertEqual(logs[2], logs[3])
        self.assertEqual(logs[4], logs[5])

    def test_tags_of_the_users_own(self):
        self.expect(
            EXEC + "export const options = { scenarios: {\n"
            "  a: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '1s', target: 1 }], tags: { phase: 'mine', scenario: 'x' } } },\n"
            "  thresholds: { 'iterations{phase:mine,scenario:a}': ['count>0'] } };\n"
            "import { sleep } from 'k6'; export default function () { sleep(0.3); }",
        )  # fmt: skip

    def test_tags_are_those_of_one_scenario(self):
        self.expect(
            EXEC + "const one = { executor: 'per-vu-iterations', vus: 1, iterations: 1 };\n"
            "export const options = { scenarios: { a: one, b: { ...one, startTime: '1s' } } };\n"
            "export default function () {\n"
            "  console.log(exec.scenario.name, Object.keys(exec.vu.metrics.tags).sort().join(), Object.keys(exec.vu.metrics.metadata).length);\n"
            "  exec.vu.metrics.tags.mine = 1; exec.vu.metrics.metadata.mine = 1;\n}",
            says=["a group,scenario 0", "b group,scenario 0"],
        )  # fmt: skip

    def test_a_scripts_own_vu_stays_and_its_iter_does_not(self):
        self.expect(
            EXEC + "export const options = { systemTags: ['vu', 'iter'], iterations: 2 };\n"
            "export default function () {\n"
            "  const { metadata } = exec.vu.metrics; console.log(metadata.vu, metadata.iter); metadata.vu = 'mine'; metadata.iter = 'x';\n}",
            says=["1 0", "mine 1"],
        )  # fmt: skip

    def test_awaited_cryptography_is_a_pause(self):
        # Others have their turn between two operations.
        self.expect(
            EXEC + "export const options = { vus: 2, iterations: 2 };\n"
            "export default async function () {\n"
            "  const { subtle } = crypto;\n"
            "  for (let i = 0; i < 2; i++) { console.log(`${i}`); await subtle.digest('SHA-1', new Uint8Array(1)); }\n}",
            says=["0", "0", "1", "1"],
        )  # fmt: skip

    def test_metadata_is_in_the_files(self):
        run = self.run_script(
            EXEC + "import { Counter } from 'k6/metrics'; const mine = new Counter('mine');\n"
            "export default function () { exec.vu.metrics.metadata.trace = 'abc'; mine.add(1); }",
            "--out", "json=points.json", "--out", "csv=points.csv",
        )  # fmt: skip
        points = [line for line in run.read("points.json").splitlines() if '"Point"' in line and '"mine"' in line]
        self.assertEqual(json.loads(points[0])["data"]["metadata"], {"trace": "abc"})
        self.assertIn("trace=abc", run.read("points.csv"))


if __name__ == "__main__":
    unittest.main()
