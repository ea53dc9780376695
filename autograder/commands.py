"""The verbs of the command line: build, grade, verify.

Exit codes: 0 done, whatever the marks; 1 something could not be graded or a check failed; 2 wrong usage;
130 interrupted by Ctrl-C, after saving finished reports.
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
    """Turns exceptions raised on purpose into a sentence and an exit code."""

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
    help="The course folder, which contains notebooks/ and exercises/.",
)
unsafe_option = click.option(
    "--unsafe", is_flag=True, help="Run students' code without a sandbox. Every report says so."
)
key_option = click.option(
    "--key",
    type=click.Path(path_type=Path),
    help="The cluster's key, the same file on every machine. [default: autograder/cluster.pem in ~/.config]",
)


@click.group(cls=_Verbs)
@click.version_option(package_name="convolution-by-hand")
def autograder() -> None:
    """Grade NumPy notebooks: run students' functions in a sandbox, compare what they return, name the mistake.

    \b
    Example:
      autograder grade submitted/
    """


@autograder.command("build")
@course_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder to write to. [default: release/ in the course folder]"
)
@click.option("--answers", is_flag=True, help="Build notebooks with model answers instead, for instructors.")
@click.option(
    "--students", is_flag=True, help="Build a wheel instead, with what notebooks import, for students to install."
)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a built file is out of date.")
def build_command(folder: Path, out: Path | None, *, answers: bool, students: bool, check: bool) -> None:
    """Build what students get: notebooks with stubs, and answer keys for the visible cases.

    \b
    Examples:
      autograder build                     writes course/release/
      autograder build --check             checks that course/release/ is up to date
      autograder build --answers           writes course/answers/, for instructors
      autograder build --students          writes a wheel with check(), hint() and the figures, but no answers
    """
    if students and (answers or check):
        raise UsageError("build: --students cannot be combined with --answers or --check. Leave one out.")
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
            click.echo(f"{out / path}: out of date. Run `autograder build`.", err=True)
        if stale:
            sys.exit(UNGRADED)
        click.echo(f"{out} is up to date: {len(built)} files.")
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
    "--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, help="Folder for the reports."
)
@click.option("--seed", type=click.IntRange(min=0), help="Decides the hidden cases. [default: random, and reported]")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="Number of processes. [default: all cores]",
)
@click.option(
    "--again", is_flag=True, help="Grade unchanged submissions again, with a new seed unless --seed is given."
)
@click.option("--cluster", metavar="ADDRESS", help="Grade on a cluster; `autograder scheduler` prints its address.")
@key_option
@click.option("--gradebook", metavar="URL", help="Also write marks and comments to nbgrader's gradebook.")
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
    """Grade notebooks, or folders and archives of <student>/<assignment>/<notebook>.ipynb.

    A folder can be a download from Moodle, Canvas, Blackboard or Gradescope, or contain <student>.ipynb for each
    student. An archive is a .zip, .tar or .tar.gz file, and can contain an archive for each student. A notebook can
    also be a script, .py.

    Prints a table, or every behaviour if there is only one notebook. Writes results.csv, an HTML page with pictures
    for the class and for each submission, and each report as JSON.

    Interrupted? Run the same command again: it resumes, and skips submissions that have not changed, as long as
    the course, the grader and the limits are the same. Without --seed, each run draws a new seed; a resumed run
    keeps the old one.

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
    # problems with the course, the machine or the results folder are reported once, before any worker starts
    course = course_of(folder.resolve())
    with contextlib.ExitStack() as used:
        held = used.enter_context(results.opened(out))
        if not unsafe:
            bubblewrap.find()
        handed_in = used.enter_context(
            opened(paths, [assignment.name for assignment in course.assignments], answers=_answers(course))
        )
        book = None if gradebook is None else used.enter_context(_gradebook(gradebook))
        earlier = None if again else held.seed
        known_seed = earlier if seed is None else seed
        chosen_seed = new_seed() if known_seed is None else known_seed
        settings = Settings(folder.resolve(), versions.of(course), chosen_seed, course.limits, unsafe=unsafe)
        held.begin(settings.seed)
        run = ClassRun(course, settings, held, again=again, any_seed=seed is None)
        if not handed_in.items:
            ended = True
        elif len(handed_in.items) == 1 and cluster is None:
            ended = _mark_one(run, handed_in.items[0])
        else:
            here = batch.local(max(min(workers, len(handed_in.items)), 1))
            pool = here if cluster is None else used.enter_context(connected(cluster, settings, key))
            ended = _mark_class(run, handed_in.items, pool)
        code = _report(run, handed_in, ended=ended)
        if book is not None:
            book.write(run.summaries())
            Console().print(f"Wrote {len(run.summaries())} to the gradebook.")
        if ended:
            held.end()
    sys.exit(code)


