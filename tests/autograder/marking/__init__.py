"""Tests of `autograder.marking`."""
