#!/usr/bin/env python3
"""Rules of the project that no compiler checks, as greps over the sources. Usage: tidy_test.py ROOT

Each rule is a function from a source file to (line, message) pairs. `python3 tidy_test.py --self-test` proves that each
rule finds what it is for.
"""

import re
import sys
import unittest
from pathlib import Path

FOLDERS = ("shared", "mockgw", "loader", "tests", "benchmarks")
LINE_COLUMNS_MAX = 100
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70

# Which folder may include which (architecture.md, "Folders and arrows").
ARROWS = {
    "shared/base": "",
    "shared/protocol": "shared/base",
    "shared/runtime": "shared/base",
    "shared/sim": "shared/base shared/runtime",
    "mockgw/base": "shared/base",
    "mockgw/rate_limit": "shared/base mockgw/base",
    "mockgw/breaker": "shared/base",
    "mockgw/overload": "shared/base mockgw/base",
    "mockgw/profiles": "shared/base shared/runtime mockgw/base mockgw/rate_limit mockgw/breaker",
    "mockgw/faults": "shared/base shared/runtime mockgw/base",
    "mockgw/config": "shared/base shared/runtime mockgw/base mockgw/rate_limit mockgw/breaker mockgw/overload"
    " mockgw/profiles mockgw/faults",
    "mockgw/chat": "shared/base shared/protocol shared/runtime mockgw/profiles mockgw/faults mockgw/config",
    "mockgw/gateway": "shared/base shared/protocol shared/runtime mockgw/base mockgw/rate_limit mockgw/breaker"
    " mockgw/overload mockgw/profiles mockgw/faults mockgw/config",
    "mockgw/admin": "shared/base shared/runtime mockgw/profiles mockgw/config mockgw/gateway",
    "mockgw/answer": "shared/base shared/protocol shared/runtime mockgw/breaker mockgw/profiles mockgw/faults"
    " mockgw/config mockgw/chat mockgw/gateway",
    "mockgw/server": "shared/base shared/runtime mockgw",
    "mockgw": "shared/base shared/runtime mockgw",
    "loader/metrics": "shared/base",
    "loader/thresholds": "shared/base loader/metrics",
    "loader/summary": "shared/base loader/metrics loader/thresholds",
    "loader/outputs": "shared/base loader/metrics loader/thresholds",
    "loader/http": "shared/base shared/protocol shared/runtime",
    "loader/delivery": "shared/base shared/runtime loader/metrics loader/thresholds loader/summary loader/outputs loader/http",
    "loader/flow": "shared/base shared/protocol shared/runtime loader/metrics loader/http",
    "loader/scenarios": "shared/base shared/runtime",
    "loader/script": "shared/base shared/runtime loader/metrics loader/http loader/flow",
    "loader/script/natives": "shared/base shared/runtime loader/metrics loader/http loader/flow loader/script",
    "loader/script/engine": "shared/base loader/script",
    "loader/suite": "shared/base loader/metrics loader/thresholds loader/http loader/flow loader/scenarios loader/script",
    "loader/run": "shared/base shared/runtime loader/metrics loader/thresholds loader/summary loader/outputs loader/http"
    " loader/flow loader/scenarios loader/script loader/suite",
    "loader/merge": "shared/base loader/metrics loader/thresholds loader/summary loader/outputs loader/scenarios"
    " loader/run",
    "loader/compare": "shared/base loader/metrics loader/thresholds loader/summary loader/merge",
    "loader/world": "shared/base shared/runtime loader/outputs loader/http loader/scenarios loader/script loader/suite loader/run",
    "loader/prove": "shared/base loader/metrics loader/thresholds loader/summary loader/flow loader/scenarios loader/suite"
    " loader/run loader/world",
    "loader/command": "shared/base loader",
    "loader": "shared/base loader",
}
# What may include more: the world that has a gateway in process, and the suite's section "network", which is plain data.
DOORS = {
    "loader/world/": {"shared/sim", "mockgw/embedded.h"},
    "loader/suite/suite.h": {"shared/sim"},
    "loader/prove/mutant.h": {"shared/sim"},
}

