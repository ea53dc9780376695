"""One submission in its jail: run its cells in order, then its calls; restart without a cell that exceeds a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from autograder.model import Cell, Ended, NotRun, Outcome, Raised, Returned, Stopped, Value
from autograder.sandbox import wire
from autograder.sandbox.absent import absent
from autograder.sandbox.clock import Seconds
from autograder.sandbox.jail import Jail
from autograder.sandbox.jails import Jails
from autograder.sandbox.limits import Limits
from autograder.sandbox.source import definitions_of

MOST_REMARKS = 20
# Restarting a jail takes time that no limit counts; a notebook can have twenty thousand cells.
MOST_RESTARTS = 50
TOO_OFTEN = f"no cells were run, because more than {MOST_RESTARTS} of them ended Python or were stopped"


@dataclass(frozen=True)
class Call:
    """One call of a student's function.

    Attributes:
        function: its name.
        behaviour: what the call tests; after a call is stopped, the other calls of its behaviour are not run.
        arguments: all arguments, the positional ones first.
        names: names of the last ones, which are passed by keyword.
        want_arguments: whether to return the arguments as they are after the call.
        timed: whether its time counts; if so, it is sent while nothing else is running.
    """

    function: str
    behaviour: str
    arguments: Sequence[Value]
    names: Sequence[str] = ()
    want_arguments: bool = False
    timed: bool = False

    @cached_property
    def request(self) -> wire.Request:
        """The call as a jail reads it, written once for all submissions."""
        header = {"function": self.function, "names": list(self.names), "want_arguments": self.want_arguments}
        return wire.request({"type": "call", **header}, self.arguments)


@dataclass(frozen=True)
class Run:
    """What came out.

    Attributes:
        calls: an outcome for each call.
        values: an outcome for each requested variable.
        uses: the names that each function called looks up outside itself.
        remarks: a sentence for each cell that did not run completely.
    """

    calls: Sequence[Outcome]
    values: Sequence[Outcome]
    uses: Mapping[str, Sequence[str]]
    remarks: Sequence[str]


def run(
    cells: Sequence[Cell],
    calls: Sequence[Call],
    names: Sequence[str],
    limits: Limits,
    jails: Jails,
    *,
    written_with: str = "",
) -> Run:
    """Run a submission's cells in its own jail, call its functions and read its variables.

    Args:
        cells: run once, in order, in one namespace.
        calls: made one after another, each within its limit; grouped by function.
        names: variables to read.
        limits: what the submission may use.
        jails: where jails come from.
        written_with: the Python version that the submission names; empty if it names none.

    Raises:
        SandboxError: no jail can be made.
    """
    session = _Session(cells, limits, jails, written_with)
    functions = list(dict.fromkeys(call.function for call in calls))
    try:
        questions = [{"type": "look", "name": name} for name in names]
        questions += [{"type": "uses", "name": name} for name in functions]
        looked = session.look([wire.request(question) for question in questions])
        values, uses = looked[: len(names)], looked[len(names) :]
        by_function = [list(group) for _, group in groupby(calls, attrgetter("function"))]
        outcomes = [outcome for group in by_function for outcome in session.call(group)]
    finally:
        session.close()
    return Run(outcomes, values, dict(zip(functions, map(_names, uses), strict=True)), session.all_remarks())


def _names(outcome: Outcome) -> list[str]:
    """The names that a function looks up outside itself, according to the jail."""
    names = outcome.value if isinstance(outcome, Returned) and isinstance(outcome.value, tuple) else ()
    return [name for name in names if isinstance(name, str)]


class _Allowance:
    """What is left of a limit on CPU time and on waiting."""

    def __init__(self, seconds: float, limits: Limits) -> None:
        """Start with all of it."""
        self._patience = limits.patience
        self.whole = self.left = self.times(seconds)

    def times(self, seconds: float) -> Seconds:
        """Seconds of CPU time, with the waiting that goes with them."""
        return Seconds(seconds, seconds * self._patience)

    @property
    def is_used_up(self) -> bool:
        """Whether the CPU time or the waiting is used up."""
        return self.left.is_used_up

    def __str__(self) -> str:
        """What is used up: "30 s of CPU time"."""
        waiting = self.left.cpu > 0
        return str(Stopped(self.whole.waiting if waiting else self.whole.cpu, waiting=waiting))


@dataclass
class _Session:
    cells: Sequence[Cell]
    limits: Limits
    jails: Jails
    written_with: str = ""
    remarks: list[str] = field(default_factory=list)
    _jail: Jail | None = None
    _left_out: set[str] = field(default_factory=set)
    _shortened: dict[str, str] = field(default_factory=dict)
    _remarked: set[str] = field(default_factory=set)
    _cells_done: bool = False
    _more_remarks: int = 0
    _restarts: int = 0

    def __post_init__(self) -> None:
        self._allowance = _Allowance(self.limits.cells_seconds, self.limits)
        self._for_a_call = self._allowance.times(self.limits.call_seconds)

    def look(self, requests: Sequence[wire.Request]) -> list[Outcome]:
        """Send all requests; if one of them ends the jail, the next ones get a new one."""
        outcomes: list[Outcome] = []
        while len(outcomes) < len(requests):
            asked = self._ask(requests[len(outcomes) :])
            outcomes += asked or [self._notebook_is_used_up()] * (len(requests) - len(outcomes))
        return outcomes

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make all calls of one function, except those after a call that did not come back."""
        outcomes: dict[int, Outcome] = {}
        function = _Allowance(self.limits.exercise_seconds, self.limits)
        while waiting := [number for number in range(len(calls)) if number not in outcomes]:
            batch = _together([calls[number] for number in waiting])
            asked = self._ask([call.request for call in batch], function)
            outcomes.update(zip(waiting, asked, strict=False))
            if not asked:
                why = NotRun(f"{calls[0].function} had used up its {function}")
                outcomes.update(dict.fromkeys(waiting, why if function.is_used_up else self._notebook_is_used_up()))
            elif isinstance(asked[-1], Stopped | Ended):
                behaviour = calls[waiting[len(asked) - 1]].behaviour
                given_up = [number for number in waiting if calls[number].behaviour == behaviour]
                for number in given_up:
                    outcomes.setdefault(number, NotRun("an earlier call did not return"))
        return [outcomes[number] for number in range(len(calls))]

    def _ask(self, requests: Sequence[wire.Request], function: _Allowance | None = None) -> list[Outcome]:
        """Send requests together, until all are answered, one is stopped, or an allowance is used up."""
        outcomes: list[Outcome] = []
        allowances = [self._allowance, *([function] if function else [])]
        jail = None if function is not None and function.is_used_up else self._ready()
        before = Seconds()
        if jail is not None:
            before = jail.used
            jail.send(requests)
        while jail is not None and len(outcomes) < len(requests):
            if any(allowance.is_used_up for allowance in allowances):
                self.close()  # so that requests already sent do not use up the time of others
                break
            outcome = self._reply(jail)
            now = jail.used
            used, before = now - before, now
            for allowance in allowances:
                allowance.left -= used
            outcomes.append(replace(outcome, seconds=used.cpu) if isinstance(outcome, Returned) else outcome)
            jail = self._jail
        return outcomes

    def _reply(self, jail: Jail) -> Outcome:
        outcome = jail.reply(self._for_a_call)
        if isinstance(outcome, wire.RanReply):
            outcome = Ended("it sent the grader a reply to a different request")
        if isinstance(outcome, Stopped | Ended):
            self.close()
        return outcome

    def _notebook_is_used_up(self) -> NotRun:
        return NotRun(f"the notebook had used up its {self._allowance}")

    def _ready(self) -> Jail | None:
        """The jail after all cells have run, restarted if necessary; None when the notebook's time is up."""
        while self._jail is None and not (self._cells_done and self._allowance.is_used_up):
            self._jail = self.jails.start(self.limits)
            if self._run_cells(self._jail) and not self._cells_done:
                self._cells_done = True
                self._allowance = _Allowance(self.limits.notebook_seconds, self.limits)
        return None if self._allowance.is_used_up else self._jail

    def _run_cells(self, jail: Jail) -> bool:
        """Run all cells but the skipped ones; False if the jail must be restarted without one more."""
        for cell in self.cells:
            if cell.label in self._left_out:
                continue
            allowed = self._allowed_for(cell)
            if allowed.is_used_up:
                self._leave_out(cell, f"the cells before it had used up their {self._allowance}")
                continue
            source = self._shortened.get(cell.label, cell.source)
            header = {"label": cell.label, "source": source, "written_with": self.written_with}
            jail.send([wire.request({"type": "cell", **header})])
            before = jail.used
            outcome = jail.reply(allowed)
            self._allowance.left -= jail.used - before
            if not self._came_back(cell, outcome):
                self.close()
                self._restarts += 1
                if self._restarts > MOST_RESTARTS:
                    self.cells = ()
                    self.remarks = [TOO_OFTEN]
                    self._more_remarks = 0
                return False
        return True

    def _allowed_for(self, cell: Cell) -> Seconds:
        """The first time, cells have their own seconds; later, they use the calls' seconds.

        A cell that runs again, because a later one was stopped, does not use up the seconds of cells; but it may behave
        differently the second time, so repeated cells have a separate allowance of the same size.
        """
        again = cell.label in self._remarked and not self._cells_done
        left = self._allowance.left + self._allowance.times(self.limits.cells_seconds if again else 0)
        return left.at_most(self._allowance.times(self.limits.cell_seconds))

    def _came_back(self, cell: Cell, outcome: Outcome | wire.RanReply) -> bool:
        if isinstance(outcome, Stopped | Ended):
            why = outcome.how if isinstance(outcome, Ended) else f"stopped after {outcome}"
            self._shorten(cell, why)
            return False
        if cell.label not in self._remarked:
            self._remarked.add(cell.label)
            self._remark(*_remarks(cell, outcome))
        return True

    def _shorten(self, cell: Cell, why: str) -> None:
        """Keep only a cell's definitions, which are rarely what stopped it; the second time, nothing of it."""
        if cell.label in self._shortened or not (definitions := definitions_of(cell.source)):
            self._leave_out(cell, why)
        else:
            self._shortened[cell.label] = definitions
            self._remark(f"{cell.label}: {why}; only its imports and definitions were kept")

    def _leave_out(self, cell: Cell, why: str) -> None:
        self._left_out.add(cell.label)
        self._remark(f"{cell.label} was skipped: {why}")

    def _remark(self, *sentences: str) -> None:
        """Keep a limited number of remarks, each on one line."""
        for sentence in sentences:
            self._more_remarks += len(self.remarks) >= MOST_REMARKS
            if len(self.remarks) < MOST_REMARKS:
                self.remarks.append(" ".join(sentence.split()))

    def all_remarks(self) -> list[str]:
        """The remarks, and how many more there would be."""
        more = [f"and {self._more_remarks:,} more remarks on cells"] if self._more_remarks else []
        return [*self.remarks, *more]

    def close(self) -> None:
        """End the jail; the next request starts another."""
        if self._jail is not None:
            self._jail.close()
            self._jail = None


def _together(calls: Sequence[Call]) -> Sequence[Call]:
    """The first calls that can be sent at once: those before the next timed one, or that one alone."""
    timed = [number for number, call in enumerate(calls) if call.timed]
    return calls[: max(timed[0], 1)] if timed else calls


def _remarks(cell: Cell, outcome: Outcome | wire.RanReply) -> list[str]:
    if isinstance(outcome, Raised):
        return [_failure(cell, outcome)]
    if not isinstance(outcome, wire.RanReply):
        return []
    failed = [_failure(cell, wire.raised(header)) for header in outcome.failed]
    if not outcome.skipped:
        return failed
    lines = ", ".join(str(line) for line in outcome.skipped[:5])
    word = "lines" if outcome.skipped[1:] else "line"
    return [f"{cell.label}: skipped code that only IPython understands ({word} {lines})", *failed]


def _failure(cell: Cell, raised: Raised) -> str:
    lines = [frame.line for frame in raised.frames if frame.cell == cell.label]
    where = f", line {lines[0]}" if lines else ""
    words = f": {raised.message}" if raised.message else ""
    why = f". {says}" if (says := absent(raised)) else ""
    return f"{cell.label}{where}: {raised.type}{words}{why}"
