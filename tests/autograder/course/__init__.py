"""Tests of `autograder.course`."""
