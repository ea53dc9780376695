"""The engine: takes a course, runs students' functions in a sandbox and names their mistakes.

In a notebook, `check(conv2d)` and `hint(conv2d)`; from Python, `grade("submitted/ada/06_pooling.ipynb")`.
"""

from typing import Any

from autograder.notebook.check import check
from autograder.notebook.hint import hint

__all__ = ["check", "grade", "hint"]


def __getattr__(name: str) -> Any:
    """Load the grader only where it is asked for: a student's install has no jail and needs none."""
    if name != "grade":
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    try:
        from autograder.grading.grader import grade  # noqa: PLC0415  as above
    except ModuleNotFoundError as error:
        raise ImportError(f"grade needs {error.name}; install the whole project") from error

    return grade
