"""The command line: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import commands
from autograder.commands import autograder
from autograder.course.folder import load_course
from autograder.errors import SandboxError
from autograder.grading import verify
from autograder.sandbox import bubblewrap
from tests.autograder.conftest import EXERCISES, SCALE, TOTAL, notebook_text


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(course_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Runs a verb on the small course, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run_verb(verb: str, *words: object, course: Path = course_folder) -> Ended:
        options = [verb, *(str(word) for word in words), "--course", str(course)]
        result = CliRunner().invoke(autograder, options)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run_verb


# --- grade --------------------------------------------------------------------------------------------------------


def test_a_class_gets_a_table_and_sentences(
    run: Callable[..., Ended], submit: Callable[..., Path], tmp_path: Path
) -> None:
    """Marks for each exercise, a sentence for all that went wrong, files beside them; exit 0 whatever the marks."""
    submit("def scale(x, factor=2): return x * 2", TOTAL, student="bao")
    path = submit(SCALE, TOTAL, student="ada")

    ended = run("grade", path.parents[2], "--seed", 7, "--workers", 1)

    assert ended.code == 0
    assert re.search(r"ada .* 6 .* 4 .* 10 ", ended.out)
    assert re.search(r"bao .* 3 .* 4 .* 7 ", ended.out)
    assert "bao  scale  The ignored factor. This is the ignored factor. In: factor." in ended.out
    assert "2 graded with seed 7." in ended.out
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.glob("results/**/*.*")} == {
        "results/results.csv",
        "results/index.html",
        *(f"results/reports/{name}/scaling.{form}" for name in ("ada", "bao") for form in ("html", "json")),
    }


def test_a_single_notebook_gets_every_behaviour(run: Callable[..., Ended], submit: Callable[..., Path]) -> None:
    """What the student may read, and no more."""
    ended = run("grade", submit("def scale(x, factor=2): return x * 2"), "--seed", 7)

    assert ended.code == 0
    assert "ada, scaling: 3 of 10" in ended.out
    assert "right  twice (2 of 2)" in ended.out
    assert "wrong  factor (0 of 3)" in ended.out
    assert "scale, factor: 4 of 4 cells are wrong (0 of 3)" in ended.out
    assert 'read again    notebook "Scaling"' in ended.out
    assert "total  0 of 4\n  not solved yet" in ended.out


def test_the_seed_is_drawn_anew(run: Callable[..., Ended], submit: Callable[..., Path]) -> None:
    """Nobody knows the hidden cases of a new run; the report names the seed."""
    path = submit(SCALE)
    runs = [("--out", "one"), ("--out", "two"), ("--out", "two", "--again"), ("--out", "two")]
    seeds = [re.findall(r"seed (\d+)", run("grade", path, *options).out)[0] for options in runs]

    assert len(set(seeds)) == 4


def test_a_new_seed_keeps_what_is_unchanged(run: Callable[..., Ended], submit: Callable[..., Path]) -> None:
    """What was marked stays, with its own seed; only another seed that is asked for marks it anew."""
    submit(SCALE, student="bao")
    path = submit(SCALE).parents[2]
    said = [run("grade", path, *options).out for options in ((), (), ("--seed", 7), ("--seed", 7))]

    assert ["unchanged since an earlier run" in one for one in said] == [False, True, False, True]


def test_a_run_that_was_stopped_goes_on_with_its_seed(
    run: Callable[..., Ended], submit: Callable[..., Path], tmp_path: Path
) -> None:
    """And no later run takes it again."""
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "run.json").write_text('{"version": 1, "seed": 1234}')
    path = submit(SCALE)
    seeds = [re.findall(r"seed (\d+)", run("grade", path, *options).out) for options in ((), ("--again",))]

    assert seeds[0] == ["1234"]
    assert seeds[1] != seeds[0]


def test_unsafe_is_said(run: Callable[..., Ended], submit: Callable[..., Path], tmp_path: Path) -> None:
    """Without a jail the marks are the same, and every report says how they came about."""
    ended = run("grade", submit(SCALE, TOTAL), "--unsafe")

    assert "10 of 10" in ended.out
    assert "Students' code ran WITHOUT a sandbox (--unsafe)" in ended.out
    assert '"jail": "none"' in (tmp_path / "results/reports/ada/scaling.json").read_text()


def test_hostile_names_are_shown_as_text(run: Callable[..., Ended], submit: Callable[..., Path]) -> None:
    """Markup and control codes of a student's reach nobody's terminal."""
    path = submit("def scale(x, factor=2): raise ValueError('\\x1b[31m[bold]red[/bold]')", student="[red]ada")

    ended = run("grade", path, "--seed", 7)

    assert "[red]ada, scaling: 0 of 10" in ended.out
    assert "[bold]red[/bold]" in ended.out
    assert "\x1b[31m" not in ended.out


def test_the_line_of_a_stub_is_shown_as_text(run: Callable[..., Ended], submit: Callable[..., Path]) -> None:
    """It is the student's own, and may close what it has not opened."""
    path = submit('def scale(x, factor=2):\n    raise NotImplementedError("[/red]")\n    return x * factor')

    ended = run("grade", path, "--seed", 7)

    assert 'your answer is there: delete the line `raise NotImplementedError("[/red]")`' in ended.out


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "no", "no does not exist. Give a folder of submissions or a notebook."),
        (lambda folder: folder, "no .ipynb files found. Give a folder with <student>/<assignment>/<notebook>.ipynb"),
        (
            lambda _: Path(__file__).parents[2] / "pyproject.toml",
            "cannot grade .toml files. Give a folder, an .ipynb or .py file",
        ),
    ],
    ids=["missing", "empty", "another file"],
)
def test_a_path_that_cannot_be_used_is_wrong_usage(
    run: Callable[..., Ended], tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    """A sentence on what is, what has to be and what to do; exit 2."""
    folder = tmp_path / "class"
    folder.mkdir()

    ended = run("grade", make(folder))

    assert ended.code == 2
    assert words in ended.err
    assert ended.out == ""


def test_a_folder_that_is_no_course_is_wrong_usage(
    run: Callable[..., Ended], submit: Callable[..., Path], tmp_path: Path
) -> None:
    """The course's folder is named, and what it has to hold."""
    ended = run("grade", submit(SCALE), course=tmp_path / "elsewhere")

    assert ended.code == 2
    assert "not a course folder, as it has no notebooks" in ended.err


def test_notebooks_and_a_script_are_marked_by_name(run: Callable[..., Ended], tmp_path: Path) -> None:
    """Several files in one command are several students', and a script is read as a notebook is."""
    (tmp_path / "ada.ipynb").write_text(notebook_text(SCALE, TOTAL))
    (tmp_path / "bao.py").write_text(f"# %%\n{SCALE}\n\n# %%\n{TOTAL}\n")

    ended = run("grade", tmp_path / "ada.ipynb", tmp_path / "bao.py", "--workers", 1)

    assert ended.code == 0
    assert re.search(r"ada .* 10 ", ended.out)
    assert re.search(r"bao .* 10 ", ended.out)


def test_a_notebook_of_another_course_is_not_graded(run: Callable[..., Ended], submit: Callable[..., Path]) -> None:
    """It is named, all others are marked, and the run ends with 1."""
    good = submit(SCALE, TOTAL, student="ada")
    stranger = good.parents[2] / "bao" / "notes.ipynb"
    stranger.parent.mkdir()
    stranger.write_text(notebook_text("x = 1", assignment=None))

    ended = run("grade", good.parents[2])

    assert ended.code == 1
    assert "1 graded with seed" in ended.out
    assert "not graded: " in ended.err
    assert "notes.ipynb: not an assignment of this course" in ended.err


def test_a_class_of_troubles_alone_is_told(run: Callable[..., Ended], tmp_path: Path) -> None:
    """Where nothing can be marked, each trouble and each student is named."""
    for student in ("ada", "bao"):
        (tmp_path / "submitted" / student).mkdir(parents=True)
        with zipfile.ZipFile(tmp_path / "submitted" / student / "work.zip", "w") as packed:
            packed.writestr("../../escaped.ipynb", "{}")

    ended = run("grade", tmp_path / "submitted")

    assert ended.code == 1
    assert ended.err.count("path leads out of the archive; skipped") == 2
    assert ended.err.count("handed in no notebook, only work.zip, which contains nothing") == 2
    assert "cannot be looked into" not in ended.err


def test_a_machine_without_a_jail_refuses(
    run: Callable[..., Ended], submit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No student's code runs unprotected unless that is asked for by name."""
    monkeypatch.setattr(bubblewrap, "_packaged", lambda: None)
    monkeypatch.setenv("PATH", "")
    bubblewrap.find.cache_clear()

    ended = run("grade", submit(SCALE))
    bubblewrap.find.cache_clear()

    assert ended.code == 2
    assert (
        "sandbox: bubblewrap is not installed, and students' code runs only inside it. Install it with: pip"
        in ended.err
    )
    assert "--unsafe" in ended.err


def test_a_bubblewrap_that_does_not_work_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said itself is passed on."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "_packaged", lambda: str(program))
    bubblewrap.find.cache_clear()

    with pytest.raises(
        SandboxError, match=r"bubblewrap does not start \('bwrap: No permissions to create new namespace'\)"
    ):
        bubblewrap.find()
    bubblewrap.find.cache_clear()


# --- build and verify ---------------------------------------------------------------------------------------------


def test_build_writes_and_checks(run: Callable[..., Ended], new_course: Callable[..., Path]) -> None:
    """What is built is current until the course or the release changes; --check changes nothing."""
    folder = new_course()

    assert run("build", "--check", course=folder).code == 1
    assert "2 files, 2 changed" in run("build", course=folder).out
    assert run("build", "--check", course=folder).code == 0
    (folder / "release/scaling/scaling.ipynb").write_text("{}")
    ended = run("build", "--check", course=folder)

    assert ended.code == 1
    assert "scaling.ipynb: out of date. Run `autograder build`." in ended.err
    assert (folder / "release/scaling/scaling.ipynb").read_text() == "{}"


def test_answers_are_built_apart(run: Callable[..., Ended], new_course: Callable[..., Path]) -> None:
    """Instructors' notebooks do not lie where students' do."""
    folder = new_course()
    run("build", "--answers", course=folder)

    assert "return x * factor" in (folder / "answers/scaling/scaling.ipynb").read_text()
    assert not (folder / "release").exists()


def test_verify_agrees(run: Callable[..., Ended]) -> None:
    """Model answers get full marks, stubs none."""
    ended = run("verify")

    assert ended.code == 0
    assert "scaling, model answers: 10 of 10, ok" in ended.out
    assert "scaling, stubs: 0 of 10, ok" in ended.out
    assert re.search(r"scale +│ +6 │ +6 │ +6 │", ended.out)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("    return x * factor", "    return x * 2"), "scaling, model answers: 7 of 10, WRONG, expected 10"),
        (("    return np.sum(x)", "    return 0"), "total, sum: wrong value"),
    ],
    ids=["a wrong answer", "another wrong answer"],
)
def test_verify_finds_an_answer_that_is_wrong(
    run: Callable[..., Ended], new_course: Callable[..., Path], change: tuple[str, str], words: str
) -> None:
    """A model answer that does not agree with its reference ends the run with 1, and is named."""
    ended = run("verify", course=new_course(exercises=EXERCISES.replace(*change)))

    assert ended.code == 1
    assert words in ended.out


