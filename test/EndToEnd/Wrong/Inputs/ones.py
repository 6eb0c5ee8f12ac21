# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Writes an array of ones: ones.py FILE DTYPE DIM...
import sys

import numpy as np

np.save(sys.argv[1], np.ones([int(d) for d in sys.argv[3:]], dtype=sys.argv[2]))
