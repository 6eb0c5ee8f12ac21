# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes a checkout with one command script for each verdict, and commands that stand for cslc and cs_python."""
import os
import sys

ROOT = sys.argv[1]
SCRIPTS = {
    "tutorials/good/commands_wse2.sh": "cslc layout.csl\ncs_python run.py\n",
    "tutorials/good/commands_wse3.sh": "cslc layout.csl\ncs_python run.py\n",
    "tutorials/good/run.py": "import os\nassert open('../../shared/data').read() == 'shared'\n"
                             "open(os.environ['SPADA_CYCLES_FILE'], 'a').write('20\\n22\\n')\n",
    "tutorials/broken/commands_wse2.sh": "cslc broken.csl\ncs_python run.py\n",
    "tutorials/needs/commands_wse3.sh": "cs_python -c 'import sciency'\n",
    "tutorials/slow/commands_wse2.sh": "sleep 60 & sleep 60\n",
    "tutorials/wrong/commands_wse2.sh": "cs_python -c 'raise AssertionError(\"1 is not 2\")'\n",
    "benchmarks/bandwidth-test/commands_wse2.sh":
        "echo 'wvlts = 125, loop_count = 1'; echo 'cycles_send = 0 cycles'; echo 'time_send = 0.1 us'\n"
        "echo 'bandwidth = 5000 MB/S'\n",
    "benchmarks/spmv-hypersparse/commands_wse2.sh": "echo '[[ Result within tolerance 1e-08: FAIL ]]'\n",
    "shared/data": "shared",
}
COMMANDS = {
    "cslc": 'if [ "$1" = broken.csl ]; then echo "layout.csl:3:1: error: \'x\' is not declared" >&2; exit 1; fi\n',
    "cs_python": f'exec {sys.executable} "$@"\n',
}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


for name, text in SCRIPTS.items():
    head = "#!/usr/bin/env bash\nset -e\n" if name.endswith(".sh") else ""
    write(os.path.join(ROOT, "checkout", name), head + text)
for name, text in COMMANDS.items():
    path = os.path.join(ROOT, "bin", name)
    write(path, "#!/bin/sh\n" + text)
    os.chmod(path, 0o755)
