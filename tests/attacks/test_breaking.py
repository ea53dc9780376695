"""Attacks on the grader itself: its time, memory, processes and disk, its output, and whoever reads it."""

from __future__ import annotations

import pytest

from tests.attacks.laws import (  # noqa: F401  they run here, on these groups
    marked,
    test_a_classmate_loses_nothing,
    test_a_page_holds_no_code_of_a_student,
    test_a_terminal_gets_no_codes_of_a_student,
    test_an_attack_gets_what_it_is_worth,
    test_nothing_is_left_behind,
)

pytestmark = pytest.mark.thorough

GROUPS = (8, 9, 10, 11, 12, 14)
