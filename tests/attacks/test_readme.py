"""What is declared is told, and is enough of it."""

from __future__ import annotations

from collections import Counter

from tests.attacks.__main__ import README, text
from tests.attacks.declared import in_notebooks
from tests.attacks.files import HANDED_IN


def test_the_table_is_current() -> None:
    """README.md is what the declarations say; `python -m tests.attacks` writes it."""
    assert README.read_text(encoding="utf-8") == text()


def test_every_group_has_attacks() -> None:
    """All fourteen kinds of attack are there, each of them more than once."""
    groups = Counter(int(attack.group[:2]) for attack in [*in_notebooks(), *HANDED_IN])

    assert sorted(groups) == list(range(1, 15))
    assert min(groups.values()) > 1


def test_names_are_of_one_attack_only() -> None:
    """A student has one attack, so that no mark hides another."""
    names = Counter(attack.name for attack in [*in_notebooks(), *HANDED_IN])

    assert [name for name, number in names.items() if number > 1] == []
