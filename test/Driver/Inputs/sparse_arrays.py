"""Arrays for sparse.test, and their comparison with numpy: `sparse_arrays.py DIR [compare FILE ...]`."""
import sys

import numpy as np

folder = sys.argv[1]


def layers():
    """Weights (outputs x inputs), biases: 30 - 24 - 12 - 5, a third of the weights not zero."""
    random = np.random.default_rng(7)
    result = []
    for inputs, outputs in ((30, 24), (24, 12), (12, 5)):
        weights = random.standard_normal((outputs, inputs)) * (random.random((outputs, inputs)) < 0.35)
        result.append((weights.astype(np.float32), random.standard_normal(outputs).astype(np.float32)))
    return result


def batch():
    return np.random.default_rng(8).standard_normal((37, 30)).astype(np.float32)


def expected(x):
    for weights, bias in layers():
        x = np.clip(x @ weights.T.astype(np.float64) + bias, 0, 32)
    return x


if len(sys.argv) == 2:
    arrays = {}
    for number, (weights, bias) in enumerate(layers()):
        rows, columns = np.nonzero(weights)
        arrays[f"{number}.indptr"] = np.searchsorted(rows, np.arange(weights.shape[0] + 1)).astype(np.int64)
        arrays[f"{number}.indices"] = columns.astype(np.int32)
        arrays[f"{number}.data"] = weights[rows, columns]
        arrays[f"{number}.shape"] = np.array(weights.shape, dtype=np.int64)
        arrays[f"{number}.bias"] = bias
    np.savez(f"{folder}/net.npz", **arrays)
    np.save(f"{folder}/x.npy", batch())
    np.save(f"{folder}/one.npy", batch()[0])
    np.save(f"{folder}/narrow.npy", batch()[:, :7])
    np.save(f"{folder}/bits.npy", np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.uint8))
    for name, text in (("right", "2\n3\n"), ("wrong", "2\n")):
        with open(f"{folder}/{name}.txt", "w") as file:
            file.write(text)
else:
    for name in sys.argv[3:]:
        found = np.load(f"{folder}/{name}")
        right = expected(batch())[: len(found)]
        assert found.shape == right.shape, (name, found.shape, right.shape)
        assert np.count_nonzero(right) > right.size // 4
        assert np.allclose(found, right, rtol=1e-5, atol=1e-5), (name, abs(found - right).max())
