"""Check the course against itself, with notebooks graded in the same way as students'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course.exercise import Exercise
from autograder.course.folder import Course
from autograder.grading.grader import Grader, new_seed
from autograder.handed_in.notebook import parse
from autograder.handed_in.submission import LENT
from autograder.marking.mark import judge
from autograder.marking.scheme import Effect, MarkScheme, Trial, draw
from autograder.model import Mutations, Outcome, Raised, Report, Returned
from autograder.release import build


@dataclass(frozen=True)
class Finding:
    """One notebook with the marks it got and those it should get."""

    what: str
    marks: int
    wanted: int
    out_of: int
    details: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the marks are as expected, and nothing else is wrong."""
        return self.marks == self.wanted and not self.details

    def __str__(self) -> str:
        """One line, and one more for each detail that is wrong."""
        state = "ok" if self.agrees else f"WRONG, expected {self.wanted}"
        return "\n".join(
            [f"{self.what}: {self.marks} of {self.out_of}, {state}", *(f"  {detail}" for detail in self.details)]
        )


def verify(course: Course, *, unsafe: bool = False) -> Iterator[Finding]:
    """Grade every notebook as released, and with model answers."""
    with Grader(course, new_seed(), course.limits, unsafe=unsafe) as grader:
        for assignment in course.assignments:
            for solved in (True, False):
                text = build.notebook(course, assignment, solved=solved)
                file = parse(text.encode(), Path(f"{assignment.name}.ipynb"))
                report = grader.grade(file, "model answers" if solved else "stubs")
                yield _finding(report, solved=solved)


def mutations(course: Course) -> Iterator[Mutations]:
    """Try every known mistake on the visible cases alone, and on the hidden cases alone."""
    seed = new_seed()
    for assignment in course.assignments:
        for exercise in assignment.exercises:
            yield _mutations(exercise, seed)


def _mutations(exercise: Exercise, seed: int) -> Mutations:
    scheme = draw(exercise, seed)
    survivors = {
        kind: tuple(name for name in scheme.mistakes if _survives(name, scheme, visible=kind == "visible"))
        for kind in ("visible", "hidden")
    }
    return Mutations(exercise.function, len(scheme.mistakes), **survivors)


def _survives(mistake: str, scheme: MarkScheme, *, visible: bool) -> bool:
    unchanged = {rule.name for rule in scheme.rules if rule.inputs_unchanged}
    trials = [trial for trial in scheme.trials if trial.visible == visible]
    outcomes = [_outcome(trial.known[mistake], trial) for trial in trials]
    return not any(
        judge(outcome, trial, inputs_unchanged=trial.behaviour in unchanged, rtol=scheme.rtol).fault
        for trial, outcome in zip(trials, outcomes, strict=True)
    )


def _outcome(effect: Effect, trial: Trial) -> Outcome:
    """The outcome of a student who makes this mistake."""
    if effect.raises is not None:
        return Raised(effect.raises, "", kinds=(effect.raises, *(["ValueError"] if effect.refuses else [])))
    return Returned(effect.value, None if effect.changes_input else [value for _, value in trial.arguments])


def _finding(report: Report, *, solved: bool) -> Finding:
    details = [remark for remark in report.remarks if not remark.startswith(LENT)]
    if solved:
        messages = [behaviour.message for exercise in report.exercises for behaviour in exercise.behaviours]
        details += [str(message) for message in messages if message is not None]
        details += [f"prediction {name} is not right" for name, right in report.predictions.items() if not right]
    what = f"{report.assignment}, {report.student}"
    return Finding(what, report.marks, report.out_of if solved else 0, report.out_of, tuple(details))
