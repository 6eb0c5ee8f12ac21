# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Runs a command and succeeds if it ends with the given exit code: exit_code.py CODE COMMAND...
import subprocess
import sys

code = subprocess.run(sys.argv[2:]).returncode
if code != int(sys.argv[1]):
    sys.exit(f"exit code {code}, should be {sys.argv[1]}")
