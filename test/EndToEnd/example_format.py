# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# A lit test format: one test for each example, parameter set and target, found by the CASES of the references. Text tests
# of this folder go through lit's own format.
import os
import sys

import lit.formats
import lit.Test


class ExampleFormat(lit.formats.ShTest):
    """Runs `examples/run_example.py`; other files of the folder are ordinary shell tests."""

    def __init__(self, source_root, python, timeout):
        super().__init__(execute_external=False)
        self.runner = os.path.join(source_root, "examples", "run_example.py")
        self.python = python
        self.timeout = timeout

    def getTestsInDirectory(self, suite, path_in_suite, lit_config, config):
        yield from super().getTestsInDirectory(suite, path_in_suite, lit_config, config)
        if path_in_suite[-1:] != ("EndToEnd",):
            return
        for name, case, target in list_cases(self.python, self.runner):
            test = lit.Test.Test(suite, path_in_suite + (name, case or "default", target), config, self.runner)
            test.requires = ["tool-spada"]
            yield test

    def execute(self, test, lit_config):
        if test.getFilePath() != self.runner:
            return super().execute(test, lit_config)
        missing = test.getMissingRequiredFeatures()
        if missing:
            return lit.Test.Result(lit.Test.UNSUPPORTED, "needs " + ", ".join(missing))
        name, case, target = test.path_in_suite[-3:]
        command = [self.python, self.runner, name, "--target", target, "--published-cycles"]
        for item in case.split(",") if case != "default" else []:
            command += ["-p", item]
        try:
            out, err, code = lit.util.executeCommand(command, env=test.config.environment, timeout=self.timeout)
        except lit.util.ExecuteCommandTimeoutException as stopped:
            return lit.Test.Result(lit.Test.TIMEOUT, f"{' '.join(command)}\nstopped after {self.timeout} s\n{stopped.err}")
        return lit.Test.Result(lit.Test.PASS if code == 0 else lit.Test.FAIL, f"{' '.join(command)}\n{out}{err}")


def list_cases(python, runner):
    """[(example, "N=4,K=2", target)] as `run_example.py --list-cases` prints them."""
    out, err, code = lit.util.executeCommand([python, runner, "--list-cases"], env=dict(os.environ))
    if code:
        sys.exit("error: cannot list the examples: " + err)
    return [line.split("|") for line in out.splitlines()]
