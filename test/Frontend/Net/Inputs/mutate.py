# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Damages files at random, `mutate.py COUNT SEED`: each is read or refused with a message, within seconds."""
import io
import os
import random
import subprocess
import sys
import tempfile
import zipfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp()


def seeds():
    """Name, bytes and, for archives, the members that are damaged one by one."""
    arrays = {"0.indptr": np.array([0, 2, 3, 5]), "0.indices": np.array([0, 2, 1, 0, 3]),
              "0.data": np.ones(5, np.float32), "0.bias": np.zeros(3), "1.weight": np.eye(2, 3, dtype=np.float16)}
    graph = {"source": np.array([0, 1, 2]), "destination": np.array([2, 2, 3]), "weight": np.ones(3),
             "inputs": np.array([0, 1]), "activation": np.array(["relu", "tanh"]), "neurons": np.array(4)}
    for name, members in (("layers.npz", arrays), ("graph.npz", graph)):
        yield name, None, {key: npy(array) for key, array in members.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    yield "packed.npz", buffer.getvalue(), None
    yield "one.npy", npy(np.eye(4)), None
    yield "one.mtx", b"%%MatrixMarket matrix coordinate real general\n% note\n3 4 3\n1 1 0.5\n2 4 -1\n3 2 1e3\n", None
    yield "one.smtx", b"3, 4, 3\n0 1 2 3\n0 3 1\n", None
    yield "n4-l1.tsv", b"1\t2\t0.0625\n3\t3\t0.0625\n4\t1\t2\n", None
    yield "one.tsv", b"1\t2\t0.0625\n3\t3\t0.0625\n", None
    for name in ("chain", "clip-attributes", "gelu-1", "sparse"):
        with open(os.path.join(here, name + ".onnx"), "rb") as file:
            yield name + ".onnx", file.read(), None


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def damage(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 8))):
        at = rng.randrange(len(data)) if data else 0
        kind = rng.randrange(6)
        if kind == 0 and data:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and data:
            data[at] = rng.choice((0, 1, 0x7f, 0x80, 0xff, 0x2d, 0x39))
        elif kind == 2:
            del data[at:at + rng.choice((1, 4, 40))]
        elif kind == 3:
            data[at:at] = data[rng.randrange(len(data) + 1):][:rng.choice((1, 8, 60))]
        elif kind == 4:
            data[at:at + 8] = rng.choice((b"\xff" * 8, b"\x00" * 8, b"99999999", b"-1 nan 1", b"1e999 1 "))
        else:
            del data[at:]
    return bytes(data)


def main():
    count, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    files, taken, refused = list(seeds()), 0, 0
    for index in range(count):
        name, data, members = files[index % len(files)]
        path = os.path.join(folder, name)
        if members:
            victim = rng.choice(sorted(members))
            with zipfile.ZipFile(path, "w") as archive:
                for key, content in members.items():
                    archive.writestr(key + ".npy", damage(content, rng) if key == victim else content)
        else:
            with open(path, "wb") as file:
                file.write(damage(data, rng))
        # 2 GiB of memory and 20 s are much for files of some hundred bytes.
        run = subprocess.run(["bash", "-c", 'ulimit -v "$0"; exec spada-translate --import-net "$1" -o /dev/null',
                              "unlimited" if "SPADA_NO_LIMIT" in os.environ else str(3 << 20), path],
                             capture_output=True, timeout=20)
        is_right = run.returncode == 0 or (run.returncode == 1 and b"error: " in run.stderr)
        if not is_right:
            with open(path, "rb") as file:
                print(f"file {index}: exit code {run.returncode}\n{run.stderr[-2000:]}\n{file.read()!r}")
            sys.exit(1)
        taken, refused = taken + (run.returncode == 0), refused + (run.returncode == 1)
    assert taken and refused, (taken, refused)
    print(f"{count} damaged files: read or refused, none crashed")


if __name__ == "__main__":
    main()
