"""Tests of `autograder.release`."""
