"""Calling a student's function in a notebook: what is said of one that does not end, and what of one that prints."""

from __future__ import annotations

import _thread
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from autograder import check, hint
from autograder.course.folder import Course
from autograder.marking.scheme import Trial
from autograder.notebook.calling import Caller, CheckStopped, printed, start_timer
from autograder.release import build

TRIAL = Trial("any", [("x", np.zeros((2, 3))), ("factor", 2)], 1, visible=True, expected=np.zeros((2, 3)))


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Streams, signal handler and threads are afterwards what they were."""
    before = sys.stdout, sys.stderr, signal.getsignal(signal.SIGINT), threading.active_count()
    hook = sys.excepthook
    yield
    sys.excepthook = hook  # the hook waits for an exception to be shown
    assert (sys.stdout, sys.stderr, signal.getsignal(signal.SIGINT), threading.active_count()) == before


@pytest.fixture
def release(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand where a released notebook stands."""
    build.write(build.release(course, course.assignments[0]), tmp_path)
    monkeypatch.chdir(tmp_path / "scaling")
    return tmp_path / "scaling"


class Clock:
    """A timer that rings when it is told to."""

    def __init__(self) -> None:
        self.rings: Callable[[], None] = lambda: None
        self.cancelled = 0

    def start(self, _seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        """Set it."""
        self.rings = then
        return self.cancel

    def cancel(self) -> None:
        """Count that it was ended."""
        self.cancelled += 1


def test_a_long_call_says_how_to_stop_it(capsys: pytest.CaptureFixture[str]) -> None:
    """It names the call that is running, on the screen and not among what the function prints."""
    clock = Clock()

    def slow(x: Any, factor: int) -> Any:
        print("inside")  # noqa: T201  a student's
        clock.rings()
        return x

    with Caller("check", clock.start) as caller:
        called = caller.call(slow, TRIAL)

    said = capsys.readouterr().out
    assert said.startswith("check: slow is still running, called with x (2, 3), factor=2. To stop it, press the ■")
    assert said.count("\n") == 1
    assert called.printed == "inside\n"
    assert clock.cancelled == 1


def test_where_no_thread_can_be_started_all_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser has none."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)

    with Caller("check", start_timer) as caller:
        assert caller.call(lambda x, factor: x, TRIAL).outcome.value.shape == (2, 3)  # type: ignore[union-attr]


def test_a_check_in_another_thread_runs_as_well(release: Path) -> None:
    """Only the main thread may listen for signals."""
    told: list[str] = []

    def scale(x: Any, factor: int = 2) -> Any:
        return x * factor

    thread = threading.Thread(target=lambda: told.append(repr(check(scale, key=release / "answer_key.json"))))
    thread.start()
    thread.join()

    assert told == ["scale: all 4 visible cases are right. Hidden cases decide the mark."]


LOOPS = {
    "plain": """
def scale(x, factor=2):
    i = 0
    while i < 3:
        stop()
""",
    "catches it once": """
def scale(x, factor=2):
    try:
        while True:
            stop()
    except KeyboardInterrupt:
        return x * factor
""",
    "catches it always": """
def scale(x, factor=2):
    while True:
        try:
            stop()
        except:
            pass
""",
    "catches it twice over": """
def scale(x, factor=2):
    while True:
        try:
            while True:
                try:
                    stop()
                except:
                    continue
        except BaseException:
            continue
""",
    "makes something else of it": """
def scale(x, factor=2):
    while True:
        try:
            stop()
        except KeyboardInterrupt:
            raise ValueError("stopped")
""",
}
LINE = {"plain": 4, "catches it twice over": 5, "catches it once": 4}


def written(source: str, folder: Path, **names: Any) -> Any:
    """The function `scale` of a file, so that its lines can be read."""
    file = folder / "cell.py"
    file.write_text(source)
    namespace = {"np": np, **names}
    exec(compile(source, str(file), "exec"), namespace)  # noqa: S102  the words above
    return namespace["scale"]


@pytest.mark.parametrize("asked", [check, hint], ids=["check", "hint"])
@pytest.mark.parametrize("loop", LOOPS)
def test_an_interrupt_ends_in_a_sentence(release: Path, loop: str, asked: Callable[..., Any]) -> None:
    """It names the student's loop and the call; a function that catches everything is stopped as well."""
    function = written(LOOPS[loop], release, stop=_thread.interrupt_main)

    with pytest.raises(CheckStopped) as stopped:
        asked(function)

    who = "check" if asked is check else "hint"
    line = LINE.get(loop, 3)
    source = LOOPS[loop].splitlines()[line - 1].strip()
    assert str(stopped.value) == (
        f"{who}: stopped scale, called with x (1, 2). Line {line}: does this loop ever end? {source}"
    )
    assert stopped.value._render_traceback_() == [str(stopped.value)]
    assert isinstance(stopped.value, KeyboardInterrupt)
    assert stopped.value.__suppress_context__


def test_without_a_loop_the_line_is_named(release: Path) -> None:
    """What waits or calls itself is no loop."""
    function = written("def scale(x, factor=2):\n    stop()\n    return x", release, stop=_thread.interrupt_main)

    with pytest.raises(CheckStopped, match=r"Line 2: stop\(\)$"):
        check(function)


BELL = """
import threading
import autograder.notebook.calling
from autograder import check
def start(seconds, then):
    global bell
    bell = threading.Thread(target=then)
    return lambda: None
autograder.notebook.calling.start_timer = start
"""
ENDLESS = """def scale(x, factor=2):
    bell.start()
    while True:
        pass
check(scale)
"""


def test_a_notebook_can_be_stopped(release: Path) -> None:
    """In a real kernel: one word that it still runs, the sentence alone, and the cell after it does not run."""
    manager, client = start_new_kernel(cwd=str(release))
    try:
        client.execute_interactive(BELL)
        loop = client.execute(ENDLESS)
        after = client.execute("print('later')")
        words = ""
        while "Ctrl-C" not in words:
            message = client.get_iopub_msg(timeout=20)
            assert message["msg_type"] != "stream" or message["parent_header"]["msg_id"] == loop
            words += message["content"].get("text", "")
        manager.interrupt_kernel()
        replies = {reply["parent_header"]["msg_id"]: reply["content"] for reply in _replies(client, loop, after)}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    assert words.startswith("check: scale is still running, called with x (1, 2). To stop it")
    assert replies[loop]["traceback"] == [
        "check: stopped scale, called with x (1, 2). Line 3: does this loop ever end? while True:"
    ]
    assert replies[after]["status"] == "aborted"


def _replies(client: Any, *ids: str) -> Iterator[Any]:
    left = set(ids)
    while left:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"]["msg_id"] in left:
            left.remove(reply["parent_header"]["msg_id"])
            yield reply


def test_plain_python_shows_the_sentence_alone(release: Path) -> None:
    """And the next exception as ever."""
    script = "\n".join(
        [
            "import _thread, sys",
            "from autograder import check",
            "def scale(x, factor=2):",
            "    while True:",
            "        _thread.interrupt_main()",
            "try:",
            "    check(scale)",
            "except KeyboardInterrupt as error:",
            "    sys.excepthook(type(error), error, error.__traceback__)",
            "1 / 0",
        ]
    )
    (release / "script.py").write_text(script)

    done = subprocess.run([sys.executable, "script.py"], cwd=release, capture_output=True, text=True, check=False)

    first, *rest = done.stderr.splitlines()
    assert first == "check: stopped scale, called with x (1, 2). Line 4: does this loop ever end? while True:"
    assert rest[0] == "Traceback (most recent call last):"
    assert "ZeroDivisionError" in rest[-1]


# --- what it prints -------------------------------------------------------------------------------------------------


def test_the_verdict_comes_before_what_was_printed(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A few lines of the call that the message is about; warnings count as well, and nothing else is on the screen."""

    def scale(x: Any, factor: int = 2) -> Any:
        for number in range(20):
            print("line", number, "long " * (50 if number == 1 else 0))  # noqa: T201  a student's
        sys.stderr.write("a warning\n")
        return x * 2

    text = repr(check(scale))
    first, _, rest = text.partition("\n\nPrinted when called with ")

    assert first.startswith("scale, factor: ")
    assert rest.splitlines()[0] == "x (4,), factor=3:"
    assert rest.splitlines()[1] == "  line 0 "
    assert rest.splitlines()[2].endswith(" ...")
    assert rest.splitlines()[-1] == "  (not shown: 16 more lines, the output of other calls)"
    assert capsys.readouterr() == ("", "")


def test_right_functions_may_print_as_well(release: Path) -> None:
    """The verdict stands above; a notebook shows what was printed as text."""

    def scale(x: Any, factor: int = 2) -> Any:
        if factor == 3:
            print("<b>three</b>")  # noqa: T201  a student's
        return x * factor

    def wrong(x: Any, factor: int = 2) -> Any:
        print("<b>three</b>")  # noqa: T201  a student's
        return x

    wrong.__name__ = "scale"
    told = "scale: all 4 visible cases are right. Hidden cases decide the mark."
    assert repr(check(scale)) == f"{told}\n\nPrinted when called with x (4,), factor=3:\n  <b>three</b>"
    assert "&lt;b&gt;three" in str(check(wrong)._repr_html_())


def test_output_without_end_is_cut(release: Path) -> None:
    """What is kept of it is a few thousand letters."""
    with Caller("check", Clock().start) as caller:
        called = caller.call(lambda x, factor: [print("x" * 999) for _ in range(1000)], TRIAL)  # noqa: T201  a student's

    assert len(called.printed) == 10_000
    assert len(printed([called])) < 1_000


def test_pictures_are_counted(release: Path) -> None:
    """A function that shows a picture in each call does not push the verdict off the screen."""
    code = """
from IPython.testing.globalipapp import start_ipython
shell = start_ipython()
from IPython.display import HTML, display
from autograder import check
def scale(x, factor=2):
    display(HTML("picture"))
    return x * factor
print(repr(check(scale)))
display(HTML("another"))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=release, capture_output=True, text=True, check=False)  # noqa: S603  our own words

    assert "(not shown: 1 picture, the output of other calls)" in done.stdout
    assert done.stdout.rstrip().endswith("<IPython.core.display.HTML object>")
    assert done.stdout.count("HTML object") == 1


def test_a_function_from_an_older_cell_is_not_looked_at(release: Path) -> None:
    """Where the newest cell that defines it does not compile, that is said of it, and nothing of the older one."""
    code = """
from IPython.testing.globalipapp import start_ipython
shell = start_ipython()
for cell in (
    "from autograder import check, hint",
    "def scale(x, factor=2):\\n    return x * factor",
    "def scale(x, factor=2)\\n    return x",
    "check(scale)",
    "hint(scale)",
    "%time\\ndef scale(x, factor=2):\\n    return x * factor",
    "check(scale)",
):
    shell.run_cell(cell, store_history=True)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=release, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    said = "the newest cell with scale does not compile: line 1, SyntaxError: expected ':'. Fix it and run that cell"

    assert done.stdout.count(f"check: {said}") == 1
    assert done.stdout.count(f"hint: {said}") == 1
    assert done.stdout.count("all 4 visible cases are right") == 1


def test_a_function_that_prints_its_result_is_told_so(release: Path) -> None:
    """Where nothing is ever returned, `print` is named; where something is, a missing return."""

    def scale(x: Any, factor: int = 2) -> Any:
        print(x * factor)  # noqa: T201  a student's

    text = repr(check(scale))
    assert "returned None" in text
    assert "it prints its result: `print` shows a value but returns nothing" in text

    def now_and_then(x: Any, factor: int = 2) -> Any:
        print(x)  # noqa: T201  a student's
        return None if factor == 3 else x * factor

    now_and_then.__name__ = "scale"
    assert "probably a branch without a `return`" in repr(check(now_and_then))
