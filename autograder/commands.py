"""The verbs of the command line: build, grade, verify.

Exit codes: 0 done, whatever the marks; 1 something could not be graded or does not agree; 2 wrong usage;
130 stopped by Ctrl-C, after writing what was done.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
    track,
)
from rich.text import Text

from autograder.course import versions
from autograder.course.exercise import Assignment
from autograder.course.folder import Course, load_course
from autograder.errors import AutograderError, SubmissionError, UsageError
from autograder.grading import batch, cluster_key, machines, trials, trivial, verify
from autograder.grading.batch import Pool
from autograder.grading.class_run import ClassRun
from autograder.grading.cluster import connected, imported
from autograder.grading.grader import Grader, new_seed
from autograder.grading.worker import COURSE, Marked, Settings, course_of, marked
from autograder.handed_in.folder import HandedIn, Item, opened
from autograder.handed_in.notebook import open_file
from autograder.handed_in.submission import assignment_of
from autograder.release import build
from autograder.release.students import wheel
from autograder.report import results, terminal
from autograder.sandbox import bubblewrap

if TYPE_CHECKING:
    from autograder.nbgrader.gradebook import Gradebook

MOST_CHANGES, MOST_SENTENCES = 20, 200
REFRESH_SECONDS = 0.1
UNGRADED, USAGE, INTERRUPTED = 1, 2, 130


class _Verbs(click.Group):
    """Turns what is raised on purpose into a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a verb."""
        try:
            return super().invoke(ctx)
        except SubmissionError as error:
            Console(stderr=True).print(terminal.printable(str(error)), markup=False, soft_wrap=True)
            ctx.exit(UNGRADED)
        except (AutograderError, OSError) as error:
            Console(stderr=True).print(terminal.printable(str(error)), markup=False, soft_wrap=True)
            ctx.exit(USAGE)


course_option = click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("course"),
    show_default=True,
    help="The course's folder, with notebooks/ and exercises/ in it.",
)
key_option = click.option(
    "--key",
    type=click.Path(path_type=Path),
    help="The cluster's key, the same file on every machine. [default: autograder/cluster.pem in ~/.config]",
)
unsafe_option = click.option("--unsafe", is_flag=True, help="Run students' code without a jail. Every report says so.")


@click.group(cls=_Verbs)
@click.version_option(package_name="convolution-by-hand")
def autograder() -> None:
    """Mark NumPy notebooks: run students' functions in a jail, compare what they return, name the mistake.

    \b
    Example:
      autograder grade submitted/
    """


@autograder.command("build")
@course_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write. [default: release/ in the course's folder]"
)
@click.option("--answers", is_flag=True, help="Build the notebooks with model answers instead, for instructors.")
@click.option(
    "--students", is_flag=True, help="Build a wheel instead: what notebooks import, to install where students work."
)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a built file is not current.")
def build_command(folder: Path, out: Path | None, *, answers: bool, students: bool, check: bool) -> None:
    """Build what students get: notebooks with stubs, and answer keys of the visible cases.

    \b
    Examples:
      autograder build                     writes course/release/
      autograder build --check             says whether course/release/ is current
      autograder build --answers           writes course/answers/, for instructors
      autograder build --students          writes a wheel with check(), hint() and the figures, and no answers
    """
    if students and (answers or check):
        raise UsageError("build: --students is given with another option, but has to stand alone; leave one out")
    course = load_course(folder)
    if students:
        click.echo(wheel(course, out or Path()))
        return
    trials.require_true(course)
    out = out or course.folder / ("answers" if answers else "release")
    work = track(course.assignments, "building", console=Console(stderr=True), transient=True)
    built = [file for assignment in work for file in _files(course, assignment, answers=answers)]
    if check:
        stale = build.stale(built, out)
        for path in stale:
            click.echo(
                f"{out / path}: it is not what the course builds, but has to be; run `autograder build`", err=True
            )
        if stale:
            sys.exit(UNGRADED)
        click.echo(f"{out} is current: {len(built)} files.")
        return
    changed = build.write(built, out)
    click.echo(f"{out}: {len(built)} files, {len(changed)} changed.")


def _files(course: Course, assignment: Assignment, *, answers: bool) -> Sequence[build.BuiltFile]:
    if not answers:
        return build.release(course, assignment)
    path = Path(assignment.name) / f"{assignment.name}.ipynb"
    return [build.BuiltFile(path, build.notebook(course, assignment, solved=True))]


@autograder.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@course_option
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, help="Where reports go."
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Decides the hidden cases. [default: drawn anew, and reported]"
)
@click.option(
    "--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Processes. [default: all cores]"
)
@click.option("--again", is_flag=True, help="Mark unchanged submissions anew, too; with a new seed, if none is given.")
@click.option("--cluster", metavar="ADDRESS", help="Mark on a cluster; `autograder scheduler` prints its address.")
@key_option
@click.option("--gradebook", metavar="URL", help="Write marks and comments to nbgrader's gradebook as well.")
@unsafe_option
def grade(  # noqa: PLR0913  the options of a command
    paths: tuple[Path, ...],
    *,
    folder: Path,
    out: Path,
    seed: int | None,
    workers: int,
    cluster: str | None,
    key: Path | None,
    gradebook: str | None,
    again: bool,
    unsafe: bool,
) -> None:
    """Mark notebooks, and folders or archives of <student>/<assignment>/<notebook>.ipynb.

    A folder may be as Moodle, Canvas or Blackboard hand it out, or hold <student>.ipynb for each student; an archive is
    .zip, .tar or .tar.gz, and may hold an archive for each student. A notebook may be a script, .py.

    Prints a table, and for one notebook every behaviour; writes results.csv, a page with pictures for the class and
    for each submission, and each report as JSON.

    The same command goes on where an earlier one was stopped: a submission that is unchanged, as are the course, the
    grader and the limits, is not marked twice. Without --seed, each run draws a new seed, and one that goes on where
    an earlier one was stopped takes that one's.

    \b
    Examples:
      autograder grade submitted/
      autograder grade submitted/ada/06_pooling/06_pooling.ipynb
      autograder grade "CS101-Pooling-1234.zip"
      autograder grade ada.ipynb bao.ipynb cleo.py late/
      autograder grade submitted/ --seed 7 --out regrade/
      autograder grade submitted/ --cluster tls://10.0.0.1:8786
      autograder grade submitted/ --gradebook sqlite:///gradebook.db
    """
    # what is wrong with the course, the machine or the folder of results is said once, before any worker starts
    course = course_of(folder.resolve())
    with contextlib.ExitStack() as used:
        held = used.enter_context(results.opened(out))
        if not unsafe:
            bubblewrap.find()
        found = used.enter_context(
            opened(paths, [assignment.name for assignment in course.assignments], answers=_answers(course))
        )
        book = None if gradebook is None else used.enter_context(_gradebook(gradebook))
        earlier = None if again else held.seed
        chosen = next((one for one in (seed, earlier) if one is not None), None)
        chosen = new_seed() if chosen is None else chosen
        settings = Settings(folder.resolve(), versions.of(course), chosen, course.limits, unsafe=unsafe)
        held.begin(settings.seed)
        run = ClassRun(course, settings, held, again=again, any_seed=seed is None)
        if not found.items:
            ended = True
        elif len(found.items) == 1 and cluster is None:
            ended = _mark_one(run, found.items[0])
        else:
            here = batch.local(max(min(workers, len(found.items)), 1))
            pool = here if cluster is None else used.enter_context(connected(cluster, settings, key))
            ended = _mark_class(run, found.items, pool)
        code = _tell(run, found, ended=ended)
        if book is not None:
            book.write(run.summaries())
            Console().print(f"{len(run.summaries())} are in the gradebook, too.")
        if ended:
            held.end()
    sys.exit(code)


def _answers(course: Course) -> Callable[[Path], str | None]:
    """Tells the assignment of a notebook."""

    def assignment(path: Path) -> str | None:
        try:
            found = assignment_of(open_file(path), course)
        except SubmissionError:
            return None
        return None if found is None else found.name

    return assignment


def _gradebook(url: str) -> contextlib.AbstractContextManager[Gradebook]:
    """The gradebook at an address, if nbgrader is there to read it."""
    try:
        from autograder.nbgrader import gradebook  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise UsageError(
            f"--gradebook: {error.name} is not installed, but a gradebook is written with it; "
            "install it with: pip install 'convolution-by-hand[nbgrader]'"
        ) from error
    return gradebook.opened(url)


def _mark_one(run: ClassRun, item: Item) -> bool:
    """Mark one notebook in this process, as it is marked whenever it is asked for, and print every behaviour."""
    try:
        with Grader(run.course, run.settings.seed, run.settings.limits, unsafe=run.settings.unsafe) as grader:
            report = grader.grade(open_file(item.path), item.student)
    except (SubmissionError, UsageError) as error:
        run.take(Marked(item.student, item.path, trouble=str(error)))
        return True
    run.take(marked(report, item.path))
    console = Console()
    terminal.show_report(report, console)
    console.print()
    return True


def _mark_class(run: ClassRun, items: Sequence[Item], pool: Pool) -> bool:
    """Mark a class with a bar; False if it was stopped."""
    with _Bar(len(items)) as progress:
        run.tell = progress.tell
        try:
            run.run(items, pool)
        except KeyboardInterrupt:
            return False
    terminal.show_class(run.summaries(), Console())
    return True


class _Bar(Progress):
    """How many are done, how many a second, and the time left.

    It has no thread of its own to refresh it, as workers are copies of this process.
    """

    def __init__(self, number: int) -> None:
        """Show nothing done of so many."""
        columns = (
            TextColumn("marking"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[student]}", markup=False),
        )
        super().__init__(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        self._one = self.add_task("marking", total=number, student="")
        self._shown = time.monotonic()

    def tell(self, student: str) -> None:
        """One more is done."""
        self.update(self._one, advance=1, student=terminal.printable(student))
        if time.monotonic() - self._shown > REFRESH_SECONDS:
            self.refresh()
            self._shown = time.monotonic()


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """The mean of the last moments."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