# (what, pattern, the paths that are its home)
HOMES = [
    ("a clock", r"\b(steady_clock|system_clock|high_resolution_clock)\b", r"shared/runtime/"),
    ("sleep_for", r"\bthis_thread::sleep_|\b(usleep|nanosleep)\b", r"$^"),
    ("random_device", r"\brandom_device\b|\bs?rand\s*\(", r"$^"),
    ("std::thread", r"\bstd::j?thread\b", r"mockgw/server_threads\.cpp$|loader/run/run_threads\.cpp$|loader/delivery/network_output\.cpp$|loader/outputs/line_file\.h$|loader/dashboard/dashboard\.cpp$|tests/unit/loader/delivery/hand_over_test\.cpp$|loader/prove/parallel\.h$|loader/world/real_gateway\.|loader/script/engine/watchdog\.cpp$|tests/sim/"),
    ("std::cout", r"\bstd::(cout|cerr)\b|\bprintf\s*\(", r"(mockgw|loader|tests/sweep)/main\.cpp$|benchmarks/"),
    ("an Asio timer or socket", r"\b(steady_timer|tcp::(socket|acceptor|resolver))\b", r"shared/runtime/asio_"),
    ("Beast", r"#include <boost/beast", r"shared/runtime/"),
    ("nlohmann/json.hpp", r"#include <nlohmann/json\.hpp>", r"shared/base/json\.h$"),
    ("a temporary file", r"\b(temp_directory_path|TempDir|tmpnam|tmpfile|mkstemp|mkdtemp)\b", r"tests/support/temporary_folder\.h$"),
    ("the all-in-one Asio header", r"#include <boost/asio\.hpp>", r"$^"),
]

# Where things are decided and nothing waits: neither these folders' files nor a header of ours that they see includes
# Asio, and they name no lock.
PURE_FOLDERS = {"mockgw/answer"}
LOCK = r"\bstd::(mutex|shared_mutex|lock_guard|unique_lock|scoped_lock|atomic|condition_variable)\b"

# V8 is a matter of loader/script, whose headers for others say nothing of it: a build without it has them, too.
ENGINE = r"#include (<v8|<libplatform/|<boost/context/|<ours:loader/script/(engine|natives)/)"
HEADERS_WITHOUT_ENGINE = {
    f"loader/script/{name}.h"
    for name in ("script", "script_end", "script_files", "script_log", "script_program", "script_request", "script_steps")
}

# The headers that are built of whole documents; they are included by .cpp files alone. pch.h is precompiled.
JSON_HEADERS = {"shared/base/json_builder.h", "shared/base/pch.h", "shared/runtime/pch.h", "tests/support/pch.h"}


class Source:
    """A source file: its path below the root, its lines, and the same lines without comments and literals."""

    def __init__(self, path, text):
        self.path = path
        self.lines = text.split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
        self.code = strip_comments_and_literals(text).split("\n")


def strip_comments_and_literals(text):
    """Blanks comments, strings and characters, keeping every newline in its place."""
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<![\w])\'(?:\\.|[^\'\\\n])+\'',
        re.S,
    )

    def blank(match):
        found = match.group(0)
        filler = " " if found.startswith("/") else '""'
        return filler + "\n" * found.count("\n")

    # The path of an include of ours is kept, in another form: the arrows are read from it.
    return token.sub(blank, re.sub(r'(?m)^(\s*#include\s*)"([^"]+)"', r"\1<ours:\2>", text))


def folder_of(path):
    return path.rpartition("/")[0]


def check_length(source):
    # A test may hold a literal that is as long as what is on the wire.
    shown = source.code if source.path.startswith("tests/") else source.lines
    for number, line in enumerate(shown, 1):
        if len(line) > LINE_COLUMNS_MAX:
            yield number, f"{len(line)} columns; {LINE_COLUMNS_MAX} is the limit"
    if len(source.lines) > FILE_LINES_MAX:
        yield len(source.lines), f"{len(source.lines)} lines; split at {FILE_LINES_MAX}"


