"""A report in a few sentences: what an instructor reads about a submission without opening it."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.model import BehaviourReport, ExerciseReport, Report


def troubles(report: Report) -> Iterator[tuple[str, str]]:
    """Where marks were lost, and why: remarks on the notebook first, then each exercise.

    Yields:
        A place, "notebook" or a function's name, and a sentence.
    """
    if report.marks == report.out_of:
        return
    for remark in report.remarks:
        yield "notebook", remark
    for exercise in report.exercises:
        if not exercise.right and not (exercise.state == "not run" and report.remarks):
            yield exercise.function, " ".join(_sentences(exercise))


def predictions(report: Report) -> list[str]:
    """A sentence on the predictions, if the assignment has any."""
    made = [right for right in report.predictions.values() if right is not None]
    if not report.predictions:
        return []
    if not made:
        return ["predictions: none made (they carry no marks)"]
    missing = len(report.predictions) - len(made)
    rest = f", {missing} not made" if missing else ""
    return [f"predictions: {sum(made)} of {len(report.predictions)} right{rest} (they carry no marks)"]


def _sentences(exercise: ExerciseReport) -> Iterator[str]:
    """One sentence for each thing that is wrong, with the behaviours that show it."""
    if exercise.state != "marked":
        yield exercise.state
        return
    if exercise.leans_on:
        verb = "is" if len(exercise.leans_on) == 1 else "are"
        yield f"calls {' and '.join(exercise.leans_on)}, which {verb} still failing; that may be the only problem"
        return
    wrong = [behaviour for behaviour in exercise.behaviours if behaviour.message is not None]
    places: dict[str, list[str]] = {}
    for behaviour in wrong:
        places.setdefault(_what(behaviour), []).append(behaviour.name)
    for what, names in places.items():
        everywhere = len(names) == len(exercise.behaviours) > 1
        yield what + (" In all behaviours." if everywhere else f" In: {', '.join(names)}.")


def _what(behaviour: BehaviourReport) -> str:
    if behaviour.diagnosis is not None:
        return f"{_sentence(str(behaviour.diagnosis))} {behaviour.diagnosis.says}"
    if behaviour.message is None:
        return ""
    reasons = [text for label, text in behaviour.message.lines if label in ("why", "seen", "older NumPy")]
    return " ".join(map(_sentence, [behaviour.message.what, *reasons]))


def _sentence(words: str) -> str:
    """The words with a capital and one full stop, whether or not they come with one."""
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}."
