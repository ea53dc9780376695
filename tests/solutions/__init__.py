"""Tests of the reference, the oracle, the model answers and the known mistakes."""
