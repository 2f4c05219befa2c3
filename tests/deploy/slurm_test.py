"""The scripts of deploy/slurm, with a Slurm that starts everything here at once: sbatch runs the tasks of an array side by
side, and a job that depends on others after them.
"""

import json
import os
import subprocess
import unittest
from pathlib import Path

from programs import DEADLINE_SECONDS, ProgramTest, clean_environment, instant

SLURM = Path(os.environ["DEPLOY"], "slurm")
SUITE = {
    "name": "array",
    "options": {
        "scenarios": {"s": {"executor": "per-vu-iterations", "vus": 7, "iterations": 3}},
        "thresholds": {"iterations": ["count==21"], "http_req_failed": ["rate<0.01"]},
    },
    "flows": {"default": [{"chat": {"prompt": "Hello"}}]},
}

# Understands what the scripts say, and refuses the rest. An array runs in the background, and a dependent job after it.
SBATCH = r"""#!/usr/bin/env bash
set -euo pipefail
array= wait= script=
for argument; do
  case $argument in
    --parsable | --output=* | --error=*) ;;
    --wait) wait=yes ;;
    --array=*) array=${argument#--array=} ;;
    --dependency=afterany:7) tail --pid="$(cat "$STUB/pid")" -f /dev/null ;;
    *.sbatch) script=$argument ;;
    *) echo "sbatch: $argument" >&2; exit 1 ;;
  esac
done
if [[ -n $wait ]]; then exec bash "$script"; fi
first=${array%-*} last=${array#*-}
(
  for ((id = first; id <= last; ++id)); do
    SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_MIN=$first SLURM_ARRAY_TASK_COUNT=$((last - first + 1)) \
      bash "$script" > "$STUB/task-$id.log" 2>&1 &
  done
  wait
) > /dev/null 2>&1 &
echo $! > "$STUB/pid"
echo "7;cluster"
"""


class Array(ProgramTest):
    def submit(self, *arguments, suite=SUITE):
        gateway = self.mockgw(config=instant())
        home = self.folder()
        stubs = Path(home, "bin")
        stubs.mkdir()
        for name, text in (("sbatch", SBATCH), ("srun", '#!/bin/sh\nexec "$@"\n')):
            Path(stubs, name).write_text(text)
            Path(stubs, name).chmod(0o755)
        suite_file = Path(home, "suite.json")
        suite_file.write_text(json.dumps(suite))
        environment = clean_environment(home, GATEWAY_URL=gateway.url, API_KEY="test-api-key", STUB=home)
        environment["PATH"] = f"{stubs}:{Path(os.environ['LOADER']).parent}:{environment['PATH']}"
        ended = subprocess.run(
            [str(SLURM / "submit"), *(arguments or ("3", str(suite_file)))],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=home,
            env=environment,
            timeout=DEADLINE_SECONDS,
        )
        logs = "".join(path.read_text() for path in Path(home).glob("task-*.log"))
        return ended, logs, Path(home, "runs")

    def test_is_one_run_with_one_verdict(self):
        ended, logs, runs = self.submit()
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr + logs)
        (run,) = runs.iterdir()
        self.assertEqual(len(list(run.glob("shard-*.json.gz"))), 3)
        metrics = json.loads((run / "summary.json").read_text())["metrics"]
        self.assertEqual(metrics["iterations"]["values"]["count"], 21)

    def test_wrong_arguments_are_refused(self):
        for arguments in (("0", "smoke"), ("3",), ("three", "smoke")):
            ended, _, _ = self.submit(*arguments)
            self.assertEqual(ended.returncode, 104)
            self.assertIn("SHARDS SUITE", ended.stderr)


if __name__ == "__main__":
    unittest.main()
