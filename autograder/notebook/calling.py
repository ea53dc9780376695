"""Calls of a student's function in the student's own process: output is captured, and a slow call says how to stop it.

Nothing stays behind: streams, display and signal handler are restored, and the timer has ended.
"""

from __future__ import annotations

import _thread
import ast
import contextlib
import io
import linecache
import re
import signal
import sys
import sysconfig
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self, TextIO

from autograder.marking.diagnosis.stub import with_stub
from autograder.marking.diagnosis.words import call_of
from autograder.marking.scheme import Trial
from autograder.model import WIDTH, Frame, Outcome, Raised, Returned, Unmarkable
from autograder.numbers import counted
from autograder.sandbox.values import UnmarkableError, kind_of, plain

LIMIT = 64 << 20
LONGEST_TEXT = 500
PATIENCE = 5.0  # seconds
MOST_KEPT = 10_000  # letters that one call prints
MOST_LINES = 5
OURS = str(Path(__file__).parents[1])
NOT_THEIRS = (OURS, *{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}, "<frozen")
HOW_TO_STOP = "To stop it, press the ■ button or choose Kernel > Interrupt; in a terminal, press Ctrl-C."

Frames = Sequence[traceback.FrameSummary]
Start = Callable[[float, Callable[[], None]], Callable[[], None]]


class CheckStopped(KeyboardInterrupt):
    """Raised where a student stops a check; its text is the sentence to read."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it, as IPython asks: the sentence, and none of this package's lines."""
        return [str(self)]


@dataclass(frozen=True)
class Called:
    """What one call did, the text that it printed, and how many pictures it displayed."""

    trial: Trial
    outcome: Outcome
    printed: str = ""
    pictures: int = 0


def start_timer(seconds: float, then: Callable[[], None]) -> Callable[[], None]:
    """Do something later, unless the returned function is called first."""
    timer = threading.Timer(seconds, then)
    timer.daemon = True
    try:
        timer.start()
    except RuntimeError:  # a browser has no threads: no message then, and all else works
        return lambda: None

    def cancel() -> None:
        timer.cancel()
        timer.join()

    return cancel


@dataclass
class Caller:
    """Calls students' functions: `with Caller("check") as caller: caller.call(function, trial)`.

    A call that takes long prints once that it is still running. An interrupt ends everything in `CheckStopped`.

    Attributes:
        who: what the student called: "check" or "hint".
        start: starts the timer.
    """

    who: str
    start: Start = field(default_factory=lambda: start_timer)
    _now: tuple[str, Trial] | None = None
    _inside: bool = False
    _stopped_at: Frames | None = None
    _undo: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __enter__(self) -> Self:
        """Start the timer, and listen for interrupts."""
        stream = sys.stdout
        self._undo.callback(self.start(PATIENCE, lambda: self._say(stream)))
        before = signal.getsignal(signal.SIGINT)
        with contextlib.suppress(ValueError):  # only the main thread hears of signals
            signal.signal(signal.SIGINT, self._interrupted)
            self._undo.callback(signal.signal, signal.SIGINT, before or signal.default_int_handler)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Restore everything; a student who interrupted it reads a sentence."""
        self._undo.close()
        if isinstance(error, KeyboardInterrupt):
            stopped = CheckStopped(self._where(self._stopped_at or _own(traceback.extract_tb(error.__traceback__))))
            _show_without_frames(stopped)
            raise stopped from None

    def call(self, function: Callable[..., Any], trial: Trial) -> Called:
        """Call a function once; whatever it does is an outcome."""
        self._now = str(getattr(function, "__name__", "your function")), trial
        with _kept() as kept:
            outcome = self._outcome(function, trial)
        return Called(trial, outcome, kept.getvalue(), kept.pictures)

    def _outcome(self, function: Callable[..., Any], trial: Trial) -> Outcome:
        try:
            self._inside = True
            value, arguments = trial.call(function)
            after = tuple(plain(argument, LIMIT) for argument in arguments)
            outcome: Outcome = Returned(plain(value, LIMIT), after, kind=kind_of(value))
        except UnmarkableError as error:
            outcome = Unmarkable(str(error))
        except KeyboardInterrupt:
            self._inside = False
            raise
        except BaseException as error:  # noqa: BLE001  a student's function may raise anything
            kinds = [kind.__name__ for kind in type(error).__mro__]
            own = _own(traceback.extract_tb(error.__traceback__))
            raised = Raised(type(error).__name__, _text(error), _frames(own), kinds)
            outcome = with_stub(raised, getattr(function, "__name__", ""), _source(own))
        self._inside = False
        if self._stopped_at is not None:  # the function caught the interrupt and returned
            raise KeyboardInterrupt
        return outcome

    def _interrupted(self, _signal: int, frame: FrameType | None) -> None:
        """Interrupt the function, then interrupt again: a bare `except:` in a loop catches the first interrupt."""
        if self._inside:
            self._stopped_at = self._stopped_at or _own(traceback.extract_stack(frame))
            # not called from here directly: Python would then handle the new interrupt in this function
            _ = [*iter(_thread.interrupt_main, None)]
        elif self._stopped_at is not None:
            return
        raise KeyboardInterrupt

    def _say(self, stream: TextIO) -> None:
        if self._now is not None:
            name, trial = self._now
            with contextlib.suppress(Exception):  # the stream may be anything by now
                stream.write(f"{self.who}: {name} is still running, called with {call_of(trial)}. {HOW_TO_STOP}\n")
                stream.flush()

    def _where(self, frames: Frames) -> str:
        if self._now is None:
            return f"{self.who}: stopped."
        name, trial = self._now
        return f"{self.who}: stopped {name}, called with {call_of(trial)}. {_line(frames)}".rstrip()


# --- where it was ---------------------------------------------------------------------------------------------------


def _frames(own: Frames) -> list[Frame]:
    return [Frame("your code", frame.lineno or 0, frame.line or "") for frame in own]


def _source(own: Frames) -> str:
    """The cell that the innermost frame is in."""
    return "".join(linecache.getlines(own[-1].filename)) if own else ""


def _own(stack: Frames) -> Frames:
    """The student's frames below the call; above it there is the cell with check() in it."""
    called = [place for place, frame in enumerate(stack) if (frame.filename, frame.name) == (__file__, "_outcome")]
    return [frame for frame in stack[max(called, default=0) :] if not frame.filename.startswith(NOT_THEIRS)]


