"""What requests of k6/http and k6/x/sse come to outside of the script: the tags of their samples, and lines of the log.

tests/support/scripts.py says how to hold this against k6."""

import json
import re
import unittest

from script_server import ScriptServer
from scripts import ScriptTest

IMPORTS = "import http from 'k6/http';\nconst S = __ENV.SERVER;\nconst withUser = (info) => S.replace('//', `//${info}@`);\n"
LOCAL = ("group", "scenario", "ip", "method", "proto")


class HttpTest(ScriptTest):
    def setUp(self):
        self.server = ScriptServer().start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def run_body(self, body, *flags, imports=IMPORTS):
        script = f"{imports}export default function () {{\n{body}\n}}\n"
        run = self.run_script(script, "-e", f"SERVER={self.server.url}", "--out", "json=samples.json", *flags)
        self.assertEqual(run.code, 0, run.log + run.out)
        return run

    def samples(self, run, metric):
        """[(value, tags)] in their order; the server's URL is "S"."""
        points = map(json.loads, run.read("samples.json").replace(self.server.url[len("http://"):], "S").splitlines())
        found = [each["data"] for each in points if each["type"] == "Point" and each["metric"] == metric]
        return [(each["value"], {k: v for k, v in each["tags"].items() if k not in LOCAL}) for each in found]


def tagged(url, status="200", expected="true", **more):
    shown = {"name": url, "url": url, "status": status, **more}
    return {**shown, "expected_response": expected} if expected else shown


# What stays the same from request to request is remembered, and what changes must not be taken for it.
CHANGING = """
const differences = new Set();
for (let i = 0; i < 60; i++) {
  const word = i % 3 === 0 ? 'same' : `word ${i}`;
  const sent = {
    method: i % 7 === 0 ? 'POST' : i % 2 === 0 ? 'PUT' : 'PATCH',
    target: `/echo?i=${i % 5 === 0 ? 0 : i}`,
    headers: { 'X-Word': word, [`X-${i % 4}`]: 'it', 'X-Long': 'x'.repeat(20 * i), 'X-Accent': 'é'.repeat(i % 3) },
    body: word,
  };
  const r = http.request(sent.method, S + sent.target, sent.body, { headers: sent.headers, tags: { word, [`tag${i % 4}`]: 'it' } });
  const got = r.json();
  for (const key of ['method', 'target', 'body']) if (got[key] !== sent[key]) differences.add(`${i} ${key} ${got[key]}`);
  if (r.url !== S + sent.target || r.request.url !== r.url || r.request.method !== sent.method) differences.add(`${i} ${r.url}`);
  const fields = got.headers.filter(([name]) => name.startsWith('X-'));
  if (fields.length !== 4) differences.add(`${i} ${fields}`);
  for (const [name, value] of fields) {
    if (name !== 'X-Accent' && sent.headers[name] !== value) differences.add(`${i} ${name} ${value}`);
  }
  const status = 200 + i % 40;
  if (http.get(`${S}/status/${status}?phrase=P${i}`).status_text !== `${status} P${i}`) differences.add(`${i} phrase`);
}
console.log(`differences: ${[...differences].join(', ')}.`);
"""


class Texts(HttpTest):
    def test_what_changes_is_not_taken_for_what_was(self):
        run = self.run_body(CHANGING)
        self.assertIn("differences: .", run.log)
        words = [tags.get("word") for _, tags in self.samples(run, "http_reqs") if "/echo" in tags["url"]]
        self.assertEqual(words, ["same" if i % 3 == 0 else f"word {i}" for i in range(60)])


class Connections(HttpTest):
    def test_a_server_learns_that_none_is_kept(self):
        run = self.run_body(
            "for (const params of [{}, { headers: { Connection: 'keep-alive' } }, { headers: { Connection: 'close' } }]) {\n"
            "  const r = http.get(S + '/redirect/1?to=/echo', params);\n"
            "  console.log(`${r.json('headers').filter(([name]) => name === 'Connection').map(([, value]) => value)} ${r.request.headers.Connection}`);\n"
            "}",
            "--no-connection-reuse",
        )
        said = [line for line in run.lines if line]
        self.assertEqual(said, ["close undefined", "keep-alive,close keep-alive", "close close"])


    def test_remote_port_is_where_a_name_leads(self):
        port = self.server.server_address[1]
        hosts = {"name.test": f"127.0.0.1:{port}"}
        run = self.run_body(
            "const r = http.get('http://name.test/echo'); console.log(`${r.remote_ip} ${r.remote_port} ${r.status}`);",
            imports=IMPORTS + f"export const options = {{ hosts: {json.dumps(hosts)} }};\n",
        )
        self.assertIn(f"127.0.0.1 {port} 200", run.log)


