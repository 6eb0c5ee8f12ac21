# Text tests: RUN lines in lit's own shell, our tools and FileCheck by PATH. Unit has a configuration of its own.
import os
import shutil

import lit.formats

config.name = "spada"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".sptl", ".test"]
config.excludes = ["Inputs", "lib", "CMakeLists.txt"]
config.test_source_root = os.path.join(config.spada_source_root, "test")
config.test_exec_root = os.path.join(config.spada_build_root, "test")

bin_dir = os.path.join(config.spada_build_root, "bin")
config.environment["PATH"] = os.pathsep.join([bin_dir, config.llvm_tools_dir, config.environment["PATH"]])
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
if config.sanitize:
    # Our instrumented code poisons the slabs of LLVM's allocators, which Debian's uninstrumented libMLIR then uses.
    os.environ.setdefault("ASAN_OPTIONS", "allow_user_poisoning=0")
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# No test may depend on a CUDA toolkit that happens to be installed.
for name in ("CUDA_ROOT", "CUDA_HOME", "CUDA_PATH"):
    config.environment.pop(name, None)

# lit's own `not` takes a crash for the failure that it wants.
config.substitutions.append((r"(^|[|&;] *)not ", r"\1" + os.path.join(config.llvm_tools_dir, "not") + " "))
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%examples", os.path.join(config.spada_source_root, "examples")))
config.substitutions.append(("%machines", os.path.join(config.spada_source_root, "machines")))
config.substitutions.append(("%source", config.spada_source_root))
config.substitutions.append(("%build", config.spada_build_root))

# Features: one for each tool of ours that is built, `sanitize`, `cslc` (the vendor's compiler), `long` (by --param).
for tool in ("spada", "spada-opt", "spada-translate", "spada-lsp-server", "spada-reduce", "spada-sim", "cslc"):
    if os.path.exists(os.path.join(bin_dir, tool)):
        config.available_features.add("tool-" + tool)
if config.sanitize:
    config.available_features.add("sanitize")
if shutil.which("cslc", path=config.environment["PATH"]):
    config.available_features.add("cslc")
if lit_config.params.get("long", "0") not in ("0", ""):
    config.available_features.add("long")
