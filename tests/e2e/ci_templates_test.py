"""The templates of deploy/ci do what they say: each job's commands run here as the CI system runs them, but those that install."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import yaml
from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant

SOURCE = Path(__file__).resolve().parents[2]
GITHUB = yaml.safe_load((SOURCE / "deploy/ci/github-actions.yml").read_text())
GITLAB = yaml.safe_load((SOURCE / "deploy/ci/gitlab-ci.yml").read_text())
BUILT_IN = {path.stem for path in (SOURCE / "fixtures/suites").glob("*.json")} - {"custom-example"}
# Proofs are of few runs here, and a night's five minutes are a moment.
SHORT = {"K6_ITERATIONS": "1", "K6_VUS": "1"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Templates(ProgramTest):
    def run_scripts(self, scripts, **variables):
        """Each in a shell of its own, in one folder: (the last one's exit code, all output, the folder, the job summary)."""
        folder = Path(self.folder())
        summary = folder / "step-summary"
        programs = ":".join(str(Path(os.environ[name]).parent) for name in ("MOCKGW", "LOADER"))
        environment = {**clean_environment(str(folder)), "GITHUB_STEP_SUMMARY": str(summary), **variables}
        environment["PATH"] = f"{programs}:{environment['PATH']}"
        port = free_port()
        output = ""
        for script in scripts:
            with tempfile.TemporaryFile("w+") as log:
                here = script.replace("8080", str(port)).replace("--budget 20s", "--budget 2s")
                shell = subprocess.Popen(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", here],
                                         cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                         start_new_session=True)  # fmt: skip
                # What a step leaves running lives as long as the job.
                self.addCleanup(end_group, shell.pid)
                code = shell.wait(timeout=DEADLINE_SECONDS)
                log.seek(0)
                output += log.read()
            if code != 0:
                break
        return code, output, folder, summary.read_text() if summary.exists() else ""

    def github_scripts(self, job):
        """What its steps run, with their own variables before it."""
        scripts = []
        for step in GITHUB["jobs"][job]["steps"]:
            if "run" not in step or step["name"].startswith("Install"):
                continue
            for name, value in step.get("env", {}).items():
                self.assertEqual(value, "${{ secrets.%s }}" % name)  # Set for the whole job here.
            self.assertNotIn("${{", step["run"])
            scripts.append(step["run"])
        return scripts

    def gitlab_scripts(self, job):
        return ["\n".join(GITLAB[job]["script"])]

    def check_reports(self, folder, *names):
        for name in names:
            self.assertEqual(xml.etree.ElementTree.parse(folder / name).getroot().tag, "testsuites")

    def test_smoke_is_run_against_a_gateway_on_each_push(self):
        self.assertEqual(GITHUB["jobs"]["smoke"]["if"], "github.event_name == 'push'")
        code, output, folder, summary = self.run_scripts(self.github_scripts("smoke"), **SHORT)
        self.assertEqual(code, 0, output)
        self.assertTrue(summary.startswith("## ✅ smoke passed"), summary)
        self.check_reports(folder, "smoke-junit.xml")
        self.assertTrue((folder / "smoke-test-summary.json").is_file())
        code, output, folder, _ = self.run_scripts(self.gitlab_scripts("smoke"), **SHORT)
        self.assertEqual(code, 0, output)
        self.check_reports(folder, "smoke-junit.xml")

    def test_every_suite_is_simulated_and_proven_on_each_pull_request(self):
        self.assertEqual(set(GITHUB["env"]["SUITES"].split()), BUILT_IN)
        self.assertEqual(set(GITLAB["variables"]["SUITES"].split()), BUILT_IN)
        suites = "smoke smoke-test.js"
        code, output, folder, summary = self.run_scripts(self.github_scripts("simulated")[:1], SUITES=suites)
        self.assertEqual(code, 0, output)
        self.assertEqual(re.findall("^## (.*)$", summary, re.MULTILINE), ["✅ smoke passed", "✅ smoke-test passed"])
        self.check_reports(folder, "smoke-junit.xml", "smoke-test.js-junit.xml")
        code, output, folder, summary = self.run_scripts(self.github_scripts("simulated")[1:], SUITES="smoke")
        self.assertEqual(code, 0, output)
        self.assertIn("## ✅ smoke: ", summary)
        code, output, folder, _ = self.run_scripts(self.gitlab_scripts("simulated"), SUITES="smoke")
        self.assertEqual(code, 0, output)
        self.check_reports(folder, "smoke-junit.xml", "smoke-prove-junit.xml")

    def test_a_suite_that_fails_fails_the_job_and_the_others_run(self):
        suite = Path(self.folder(), "red.json")
        suite.write_text((SOURCE / "fixtures/suites/smoke.json").read_text().replace("p(95)<15000", "p(95)<1"))
        code, output, folder, summary = self.run_scripts(self.github_scripts("simulated")[:1], SUITES=f"{suite} smoke")
        self.assertEqual(code, 1, output)
        self.assertIn("## ❌ smoke failed", summary)
        self.assertIn("## ✅ smoke passed", summary)

    def test_suites_of_one_name_in_two_folders_have_reports_of_their_own(self):
        base = Path(self.folder())
        text = (SOURCE / "fixtures/suites/smoke.json").read_text()
        for folder in ("a", "b"):
            (base / folder).mkdir()
            (base / folder / "smoke.json").write_text(text)
        suites = " ".join(str(base / folder / "smoke.json") for folder in ("a", "b"))
        names = [suite.replace("/", "_") + "-junit.xml" for suite in suites.split()]
        for scripts in (self.github_scripts("simulated")[:1], self.gitlab_scripts("simulated")):
            code, output, folder, _ = self.run_scripts(scripts, SUITES=suites)
            self.assertEqual(code, 0, output)
            self.check_reports(folder, *names)

    def test_the_real_gateway_is_measured_each_night(self):
        self.assertEqual(GITHUB[True]["schedule"], [{"cron": "0 2 * * *"}])
        gateway = self.mockgw(config=instant(auth={"keys": ["sk-secret"]}))
        for scripts in (self.github_scripts("nightly"), self.gitlab_scripts("nightly")):
            code, output, folder, _ = self.run_scripts(scripts, GATEWAY_URL=gateway.url, API_KEY="sk-secret", **SHORT)
            self.assertEqual(code, 0, output)
            self.check_reports(folder, "baseline-junit.xml")
            self.assertTrue((folder / "baseline-test-summary.json").is_file())
            self.assertNotIn("sk-secret", output)

    def test_reports_are_kept(self):
        for job in ("smoke", "simulated", "nightly"):
            kept = GITHUB["jobs"][job]["steps"][-1]
            self.assertEqual(kept["if"], "always()")
            self.assertIn("*-summary.json", kept["with"]["path"])
            self.assertEqual(GITLAB[job]["extends"], ".load_test")
        artifacts = GITLAB[".load_test"]["artifacts"]
        self.assertLessEqual({"*-summary.json", "*.html", "mockgw.log"}, set(artifacts["paths"]))
        self.assertEqual(artifacts["reports"], {"junit": "*-junit.xml"})
        self.assertEqual(artifacts["when"], "always")

    def test_what_builds_the_package_is_what_the_project_has(self):
        for text in (GITHUB["jobs"]["package"]["steps"][2]["run"], "\n".join(GITLAB["package"]["script"])):
            self.assertIn("scripts/install_packages build package", text)
            self.assertIn("cmake --preset release -DLAB_BUILD_BENCHMARKS=OFF", text)
            self.assertTrue(re.search(r'cpack -B "\$\w+/package"', text))
            check = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True)
            self.assertEqual(check.stderr, "")


def end_group(group):
    try:
        os.killpg(group, signal.SIGTERM)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    unittest.main()