class Samples(HttpTest):
    def tags(self, body):
        return [tags for _, tags in self.samples(self.run_body(body), "http_reqs")]

    def test_names(self):
        self.assertEqual(self.tags("http.get(http.url`${S}/echo?x=${7}`);"), [tagged("${}/echo?x=${}")])
        self.assertEqual(self.tags("http.get(S + '/echo', { tags: { name: 'n', a: 1 } });"), [tagged("n", a="1")])
        self.assertEqual(self.tags("http.get(withUser('u:p') + '/echo');"), [tagged("http://****:****@S/echo")])
        self.assertEqual(self.tags("http.get(S + '/a b');"), [tagged("http://S/a%20b", "404", "false", error_code="1404")])
        self.assertEqual(self.tags("http.get(S + '/echo?a=|\"{}^é');"), [tagged('http://S/echo?a=|"{}^é')])

    def test_methods(self):
        run = self.run_body("for (const m of ['GET', 'POST', 'PUT', 'GET', 'POST']) http.request(m, S + '/echo', m === 'GET' ? null : 'x');")
        found = [json.loads(line)["data"] for line in run.read("samples.json").splitlines() if '"Point"' in line and '"http_reqs"' in line]
        self.assertEqual([each["tags"]["method"] for each in found], ["GET", "POST", "PUT", "GET", "POST"])

    def test_a_method_that_is_none_is_not_sent(self):
        run = self.run_body(
            "for (const m of ['GET / HTTP/1.1\\r\\nHost: evil\\r\\n\\r\\nGET', 'G ET'])"
            " { const r = http.request(m, S + '/echo'); console.log(r.status, r.error_code, r.error); }"
        )
        self.assertEqual(run.log.count("0 1000 net/http: invalid method"), 2, run.log)

    def test_what_is_not_sent_is_counted(self):
        run = self.run_body(
            "http.request('G ET', S + '/echo');"
            "for (const headers of [{ 'a b': 'x' }, { a: 'x\\ny' }, { Host: 'x\\ny' }]) http.get(S + '/echo', { headers });"
        )
        found = [(tags["error"], tags["error_code"], tags["status"]) for _, tags in self.samples(run, "http_reqs")]
        self.assertEqual(found, [(f'net/http: invalid {what}', "1000", "0") for what in (
            'method "G ET"', 'header field name "a b"', 'header field value for "A"', 'header field value for "Host"',
        )])  # fmt: skip
        self.assertEqual([value for value, _ in self.samples(run, "http_req_failed")], [1] * 4)

    def test_hops_have_their_own(self):
        first = "http://S/redirect/1?to=/echo"
        self.assertEqual(self.tags("http.get(S + '/redirect/1?to=/echo');"), [tagged(first, "302"), tagged("http://S/echo")])
        digest = "http://S/digest/user/secret"
        self.assertEqual(
            self.tags("http.get(withUser('user:secret') + '/digest/user/secret', { auth: 'digest' });"),
            [tagged(digest, "401", error_code="1401"), tagged(digest)],
        )

    def test_what_counts_as_failed(self):
        run = self.run_body(
            "for (const responseCallback of [http.expectedStatuses(404), null])"
            " http.get(S + '/status/404', { responseCallback });"
        )
        url = "http://S/status/404"
        expected = tagged(url, "404", error_code="1404")
        self.assertEqual(self.samples(run, "http_req_failed"), [(0, expected)])
        reqs = [tags for _, tags in self.samples(run, "http_reqs")]
        self.assertEqual(reqs, [expected, tagged(url, "404", None, error_code="1404")])

    def test_what_is_not_sent_is_not_measured(self):
        self.assertEqual(self.tags("http.get('http://a b'); http.get(S, { timeout: 'x' }); http.batch([S, 5]);"), [])

    def test_failures(self):
        url = "http://127.0.0.1:1/"
        self.assertEqual(
            self.tags(f"http.get('{url}');"),
            [tagged(url, "0", "false", error="dial: connection refused", error_code="1212")],
        )


class Lines(HttpTest):
    def test_failures_are_logged_unless_thrown(self):
        for call, error in (
            ("http.get('http://127.0.0.1:1/')", 'Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused'),
            ("http.post(S + '/close')", 'Post "S/close": EOF'),
            ("http.get(S + '/cut')", "unexpected EOF"),
            ("http.get(S + '/delay/1000', { timeout: 20 })", 'Get "S/delay/1000": request timeout'),
            ("http.get('http://a b')", 'invalid URL: parse "http://a b": invalid character " " in host name'),
        ):
            with self.subTest(call=call):
                log = self.run_body(f"{call};", "--log-format", "json").log.replace(self.server.url, "S")
                lines = [json.loads(line) for line in log.split("\n") if line.startswith("{")]
                warnings = [(line["msg"], line.get("error")) for line in lines if line["level"] == "warning"]
                self.assertEqual(warnings, [("Request Failed", error)])
        log = self.run_body("try { http.get('http://127.0.0.1:1/', { throw: true }); } catch (e) { console.log('caught'); }").log
        self.assertEqual(re.findall("caught|Request Failed", log), ["caught"])


if __name__ == "__main__":
    unittest.main()