def test_verify_finds_a_mistake_that_gets_through(run: Callable[..., Ended], new_course: Callable[..., Path]) -> None:
    """Cases that a known mistake gets right are named with the mistake, and end the run with 1."""
    ended = run("verify", course=new_course(exercises=EXERCISES.replace("factor=3)", "factor=2)")))

    assert ended.code == 1
    assert "scale: the visible cases miss S1" in ended.out
    assert "scale: the hidden cases miss S1" in ended.out


def test_verify_finds_marks_for_no_work(run: Callable[..., Ended], new_course: Callable[..., Path]) -> None:
    """It names exercise, answer, behaviour and marks, and ends with 1."""
    given = EXERCISES.replace("[Case(x=draw(rng, 4), factor=3)]", "[Case(x=draw(rng, 4), factor=1)]")
    ended = run("verify", course=new_course(exercises=given))

    assert ended.code == 1
    assert re.search(r"scale +│ argument 1, itself +│ factor +│ +3 │", ended.out)


def test_verify_finds_a_stub_that_gets_marks(new_course: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Released code that solves an exercise is noticed."""
    folder = new_course()
    notebook = folder / "notebooks" / "scaling.py"
    notebook.write_text(
        notebook.read_text().replace('def total(x):\n    raise NotImplementedError("your turn")', TOTAL)
    )

    findings = list(verify.verify(load_course(folder)))

    assert [finding.agrees for finding in findings] == [True, False]
    assert str(findings[1]) == "scaling, stubs: 4 of 10, WRONG, expected 0"


# --- help ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [[], ["build"], ["grade"], ["verify"]], ids=lambda words: words[0] if words else "all"
)
def test_every_verb_has_help_with_an_example(words: list[str]) -> None:
    """What it does, and a command to copy."""
    result = CliRunner().invoke(commands.autograder, [*words, "--help"])

    assert result.exit_code == 0
    assert re.search(r"Examples?:\n +autograder \w+", result.output)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grade"], "Missing argument 'PATHS...'"),
        (["grade", "x", "--workers", "0"], "0 is not in the range x>=1"),
        (["grade", "x", "--seed", "-1"], "-1 is not in the range x>=0"),
        (["mark"], "No such command 'mark'"),
    ],
)
def test_wrong_words_are_wrong_usage(words: list[str], said: str) -> None:
    """click says what is missing; exit 2."""
    result = CliRunner().invoke(commands.autograder, words)

    assert result.exit_code == 2
    assert said in result.output


def test_a_students_install_says_what_grading_needs() -> None:
    """Without the extra, the command names it."""
    code = "import sys; sys.modules['click'] = None; from autograder.cli import main; main()"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603

    assert ended.returncode == 2
    assert "click is not installed. Install everything for grading with: pip install" in ended.stderr
