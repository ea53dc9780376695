"""Tests of `autograder.handed_in`."""
