"""What of this machine decides how C++ of ours is compiled: the programs, the packages with headers, the environment."""

import os
import shutil
import subprocess
import time
from pathlib import Path

PACKAGES = Path(__file__).resolve().parent / "packages.txt"
# Where V8's headers may be; the first is no package's, but what scripts/install_packages unpacks.
V8 = (PACKAGES.parent.parent / "build/debian/usr/include/node", Path("/usr/include/node"))
SEARCHED = (Path("/usr/local/include"), V8[0])  # Before /usr/include, and no package's.
VARIABLES = ("CPATH", "CPLUS_INCLUDE_PATH", "GCC_EXEC_PREFIX", "COMPILER_PATH")


def listed_packages(text):
    """The packages of scripts/packages.txt."""
    lines = (line.split() for line in text.splitlines())
    return sorted({words[1] for words in lines if len(words) > 1 and not words[0].startswith("#")})


def package_versions():
    """Of every package with headers, and of those of packages.txt. Where there is no dpkg nothing is known, and what is
    not known is never the same as before."""
    if not shutil.which("dpkg-query"):
        return str(time.time_ns())
    names = ["*-dev", *listed_packages(PACKAGES.read_text())]
    command = ["dpkg-query", "--show", "--showformat=${Package} ${Version} ${db:Status-Status}\n", *names]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)  # 1: it lacks one of them.
    return sorted(set(done.stdout.splitlines()))


def identity(program):
    """Its version, where it is, and its size and time: another build of the same version is another program."""
    path = os.path.realpath(shutil.which(program) or program)
    done = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    status = os.stat(path)
    return [path, status.st_size, status.st_mtime_ns, done.stdout]


def surroundings(program):
    """All of it for a compiler, as plain lists."""
    found = [[entry.path, entry.stat().st_mtime_ns] for place in SEARCHED if place.is_dir() for entry in os.scandir(place)]
    return [identity(program), package_versions(), sorted(found), [os.environ.get(name) for name in VARIABLES]]
