"""The JSON Schemas of fixtures/schema: good schemas, true of every fixture, and agreeing with the strict readers.

That schema and reader know the same keys is not believed but asked: a reader that meets an unknown key lists the ones
that are allowed there. The same goes for words where there is a choice.
"""

import copy
import json
import os
import re
import unittest
from pathlib import Path

import jsonschema

import samples
from programs import ProgramTest

FIXTURES = Path(os.environ["FIXTURES"])
FIXED_SECTIONS = {"$schema", "listen", "seed", "timeline", "limits", "timeouts"}  # Not in a phase of the timeline.
ACTIONS = {"chat", "http", "sleep", "group", "repeat", "pick", "abort"}  # A step has one of them; the reader lists all.


def without_comments(text):
    literal_or_comment = r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/'
    return re.sub(literal_or_comment, lambda m: m.group(0) if m.group(0)[0] == '"' else " ", text, flags=re.S)


def load(path):
    return json.loads(without_comments(path.read_text(encoding="utf-8")))


SCHEMAS = {name: load(FIXTURES / "schema" / f"{name}.schema.json") for name in ("experiment", "gateway", "mutant", "network", "profile", "suite")}


def validator(name, schema=None):
    """Of a whole schema, or of a part of it, whose references it resolves."""
    whole = SCHEMAS[name]
    return jsonschema.Draft202012Validator(whole if schema is None else {**schema, "$defs": whole["$defs"]})


def errors(name, document):
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator(name).iter_errors(document)]


