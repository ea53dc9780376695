"""Attacks on the verdict: another checker, values that lie, secrets, forged results, and bytes for the grader."""

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

GROUPS = (1, 2, 3, 4, 5, 6, 7)
