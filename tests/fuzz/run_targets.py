#!/usr/bin/env python3
"""Runs the fuzz targets of a build, two at a time. Usage: run_targets.py BUILD [--seed N] [COUNT] [TARGET…]; see scripts/fuzz.

`python3 run_targets.py --self-test` tests what it makes of a target's output.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
COUNT = 100_000
AT_A_TIME = 2

# Files of ours that are good input as well, and the schema whose words the fuzzer is told.
FIXTURES = {"suite": "suites", "gateway": "gateways", "admin_put": "gateways", "profile": "profiles", "network": "networks"}
SCHEMAS = {"suite": "suite", "gateway": "gateway", "admin_put": "gateway", "profile": "profile", "network": "network"}
# An input is longer than any limit that the target sets, and not much.
BYTES_MAX = {"http_request": 1400, "http_response": 1400, "event_stream": 2000}
BYTES_MAX_OF_FILES = 4096
# For one input; a slower one is a finding.
SECONDS_MAX = 10
MEGABYTES_MAX = 2048


def words_of(schema):
    """The names and choices that a JSON Schema has: what a file of its kind is made of."""
    words = set()
    if isinstance(schema, dict):
        words.update(schema.get("properties", {}))
        words.update(word for word in schema.get("enum", []) if isinstance(word, str))
        words.update([schema["const"]] if isinstance(schema.get("const"), str) else [])
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            words |= words_of(part)
    return words


def dictionary_of(target):
    """In libFuzzer's format."""
    lines = [r'"1e999"', r'"-1e400"', r'"0e999"', r'"5e-324"', r'"9223372036854775808"', r'"106751d"']
    if target in SCHEMAS:
        schema = json.loads((ROOT / "fixtures" / "schema" / f"{SCHEMAS[target]}.schema.json").read_text())
        lines += ['"\\"' + word + '\\""' for word in sorted(words_of(schema)) if re.fullmatch(r"[ -!#-\[\]-~]+", word)]
    return "\n".join(lines) + "\n"


def command_of(program, target, options, folder):
    """`folder` is where what is found is kept, and the dictionary."""
    corpus, dictionary = folder / "corpus" / target, folder / f"{target}.dict"
    corpus.mkdir(parents=True, exist_ok=True)
    dictionary.write_text(dictionary_of(target))
    command = [str(program), f"-runs={options.count}", f"-max_len={BYTES_MAX.get(target, BYTES_MAX_OF_FILES)}"]
    command += [f"-timeout={SECONDS_MAX}", f"-rss_limit_mb={MEGABYTES_MAX}", f"-dict={dictionary}"]
    command += ["-print_final_stats=1", f"-artifact_prefix={options.build / 'corpus'}/found-{target}-"]
    command += [f"-seed={options.seed}"] if options.seed is not None else []
    command += [str(corpus), str(CORPUS / target)]
    return command + ([str(ROOT / "fixtures" / FIXTURES[target])] if target in FIXTURES else [])


def summary_of(output):
    """(inputs, edges covered, the file that an input which broke something was written to) of a target's output."""
    inputs = re.search(r"^stat::number_of_executed_units: (\d+)$", output, re.M)
    edges = re.findall(r"^#\d+\t.* cov: (\d+) ", output, re.M)
    found = re.search(r"Test unit written to (\S+)$", output, re.M)
    return int(inputs[1]) if inputs else 0, int(edges[-1]) if edges else 0, found[1] if found else None


def report_of(target, seconds, output, status):
    """(a line of the table, what broke)"""
    inputs, edges, found = summary_of(output)
    row = f"{target:<14}{inputs:>12,}{seconds:>9.1f}{edges:>9,}"
    if status == 0:
        return row + "  ok", ""
    tail = "\n".join(output.splitlines()[-60:])
    again = f"To repeat it: {f'build/fuzz/tests/fuzz/fuzz_{target} {found}' if found else 'scripts/fuzz'}"
    return row + "  BROKEN", f"\n{tail}\n\n{target} is broken: {found or f'it ended with {status}'}\n{again}\n"


