"""The einsum reference, by the rules of Keras, and the plain loops that it is held against."""
