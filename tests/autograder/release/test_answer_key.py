"""The answer key: all that check() needs, and nothing more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.course.folder import Course
from autograder.errors import CourseError, UsageError
from autograder.marking.predictions import asked
from autograder.marking.scheme import draw
from autograder.release import answer_key
from autograder.release.answer_key import AnswerKey


@pytest.fixture
def key(course: Course) -> AnswerKey:
    """The key of the small course."""
    assignment = course.assignments[0]
    schemes = {exercise.function: draw(exercise) for exercise in assignment.exercises}
    return AnswerKey(assignment.name, schemes, {one.name: asked(one, one.name) for one in assignment.predictions})


def test_a_key_is_read_as_it_was_written(key: AnswerKey, tmp_path: Path) -> None:
    """Arrays, effects of mistakes, words and predictions come back bit for bit."""
    path = tmp_path / "answer_key.json"
    path.write_text(answer_key.write(key))

    found = answer_key.read(path)

    assert found.assignment == "scaling"
    for name, scheme in key.schemes.items():
        assert found.schemes[name].rules == scheme.rules
        assert found.schemes[name].mistakes == scheme.mistakes
        for one, other in zip(found.schemes[name].trials, scheme.trials, strict=True):
            np.testing.assert_equal(vars(one) | {"known": 0}, vars(other) | {"known": 0})
            np.testing.assert_equal(
                {name: vars(effect) for name, effect in one.known.items()},
                {name: vars(effect) for name, effect in other.known.items()},
            )
    assert found.predictions["doubled"].slips[0][1] == "The first one doubles as well."


def test_a_key_is_read_again_only_when_it_has_changed(key: AnswerKey, tmp_path: Path) -> None:
    """A notebook that is checked often does not wait for its key each time, and a new key is not missed."""
    path = tmp_path / "answer_key.json"
    path.write_text(answer_key.write(key))
    first = answer_key.read(path)

    assert answer_key.read(path) is first
    path.write_text(answer_key.write(AnswerKey("another", key.schemes, {})))
    assert answer_key.read(path).assignment == "another"


def test_hidden_trials_are_refused(key: AnswerKey, course: Course) -> None:
    """A key never holds a hidden case."""
    hidden = {"scale": draw(course.assignments[0].exercises[0], seed=5)}

    with pytest.raises(CourseError, match="it contains hidden trials, which may not be released"):
        answer_key.write(AnswerKey("scaling", hidden, {}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no answer_key.json in"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ("null", "is damaged"),
        (f'{{"version": {answer_key.VERSION}}}', "is damaged"),
        ('{"version": 99}', f"is version 99, but this autograder reads version {answer_key.VERSION}. Update both"),
    ],
)
def test_a_key_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: str | None, words: str) -> None:
    """A missing, damaged or foreign key ends in a sentence."""
    path = tmp_path / "answer_key.json"
    if text is not None:
        path.write_text(text)

    with pytest.raises(UsageError, match=words):
        answer_key.read(path)


def test_a_folder_that_is_gone_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student unpacks the assignment again while its notebook is running."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    with pytest.raises(UsageError, match="the notebook's folder was deleted, moved or replaced"):
        answer_key.read(Path(answer_key.FILE_NAME))
