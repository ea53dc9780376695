"""An attack of each group, for a quick run; the modules beside this one have them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import pytest

from tests.attacks.conftest import HONEST, Marked
from tests.attacks.declared import Attack, in_notebooks, missing
from tests.attacks.laws import FULL, marks

FIRST = [next(attacks) for _, attacks in groupby(in_notebooks(), key=lambda attack: attack.group)]


@pytest.fixture(scope="module")
def marked(
    mark_beside_honest: Callable[[Sequence[Attack], object], Marked], tmp_path_factory: pytest.TempPathFactory
) -> Marked:
    """All of them, marked beside honest students."""
    return mark_beside_honest(FIRST, tmp_path_factory.mktemp("class") / "submitted")


def test_an_attack_gets_what_it_is_worth(marked: Marked) -> None:
    """The honest part of the work has its marks, and the rest has none."""
    reports = [(attack, marked.report_of(attack.name)) for attack in FIRST]

    assert [attack.name for attack, report in reports if marks(report) != attack.marks] == []
    assert [attack.name for attack, report in reports if missing(attack, report)] == []


def test_nobody_else_is_touched(marked: Marked) -> None:
    """Honest students keep all marks, and nothing is left behind."""
    assert [marks(marked.report_of(student)) for student in HONEST] == [FULL] * len(HONEST)
    assert marked.left == set()
