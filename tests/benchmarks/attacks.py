"""Run the attacks that cheat against nbgrader and otter, and compare the marks in a table.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.attacks --out results/attacks.md

Each peer is installed once, below build/peers. A run needs about ten minutes. A student who does all right and one who
does nothing are marked as well: where these do not get all and nothing, the run fails, as its numbers would not count.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jupytext

from solutions.answers import one_window
from tests.attacks.declared import NOTEBOOKS, Attack, of
from tests.benchmarks.peers import Nbgrader, Otter, PeerError, Submission, tasks

CHEATS = range(1, 7)  # groups of attacks; the others break something, and get no marks by it
PEERS = {"nbgrader": Nbgrader, "otter": Otter}
FULL = sum(task.marks for task in tasks())
RIGHT = Submission("right", {one.function: inspect.getsource(getattr(one_window, one.function)) for one in tasks()}, {})
STUBS = Submission("stubs", {}, {})

Marks = Mapping[str, float]


def main() -> int:
    """Print the table, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table there, too")
    parser.add_argument("--peers", type=Path, default=Path("build/peers"), help="where peers are installed")
    given = parser.parse_args()
    attacks = [attack for attack in of(*CHEATS) if attack.marks is not None]
    submissions = [RIGHT, STUBS, *map(_submission, attacks)]
    print(f"{' and '.join(PEERS)}: setting up, then marking {len(submissions)} submissions ...", file=sys.stderr)
    try:
        with ThreadPoolExecutor() as pool:
            found = pool.map(lambda name: _marks(name, given.peers.resolve() / name, submissions), PEERS)
            marks = dict(zip(PEERS, found, strict=True))
    except PeerError as error:
        print(f"attacks: {error}", file=sys.stderr)
        return 1
    text = table(attacks, marks)
    print(text)
    if given.out is not None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text + "\n", encoding="utf-8")
    return 0


def _marks(name: str, folder: Path, submissions: Sequence[Submission]) -> Marks:
    """What a peer gives, if it gives all marks to a right answer and none to a stub."""
    peer = PEERS[name](folder)
    marks = peer.mark(submissions)
    peer.end()
    if (controls := (marks["right"], marks["stubs"])) != (FULL, 0):
        raise PeerError(f"{name}: a right answer and a stub get {controls}, but have to get {(FULL, 0)}; look at both")
    return marks


def _submission(attack: Attack) -> Submission:
    """An attack as it is handed in elsewhere: its cells in place of the stubs, and those behind them."""
    source = (NOTEBOOKS / attack.group / f"{attack.name}.py").read_text(encoding="utf-8")
    instead: dict[str, str] = {}
    behind: dict[str, list[str]] = {}
    for cell in jupytext.reads(source, fmt="py:percent").cells:
        if "exercise" in cell.metadata:
            instead[cell.metadata["exercise"]] = cell.source
        elif "after" in cell.metadata:
            behind.setdefault(cell.metadata["after"], []).append(cell.source)
    return Submission(attack.name, instead, behind)


def table(attacks: Sequence[Attack], marks: Mapping[str, Marks]) -> str:
    """What each attack is worth, and what it gets here and elsewhere; more than it is worth in bold."""
    rows = [
        f"| {attack.name.replace('_', ' ')} | {attack.tries} | {_worth(attack):g} | "
        + " | ".join(_cell(marks[name][attack.name], _worth(attack)) for name in PEERS)
        + " |"
        for attack in attacks
    ]
    paid = {name: sum(marks[name][one.name] > _worth(one) for one in attacks) for name in PEERS}
    whole = {name: sum(marks[name][one.name] == FULL > _worth(one) for one in attacks) for name in PEERS}
    others = "; ".join(f"{PEERS[name].package}: {paid[name]}, {whole[name]} of them with full marks" for name in PEERS)
    return "\n".join(
        [
            f"{len(attacks)} attacks that cheat, marked out of {FULL}. Attacks that earn more than their work is "
            f"worth: {others}; this grader: none, as `tests/attacks/` proves.",
            "They were written against this grader. Attacks aimed at another may well earn more there.",
            "",
            f"| attack | what it tries | worth, and given here | {' | '.join(PEERS)} |",
            f"|---|---|---|{'---|' * len(PEERS)}",
            *rows,
        ]
    )


def _worth(attack: Attack) -> float:
    return float(sum(attack.marks or ()))


def _cell(marks: float, worth: float) -> str:
    return f"**{marks:g}**" if marks > worth else f"{marks:g}"


if __name__ == "__main__":
    sys.exit(main())