def _line(frames: Frames) -> str:
    """The innermost loop that was running, else the line."""
    for frame in reversed(frames):
        if (loop := _loop_around(frame)) is not None:
            return f"Line {loop}: does this loop ever end? {linecache.getline(frame.filename, loop).strip()}"
    return f"Line {frames[-1].lineno}: {frames[-1].line}" if frames else ""


def _loop_around(frame: traceback.FrameSummary) -> int | None:
    """The first line of the loop around a line; the innermost `while` first, as a `for` usually ends by itself."""
    try:
        tree = ast.parse("".join(linecache.getlines(frame.filename)))
    except SyntaxError:
        return None
    line = frame.lineno or 0
    around = [
        (isinstance(node, ast.While), node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.While | ast.For) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around)[1] if around else None


def _show_without_frames(stopped: CheckStopped) -> None:
    """Make plain Python show only the sentence, as IPython does by itself; the next exception is shown as usual."""
    before = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.excepthook = before
        if error is stopped:
            sys.stderr.write(f"{stopped}\n")
        else:
            before(kind, error, trace)

    if _shell() is None:
        sys.excepthook = show


def _text(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_TEXT]
    except Exception:  # noqa: BLE001  a student's exception may not even have a text
        return ""


# --- what it printed ------------------------------------------------------------------------------------------------


class _Kept(io.StringIO):
    """Captured text, up to a limit, and a count of pictures."""

    def __init__(self, screen: TextIO) -> None:
        super().__init__()
        self._screen = screen
        self.pictures = 0

    def write(self, text: str) -> int:
        """Capture it, unless a debugger is talking to the student."""
        if sys.gettrace() is not None:
            return self._screen.write(text)
        super().write(text[: max(MOST_KEPT - self.tell(), 0)])
        return len(text)

    def display(self, *_data: Any, **_options: Any) -> None:
        """Count a picture instead of showing it."""
        self.pictures += 1

    def close(self) -> None:
        """Stay open: a student's function does not own this stream."""


@contextlib.contextmanager
def _kept() -> Iterator[_Kept]:
    kept = _Kept(sys.stdout)
    shell = _shell()
    with contextlib.redirect_stdout(kept), contextlib.redirect_stderr(kept):
        if shell is None:
            yield kept
            return
        shell.display_pub.publish = kept.display
        try:
            yield kept
        finally:
            del shell.display_pub.publish


def _shell() -> Any:
    """IPython's shell, where a notebook or IPython runs; None elsewhere."""
    get = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return None if get is None else get()


def newest_does_not_compile(name: str) -> str | None:
    """Say why the newest cell that defines a function does not compile, which leaves an older one; else None."""
    shell = _shell()
    if shell is None:
        return None
    defines = re.compile(rf"^\s*def {re.escape(name)}\b", re.MULTILINE)
    newest = next((cell for cell in reversed(shell.user_ns.get("In", [])) if defines.search(cell)), "")
    try:
        compile(shell.transform_cell(newest), "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        return f"does not compile: line {error.lineno}, {type(error).__name__}: {error.msg}"
    return None


def printed(calls: Sequence[Called], arguments: str = "") -> str:
    """The output to show: the first lines that one call printed.

    Args:
        calls: all of them.
        arguments: those of the call to show, if it printed anything; otherwise the first call that did is shown.

    Returns:
        A few lines; empty if nothing was printed.
    """
    loud = [call for call in calls if call.printed.strip() or call.pictures]
    if not loud:
        return ""
    shown = next((call for call in loud if call_of(call.trial) == arguments), loud[0])
    lines = shown.printed.strip("\n").splitlines() if shown.printed.strip() else []
    left = len(lines) - MOST_LINES
    more = [counted(left, "more line")] if left > 0 else []
    more += [counted(shown.pictures, "picture")] if shown.pictures else []
    more += ["the output of other calls"] if loud[1:] else []
    rest = [f"(not shown: {', '.join(more)})"] if more else []
    kept = [line if len(line) <= WIDTH else f"{line[:WIDTH]} ..." for line in lines[:MOST_LINES]]
    return "\n".join([f"Printed when called with {call_of(shown.trial)}:", *(f"  {line}" for line in [*kept, *rest])])
