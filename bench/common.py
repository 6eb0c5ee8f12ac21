# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What the measurements share: tables, and commands with their time and memory. Measures nothing by itself.
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Milliseconds for which threads of LLVM's OpenMP library wait awake, instead of 200: other libraries need the cores.
os.environ.setdefault("KMP_BLOCKTIME", "2")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "examples"))

import run_example  # noqa: E402  (made visible by the line above)


def table(head, rows):
    """Prints rows of cells in columns, numbers to the right."""
    cells = [[str(c) for c in row] for row in [head] + rows]
    widths = [max(len(row[n]) for row in cells) for n in range(len(head))]
    for at, row in enumerate(cells):
        texts = [c.ljust(w) if n == 0 else c.rjust(w) for n, (c, w) in enumerate(zip(row, widths))]
        print("  ".join(texts).rstrip())
        if at == 0:
            print("  ".join("-" * w for w in widths))


def take_turns(calls, rounds, budget=float("inf")):
    """Seconds of each call, one number for each round. In its turn a call runs for 20 ms, and twice unless it takes a second: the
    least time counts, whatever the call before has left in caches or waiting. After `budget` seconds it is not run again."""
    times, spent = [[] for _ in calls], [0.0] * len(calls)
    for _ in range(rounds):
        for number, call in enumerate(calls):
            if spent[number] > budget:
                continue
            turn = []
            while sum(turn) < .02 or (len(turn) < 2 and sum(turn) < 1):
                start = time.perf_counter()
                call()
                turn.append(time.perf_counter() - start)
            times[number].append(min(turn))
            spent[number] += sum(turn)
    return times


def measure(command, timeout=None):
    """Runs a command; (seconds, peak resident MB, user + system seconds). Stops with its message when it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"error: exit code {child.returncode} from: {' '.join(command)}\n{message.strip()}")
    return seconds, usage.ru_maxrss / 1024.0, usage.ru_utime + usage.ru_stime


def best(command, times):
    """The least wall time of several runs, the largest memory, and the least processor time."""
    runs = [measure(command) for _ in range(times)]
    return min(r[0] for r in runs), max(r[1] for r in runs), min(r[2] for r in runs)


def tool(name):
    """A program beside `spada`."""
    path = os.path.join(os.path.dirname(run_example.find_spada()), name)
    if not os.path.exists(path):
        raise SystemExit(f"error: no '{name}' beside 'spada'; hint: build all targets first")
    return path