def check_unfinished(source):
    for number, line in enumerate(source.lines, 1):
        if re.search(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", line):
            yield number, "unfinished: do it, or open an issue"


def check_homes(source):
    for number, line in enumerate(source.code, 1):
        for what, pattern, home in HOMES:
            if re.search(pattern, line) and not re.match(home, source.path):
                yield number, f"{what} outside its home"


def is_below(folder, allowed):
    """Whether the folder, or one that it is in, is allowed."""
    return folder in allowed or ("/" in folder and is_below(folder.rpartition("/")[0], allowed))


def check_arrows(source):
    folder = folder_of(source.path)
    if folder not in ARROWS:
        return
    extra = set().union(*(allowed for prefix, allowed in DOORS.items() if source.path.startswith(prefix)))
    allowed_folders = {folder, *ARROWS[folder].split(), *extra}
    for number, line in enumerate(source.code, 1):
        included = re.match(r"\s*#include <ours:([^>]+)>", line)
        if not included:
            continue
        target = included.group(1)
        if "/" not in target:
            yield number, f'"{target}": includes are written from the root'
        elif target not in extra and not is_below(folder_of(target), allowed_folders):
            yield number, f"{folder} may not include {target}"


def check_locks(source):
    if folder_of(source.path) in PURE_FOLDERS:
        for number, line in enumerate(source.code, 1):
            if re.search(LOCK, line):
                yield number, f"a lock in {folder_of(source.path)}"


def way_to_asio(path, sources, seen):
    """The includes of ours that lead from a file to Asio, as a list of paths; empty if none do."""
    if path in seen or path not in sources:
        return []
    seen.add(path)
    for line in sources[path].code:
        if re.match(r"\s*#include <boost/asio", line):
            return [path]
        included = re.match(r"\s*#include <ours:([^>]+)>", line)
        rest = way_to_asio(included.group(1), sources, seen) if included else []
        if rest:
            return [path, *rest]
    return []


def asio_where_nothing_waits(sources):
    for path in sources:
        way = way_to_asio(path, sources, set()) if folder_of(path) in PURE_FOLDERS else []
        if way:
            yield f"{path}:1: sees Asio: {' > '.join(way)}"


def check_engine(source):
    is_inside = source.path.startswith("loader/script/") and source.path not in HEADERS_WITHOUT_ENGINE
    if not is_inside and not source.path.startswith("tests/"):
        for number, line in enumerate(source.code, 1):
            if re.match(r"\s*" + ENGINE, line):
                yield number, "the script engine outside loader/script, or in a header that others include"


def check_headers(source):
    if source.path.endswith(".h"):
        if "#pragma once" not in source.lines[:12]:
            yield 1, "no #pragma once at the top"
        if not source.lines[0].startswith("//"):
            yield 1, "no sentence at the top that says what the header is for"
        for number, line in enumerate(source.code, 1):
            if re.match(r"using namespace ", line):
                yield number, "using namespace in a header"
            if "<ours:shared/base/json.h>" in line and source.path not in JSON_HEADERS:
                yield number, "shared/base/json.h in a header: json_fwd.h declares, owned_json.h holds"


def check_functions(source):
    """Follows braces; a block whose head looks like a function's is measured from its head to its end."""
    blocks, head, head_line = [], "", 1
    for number, line in enumerate(source.code, 1):
        if line.lstrip().startswith("#"):
            continue
        for character in line:
            if character == "{":
                inside = any(kind == "function" for kind, _ in blocks)
                blocks.append(("inner" if inside else kind_of(head), head_line))
                head = ""
            elif character == "}":
                if not blocks:
                    return  # Braces inside a macro: nothing to be said about this file.
                kind, first = blocks.pop()
                if kind == "function" and number - first + 1 > FUNCTION_LINES_MAX:
                    yield first, f"a function of {number - first + 1} lines; {FUNCTION_LINES_MAX} is the limit"
                head = ""
            elif character == ";":
                head = ""
            else:
                if not head.strip():
                    head_line = number
                head += character
        head += " "


def kind_of(head):
    head = re.sub(r"template\s*<[^{}]*?>\s*(?=class|struct|auto|\w)", "", head.strip(), count=1)
    if re.match(r"(inline\s+)?(namespace|class|struct|enum|union|extern)\b", head):
        return "scope"
    return "function" if re.search(r"\)\s*(const|noexcept|override|final|->[^=]*|:[^:].*)?\s*$", head) else "value"


def check_awaits(source):
    # g++ 12 carries out both branches of such an expression: what is awaited begins in any case.
    for number, line in enumerate(source.code, 1):
        if re.search(r"\?.*\bco_await\b", line) or re.match(r"\s*[?:]\s*.*\bco_await\b", line):
            yield number, "co_await in a conditional expression: write if and else"


CHECKS = [
    check_length,
    check_unfinished,
    check_homes,
    check_arrows,
    check_engine,
    check_headers,
    check_locks,
    check_functions,
    check_awaits,
]


def problems_in(source):
    return [f"{source.path}:{line}: {what}" for check in CHECKS for line, what in check(source)]


def main(root):
    found, sources = [], {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".cpp", ".h"):
                continue
            source = Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
            sources[source.path] = source
            found += problems_in(source)
    found += asio_where_nothing_waits(sources)
    print("\n".join(found + [f"{len(sources)} files, {len(found)} problems"]))
    return 1 if found or not sources else 0


class EachRuleFindsWhatItIsFor(unittest.TestCase):
    def expect(self, path, text, *messages):
        found = problems_in(Source(path, text))
        self.assertEqual(len(found), len(messages), found)
        for message, problem in zip(messages, found):
            self.assertIn(message, problem)

    def test_a_clean_file(self):
        self.expect("loader/scenarios/pacer.h", '// Paces.\n#pragma once\n\n#include "shared/base/time.h"\n')

    def test_long_lines_and_files(self):
        self.expect("loader/a.cpp", "// " + "x" * 98 + "\n", ":1: 101 columns")
        self.expect("tests/a.cpp", 'auto text = R"(' + "x" * 98 + ')";\n')
        self.expect("tests/a.cpp", "int " + "x" * 98 + ";\n", ":1: 103 columns")
        self.expect("loader/a.cpp", "int a;\n" * 401, "401 lines")

    def test_awaits_in_conditional_expressions(self):
        self.expect("loader/a.cpp", "x = a ? b : co_await c();\n", "conditional expression")
        self.expect("loader/a.cpp", "x = a ? b\n      : co_await c();\n", "conditional expression")
        self.expect("loader/a.cpp", "if (a) x = co_await c();\n")

    def test_unfinished_work(self):
        self.expect("loader/a.cpp", "// TO" "DO: later\n", "unfinished")

    def test_clocks_outside_the_runtime(self):
        self.expect("loader/a.cpp", "auto t = std::chrono::steady_clock::now();\n", "a clock")
        self.expect("shared/runtime/asio_runtime.cpp", "auto t = std::chrono::steady_clock::now();\n")
        self.expect("loader/a.cpp", "// not a steady_clock\nauto s = \"steady_clock\";\n")

    def test_threads_randomness_output_and_sockets(self):
        self.expect("loader/a.cpp", "std::thread t;\n", "std::thread")
        self.expect("loader/a.cpp", "std::random_device d;\n", "random_device")
        self.expect("mockgw/server/server.cpp", "std::cout << 1;\n", "std::cout")
        self.expect("mockgw/server/server.cpp", "tcp::socket s;\n", "Asio timer or socket")
        self.expect("tests/sim/a.cpp", "std::this_thread::sleep_for(1ms);\n", "sleep_for")
        self.expect("mockgw/main.cpp", "std::cout << 1;\n")

    def test_temporary_files(self):
        self.expect("tests/sim/a.cpp", "auto f = std::filesystem::temp_directory_path();\n", "a temporary file")
        self.expect("tests/unit/a.cpp", 'auto f = testing::TempDir() + "a";\n', "a temporary file")
        self.expect("tests/support/temporary_folder.h", "// A.\n#pragma once\nauto f = mkdtemp(name);\n")

    def test_arrows(self):
        self.expect("loader/a.cpp", '#include "mockgw/server/server.h"\n', "loader may not include mockgw/server/server.h")
        self.expect("shared/protocol/a.cpp", '#include "shared/runtime/stream.h"\n', "may not include")
        self.expect("loader/a.cpp", '#include "shared/sim/sim_runtime.h"\n', "may not include")
        self.expect("loader/world/simulation.cpp", '#include "shared/sim/sim_runtime.h"\n#include "mockgw/embedded.h"\n')
        self.expect("loader/a.cpp", '#include "pacer.h"\n', "from the root")

    def test_nothing_waits_where_things_are_decided(self):
        self.expect("mockgw/answer/a.cpp", "const std::lock_guard lock(mutex);\n", "a lock in mockgw/answer")
        self.expect("mockgw/gateway/a.cpp", "const std::lock_guard lock(mutex);\n")
        texts = {
            "mockgw/answer/a.cpp": '#include "mockgw/gateway/b.h"\n#include "mockgw/gateway/c.h"\n',
            "mockgw/gateway/b.h": '#include "mockgw/gateway/c.h"\n',
            "mockgw/gateway/c.h": '#include "mockgw/gateway/b.h"\n#include <boost/asio/post.hpp>\n',
            "mockgw/answer/d.cpp": '// #include <boost/asio/post.hpp>\n#include "mockgw/gateway/e.h"\n',
        }
        sources = {path: Source(path, text) for path, text in texts.items()}
        way = "mockgw/answer/a.cpp > mockgw/gateway/b.h > mockgw/gateway/c.h"
        self.assertEqual(list(asio_where_nothing_waits(sources)), [f"mockgw/answer/a.cpp:1: sees Asio: {way}"])

    def test_the_script_engine_is_behind_a_door(self):
        self.expect("loader/script/script_user.cpp", '#include <v8.h>\n#include "loader/script/engine/fiber.h"\n')
        self.expect("loader/script/script.h", "// A.\n#pragma once\n#include <v8.h>\n", "the script engine")
        self.expect("loader/run/a.cpp", '#include "loader/script/engine/fiber.h"\n', "the script engine")
        self.expect("loader/run/a.cpp", '#include "loader/script/script.h"\n')

    def test_headers(self):
        self.expect("loader/a.h", "int a;\n", "no #pragma once", "no sentence")
        self.expect("loader/a.h", "// A.\n#pragma once\nusing namespace std;\n", "using namespace")

    def test_json_documents_behind_one_header(self):
        self.expect("loader/a.cpp", "#include <nlohmann/json.hpp>\n", "nlohmann/json.hpp outside its home")
        self.expect("loader/suite/a.cpp", '#include "shared/base/json.h"\n')
        self.expect("loader/suite/a.h", '// A.\n#pragma once\n#include "shared/base/json.h"\n', "json_fwd.h declares")

    def test_long_functions(self):
        body = "  work();\n" * 69
        self.expect("loader/a.cpp", "void f(int a) {\n" + body + "}\n", ":1: a function of 71 lines")
        self.expect("loader/a.cpp", "void f(int a) {\n" + body[10:] + "}\n")
        self.expect("loader/a.cpp", "namespace x {\nvoid f() const {\n" + body + "}\n}\n", ":2: a function of 71")
        self.expect("loader/a.cpp", "struct X {\n" + "  int a = f(\"{\");\n" * 90 + "};\n")
        self.expect("loader/a.cpp", "constexpr auto k = to_array<int>({\n" + "  1,\n" * 90 + "});\n")
        self.expect("loader/a.cpp", "X::X(int a)\n    : a_(a) {\n" + body + "}\n", ":1: a function of 72 lines")


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        unittest.main(argv=sys.argv[:1])
    sys.exit(main(Path(sys.argv[1])))
