"""Tests of what students and instructors read."""