def _tell(run: ClassRun, found: HandedIn, *, ended: bool) -> int:
    """Write the tables of the class, say where they are and what is amiss; returns the exit code."""
    console, errors = Console(), Console(stderr=True)
    summaries = run.summaries()
    page = run.results.write_class(summaries)
    _say_changes(run.changed(), console)
    if summaries:
        kept = f", {run.kept} of them before, and unchanged since" if run.kept else ""
        kept += ", with the seed in their reports" if run.kept and run.any_seed else ""
        console.print(
            f"{len(summaries)} marked with seed {run.settings.seed}{kept}. "
            f"Marks are in {page.with_name('results.csv')}; to look at them, open {page}.",
            markup=False,
            soft_wrap=True,
        )
    if run.settings.unsafe:
        console.print("Students' code ran WITHOUT a jail (--unsafe); each report says so.")
    _say(found.remarks, found, errors)
    troubles = [*found.troubles, *(trouble for _, trouble in sorted(run.troubles))]
    _say([f"not graded: {trouble}" for trouble in troubles], found, errors)
    if not ended:
        looked_at = f"{run.looked_at} of {len(found.items)} were looked at"
        errors.print(f"stopped: {looked_at}; the same command goes on from there", soft_wrap=True)
        return INTERRUPTED
    return UNGRADED if troubles else 0


