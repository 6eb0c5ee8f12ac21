# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# A lit test format: one test for each example, parameter set and target, found by the CASES of the references. Text tests
# of this folder go through lit's own format. Judging is done by examples/run_example.py.
import os
import subprocess
import sys
import tempfile
import types

import lit.formats
import lit.Test

OPTIONS = types.SimpleNamespace(threads=None, seed=0, published_cycles=True, timeout=120)


class ExampleFormat(lit.formats.ShTest):
    """Compares `spada run` with numpy; other files of the folder are ordinary shell tests."""

    def __init__(self, source_root, spada):
        super().__init__(execute_external=False)
        self.examples = os.path.join(source_root, "examples")
        self.spada = spada

    def runner(self):
        """The module run_example, loaded once in each of lit's processes."""
        if self.examples not in sys.path:
            sys.path.insert(0, self.examples)
        import run_example
        return run_example

    def getTestsInDirectory(self, suite, path_in_suite, lit_config, config):
        yield from super().getTestsInDirectory(suite, path_in_suite, lit_config, config)
        if path_in_suite[-1:] != ("EndToEnd",):
            return
        runner = self.runner()
        for name in runner.names():
            example = runner.Example(name)
            for case in example.cases:
                for target in example.targets:
                    path = path_in_suite + (name, runner.case_text(case), target)
                    yield lit.Test.Test(suite, path, config, example.source)

    def execute(self, test, lit_config):
        if not test.getFilePath().startswith(self.examples + os.sep):
            return super().execute(test, lit_config)
        if not os.path.exists(self.spada):
            return lit.Test.Result(lit.Test.UNSUPPORTED, f"there is no {self.spada}")
        name, text, target = test.path_in_suite[-3:]
        case = {key: int(value) for key, value in (item.split("=") for item in text.split(","))}
        again = " ".join(["python3 examples/run_example.py", name, "--target", target] + [f"-p {k}={case[k]}" for k in case])
        runner = self.runner()
        try:
            with tempfile.TemporaryDirectory() as folder:
                code, said = runner.run_and_judge(runner.Example(name), case, target, self.spada, folder, OPTIONS)
        except subprocess.TimeoutExpired:
            return lit.Test.Result(lit.Test.TIMEOUT, f"{again}\nstopped after {OPTIONS.timeout} s")
        except Exception as wrong:  # a missing or broken output file is a failure of this test, not of lit
            return lit.Test.Result(lit.Test.FAIL, f"{again}\n{type(wrong).__name__}: {wrong}")
        return lit.Test.Result(lit.Test.PASS if code == 0 else lit.Test.FAIL, f"{again}\n{said}")