def _answers(course: Course) -> Callable[[Path], str | None]:
    """A function that gives the assignment of a notebook."""

    def assignment(path: Path) -> str | None:
        try:
            answered = assignment_of(open_file(path), course)
        except SubmissionError:
            return None
        return None if answered is None else answered.name

    return assignment


def _gradebook(url: str) -> contextlib.AbstractContextManager[Gradebook]:
    """The gradebook at a URL, if nbgrader is installed to read it."""
    try:
        from autograder.nbgrader import gradebook  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise UsageError(
            f"--gradebook: {error.name} is not installed. Install it with: pip install 'convolution-by-hand[nbgrader]'"
        ) from error
    return gradebook.opened(url)


def _mark_one(run: ClassRun, item: Item) -> bool:
    """Grade one notebook in this process, even if it is unchanged, and print every behaviour."""
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
    """Grade a class with a progress bar; False if it was interrupted."""
    with _Bar(len(items)) as progress:
        run.tell = progress.tell
        try:
            run.run(items, pool)
        except KeyboardInterrupt:
            return False
    terminal.show_class(run.summaries(), Console())
    return True


class _Bar(Progress):
    """A progress bar with the speed and the time left.

    It refreshes without a thread, because workers are forks of this process.
    """

    def __init__(self, number: int) -> None:
        """Start at 0 of `number`."""
        columns = (
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[student]}", markup=False),
        )
        super().__init__(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        self._class = self.add_task("grading", total=number, student="")
        self._shown = time.monotonic()

    def tell(self, student: str) -> None:
        """Count one more submission."""
        self.update(self._class, advance=1, student=terminal.printable(student))
        if time.monotonic() - self._shown > REFRESH_SECONDS:
            self.refresh()
            self._shown = time.monotonic()


class _Rate(ProgressColumn):
    """Submissions per second."""

    def render(self, task: Task) -> Text:
        """The recent mean."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


def _report(run: ClassRun, handed_in: HandedIn, *, ended: bool) -> int:
    """Write the tables of the class, and print where they are and any problems; returns the exit code."""
    console, errors = Console(), Console(stderr=True)
    summaries = run.summaries()
    page = run.results.write_class(summaries, run.course.title)
    _print_changes(run.changed(), console)
    if summaries:
        kept = f" ({run.kept} unchanged since an earlier run" if run.kept else ""
        kept += ", graded with the seeds in their reports)" if run.kept and run.any_seed else ")" if run.kept else ""
        console.print(
            f"{len(summaries)} graded with seed {run.settings.seed}{kept}. "
            f"Marks are in {page.with_name('results.csv')}; open {page} to read the reports.",
            markup=False,
            soft_wrap=True,
        )
    if run.settings.unsafe:
        console.print("Students' code ran WITHOUT a sandbox (--unsafe); each report says so.")
    _print_some(handed_in.remarks, handed_in, errors)
    troubles = [*handed_in.troubles, *(trouble for _, trouble in sorted(run.troubles))]
    _print_some([f"not graded: {trouble}" for trouble in troubles], handed_in, errors)
    if not ended:
        done = f"{run.looked_at} of {len(handed_in.items)}"
        errors.print(f"Interrupted after {done}. Run the same command again to continue.", soft_wrap=True)
        return INTERRUPTED
    return UNGRADED if troubles else 0


def _print_some(sentences: Sequence[str], handed_in: HandedIn, console: Console) -> None:
    """Print the first of many sentences, as one student can cause thousands."""
    for sentence in sentences[:MOST_SENTENCES]:
        console.print(handed_in.named(sentence), markup=False, soft_wrap=True)
    if sentences[MOST_SENTENCES:]:
        console.print(f"and {len(sentences) - MOST_SENTENCES:,} more like these")


def _print_changes(changes: Sequence[str], console: Console) -> None:
    """Print marks that differ from earlier results."""
    if changes:
        console.print("Changed marks", style="bold")
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
    """Grade on this machine for a cluster, whose scheduler is at ADDRESS; Ctrl-C ends it.

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
    """Check the course against itself.

    Model answers earn full marks, stubs earn 0, and both the visible and the hidden cases catch every known mistake.
    Functions that look up the visible cases and otherwise do something trivial earn nothing.

    \b
    Example:
      autograder verify                    exits 1 if a check fails
    """
    course = load_course(folder)
    if not unsafe:
        bubblewrap.find()
    trials.require_true(course)
    console = Console()
    passed = True
    for finding in verify.verify(course, unsafe=unsafe):
        console.print(str(finding), style="" if finding.agrees else "bold red", markup=False, soft_wrap=True)
        passed = passed and finding.agrees
    caught = list(verify.mutations(course))
    terminal.show_mutations(caught, console)
    given_away = list(trivial.unearned(course, trials.SEEDS))
    terminal.show_unearned(given_away, console)
    passed = passed and all(mutations.agrees for mutations in caught) and not given_away
    console.print("All checks passed." if passed else "Some checks failed; see above.")
    sys.exit(0 if passed else UNGRADED)
