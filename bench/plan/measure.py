#!/usr/bin/env python3
"""measure.py REPEATS OUTPUT COMMAND...: medians of wall and CPU milliseconds of a cold process; its output
goes to OUTPUT."""
import os
import statistics
import sys
import time

repeats, output, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
walls, cpus = [], []
for _ in range(repeats):
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 1)
        os.execvp(command[0], command)
    _, status, used = os.wait4(pid, 0)
    walls.append(time.monotonic() - began)
    cpus.append(used.ru_utime + used.ru_stime)
    if status:
        sys.exit("measure.py: '%s' failed" % " ".join(command))
print("%.1f %.1f" % (1000 * statistics.median(walls), 1000 * statistics.median(cpus)))
