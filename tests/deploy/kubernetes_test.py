"""The manifests of deploy/kubernetes: Kubernetes' API takes them, they agree with each other, and the Job's pods, run here as
processes, make one run with one verdict.
"""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

import kubernetes_models
import yaml

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant

KUBERNETES = Path(os.environ["DEPLOY"], "kubernetes")
SUITE = {
    "name": "sharded",
    "options": {
        "scenarios": {
            "rate": {"executor": "constant-arrival-rate", "rate": 40, "duration": "2s", "preAllocatedVUs": 20},
            "each": {"executor": "per-vu-iterations", "vus": 7, "iterations": 3},
        },
        "thresholds": {"http_req_failed": ["rate<0.01"], "iterations": ["count==101"]},
    },
    "setup": [{"http": {"path": "/health"}}],
    "flows": {"default": [{"chat": {"prompt": "Hello"}}]},
}


def load(name):
    return yaml.safe_load(Path(KUBERNETES, name).read_text())


def literals(kustomization):
    (generator,) = kustomization["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in generator["literals"])


class Manifests(unittest.TestCase):
    def test_the_api_takes_them(self):
        for name in load("base/kustomization.yaml")["resources"]:
            with self.subTest(name):
                self.assertEqual(kubernetes_models.manifest_problems(load(f"base/{name}")), [])

    def test_the_check_finds_what_it_is_for(self):
        for change, says in (
            ({"completions": "5"}, "int is expected"),
            ({"parallelsim": 5}, "no such key"),
            ({"template": {"spec": {"containers": [{"image": "x"}]}}}, "`name`, must not be `None`"),
            ({"template": {"spec": {"containers": {}}}}, "a list is expected"),
        ):
            job = load("base/job.yaml")
            job["spec"].update(change)
            self.assertIn(says, " ".join(kubernetes_models.manifest_problems(job)))

    def test_they_agree_with_each_other(self):
        job, given = load("base/job.yaml"), literals(load("base/kustomization.yaml"))
        spec = job["spec"]
        self.assertEqual(spec["completions"], int(given["SHARDS"]) + 1)
        self.assertEqual(spec["parallelism"], spec["completions"])
        pod = spec["template"]["spec"]
        (container,) = pod["containers"]
        claims = {volume["name"]: volume.get("persistentVolumeClaim", {}).get("claimName") for volume in pod["volumes"]}
        self.assertEqual(claims["runs"], load("base/runs.yaml")["metadata"]["name"])
        self.assertLessEqual({mount["name"] for mount in container["volumeMounts"]}, claims.keys())
        self.assertEqual(container["envFrom"][0]["configMapRef"]["name"], "loader")
        # Every variable of the command is given by somebody.
        used = set(re.findall(r"\$\{?([A-Z_]+)", container["args"][0]))
        own = {variable["name"] for variable in container["env"]}
        self.assertLessEqual(used, given.keys() | own | {"JOB_COMPLETION_INDEX"})
        # The merging pod gives up before the Job is given up.
        minutes = int(re.fullmatch(r"(\d+)m", given["MERGE_WAIT"]).group(1))
        self.assertLess(60 * minutes, spec["activeDeadlineSeconds"])

    def test_prometheus_adds_to_the_base(self):
        overlay = load("prometheus/kustomization.yaml")
        self.assertEqual(overlay["resources"], ["../base"])
        self.assertEqual(overlay["configMapGenerator"][0]["behavior"], "merge")
        self.assertEqual(literals(overlay)["K6_OUT"], "experimental-prometheus-rw")
        self.assertIn("K6_PROMETHEUS_RW_SERVER_URL", literals(overlay))


class Pods(ProgramTest):
    """The pods of the Job as processes, with the environment that the kubelet would give them."""

    def setUp(self):
        self.gateway = self.mockgw(config=instant())
        self.volume = self.folder()
        self.suite = Path(self.folder(), "suite.json")
        self.suite.write_text(json.dumps(SUITE))

    def environment_of(self, container, index, given):
        environment = {"RUN_UID": "f00d"}
        for variable in container["env"]:
            if "value" in variable:
                value = re.sub(r"\$\((\w+)\)", lambda name: environment[name.group(1)], variable["value"])
                environment[variable["name"]] = value.replace("/runs", self.volume, 1)
        return environment | given | {"JOB_COMPLETION_INDEX": index, "API_KEY": "test-api-key"}

    def start_pods(self, indices, **changes):
        (container,) = load("base/job.yaml")["spec"]["template"]["spec"]["containers"]
        given = literals(load("base/kustomization.yaml")) | {
            "GATEWAY_URL": self.gateway.url,
            "SUITE": str(self.suite),
            "MERGE_WAIT": "50s",
            **changes,
        }
        pods = []
        for index in indices:
            home = self.folder()
            environment = clean_environment(home, **self.environment_of(container, index, given))
            environment["PATH"] = f"{Path(os.environ['LOADER']).parent}:{environment['PATH']}"
            pods.append(
                subprocess.Popen(
                    [*container["command"], *container["args"]],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    cwd=home,
                    env=environment,
                )
            )
            self.addCleanup(pods[-1].stdout.close)
            self.addCleanup(pods[-1].kill)
        return pods

    def test_make_one_run_with_one_verdict(self):
        completions = load("base/job.yaml")["spec"]["completions"]
        pods = self.start_pods(range(completions))
        outputs = [pod.communicate(timeout=DEADLINE_SECONDS)[0] for pod in pods]
        self.assertEqual([pod.returncode for pod in pods], [0] * completions, "\n".join(outputs))
        run = Path(self.volume, "f00d")
        names = {path.name for path in run.iterdir()}
        self.assertLessEqual({f"shard-{n}.json.gz" for n in range(1, completions)}, names)
        self.assertLessEqual({"summary.json", "report.html", "junit.xml"}, names)
        metrics = json.loads((run / "summary.json").read_text())["metrics"]
        # 80 arrivals and 7 times 3 iterations, as of one process; and one setup, which the first shard measures.
        self.assertEqual(metrics["iterations"]["values"]["count"], 101)
        self.assertEqual(metrics["http_reqs"]["values"]["count"], 102)
        self.assertIn("✓ 'count==101' count=101", outputs[-1])

    def test_a_shard_that_is_lost_is_named(self):
        # Two shards of a run without a meeting; the third never came, and nobody waits for it.
        run = Path(self.volume, "f00d")
        run.mkdir()
        for number in (1, 2):
            place = str(run / f"shard-{number}.json.gz")
            shard = ("--shard", f"{number}/3", "--mergeable", place, "--no-thresholds", "--summary-file", "none")
            self.run_program("LOADER", "run", str(self.suite), "--url", self.gateway.url, *shard)
        (pod,) = self.start_pods([4], MERGE_WAIT="0s")
        output = pod.communicate(timeout=DEADLINE_SECONDS)[0]
        self.assertEqual(pod.returncode, 123, output)
        self.assertIn("incomplete: segment 2/3:1, shard 3 of 3, is missing", output)


if __name__ == "__main__":
    unittest.main()
