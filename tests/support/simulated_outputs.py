"""Everything that a simulated run writes, for comparisons to the byte: of two runs, or of two builds."""

import subprocess
import tempfile
from pathlib import Path

from programs import clean_environment

NETWORKS = Path(__file__).resolve().parents[2] / "fixtures" / "networks"
# Each built-in suite, and flags that make it short: in full, some take a debug or sanitizer build minutes.
SHORT = {
    "smoke": [],
    "baseline": ["-d", "90s", "--network", str(NETWORKS / "lossy.json")],
    "stress": ["--stage", "20s:30", "--stage", "20s:0"],
    "soak": ["-d", "5m"],
    "streaming": ["--stage", "20s:10", "--stage", "20s:0", "--network", str(NETWORKS / "wan.json")],
}
OUTPUTS = [
    "--out", "json=samples.json.gz", "--out", "csv=samples.csv", "--samples", "requests.jsonl", "--summary-export", "export.json",
    "--junit", "junit.xml", "--html", "report.html", "--summary-mode", "full",
]  # fmt: skip
DEADLINE_SECONDS = 600


def simulated_outputs(loader, suite, *flags, seed=7, **environment):
    """{name: bytes} of what the run printed and of every file that it left; its exit code is one of them."""
    with tempfile.TemporaryDirectory(prefix="lab-simulated-") as folder:
        done = subprocess.run(
            [loader, "run", suite, "--simulate", "--seed", str(seed), *OUTPUTS, *flags],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env=clean_environment(folder, **environment),
            timeout=DEADLINE_SECONDS,
        )
        written = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    return {"exit code": b"%d" % done.returncode, "stdout": done.stdout, "stderr": done.stderr, **written}


def difference(one, other):
    """A sentence for each thing that differs, with the first line that does."""
    for name in sorted({*one, *other}):
        a, b = one.get(name), other.get(name)
        if a is None or b is None:
            yield f"only one run wrote {name}"
        elif a != b:
            lines = [(x, y) for x, y in zip(a.split(b"\n"), b.split(b"\n")) if x != y]
            yield f"{name} differs: {lines[0][0][:200]!r} and {lines[0][1][:200]!r}" if lines else f"{name}: one is longer"