def run(target, options, folder):
    started = time.monotonic()
    program = options.build / "tests" / "fuzz" / f"fuzz_{target}"
    done = subprocess.run(command_of(program, target, options, folder), cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
    output = done.stdout.decode(errors="replace")
    return report_of(target, time.monotonic() - started, output, done.returncode)


def fuzz(options):
    (options.build / "corpus").mkdir(parents=True, exist_ok=True)
    broken = []
    print(f"{'target':<14}{'inputs':>12}{'seconds':>9}{'edges':>9}", flush=True)
    with tempfile.TemporaryDirectory() as fresh, ThreadPoolExecutor(AT_A_TIME) as pool:
        folder = options.build if options.seed is None else Path(fresh)
        for row, what in pool.map(lambda target: run(target, options, folder), options.targets):
            print(row, flush=True)
            broken += [what] if what else []
    print("".join(broken), end="")
    return 1 if broken else 0


def main(arguments):
    known = sorted(folder.name for folder in CORPUS.iterdir())
    parser = argparse.ArgumentParser(prog="scripts/fuzz", allow_abbrev=False)
    parser.add_argument("build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, help="make it the same run each time")
    parser.add_argument("count", nargs="?", metavar="COUNT", help=f"inputs of each target ({COUNT:,})")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(known)} (all)")
    options = parser.parse_intermixed_args(arguments)
    if options.count and not options.count.isdigit():
        options.targets.insert(0, options.count)
        options.count = None
    options.count = COUNT if options.count is None else int(options.count)
    unknown = [target for target in options.targets if target not in known]
    if unknown:
        parser.error(f"no target {', '.join(unknown)}; there are {', '.join(known)}")
    if options.count < 1:
        parser.error("COUNT is 1 or more: without a bound a target would never end")
    options.build = options.build.resolve()
    options.targets = options.targets or known
    return fuzz(options)


class SelfTest(unittest.TestCase):
    GOOD = "#2\tINITED cov: 9 ft: 9\n#70\tDONE   cov: 1234 ft: 9\nstat::number_of_executed_units: 70\n"
    BAD = "#2\tINITED cov: 9 ft: 9\n==1== ERROR: libFuzzer: deadly signal\nTest unit written to /x/found-suite-crash-1\n"

    def test_a_good_run_is_a_line(self):
        row, what = report_of("suite", 1.25, self.GOOD, 0)
        self.assertEqual(row.split(), ["suite", "70", "1.2", "1,234", "ok"])
        self.assertEqual(what, "")

    def test_what_broke_names_the_file_and_how_to_repeat_it(self):
        row, what = report_of("suite", 1, self.BAD, 77)
        self.assertTrue(row.endswith("BROKEN"))
        self.assertIn("deadly signal", what)
        self.assertIn("To repeat it: build/fuzz/tests/fuzz/fuzz_suite /x/found-suite-crash-1\n", what)

    def test_an_end_without_a_file_is_broken_too(self):
        row, what = report_of("suite", 1, "", 127)
        self.assertTrue(row.endswith("BROKEN"))
        self.assertIn("it ended with 127", what)

    def test_a_schemas_words_are_its_names_and_choices(self):
        schema = {"properties": {"a": {"enum": ["b", 1]}, "c": {"anyOf": [{"const": "d"}, {"type": "e"}]}}}
        self.assertEqual(words_of(schema), {"a", "b", "c", "d"})

    def test_every_target_has_a_program_and_a_corpus(self):
        programs = {path.name.removesuffix("_fuzz.cpp") for path in (ROOT / "tests" / "fuzz").glob("*_fuzz.cpp")}
        self.assertEqual(programs, {folder.name for folder in CORPUS.iterdir()})
        self.assertLessEqual(FIXTURES.keys() | SCHEMAS.keys() | BYTES_MAX.keys(), programs)
        for name in programs:
            self.assertTrue(any((CORPUS / name).iterdir()), name)


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        unittest.main(argv=sys.argv[:1])
    sys.exit(main(sys.argv[1:]))
