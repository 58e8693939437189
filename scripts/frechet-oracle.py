"""The Fréchet distance of test/quality/frechet.test.ts by the published procedure: the matrix root of the product.

    pip install numpy scipy && python scripts/frechet-oracle.py
"""

import numpy as np
from scipy.linalg import sqrtm

i, d = np.arange(40)[:, None], np.arange(6)[None, :]
x = (np.sin(1.3 * i + 0.7 * d * d) + 0.1 * d).astype(np.float32).astype(np.float64)
y = np.cos(0.9 * i * d + 0.2 * i).astype(np.float32).astype(np.float64)
a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
gap = x.mean(0) - y.mean(0)
print(repr(gap @ gap + np.trace(a) + np.trace(b) - 2 * np.trace(sqrtm(a @ b)).real))
