"""The verbs of the command line: build, grade, verify.

Exit codes: 0 done, whatever the marks; 1 something could not be graded or does not agree; 2 wrong usage;
130 stopped by Ctrl-C, after writing what was done.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, track

from autograder import batch, build, verify
from autograder import course as courses
from autograder.batch import Item, Result, Settings
from autograder.course import Course
from autograder.errors import AutograderError, SubmissionError
from autograder.exercise import Assignment
from autograder.grading import new_seed
from autograder.handed_in.folder import opened
from autograder.model import Report
from autograder.report import files, terminal
from autograder.sandbox import bubblewrap

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
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a built file is not current.")
def build_command(folder: Path, out: Path | None, *, answers: bool, check: bool) -> None:
    """Build what students get: notebooks with stubs, and answer keys of the visible cases.

    \b
    Examples:
      autograder build                     writes course/release/
      autograder build --check             says whether course/release/ is current
      autograder build --answers           writes course/answers/, for instructors
    """
    course = courses.load(folder)
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
@click.argument("path", type=click.Path(path_type=Path))
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
@unsafe_option
def grade(path: Path, folder: Path, out: Path, seed: int | None, workers: int, *, unsafe: bool) -> None:
    """Mark a notebook, or a folder or archive of <student>/<assignment>/<notebook>.ipynb.

    A folder may be as Moodle, Canvas or Blackboard hand it out; an archive is .zip, .tar or .tar.gz, and may hold an
    archive for each student.

    Prints a table, and for one notebook every behaviour; writes results.csv, a page with pictures for the class and
    for each submission, and each report as JSON.

    \b
    Examples:
      autograder grade submitted/
      autograder grade submitted/ada/06_pooling/06_pooling.ipynb
      autograder grade "CS101-Pooling-1234.zip"
      autograder grade submitted/ --seed 7 --out regrade/
    """
    # what is wrong with the course, the machine or the folder of results is said once, before any worker starts
    course = courses.load(folder)
    files.prepare(out)
    if not unsafe:
        bubblewrap.find()
    settings = Settings(folder.resolve(), new_seed() if seed is None else seed, course.limits, unsafe=unsafe)
    with opened(path, [assignment.name for assignment in course.assignments]) as found:
        items = found.items
        results = _run(items, settings, min(workers, len(items)), out)
    console = Console()
    reports = [result.report for result in results if result.report is not None]
    page = files.write_class(sorted(reports, key=lambda one: (one.assignment, one.student)), out)
    _show(reports, console)
    if reports:
        console.print(
            f"{len(reports)} marked with seed {settings.seed}. "
            f"Marks are in {page.with_name('results.csv')}; to look at them, open {page}.",
            markup=False,
            soft_wrap=True,
        )
    if unsafe:
        console.print("Students' code ran WITHOUT a jail (--unsafe); each report says so.")
    for remark in found.remarks:
        Console(stderr=True).print(found.told(remark), markup=False, soft_wrap=True)
    troubles = [*found.troubles, *(result.trouble for result in results if result.trouble is not None)]
    for trouble in troubles:
        Console(stderr=True).print(f"not graded: {found.told(trouble)}", markup=False, soft_wrap=True)
    if len(results) < len(items):
        again = f"mark all again with --seed {settings.seed}"
        Console(stderr=True).print(f"stopped: {len(results)} of {len(items)} were looked at; {again}", soft_wrap=True)
        sys.exit(INTERRUPTED)
    sys.exit(UNGRADED if troubles else 0)


def _run(items: Sequence[Item], settings: Settings, workers: int, out: Path) -> list[Result]:
    results = []
    columns = (
        TextColumn("marking"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[student]}", markup=False),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    with progress, contextlib.suppress(KeyboardInterrupt):
        task = progress.add_task("marking", total=len(items), student="")
        for result in batch.run(items, settings, workers):
            if result.report is not None:
                files.write_report(result.report, out)
            results.append(result)
            progress.update(task, advance=1, student=terminal.printable(result.item.student))
    settled = batch.settle(results)
    if settled != results:
        # a second notebook of the same student has written over the report that counts
        for result in settled:
            if result.report is not None:
                files.write_report(result.report, out)
    return settled


def _show(reports: Sequence[Report], console: Console) -> None:
    if len(reports) == 1:
        terminal.show_report(reports[0], console)
        console.print()
    else:
        terminal.show_class(reports, console)


@autograder.command("verify")
@course_option
@unsafe_option
def verify_command(folder: Path, *, unsafe: bool) -> None:
    """Prove that course, answers and grader agree.

    Model answers get full marks and stubs get 0, by the same way that students' notebooks go; and the cases of every
    exercise, the visible ones alone and the hidden ones alone, catch every known mistake.

    \b
    Example:
      autograder verify                    exits 1 if anything does not agree
    """
    course = courses.load(folder)
    if not unsafe:
        bubblewrap.find()
    console = Console()
    agreed = True
    for finding in verify.verify(course, unsafe=unsafe):
        console.print(str(finding), style="" if finding.agrees else "bold red", markup=False, soft_wrap=True)
        agreed = agreed and finding.agrees
    caught = list(verify.mutations(course))
    terminal.show_mutations(caught, console)
    agreed = agreed and all(one.agrees for one in caught)
    console.print("Course, answers and grader agree." if agreed else "They do not agree; see above.")
    sys.exit(0 if agreed else UNGRADED)
