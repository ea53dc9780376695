"""The three small arrays that the course works out by hand. They teach well; drawn cases do the marking."""

import numpy as np

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
A = np.array([[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]])
