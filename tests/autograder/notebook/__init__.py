"""Tests of `autograder.notebook`."""
