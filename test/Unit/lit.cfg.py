# googletest executables: every file in the build folder's Unit that ends in "-tests".
import os

import lit.formats

config.name = "spada-unit"
config.test_format = lit.formats.GoogleTest(".", "-tests")
config.suffixes = []
config.test_source_root = os.path.join(config.spada_build_root, "test", "Unit")
config.test_exec_root = config.test_source_root
config.environment["SPADA_SOURCE_ROOT"] = config.spada_source_root
# See test/lit.cfg.py; without sanitizers nothing reads it.
config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
