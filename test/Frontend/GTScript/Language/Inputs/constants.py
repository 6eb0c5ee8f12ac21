import numpy as np
GRAV = 9.81
HALF = np.float32(0.5)
class NESTED:
    X = 3 * GRAV