def _say(sentences: Sequence[str], found: HandedIn, console: Console) -> None:
    """The first of many sentences, as one student can cause thousands."""
    for sentence in sentences[:MOST_SENTENCES]:
        console.print(found.told(sentence), markup=False, soft_wrap=True)
    if sentences[MOST_SENTENCES:]:
        console.print(f"and {len(sentences) - MOST_SENTENCES:,} more like these")


def _say_changes(changes: Sequence[str], console: Console) -> None:
    """Marks that are others than in the results that were there."""
    if changes:
        console.print("Marks that have changed", style="bold")
    for line in changes[:MOST_CHANGES]:
        console.print(f"  {terminal.printable(line)}", markup=False, soft_wrap=True)
    if changes[MOST_CHANGES:]:
        console.print(f"  and {len(changes) - MOST_CHANGES:,} more")


@autograder.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="This machine's address, as the others reach it.")
@click.option("--port", type=click.IntRange(1, 65535), default=8786, show_default=True)
@key_option
def scheduler(*, host: str, port: int, key: Path | None) -> None:
    """Start what a cluster's machines connect to; Ctrl-C ends it.

    Makes the cluster's key if there is none. Only machines with a copy of that file get in, and everything they send is
    encrypted. Anyone who has it can run code on all of them: copy it over a safe channel, such as scp.

    \b
    Examples:
      autograder scheduler                         for workers on this machine
      autograder scheduler --host 10.0.0.1         for workers on others as well
    """
    distributed, path = imported(), key or cluster_key.usual()
    if not path.exists():
        cluster_key.make(path, distributed)
        click.echo(f"{path}: made the cluster's key. Copy it to the same place on every machine of the cluster.")
    where = f"tls://{host}:{port}" + ("" if key is None else f" --key {key}")
    click.echo(f"On each machine: autograder worker {where}\nThen: autograder grade submitted/ --cluster {where}")
    machines.run_scheduler(path, host, port)


@autograder.command("worker")
@click.argument("address")
@click.option(
    "--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Processes. [default: all cores]"
)
@click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path),
    help="This machine's copy of the course. [default: at the same path as on the machine that asks]",
)
@key_option
def worker_command(address: str, *, workers: int, folder: Path | None, key: Path | None) -> None:
    """Mark on this machine for a cluster, whose scheduler is at ADDRESS; Ctrl-C ends it.

    \b
    Example:
      autograder worker tls://10.0.0.1:8786 --course /srv/course
    """
    if folder is not None:
        os.environ[COURSE] = str(folder.resolve())
    machines.run_workers(key or cluster_key.usual(), address, workers)


@autograder.command("verify")
@course_option
@unsafe_option
def verify_command(folder: Path, *, unsafe: bool) -> None:
    """Prove that course, answers and grader agree.

    Model answers get full marks and stubs get 0, by the same way that students' notebooks go; and the cases of every
    exercise, the visible ones alone and the hidden ones alone, catch every known mistake. Functions that look up the
    visible cases and do something trivial otherwise earn nothing.

    \b
    Example:
      autograder verify                    exits 1 if anything does not agree
    """
    course = load_course(folder)
    if not unsafe:
        bubblewrap.find()
    trials.require_true(course)
    console = Console()
    agreed = True
    for finding in verify.verify(course, unsafe=unsafe):
        console.print(str(finding), style="" if finding.agrees else "bold red", markup=False, soft_wrap=True)
        agreed = agreed and finding.agrees
    caught = list(verify.mutations(course))
    terminal.show_mutations(caught, console)
    given_away = list(trivial.unearned(course, trials.SEEDS))
    terminal.show_unearned(given_away, console)
    agreed = agreed and all(one.agrees for one in caught) and not given_away
    console.print("Course, answers and grader agree." if agreed else "They do not agree; see above.")
    sys.exit(0 if agreed else UNGRADED)
