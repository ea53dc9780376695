"""A class from its files to its results: what is unchanged is kept, the rest is marked and written as it comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.course.folder import Course
from autograder.errors import SubmissionError
from autograder.grading import batch
from autograder.grading.batch import Pool
from autograder.grading.grader import Grader
from autograder.grading.worker import Marked, Settings, Task
from autograder.handed_in.folder import Item
from autograder.handed_in.notebook import digest_of, open_file, read_bytes
from autograder.handed_in.submission import assignment_of
from autograder.model import Summary
from autograder.report import files
from autograder.report.results import Results, digest

Key = tuple[str, str]  # student, assignment


@dataclass(frozen=True, slots=True)
class _Counted:
    """The file that counts for a student and an assignment; as text, which takes less room."""

    path: str
    summary: Summary

    @property
    def rank(self) -> tuple[bool, str]:
        """The lowest one counts."""
        return _rank(self.path, self.summary.assignment)


def _rank(path: str, assignment: str) -> tuple[bool, str]:
    """The file named as the assignment comes first, and then they go by their paths."""
    return Path(path).stem != assignment, path


@dataclass
class ClassRun:
    """One run over a class.

    Attributes:
        course: what is marked by.
        settings: how.
        results: where reports are written, and what is there already.
        again: whether unchanged submissions are marked as well.
        any_seed: whether those that an earlier run has marked with another seed count as unchanged.
        tell: called with the student's name for each file that is done.
        kept: how many were unchanged.
        looked_at: how many files are done, whatever became of them.
        troubles: whose it is, and a sentence, for each file that was not graded.
    """

    course: Course
    settings: Settings
    results: Results
    again: bool = False
    any_seed: bool = False
    tell: Callable[[str], None] = lambda _: None
    kept: int = 0
    looked_at: int = 0
    troubles: list[tuple[str, str]] = field(default_factory=list)
    _counted: dict[Key, _Counted] = field(default_factory=dict)

    def run(self, items: Sequence[Item], pool: Pool) -> None:
        """Mark what has to be marked; what is done is written, even if this ends early."""
        for marked in batch.run(self._tasks(items), self.settings, pool, number=len(items)):
            self.take(marked)

    def take(self, marked: Marked) -> None:
        """Write a report, unless another file of the student counts."""
        if marked.summary is None:
            self.troubles.append((marked.student, marked.trouble or ""))
        elif self._counts(marked.path, files.shared(marked.summary)):
            self.results.write(marked.summary, marked.page, marked.report)
        self._done(marked.student)

    def _tasks(self, items: Sequence[Item]) -> Iterator[Task]:
        """The files that have to be marked, read one after another."""
        grader = Grader(self.course, self.settings.seed, self.settings.limits, unsafe=self.settings.unsafe)
        for item in self._counting(items):
            try:
                data = read_bytes(item.path)
            except SubmissionError as error:
                self.troubles.append((item.student, str(error)))
                self._done(item.student)
                continue
            unchanged = None if self.again else self._unchanged(item, digest_of(data), grader)
            if unchanged is None:
                yield Task(item.student, item.path, data)
            else:
                self.kept += 1
                self._counts(item.path, unchanged)
                self._done(item.student)

    def _counting(self, items: Sequence[Item]) -> Iterator[Item]:
        """The files that may count: of several by one student, one for each assignment, as marking takes long."""
        several: dict[str, list[Item]] = {}
        numbers = Counter(item.student for item in items)
        for item in items:
            if numbers[item.student] == 1:
                yield item
                continue
            own = several.setdefault(item.student, [])
            own.append(item)
            if len(own) == numbers[item.student]:
                yield from self._chosen(several.pop(item.student))

    def _chosen(self, items: Sequence[Item]) -> Iterator[Item]:
        """Of one student's files those that count; each other one becomes a trouble."""
        first: dict[str, Item] = {}
        answers = [(item, self._answers(item)) for item in items]
        for item, assignment in answers:
            known = first.setdefault(assignment or "", item)
            if assignment is not None and _rank(item.place, assignment) < _rank(known.place, assignment):
                first[assignment] = item
        for item, assignment in answers:
            if assignment is None or first[assignment] is item:
                yield item
            else:
                self._tell_of_another(item.student, assignment, item.place, first[assignment].place)
                self._done(item.student)

    def _answers(self, item: Item) -> str | None:
        """The assignment that a file answers; None if nobody can tell."""
        try:
            found = assignment_of(open_file(item.path), self.course)
        except SubmissionError:
            return None
        return None if found is None else found.name

    def _unchanged(self, item: Item, submission: str, grader: Grader) -> Summary | None:
        """What was marked before, if this run would give the same marks."""
        earlier = self.results.earlier.get((item.student, submission))
        assignment = self.course.find(earlier.summary.assignment) if earlier else None
        if earlier is None or assignment is None:
            return None
        now = grader.provenance(item.path.name, submission, assignment)
        same_seed = self.any_seed or earlier.seed == now.seed
        return earlier.summary if same_seed and digest(asdict(now)) == earlier.provenance else None

    def _counts(self, path: Path, summary: Summary) -> bool:
        """Whether this file counts, as far as is known; of two, the other becomes a trouble."""
        key = (summary.student, summary.assignment)
        new, other = _Counted(str(path), summary), self._counted.get(key)
        if other is None:
            self._counted[key] = new
            return True
        first, second = sorted([new, other], key=lambda one: one.rank)
        self._counted[key] = first
        self._tell_of_another(*key, second.path, first.path)
        return first is new

    def _tell_of_another(self, student: str, assignment: str, path: str, counts: str) -> None:
        """Name a file that does not count, so that somebody looks which one should."""
        trouble = (
            f"{path}: {student} has handed in {assignment} twice, but one can count; {counts} was marked; "
            "hand over only the one that counts"
        )
        self.troubles.append((student, trouble))

    def _done(self, student: str) -> None:
        self.looked_at += 1
        self.tell(student)

    def summaries(self) -> list[Summary]:
        """What counts, sorted by assignment and student."""
        return sorted((one.summary for one in self._counted.values()), key=lambda one: (one.assignment, one.student))

    def changed(self) -> list[str]:
        """A line for each student whose marks were others before."""
        before = {(one.summary.student, one.summary.assignment): one.summary for one in self.results.earlier.values()}
        pairs = ((before.get((one.student, one.assignment), one), one) for one in self.summaries())
        return [
            f"{new.student}, {new.assignment}: {sum(old.marks)} before, {sum(new.marks)} now"
            for old, new in pairs
            if sum(old.marks) != sum(new.marks)
        ]
