"""What cmake --install and the Debian package bring works from anywhere: programs, names of built-in files, completion."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment

SOURCE = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["LOADER"]).parents[1]
FOLDERS = ("experiments", "gateways", "mutants", "networks", "profiles", "prompts", "schema", "scripts", "suites")
# What the C++ runtime is, which no list of ours has to name.
RUNTIME = {"libc6", "libgcc-s1", "libstdc++6"}
TABLES = {  # What a name that nobody knows is given to, and some of what there is instead.
    ("LOADER", "run", "smokee"): ("baseline", "smoke-test.js", "did you mean smoke?"),
    ("LOADER", "inspect", "smokee"): ("baseline", "did you mean smoke?"),
    ("LOADER", "prove", "smokee"): ("baseline", "did you mean smoke?"),
    ("LOADER", "prove", "smoke", "--flow=smokee"): ("baseline", "did you mean smoke?"),
    ("LOADER", "prove", "smoke", "--gateway=slou"): ("overloaded", "did you mean slow?"),
    ("LOADER", "prove", "smoke", "--network=wam"): ("lossy", "did you mean wan?"),
    ("LOADER", "prove", "smoke", "--mutants=1-error"): ("2-latency", "did you mean 1-errors?"),
    ("LOADER", "prove", "smoke", "--only=latenci"): ("status-500", "did you mean latency?"),
    ("LOADER", "run", "smoke", "--simulate=slou"): ("overloaded", "did you mean slow?"),
    ("LOADER", "run", "smoke", "--simulate", "--network=wam"): ("lossy", "did you mean wan?"),
    ("LOADER", "experiment", "stream"): ("thresholds", "did you mean streams?"),
    ("LOADER", "completion", "tcsh"): ("bash, zsh, fish",),
    ("MOCKGW", "slou"): ("overloaded", "did you mean slow?"),
    ("MOCKGW", "--check", "--profile=vlm"): ("litellm", "did you mean vllm?"),
}


def names(folder, ending=".json"):
    return sorted(path.name.removesuffix(".json") for path in (SOURCE / "fixtures" / folder).glob("*" + ending))


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def flags_in_help(text):
    return set(re.findall(r"^(?:  -\w, |      )(--[a-z0-9-]+)", text, re.MULTILINE))


def offered_in_help(text):
    """Run's help is inspect's as well, which has a flag of its own."""
    return flags_in_help(text) - set(re.findall(r"(--[a-z-]+) +inspect only", text))


class Installed(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.TemporaryDirectory(prefix="lab-install-")
        cls.prefix = Path(cls.root.name, "prefix")
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, timeout=DEADLINE_SECONDS)  # fmt: skip
        cls.package = Path(cls.root.name, "package")
        made = subprocess.run(["cpack", "-B", cls.package], cwd=BUILD, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE_SECONDS)  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr
        (cls.deb,) = cls.package.glob("*.deb")

    @classmethod
    def tearDownClass(cls):
        cls.root.cleanup()

    def run_installed(self, program, *arguments, prefix=None, **extra):
        """A program by its name, found in PATH, in a folder that has nothing to do with it."""
        folder = self.folder()
        environment = clean_environment(folder, **extra)
        environment["PATH"] = f"{prefix or self.prefix}/bin:{environment['PATH']}"
        # Where Debian's libnode could only be unpacked in the project, it is not where the system looks.
        environment["LD_LIBRARY_PATH"] = ":".join(map(str, (SOURCE / "build/debian/usr/lib").glob("*-linux-gnu")))
        return subprocess.run([program.lower(), *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_SECONDS)  # fmt: skip

    def installed(self, program, *arguments, code=0, **options):
        done = self.run_installed(program, *arguments, **options)
        self.assertEqual(done.returncode, code, (program, arguments, done.stdout, done.stderr))
        return done.stdout

    def test_every_built_in_file_is_found_by_its_name(self):
        for gateway in names("gateways"):
            self.installed("MOCKGW", gateway, "--check")
            self.installed("LOADER", "run", "smoke", "-i", "1", f"--simulate={gateway}", "--no-thresholds", "-q")
        for profile in names("profiles"):
            self.installed("MOCKGW", "--profile", profile, "--check")
        for network in names("networks"):
            self.installed("LOADER", "run", "smoke", "-i", "1", "--simulate=overloaded", f"--network={network}", "--no-thresholds")
        for suite in sorted(set(names("suites")) - {"custom-example"}) + names("scripts", "-test.js"):
            self.installed("LOADER", "inspect", suite)
        for mutants in names("mutants"):
            done = self.run_installed("LOADER", "prove", "smoke", "--mutants", mutants, "--only", "none", "-d", "1s")
            self.assertIn('there is no family "none"', done.stderr, mutants)

    def test_a_built_in_script_runs_with_what_it_imports(self):
        self.assertIn("smoke ✓", self.installed("LOADER", "run", "smoke-test.js", "--simulate"))

    def test_an_unknown_name_is_told_what_there_is(self):
        for (program, *arguments), expected in TABLES.items():
            done = self.run_installed(program, *arguments)
            self.assertEqual(done.returncode, 2 if program == "MOCKGW" else 104, (arguments, done.stderr))
            for text in expected:
                self.assertIn(text, done.stderr, arguments)

    def test_fixtures_and_pages_are_beside_the_programs(self):
        share = self.prefix / "share/llm-load-lab"
        for folder in FOLDERS:
            here = sorted(path.name for path in (SOURCE / "fixtures" / folder).iterdir())
            self.assertEqual(sorted(path.name for path in (share / "fixtures" / folder).iterdir()), here)
        self.assertEqual({path.name for path in (SOURCE / "fixtures").iterdir()} - set(FOLDERS), {"CMakeLists.txt", "golden"})
        for page in ("README.md", "docs/prove.md", "docs/gateway.md"):
            self.assertTrue((self.prefix / "share/doc/llm-load-lab" / page).is_file(), page)
        for suite in (share / "fixtures/suites").glob("*.json"):
            self.installed("LOADER", "inspect", str(suite))

    def test_the_package_holds_what_is_installed_and_says_what_it_needs(self):
        unpacked = Path(self.root.name, "unpacked")
        subprocess.run(["dpkg-deb", "-x", self.deb, unpacked], check=True, timeout=DEADLINE_SECONDS)
        self.assertEqual(files_below(unpacked / "usr"), files_below(self.prefix))
        self.installed("MOCKGW", "overloaded", "--check", prefix=unpacked / "usr")
        self.installed("LOADER", "run", "smoke", "-i", "1", "--simulate", "-q", prefix=unpacked / "usr")
        field = subprocess.run(["dpkg-deb", "-f", self.deb, "Depends"], check=True, capture_output=True, text=True).stdout
        needed = {entry.split()[0].split(":")[0] for entry in field.split(",")}
        listed = {words[1] for words in map(str.split, (SOURCE / "scripts/packages.txt").read_text().splitlines())
                  if words[:1] == ["run"]}  # fmt: skip
        self.assertIn("libnode108", needed)
        # Debian's spdlog has a name of its own for the version of libfmt that it is built with.
        needed = {re.sub(r"^(libspdlog\S+)-fmt\d+$", r"\1", name) for name in needed}
        self.assertEqual(needed - RUNTIME, listed, field)


    # What shells offer, asked of the shells.

    def bash(self, program, *words):
        """What bash offers for the last word; a flag and its value stand apart, as bash has them."""
        line = " ".join(f"'{word}'" for word in (program, *words))
        script = self.prefix / "share/bash-completion/completions" / program
        code = f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _{program}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        done = subprocess.run(["bash", "--norc", "-c", code], cwd=self.folder(), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE_SECONDS)  # fmt: skip
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def fish(self, line):
        folder = self.folder()
        program = line.split()[0]
        script = self.prefix / f"share/fish/vendor_completions.d/{program}.fish"
        done = subprocess.run(["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"], cwd=folder,
                              env=clean_environment(folder), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=DEADLINE_SECONDS)  # fmt: skip
        self.assertEqual(done.stderr, "")
        return [offer.split("\t")[0].removesuffix("=") for offer in done.stdout.splitlines()]

    def test_bash_offers_commands_flags_and_names(self):
        gateways, suites = names("gateways"), sorted(set(names("suites")) - {"custom-example"}) + names("scripts", "-test.js")
        for words, offered in (
            (("loader", "exp"), ["experiment"]),
            (("loader", "run", ""), suites),
            (("loader", "run", "smoke", "--summary-m"), ["--summary-mode"]),
            (("loader", "run", "smoke", "--simulate", "=", "over"), ["overloaded"]),
            (("loader", "run", "smoke", "--simulate", "="), gateways),
            (("loader", "run", "smoke", "--network", ""), names("networks")),
            (("loader", "run", "smoke", "--no-data", "p"), ["pass"]),
            (("loader", "run", "smoke", "--vus", ""), []),
            (("loader", "prove", "--gateway", "s"), ["slow"]),
            (("loader", "experiment", "st"), ["streams"]),
            (("loader", "completion", ""), ["bash", "zsh", "fish"]),
            (("mockgw", "rate"), ["rate-limited"]),
            (("mockgw", "--profile", "v"), ["vllm"]),
            (("mockgw", "--log-level", "of"), ["off"]),
        ):
            self.assertEqual(sorted(self.bash(*words)), sorted(offered), words)

    def test_every_flag_and_command_of_help_is_offered(self):
        commands = re.search(r"there are (.*)\n", self.run_installed("LOADER", "nothing").stderr).group(1)
        self.assertEqual(set(self.bash("loader", "")) - {"--help", "--version"}, set(re.split(r", | and ", commands)))
        for command in ("run", "prove", "experiment"):
            flags = offered_in_help(self.installed("LOADER", command, "--help"))
            self.assertTrue(flags)
            self.assertEqual({word for word in self.bash("loader", command, "--") if word.startswith("--")}, flags, command)
            self.assertEqual(set(self.fish(f"loader {command} --")) - {"--help"}, flags, command)
        flags = flags_in_help(self.installed("MOCKGW", "--help"))
        self.assertEqual({word for word in self.bash("mockgw", "--") if word.startswith("--")}, flags)
        self.assertEqual(set(self.fish("mockgw --")), flags)

    def test_fish_offers_names(self):
        self.assertEqual(self.fish("loader exp"), ["experiment"])
        self.assertEqual(self.fish("loader run smoke --simulate=over"), ["--simulate=overloaded"])
        self.assertEqual(self.fish("loader run smoke --network wa"), ["wan"])
        self.assertEqual(self.fish("loader prove str"), ["streaming", "streaming-test.js", "stress", "stress-test.js"])
        self.assertEqual(self.fish("mockgw --profile v"), ["vllm"])

    def test_zsh_takes_every_flag(self):
        # _arguments, which only works while a user types, is shown what it is given.
        for program, words in (("loader", "loader run"), ("loader", "loader prove"), ("mockgw", "mockgw")):
            script = self.prefix / f"share/zsh/vendor-completions/_{program}"
            code = (f"compdef() {{ }}; source {script}; _arguments() {{ print -rl -- $@ }}; words=({words} x); "
                    f"CURRENT=$#words; _{program}")  # fmt: skip
            done = subprocess.run(["zsh", "-f", "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=DEADLINE_SECONDS)  # fmt: skip
            self.assertEqual(done.stderr, "")
            help_text = self.installed(program, *words.split()[1:], "--help")
            taken = set(re.findall(r"^(?:\*|\(-\w --[a-z-]+\))?(--[a-z0-9-]+)(?:=-?)?\[", done.stdout, re.MULTILINE))
            self.assertEqual(taken, offered_in_help(help_text), done.stdout)


if __name__ == "__main__":
    unittest.main()
