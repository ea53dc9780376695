"""One exception for each person who can put things right.

A wrong answer is a value, never one of these. Each message follows
`<where>: <what is>, but <what has to be>; <what to do>`.
"""


class AutograderError(Exception):
    """Base of all that this package raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it, as IPython asks: the sentence, and none of this package's lines."""
        return [str(self)]


class UsageError(AutograderError):
    """For whoever typed the command: a path or option that cannot be used."""


class CourseError(AutograderError):
    """For the author: a course, notebook or exercise that is declared wrongly."""


class SubmissionError(AutograderError):
    """For the student: a file that cannot be read as a notebook."""


class SandboxError(AutograderError):
    """For whoever runs the grader: this machine cannot make a jail."""


class WireError(AutograderError):
    """Bytes from a jail that are not a reply; they are a submission's fault, and end in its report."""


class ClusterError(AutograderError):
    """For whoever runs the grader on many machines: they cannot be reached, or do not agree."""
