"""One submission in its jail: cells once in order, then calls; started again without what went over its limit."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.model import Cell, Ended, NotRun, Outcome, Raised, Returned, Stopped, Value
from autograder.sandbox.parent import Jail, Limits
from autograder.sandbox.wire import RanReply


@dataclass(frozen=True)
class Call:
    """One call of a student's function.

    Attributes:
        function: its name.
        behaviour: what the call is about; after a call that had to be stopped, the rest of it is not run.
        arguments: all arguments, the positional ones first.
        names: names of the last ones, which are passed by keyword.
        want_arguments: whether the arguments are to come back as they are after the call.
        repeat: how often to call; the shortest time counts, so that a busy machine does no harm.
    """

    function: str
    behaviour: str
    arguments: Sequence[Value]
    names: Sequence[str] = ()
    want_arguments: bool = False
    repeat: int = 1


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
    return Run(outcomes, values, uses, session.remarks)


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

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.limits.notebook_seconds

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
        best = self._timed(call, request)
        for _ in range(call.repeat - 1):
            if isinstance(best, Returned):
                again = self._timed(call, request)
                best = again if not isinstance(again, Returned) or again.seconds < best.seconds else best
        return best

    def _timed(self, call: Call, request: dict[str, object]) -> Outcome:
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
        while self._jail is None and time.monotonic() < self._end:
            self._jail = Jail(self.limits, unsafe=self.unsafe)
            self._run_cells(self._jail)
        return self._jail if time.monotonic() < self._end else None

    def _run_cells(self, jail: Jail) -> None:
        for cell in self.cells:
            if cell.label in self._left_out:
                continue
            seconds = min(self.limits.cell_seconds, self._end - time.monotonic())
            if seconds <= 0:
                return
            request = {"type": "cell", "label": cell.label, "source": cell.source}
            outcome = jail.ask(request, seconds)
            if isinstance(outcome, Stopped | Ended):
                self._left_out.add(cell.label)
                self.remarks.append(_left_out(cell, outcome))
                self.close()
                return
            if cell.label not in self._remarked:
                self._remarked.add(cell.label)
                self.remarks += _remarks(cell, outcome)

    def close(self) -> None:
        """End the jail; the next question starts another."""
        if self._jail is not None:
            self._jail.close()
            self._jail = None


def _left_out(cell: Cell, outcome: Stopped | Ended) -> str:
    why = f"it was stopped after {outcome.seconds:.2g} s" if isinstance(outcome, Stopped) else outcome.how
    return f"{cell.label} was left out: {why}"


def _remarks(cell: Cell, outcome: Outcome | RanReply) -> list[str]:
    if isinstance(outcome, RanReply) and outcome.skipped:
        lines = ", ".join(str(line) for line in outcome.skipped[:5])
        word = "lines" if outcome.skipped[1:] else "line"
        return [f"{cell.label}: left out what only IPython understands ({word} {lines})"]
    if isinstance(outcome, Raised):
        where = f", line {outcome.frames[-1].line}" if outcome.frames else ""
        return [f"{cell.label} stopped{where}: {outcome.type}: {outcome.message}"]
    return []
