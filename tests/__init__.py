"""Tests, which mirror the rooms."""
