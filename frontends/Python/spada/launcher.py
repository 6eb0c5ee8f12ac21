# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""The command cs_python of an installed package: Python with all arguments passed on."""
import os
import sys


def main():
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
