#!/usr/bin/env python3
"""measure.py COMMAND…: runs a command with its output discarded (or in MEASURE_OUTPUT) and prints one line:
wall seconds, CPU seconds, peak resident MB, exit code."""

import os
import subprocess
import sys
import time

with open(os.environ.get("MEASURE_OUTPUT", os.devnull), "w") as output:
    started = time.monotonic()
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
cpu = usage.ru_utime + usage.ru_stime
print(f"{wall:.3f} {cpu:.3f} {usage.ru_maxrss / 1024:.1f} {os.waitstatus_to_exitcode(status)}")
