import numpy as np
from gt4py.cartesian.gtscript import Field
DT = np.float32
MyField = Field[DT]
Vec = Field[(DT, (2,))]
