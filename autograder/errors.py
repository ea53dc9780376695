"""One exception for each person who can fix things.

A wrong answer is a value, never an exception. Each message says where, what is wrong and what to do:
`submitted/: no .ipynb files found. Give a folder of submissions, or one .ipynb file.`
"""


class AutograderError(Exception):
    """Base of all exceptions that this package raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in a notebook: the sentence, without a traceback through this package."""
        return [str(self)]


class UsageError(AutograderError):
    """For the person who typed the command: a path or option cannot be used."""


class CourseError(AutograderError):
    """For the author: a course, notebook or exercise is declared wrongly."""


class SubmissionError(AutograderError):
    """For the student: a file cannot be read as a notebook."""


class SandboxError(AutograderError):
    """For the person who runs the grader: this machine cannot make a sandbox."""


class WireError(AutograderError):
    """For no person: a jail sent invalid bytes. This is the submission's fault, and goes into its report."""


class ClusterError(AutograderError):
    """For the person who runs a cluster: its machines cannot be reached, or their versions differ."""
