"""hint(), as a student calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import hint
from autograder.course.folder import Course
from autograder.errors import UsageError
from autograder.notebook.hint import Hinted
from autograder.release import build


@pytest.fixture(autouse=True)
def beside_the_notebook(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand where a released notebook stands, with no hint opened yet."""
    build.write(build.release(course, course.assignments[0]), tmp_path)
    monkeypatch.chdir(tmp_path / "scaling")
    hint.opened.clear()
    yield
    hint.opened.clear()


def scale(body: Callable[..., Any]) -> Callable[..., Any]:
    """The body under the name that students use."""
    body.__name__ = "scale"
    return body


def stub(x: Any, factor: int = 2) -> Any:
    """What a student finds."""
    raise NotImplementedError("your turn")


def writes(x: Any, factor: int = 2) -> Any:
    """Right, but for the input."""
    x *= factor
    return x if x.ndim == 2 or factor == 3 else x.copy()


def test_hints_open_level_by_level() -> None:
    """A question first, then a pointer, then nearly the code, and that again."""
    wrong = scale(lambda x, factor=2: x * 2)

    first, second, third, fourth = (repr(hint(wrong)) for _ in range(4))

    assert (
        first == 'scale, "The factor does nothing": a question\n  Is it read?\n  Run hint(scale) again for a pointer.'
    )
    assert second.splitlines()[1:] == ["  Use factor.", "  Run hint(scale) again for almost the code."]
    assert third == fourth == 'scale, "The factor does nothing": almost the code\n  * factor'


@pytest.mark.parametrize(
    ("body", "symptom"),
    [
        (lambda x, factor=2: x * 2, "The factor does nothing"),  # by the mistake
        (lambda x, factor=2: x * 2 if x.ndim == 2 else x * 2.5, "Something is wrong"),  # by the behaviour
        (lambda x, factor=2: x["a"], "NumPy wants an index"),  # by the words of the exception
        (lambda x, factor=2: x / "a", "It ends in an error"),  # of no hint's exception
        (lambda: 2, "It fails before its first line"),
        (lambda x, factor=2: None, "It returns None"),
        (lambda x, factor=2: {1, 2}, "It returns the wrong kind of value"),
        (lambda x, factor=2: "two", "It returns the wrong kind of value"),
        (lambda x, factor=2: x[:, None] * 3, "The shape is wrong"),
        (lambda x, factor=2: x * 2.5, "The numbers are wrong"),  # no hint is about this behaviour
        (writes, "The call changes its input"),
        (stub, "I do not know how to start"),
    ],
)
def test_the_hint_is_about_what_is_wrong(body: Callable[..., Any], symptom: str) -> None:
    """The named mistake chooses it, else the behaviour and what was returned, else it is one that is always true."""
    assert f'"{symptom}"' in repr(hint(scale(body)))


def test_another_fault_starts_with_a_question() -> None:
    """Who gets further is asked again, even where the hint is the same, and also on the way back."""
    nothing, error = scale(lambda x, factor=2: None), scale(lambda x, factor=2: x / "a")
    levels = [repr(hint(function)).splitlines()[0] for function in (nothing, nothing, error, nothing)]

    assert [level.rpartition(": ")[2] for level in levels] == ["a question", "a pointer", "a question", "a question"]


def test_code_in_a_hint_is_shown_as_code() -> None:
    """A notebook gets markup, with all else escaped; a terminal gets the words alone."""
    wrong = scale(lambda x, factor=2: np.ones((2, 2)) if factor == 2 else x * 2)
    hinted = [hint(scale(lambda x, factor=2: x * 2)) for _ in range(3)][-1]

    assert "<code>* factor</code>" in hinted._repr_html_()
    assert "`" not in repr(hinted) + hinted._repr_html_()
    assert "<strong>" in hint(wrong)._repr_html_()


def test_another_mistake_starts_with_a_question() -> None:
    """How far one hint was opened says nothing about the next."""
    hint(scale(lambda x, factor=2: x * 2))

    assert "a question" in repr(hint(scale(stub)))


def test_a_right_function_needs_none() -> None:
    """There is nothing to hint at."""
    assert "all visible cases are right" in repr(hint(scale(lambda x, factor=2: x * factor)))


def test_where_there_are_no_hints_it_says_so() -> None:
    """An exercise without hints still gets a sentence."""

    def total(x: Any) -> Any:
        return np.max(x)

    assert repr(hint(total)) == "total has no hints; check(total) says what is wrong."


def test_a_wrong_call_is_answered_in_the_name_of_hint() -> None:
    """Not in the name of check(), which nobody has called."""
    with pytest.raises(UsageError, match=r"^hint\(\) needs the function itself, not its name: write hint\(scale\)"):
        hint("scale")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"^hint: 'len' is not in this notebook's answer key"):
        hint(len)


def test_a_function_that_is_not_asked_for_is_named() -> None:
    """As check() does."""
    with pytest.raises(UsageError, match="'other' is not in this notebook's answer key"):
        hint(_other())


def _other() -> Callable[..., Any]:
    def other(x: Any) -> Any:
        return x

    return other


def test_a_code_block_in_a_hint_keeps_its_lines() -> None:
    """As an author writes one in Markdown: with its indents, without its fences, and escaped in a page."""
    block = "Two loops:\n\n```python\nfor i in range(rows):\n    if i < 2: ...\n```"
    hinted = Hinted(("scale", block, "more"))

    assert repr(hinted).splitlines()[-3:] == ["  for i in range(rows):", "      if i < 2: ...", "  more"]
    assert "<pre>for i in range(rows):\n    if i &lt; 2: ...\n</pre>" in hinted._repr_html_()
    assert "python" not in repr(hinted) + hinted._repr_html_()
