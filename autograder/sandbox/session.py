"""One submission in its jail: cells once in order, then calls; started again without what went over its limit."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.limits import Limits
from autograder.model import Cell, Ended, NotRun, Outcome, Raised, Returned, Stopped, Value
from autograder.sandbox.parent import Jail
from autograder.sandbox.wire import RanReply

MOST_REMARKS = 20


@dataclass(frozen=True)
class Call:
    """One call of a student's function.

    Attributes:
        function: its name.
        behaviour: what the call is about; after a call that had to be stopped, the rest of it is not run.
        arguments: all arguments, the positional ones first.
        names: names of the last ones, which are passed by keyword.
        want_arguments: whether the arguments are to come back as they are after the call.
    """

    function: str
    behaviour: str
    arguments: Sequence[Value]
    names: Sequence[str] = ()
    want_arguments: bool = False


@dataclass(frozen=True)
class Run:
    """What came out.

    Attributes:
        calls: an outcome for each call.
        values: an outcome for each variable that was asked for.
        uses: the names that each function called looks up outside itself.
        remarks: a sentence for each cell that did not go through.
    """

    calls: Sequence[Outcome]
    values: Sequence[Outcome]
    uses: Mapping[str, Sequence[str]]
    remarks: Sequence[str]


def run(
    cells: Sequence[Cell], calls: Sequence[Call], names: Sequence[str], limits: Limits, *, unsafe: bool = False
) -> Run:
    """Run a submission's cells in a jail, call its functions and look at its variables.

    Args:
        cells: run once, in order, in one namespace.
        calls: asked one after another, each within its limit.
        names: variables to read.
        limits: what the submission may use.
        unsafe: run without a jail.

    Raises:
        SandboxError: no jail can be had.
    """
    session = _Session(cells, limits, unsafe=unsafe)
    try:
        values = [session.look(name) for name in names]
        uses = {name: session.uses(name) for name in dict.fromkeys(call.function for call in calls)}
        outcomes = [session.call(call) for call in calls]
    finally:
        session.close()
    return Run(outcomes, values, uses, session.told())


@dataclass
class _Session:
    cells: Sequence[Cell]
    limits: Limits
    unsafe: bool
    remarks: list[str] = field(default_factory=list)
    _jail: Jail | None = None
    _left_out: set[str] = field(default_factory=set)
    _remarked: set[str] = field(default_factory=set)
    _given_up: set[tuple[str, str]] = field(default_factory=set)
    _spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _end: float = 0.0
    _cells_done: bool = False
    _untold: int = 0

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.limits.cells_seconds

    def call(self, call: Call) -> Outcome:
        """Call a function, unless what came before forbids it."""
        group = (call.function, call.behaviour)
        if group in self._given_up:
            return NotRun("an earlier call did not come back")
        if self._spent[call.function] >= self.limits.exercise_seconds:
            return NotRun(f"{call.function} had used its {self.limits.exercise_seconds:g} s")
        request = {
            "type": "call",
            "function": call.function,
            "names": list(call.names),
            "want_arguments": call.want_arguments,
            "arguments": [],
        }
        jail = self._ready()
        start = time.monotonic()
        outcome = self._ask(jail, request, self.limits.call_seconds, call.arguments)
        seconds = time.monotonic() - start
        self._spent[call.function] += seconds
        if isinstance(outcome, Stopped | Ended):
            self._given_up.add((call.function, call.behaviour))
        return replace(outcome, seconds=seconds) if isinstance(outcome, Returned) else outcome

    def look(self, name: str) -> Outcome:
        """Read a variable; None if it is not there."""
        return self._ask(self._ready(), {"type": "look", "name": name}, self.limits.call_seconds)

    def uses(self, function: str) -> list[str]:
        """The names that a function looks up outside itself, as far as the jail tells."""
        outcome = self._ask(self._ready(), {"type": "uses", "name": function}, self.limits.call_seconds)
        names = outcome.value if isinstance(outcome, Returned) and isinstance(outcome.value, tuple) else ()
        return [name for name in names if isinstance(name, str)]

    def _ask(
        self, jail: Jail | None, request: dict[str, object], seconds: float, arguments: Sequence[Value] = ()
    ) -> Outcome:
        if jail is None:
            return NotRun(f"the notebook had used its {self.limits.notebook_seconds:g} s")
        outcome = jail.ask(request, seconds, arguments)
        if isinstance(outcome, RanReply):
            outcome = Ended("it sent the grader an answer to another question")
        if isinstance(outcome, Stopped | Ended):
            self.close()
        return outcome

    def _ready(self) -> Jail | None:
        """The jail with all cells run, started anew if need be; None when the notebook's time is up."""
        while self._jail is None and not (self._cells_done and self._time_left() <= 0):
            self._jail = Jail(self.limits, unsafe=self.unsafe)
            self._run_cells(self._jail)
        return self._jail if self._time_left() > 0 else None

    def _time_left(self) -> float:
        return self._end - time.monotonic()

    def _run_cells(self, jail: Jail) -> None:
        """Run the cells that have not been left out; the first time they have their own seconds, later the calls'."""
        for cell in self.cells:
            if cell.label not in self._left_out and not self._run_cell(jail, cell):
                self.close()
                return
        if not self._cells_done:
            self._cells_done = True
            self._end = time.monotonic() + self.limits.notebook_seconds

    def _run_cell(self, jail: Jail, cell: Cell) -> bool:
        """Run one cell; False if the jail has to be started again without it.

        One that has run before, and runs again as a later one had to be stopped, does not use up the cells' seconds;
        but it may be another one the second time, so that what is run again has as many seconds of its own.
        """
        again = cell.label in self._remarked and not self._cells_done
        left = self._time_left() + (self.limits.cells_seconds if again else 0)
        seconds = min(self.limits.cell_seconds, left)
        if seconds <= 0:
            self._leave_out(cell, f"the cells before it had used their {self.limits.cells_seconds:g} s")
            return True
        outcome = jail.ask({"type": "cell", "label": cell.label, "source": cell.source}, seconds)
        if isinstance(outcome, Stopped):
            self._leave_out(cell, f"it was stopped after {outcome.seconds:.2g} s")
            return False
        if isinstance(outcome, Ended):
            self._leave_out(cell, outcome.how)
            return False
        if cell.label not in self._remarked:
            self._remarked.add(cell.label)
            self._remark(*_remarks(cell, outcome))
        return True

    def _leave_out(self, cell: Cell, why: str) -> None:
        self._left_out.add(cell.label)
        self._remark(f"{cell.label} was left out: {why}")

    def _remark(self, *sentences: str) -> None:
        """Keep what is worth a sentence, each on one line and not without end."""
        for sentence in sentences:
            self._untold += len(self.remarks) >= MOST_REMARKS
            if len(self.remarks) < MOST_REMARKS:
                self.remarks.append(" ".join(sentence.split()))

    def told(self) -> list[str]:
        """All remarks, and how many more there would be."""
        return [*self.remarks, *([f"and {self._untold:,} more remarks on cells"] if self._untold else [])]

    def close(self) -> None:
        """End the jail; the next question starts another."""
        if self._jail is not None:
            self._jail.close()
            self._jail = None


def _remarks(cell: Cell, outcome: Outcome | RanReply) -> list[str]:
    if isinstance(outcome, RanReply) and outcome.skipped:
        lines = ", ".join(str(line) for line in outcome.skipped[:5])
        word = "lines" if outcome.skipped[1:] else "line"
        return [f"{cell.label}: left out what only IPython understands ({word} {lines})"]
    if isinstance(outcome, Raised):
        where = f", line {outcome.frames[-1].line}" if outcome.frames else ""
        return [f"{cell.label} stopped{where}: {outcome.type}: {outcome.message}"]
    return []
