"""Every order that keeps sums gives the bits of the interpreter."""
import subprocess
import sys

folder = sys.argv[1]
with open(f"{folder}/interp.npy", "rb") as file:
    right = file.read()
for order in ("destination", "source", "blocked", "clustered", "class", "greedy", "streaming", "depth-first", "growth", "cheapest", "fastest"):
    subprocess.run(["spada", "sparse", f"{folder}/net.npz", "--activation", "relu:32", "--in", f"{folder}/x.npy", "--out",
                    f"{folder}/y.npy", "--order", order, "--memory", "20 values"], check=True, stdout=subprocess.DEVNULL)
    with open(f"{folder}/y.npy", "rb") as file:
        assert file.read() == right, order