def parts(schema):
    """Every schema inside a schema, itself included."""
    if isinstance(schema, dict):
        yield schema
        for key, value in schema.items():
            if key in ("properties", "patternProperties", "$defs"):
                for each in value.values():
                    yield from parts(each)
            elif key not in ("enum", "const", "default"):
                yield from parts(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from parts(each)


def is_closed(schema):
    return schema.get("additionalProperties") is False and "properties" in schema


def places(name, schema, document, path=()):
    """(schema part, path) for each part that a document meets; of alternatives, the first that holds."""
    yield schema, path
    if "$ref" in schema:
        yield from places(name, SCHEMAS[name]["$defs"][schema["$ref"].rpartition("/")[2]], document, path)
    for key in ("anyOf", "allOf"):
        holding = [each for each in schema.get(key, []) if validator(name, each).is_valid(document)]
        for each in holding[:1] if key == "anyOf" else holding:
            yield from places(name, each, document, path)
    if isinstance(document, list) and isinstance(schema.get("items"), dict):
        for index, element in enumerate(document):
            yield from places(name, schema["items"], element, (*path, index))
    if isinstance(document, dict):
        for key, value in document.items():
            patterns = [each for pattern, each in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
            member = schema.get("properties", {}).get(key) or (patterns or [schema.get("additionalProperties")])[0]
            if isinstance(member, dict):
                yield from places(name, member, value, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def changed(document, path, value):
    document = copy.deepcopy(document)
    at(document, path[:-1])[path[-1]] = value
    return document


def in_words(path):
    """As the readers write it: faults[0].match; a phase of the timeline is read as a file of its own."""
    words = re.sub(r"\.?\[", "[", ".".join(f"[{key}]" if isinstance(key, int) else key for key in path))
    return re.sub(r"(timeline\[\d+\]\.set)\.", r"\1: ", words)


class Reader(ProgramTest):
    """Runs the strict reader of a kind of file."""

    def setUp(self):
        self.place = Path(self.folder())

    def read(self, name, document):
        """(accepted, what the reader says) of a document, or of a file."""
        path = document
        if not isinstance(document, Path):
            path = self.place / f"{name}.json"
            path.write_text(json.dumps(document))
        if name == "suite":
            done = self.run_program("LOADER", "inspect", str(path))
        elif name == "network":
            done = self.run_program("LOADER", "inspect", "smoke", "--simulate", "--network", str(path))
        elif name == "mutant":
            done = self.run_program("LOADER", "prove", "smoke", "--mutants", str(path), "--only", "no-models", "--seeds", "1")
        elif name == "experiment":
            done = self.run_program("LOADER", "experiment", str(path))
        else:
            arguments = [str(path)] if name == "gateway" else ["--profile", str(path)]
            done = self.run_program("MOCKGW", *arguments, "--check")
        return done.returncode == 0, done.stdout + done.stderr

    def allowed(self, name, document, path, what):
        """The words that the reader lists for an unknown key or value at a path."""
        _, said = self.read(name, document)
        where = re.escape(in_words(path)) + ": " if path else r"[\w.-]+\.json: "
        found = re.search(where + "unknown " + what + r' "zzz"[^\n]*?allowed: ([^\n]*)', said)
        self.assertTrue(found, f"{name} {in_words(path)}: the reader did not refuse {what} zzz\n{said}")
        return set(re.findall(r'"([^"]*)"', found.group(1)))


class Schemas(Reader):
    def test_each_is_a_schema_that_describes_every_key(self):
        for name, schema in SCHEMAS.items():
            jsonschema.Draft202012Validator.check_schema(schema)
            self.assertIn("description", schema)
            for key, member in schema["properties"].items():
                target = schema["$defs"][member["$ref"].rpartition("/")[2]] if "$ref" in member else member
                self.assertIn("description", {**target, **member}, f"{name}: {key}")

    def test_what_two_schemas_define_is_the_same(self):
        for one, whole in (("profile", "gateway"), ("network", "suite")):
            for name, schema in SCHEMAS[one]["$defs"].items():
                self.assertEqual(schema, SCHEMAS[whole]["$defs"][name], name)
        self.assertEqual(SCHEMAS["network"]["properties"], SCHEMAS["suite"]["$defs"]["network"]["properties"])

    def test_examples_are_valid(self):
        for name in SCHEMAS:
            for part in parts(SCHEMAS[name]):
                for example in part.get("examples", []):
                    with self.subTest(name, example=example):
                        self.assertTrue(validator(name, part).is_valid(example))

    def test_every_fixture_is_valid(self):
        for name in SCHEMAS:
            files = sorted((FIXTURES / f"{name}s").glob("*.json"))
            self.assertGreater(len(files), 1, name)
            for path in files:
                with self.subTest(path.name):
                    self.assertEqual(errors(name, load(path)), [])

    def test_every_resolved_gateway_file_is_valid(self):
        for path in sorted((FIXTURES / "gateways").glob("*.json")):
            for profile in ("openai", "refgw", "kong", "portkey"):
                for flag in ("--print-config", "--print-full-config"):
                    done = self.run_program("MOCKGW", str(path), "--profile", profile, flag)
                    with self.subTest(path.name, profile=profile, flag=flag):
                        self.assertEqual(errors("gateway", json.loads(done.stdout)), [])

    def test_samples_are_valid_for_schema_and_reader(self):
        for name, document in SAMPLES:
            self.assertEqual(errors(name, document), [])
            accepted, said = self.read(name, document)
            self.assertTrue(accepted, said)


class RunFiles(Reader):
    """What a program writes for itself has a schema as well: of what it has written, and no laxer than what reads it."""

    SCHEMA = load(FIXTURES / "schema" / "run.schema.json")

    def setUp(self):
        super().setUp()
        file = self.place / "run.json"
        flags = ("-i", "3", "--simulate", "--mergeable", str(file), "--summary-file", "none", "--no-thresholds")
        self.assertEqual(self.run_program("LOADER", "run", "streaming", *flags).returncode, 0)
        self.document = json.loads(file.read_text())

    def problems(self, document):
        return [error.message for error in jsonschema.Draft202012Validator(self.SCHEMA).iter_errors(document)]

    def test_what_is_written_is_valid(self):
        jsonschema.Draft202012Validator.check_schema(self.SCHEMA)
        self.assertEqual(self.problems(self.document), [])
        self.assertEqual({metric["type"] for metric in self.document["measured"]["metrics"]}, {"counter", "rate", "trend"})

    def test_broken_files_are_refused_by_schema_and_reader(self):
        for path, value in (
            (("version",), 3),
            (("segment",), 1),
            (("zzz",), 1),
            (("run", "zzz"), 1),
            (("run", "no_data"), "maybe"),
            (("end", "exit_code"), 256),
            (("measured", "metrics", 0, "type"), "list"),
            (("measured", "metrics", 0, "zzz"), 1),
            (("measured", "checks", 0, "passes"), -1),
            (("parts", 0, "kind"), "whole"),
            (("ticks",), {}),
        ):
            document = changed(self.document, path, value)
            with self.subTest(path=in_words(path), value=value):
                self.assertNotEqual(self.problems(document), [])
                broken = self.place / "broken.json"
                broken.write_text(json.dumps(document))
                done = self.run_program("LOADER", "merge", str(broken), "--summary-file", "none")
                self.assertEqual(done.returncode, 123, done.stdout)


SAMPLES = [
    ("gateway", samples.GATEWAY),
    ("experiment", samples.EXPERIMENT),
    ("mutant", samples.MUTANTS),
    ("network", samples.NETWORK),
    *(("network", each) for each in samples.NETWORKS),
    ("profile", samples.PROFILE),
    ("suite", samples.SUITE),
    ("suite", samples.SUITE_SHORTCUTS),
]


class Agreement(Reader):
    def test_broken_files_are_refused_by_schema_and_reader(self):
        for name, sample, broken in (
            ("gateway", samples.GATEWAY, samples.BROKEN_GATEWAYS),
            ("experiment", samples.EXPERIMENT, samples.BROKEN_EXPERIMENTS),
            ("mutant", samples.MUTANTS, samples.BROKEN_MUTANTS),
            ("network", samples.NETWORK, samples.BROKEN_NETWORKS),
            ("profile", samples.PROFILE, samples.BROKEN_PROFILES),
            ("suite", samples.SUITE, samples.BROKEN_SUITES),
        ):
            for path, value in broken:
                document = changed(sample, path, value)
                with self.subTest(name, path=in_words(path), value=value):
                    self.assertNotEqual(errors(name, document), [])
                    accepted, said = self.read(name, document)
                    self.assertFalse(accepted, said)

    def test_every_object_has_the_keys_of_its_reader(self):
        for name in SCHEMAS:
            compared = []
            for _, document in (sample for sample in SAMPLES if sample[0] == name):
                for schema, path in places(name, SCHEMAS[name], document):
                    if not is_closed(schema) or schema in compared:
                        continue
                    compared.append(schema)
                    probe = copy.deepcopy(document)
                    at(probe, path)["zzz"] = 1
                    with self.subTest(name, path=in_words(path)):
                        self.assertEqual(set(schema["properties"]), self.keys_allowed(name, probe, path))
            missed = [each for each in parts(SCHEMAS[name]) if is_closed(each) and each not in compared]
            self.assertEqual([sorted(each["properties"]) for each in missed], [], f"{name}: no sample has these objects")

    def keys_allowed(self, name, probe, path):
        allowed = self.allowed(name, probe, path, "key")
        if path[-1:] == ("set",):
            return allowed - FIXED_SECTIONS
        actions = set(at(probe, path)) & ACTIONS
        return allowed - (ACTIONS - actions) if ACTIONS <= allowed else allowed

    def test_every_choice_has_the_words_of_its_reader(self):
        for name in set(SCHEMAS) - {"experiment", "network"}:  # Which have none.
            compared = 0
            for _, document in (sample for sample in SAMPLES if sample[0] == name):
                for schema, path in places(name, SCHEMAS[name], document):
                    words = schema.get("enum")
                    # These are listed in other words; what they lack or have too many is among the broken files.
                    if not words or path[-1] in ("profile", "preset", "envelope", "circuit_breaker_preset", "kind"):
                        continue
                    compared += 1
                    with self.subTest(name, path=in_words(path)):
                        self.assertEqual(set(words), self.allowed(name, changed(document, path, "zzz"), path, "value"))
            self.assertGreater(compared, 0)

    def test_alternatives_cover_every_kind_that_the_reader_knows(self):
        for name, alternatives, key, sample, path in (
            ("gateway", "fault", "kind", samples.GATEWAY, ("faults", 1, "fault", "kind")),
            ("suite", "scenario", "executor", samples.SUITE, ("options", "scenarios", "a", "executor")),
        ):
            kinds = [each["properties"][key] for each in SCHEMAS[name]["$defs"][alternatives]["anyOf"]]
            words = {word for kind in kinds for word in kind.get("enum", [kind.get("const")])}
            self.assertEqual(words, self.allowed(name, changed(sample, path, "zzz"), path, "value"))

    def test_named_things_are_those_that_there_are(self):
        profiles = {path.stem for path in (FIXTURES / "profiles").glob("*.json")}
        self.assertEqual(profiles, set(SCHEMAS["gateway"]["$defs"]["profile"]["anyOf"][0]["enum"]))
        for path, words in (
            (("circuit_breaker", "preset"), SCHEMAS["gateway"]["$defs"]["circuitBreaker"]["properties"]["preset"]["enum"]),
            (("errors", "envelope"), SCHEMAS["gateway"]["$defs"]["envelope"]["anyOf"][0]["enum"]),
        ):
            _, said = self.read("gateway", changed(samples.GATEWAY, path, "zzz"))
            listed = re.search(r"(?:there are|use one of) ([a-z0-9_, -]*?)(?:, or |\n)", said).group(1)
            self.assertEqual(set(words), set(re.split(r"[, ]+", listed)))


if __name__ == "__main__":
    unittest.main()
