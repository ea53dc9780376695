"""Tests of `autograder.drawing`."""
