"""Measurements: ratios, each in one run."""
