"""What compose.yaml and the Dockerfile claim, without an engine: the commands run as they stand there, as local processes, and
the image's root is made and entered. scripts/compose-check runs the whole for real, where there is an engine."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml
from programs import DEADLINE_SECONDS, ProgramTest, clean_environment

SOURCE = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["LOADER"]).parents[1]
COMPOSE = yaml.safe_load((SOURCE / "compose.yaml").read_text())["services"]
IMAGE_BYTES_MAX = 150_000_000
USER = "10001:10001"


def substituted(text, variables):
    """As compose has it: ${NAME:-default}."""
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: variables.get(found[1]) or found[2], text)


def words_of(command, variables):
    """A list is words; a text is split as a shell does, after the variables."""
    if isinstance(command, str):
        return shlex.split(substituted(command, variables))
    return [substituted(word, variables) for word in command]


def environment_of(service, variables):
    """An entry without a value is passed on if it is set."""
    environment = {}
    for entry in COMPOSE[service]["environment"]:
        name, has_value, value = entry.partition("=")
        if has_value:
            environment[name] = substituted(value, variables)
        elif name in variables:
            environment[name] = variables[name]
    return environment


def dockerfile(instruction):
    return re.findall(rf"^{instruction} (.*)$", (SOURCE / "Dockerfile").read_text(), re.MULTILINE)


class Compose(ProgramTest):
    def start_mockgw(self, **variables):
        """By its command; the port is a free one here, and /files a folder of this machine."""
        program, *words = words_of(COMPOSE["mockgw"]["command"], variables)
        self.assertEqual(program, "mockgw")
        self.assertEqual(words[-2:], ["--listen", "0.0.0.0:8080"])
        return self.mockgw(*self.local(words[:-2]), environment=environment_of("mockgw", variables))

    def local(self, words):
        return [word.replace("/files/", f"{SOURCE}/") for word in words]

    def run_loader(self, gateway, folder=None, **variables):
        program, *words = words_of(COMPOSE["loader"]["command"], variables)
        self.assertEqual(program, "loader")
        environment = environment_of("loader", {"GATEWAY_URL": gateway.url, **variables})
        return self.run_program("LOADER", *self.local(words), folder=folder, environment=environment)

    def healthcheck(self, gateway_port):
        kind, program, *words = COMPOSE["mockgw"]["healthcheck"]["test"]
        self.assertEqual((kind, program), ("CMD", "wget"))
        command = ["busybox", program, *(word.replace(":8080", f":{gateway_port}") for word in words)]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE_SECONDS).returncode

    def test_one_service_builds_the_image_of_both(self):
        self.assertEqual([name for name, service in COMPOSE.items() if "build" in service], ["mockgw"])
        self.assertEqual(COMPOSE["loader"]["image"], COMPOSE["mockgw"]["image"])
        # Or compose would ask a registry for it.
        self.assertEqual(COMPOSE["loader"]["pull_policy"], "never")
        self.assertEqual(COMPOSE["loader"]["depends_on"], {"mockgw": {"condition": "service_healthy"}})

    def test_the_health_check_knows_a_gateway_that_serves(self):
        gateway = self.start_mockgw()
        self.assertEqual(self.healthcheck(gateway.port), 0)
        gateway.stop()
        self.assertNotEqual(self.healthcheck(gateway.port), 0)
        image = json.loads(dockerfile("HEALTHCHECK")[0].split("CMD ")[1])
        self.assertEqual(["CMD", *image], COMPOSE["mockgw"]["healthcheck"]["test"])

    def test_the_suite_runs_and_leaves_its_reports(self):
        folder = self.folder()
        done = self.run_loader(self.start_mockgw(), folder, FLAGS="-i 1 -d 30s")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("THRESHOLDS", done.stdout)
        for name in ("junit.xml", "summary.md", "report.html", "smoke-test-summary.json"):
            self.assertTrue(Path(folder, name).is_file(), name)

    def test_variables_choose_gateway_suite_and_what_is_asked(self):
        gateway = self.start_mockgw(GATEWAY="/files/fixtures/gateways/instant.json", MOCKGW_SEED="7")
        done = self.run_loader(gateway, SUITE="/files/fixtures/suites/baseline.json", FLAGS="--quiet --http-debug=full", MODEL="gpt-4",
                               MAX_TOKENS="7", TEMPERATURE="0", API_KEY="sk-mine", K6_ITERATIONS="1", K6_VUS="1",
                               K6_TAGS="a=b")  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        for text in ('"model":"gpt-4"', '"max_tokens":7', '"temperature":0', "Bearer sk-mine"):
            self.assertIn(text, re.sub(r'": ', '":', done.stderr), done.stderr)

    def test_a_failing_suite_ends_with_its_code(self):
        done = self.run_loader(self.start_mockgw(GATEWAY="healthy"), FLAGS="-i 1 -d 30s", API_KEY="", MODEL="no-such-model")
        self.assertEqual(done.returncode, 99, done.stdout + done.stderr)

    def test_a_place_that_cannot_be_written_is_found_before_the_run(self):
        gateway = self.start_mockgw()
        done = self.run_loader(gateway, LOADER_SUMMARY_FILE="/proc/summary.json")
        self.assertEqual(done.returncode, 104, done.stderr)
        self.assertIn("/proc/summary.json: can't be written", done.stderr)
        self.assertNotIn("running", done.stdout + done.stderr)
        folder = self.folder()
        done = self.run_loader(gateway, folder, LOADER_SUMMARY_FILE="none", REPORT_FLAGS="--quiet", FLAGS="-i 1 -d 30s")
        self.assertEqual((done.returncode, os.listdir(folder)), (0, []), done.stderr)

    def test_every_variable_of_k6_that_works_is_passed_on(self):
        works = set()
        for row in (SOURCE / "docs/k6-options.md").read_text().splitlines():
            cells = [cell.strip() for cell in row.split("|")]
            if len(cells) > 4 and cells[4].startswith("works"):
                works.update(re.findall(r"`(K6_\w+)`", cells[2]))
        self.assertGreater(len(works), 30)
        self.assertEqual(works - {entry.split("=")[0] for entry in COMPOSE["loader"]["environment"]}, set())

    def test_what_is_mounted_is_there_and_what_is_pulled_is_pinned(self):
        for name in ("prometheus", "influxdb", "grafana"):
            service = COMPOSE[name]
            self.assertEqual(service["profiles"], ["observability"])
            self.assertRegex(service["image"], r":v?\d")
            for volume in service.get("volumes", []):
                self.assertTrue((SOURCE / volume.split(":")[0]).exists(), volume)
        self.assertEqual([name for name, service in COMPOSE.items() if "profiles" not in service], ["mockgw", "loader"])
        scraped = yaml.safe_load((SOURCE / "deploy/prometheus/prometheus.yml").read_text())["scrape_configs"][0]
        self.assertEqual(scraped["static_configs"], [{"targets": ["mockgw:8080"]}])

    def test_grafana_is_given_its_stores_and_dashboards(self):
        folder = SOURCE / "deploy/grafana"
        sources = yaml.safe_load((folder / "provisioning/datasources/stores.yml").read_text())["datasources"]
        for source in sources:
            self.assertIn(re.search(r"//(\w+):", source["url"])[1], COMPOSE)
        subprocess.run([folder / "dashboards.py", "--check"], check=True, timeout=DEADLINE_SECONDS)
        known = {(source["type"], source["uid"]) for source in sources}
        for path in (folder / "dashboards").glob("*.json"):
            for panel in json.loads(path.read_text())["panels"]:
                for target in panel.get("targets", []):
                    self.assertIn((target["datasource"]["type"], target["datasource"]["uid"]), known)


class Image(ProgramTest):
    def test_its_root_is_small_and_complete(self):
        folder = tempfile.mkdtemp(prefix="lab-image-")
        self.addCleanup(shutil.rmtree, folder)
        installed, root = Path(folder, "installed"), Path(folder, "root")
        environment = {**os.environ, "DESTDIR": str(installed)}
        subprocess.run(["cmake", "--install", BUILD, "--prefix", "/usr", "--strip"], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, env=environment, timeout=DEADLINE_SECONDS)  # fmt: skip
        # Where Debian's libnode could only be unpacked in the project, it is not where the system looks.
        places = ":".join(map(str, (SOURCE / "build/debian/usr/lib").glob("*-linux-gnu")))
        subprocess.run([SOURCE / "deploy/image_root", installed, root], check=True, stdin=subprocess.DEVNULL,
                       env={**os.environ, "LD_LIBRARY_PATH": places}, timeout=DEADLINE_SECONDS)  # fmt: skip
        size = sum(path.lstat().st_size for path in root.rglob("*"))
        print(f"the image's files: {size / 1e6:.1f} MB")
        self.assertLess(size, IMAGE_BYTES_MAX)
        self.assertEqual(dockerfile("USER"), [USER])
        if os.geteuid() == 0:
            self.enter(root)

    def enter(self, root):
        """As the image's user, in its folder, from where the README's examples name fixtures."""
        for command, code in (
            ("loader run smoke --simulate", 0),
            ("loader run fixtures/scripts/smoke-test.js --simulate -i 2", 0),
            ("loader run streaming --simulate=overloaded --network=wan -d 30s -q", 99),
            ("mockgw fixtures/gateways/overloaded.json --check", 0),
            ("wget --help", 0),
        ):
            done = subprocess.run([shutil.which("chroot"), f"--userspec={USER}", root, "/bin/sh", "-c", f"cd /work && {command}"],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_SECONDS,
                                  env={"PATH": "/usr/bin:/bin"})  # fmt: skip
            self.assertEqual(done.returncode, code, (command, done.stdout, done.stderr))


if __name__ == "__main__":
    unittest.main()
