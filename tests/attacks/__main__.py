"""`python -m tests.attacks` writes README.md, the table of all attacks, from what they declare."""

from __future__ import annotations

from itertools import groupby

from tests.attacks.declared import HERE, Attack, in_notebooks
from tests.attacks.files import HANDED_IN

README = HERE / "README.md"
ABOUT = """\
# Attacks

What students' code and files have tried, or could. The real grader grades each attack next to classmates with right
answers, who lose nothing by it, and it leaves nothing behind. An attack earns what the honest part of its work is
worth.

Each file in `notebooks/` is one attack; its first cell says what it tries, its marks, and words of its report.
`files.py` contains attacks by a file's type, name or place. `test_secrets.py` searches from inside the sandbox for ways
out, and `test_stopping.py` tries what does not end in time. To add an attack, add a file.

`python -m tests.attacks` writes this table; a test fails when it is out of date. Marks are those of window_sum (of 4)
and conv2d_valid (of 6).
"""


def text() -> str:
    """The page, from what is declared."""
    attacks = sorted([*in_notebooks(), *HANDED_IN], key=lambda attack: (attack.group, attack.name))
    parts = [ABOUT]
    for group, members in groupby(attacks, key=lambda attack: attack.group):
        number, _, name = group.partition("_")
        rows = "\n".join(_row(attack) for attack in members)
        parts.append(
            f"## {int(number)} · {name.replace('_', ' ').capitalize()}\n\n"
            f"| attack | what it tries | marks | what its report says |\n|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def _row(attack: Attack) -> str:
    marks = "not graded" if attack.marks is None else " + ".join(str(mark) for mark in attack.marks)
    says = "; ".join(f"`{words}`" for words in attack.says) or "nothing"
    cells = [attack.name.replace("_", " "), attack.tries, marks, says]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    README.write_text(text(), encoding="utf-8")
