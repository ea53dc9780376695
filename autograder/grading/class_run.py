"""Grade a class: unchanged submissions are skipped, the others graded and written one by one."""

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
    """The file that counts for a student and an assignment; as text, which takes less memory."""

    path: str
    summary: Summary

    @property
    def rank(self) -> tuple[bool, str]:
        """Of several files, the lowest rank counts."""
        return _rank(self.path, self.summary.assignment)


def _rank(path: str, assignment: str) -> tuple[bool, str]:
    """The file named like the assignment comes first, then the others by path."""
    return Path(path).stem != assignment, path


@dataclass
class ClassRun:
    """One run over a class.

    Attributes:
        course: the course to grade with.
        settings: how to grade.
        results: where reports are written, and what is there already.
        again: whether to grade unchanged submissions as well.
        any_seed: whether submissions graded earlier with another seed count as unchanged.
        tell: called with the student's name for each file that is done.
        kept: how many were unchanged.
        looked_at: how many files are done, with whatever result.
        troubles: the student and a sentence for each file that was not graded.
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
        """Grade what is new or changed; finished reports are written even if this ends early."""
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
        """The files to grade, read one after another."""
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
        """The files that may count: of several by one student, only one per assignment, as grading takes long."""
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
        """The files of one student that count; each other one is reported."""
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
                self._report_duplicate(item.student, assignment, item.place, first[assignment].place)
                self._done(item.student)

    def _answers(self, item: Item) -> str | None:
        """The assignment that a file answers; None if that is unknown."""
        try:
            assignment = assignment_of(open_file(item.path), self.course)
        except SubmissionError:
            return None
        return None if assignment is None else assignment.name

    def _unchanged(self, item: Item, submission: str, grader: Grader) -> Summary | None:
        """The earlier result, if this run would give the same marks."""
        earlier = self.results.earlier.get((item.student, submission))
        assignment = self.course.find(earlier.summary.assignment) if earlier else None
        if earlier is None or assignment is None:
            return None
        now = grader.provenance(item.path.name, submission, assignment)
        same_seed = self.any_seed or earlier.seed == now.seed
        return earlier.summary if same_seed and digest(asdict(now)) == earlier.provenance else None

    def _counts(self, path: Path, summary: Summary) -> bool:
        """Whether this file counts, as far as known; of two files, the other one is reported."""
        key = (summary.student, summary.assignment)
        new, other = _Counted(str(path), summary), self._counted.get(key)
        if other is None:
            self._counted[key] = new
            return True
        first, second = sorted([new, other], key=lambda counted: counted.rank)
        self._counted[key] = first
        self._report_duplicate(*key, second.path, first.path)
        return first is new

    def _report_duplicate(self, student: str, assignment: str, path: str, counts: str) -> None:
        """Report a file that does not count, so that the instructor can decide which one should."""
        trouble = (
            f"{path}: {student} handed in {assignment} twice; {counts} was graded instead. Remove the one that should "
            "not count, and run the same command again"
        )
        self.troubles.append((student, trouble))

    def _done(self, student: str) -> None:
        self.looked_at += 1
        self.tell(student)

    def summaries(self) -> list[Summary]:
        """The summaries that count, sorted by assignment and student."""
        summaries = (counted.summary for counted in self._counted.values())
        return sorted(summaries, key=lambda summary: (summary.assignment, summary.student))

    def changed(self) -> list[str]:
        """A line for each student whose marks have changed."""
        summaries = [earlier.summary for earlier in self.results.earlier.values()]
        before = {(summary.student, summary.assignment): summary for summary in summaries}
        pairs = ((before.get((new.student, new.assignment), new), new) for new in self.summaries())
        return [
            f"{new.student}, {new.assignment}: {sum(old.marks)} before, {sum(new.marks)} now"
            for old, new in pairs
            if sum(old.marks) != sum(new.marks)
        ]
