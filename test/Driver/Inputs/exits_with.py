# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""exits_with.py CODE COMMAND...: runs the command; fails unless it ends with exactly this exit code."""
import subprocess
import sys

code = subprocess.run(sys.argv[2:]).returncode
if code != int(sys.argv[1]):
    sys.exit(f"expected exit code {sys.argv[1]}, got {code}")
