"""A student's code in its jail: what comes out, what is stopped, and what goes on after that."""

from __future__ import annotations

import errno
import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.marking.diagnosis.exceptions import meaning
from autograder.model import Cell, Ended, NotRun, Outcome, Raised, Returned, Stopped, Unmarkable
from autograder.sandbox.jails import Jails
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import MOST_RESTARTS, TOO_OFTEN, Call, Run, run

# Nothing that comes back is stopped; what never does need not be waited for.
PATIENT = Limits(call_seconds=30, cell_seconds=30, exercise_seconds=300, notebook_seconds=300)
SHORT = Limits(call_seconds=1, cell_seconds=1, exercise_seconds=300, notebook_seconds=300, patience=2)
# What computes for so many seconds, and what waits.
COMPUTES = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass"
WAITS = "import time\ntime.sleep({seconds})"
GOOD = "def good(x):\n    return x + 1"


def run_cells(*sources: str, calls: Sequence[Call] = (), names: Sequence[str] = (), limits: Limits = PATIENT) -> Run:
    """Run these cells and ask these calls."""
    with Jails() as jails:
        return run(
            [Cell(f"cell {number}", source) for number, source in enumerate(sources, 1)], calls, names, limits, jails
        )


def call(function: str, *arguments: Any, behaviour: str = "any", **named: Any) -> Call:
    """A call with these arguments."""
    return Call(function, behaviour, [*arguments, *named.values()], list(named))


def outcome_of(source: str, *arguments: Any, limits: Limits = PATIENT) -> Outcome:
    """What f does when it is called."""
    return run_cells(source, calls=[call("f", *(arguments or (1,)))], limits=limits).calls[0]


def value_of(outcome: Outcome) -> Any:
    """The value that came back."""
    assert isinstance(outcome, Returned), outcome
    return outcome.value


def test_cells_share_names_and_calls_return_values() -> None:
    """Cells run once, in order, in one namespace; positional and named arguments reach the function."""
    done = run_cells(
        "factor = 3",
        "def f(x, shift=0):\n    return x * factor + shift",
        calls=[call("f", np.arange(3), shift=1)],
        names=["factor", "no"],
    )

    np.testing.assert_array_equal(value_of(done.calls[0]), [1, 4, 7])
    assert [value_of(value) for value in done.values] == [3, None]
    assert done.remarks == []


def test_arguments_come_back_when_asked_for() -> None:
    """The grader sees what became of the arguments."""
    source = "def f(x):\n    x[0] = 9\n    return 1"
    asked = Call("f", "any", [np.zeros(2)], want_arguments=True)

    outcome = run_cells(source, calls=[asked, call("f", np.zeros(2))]).calls

    assert isinstance(outcome[0], Returned)
    assert isinstance(outcome[1], Returned)
    np.testing.assert_array_equal((outcome[0].arguments or [None])[0], [9, 0])
    assert outcome[1].arguments is None


@pytest.mark.parametrize(
    ("source", "type_", "message", "line"),
    [
        ("def f(x):\n    y = 1\n    return x[y]", "TypeError", "not subscriptable", 3),
        ("def f(x):\n    return undefined", "NameError", "'undefined' is not defined", 2),
        ("def f(x):\n    raise SystemExit(3)", "SystemExit", "3", 2),
        ("def f(x):\n    return f(x)", "RecursionError", "recursion", 2),
        ("import numpy as np\ndef f(x):\n    return np.ones(5 * 10**9)", "MemoryError", "Unable to allocate", 3),
        ("import numpy as np\ndef f(x):\n    return np.ones((2, 3)) @ np.ones((2, 3))", "ValueError", "mismatch", 3),
    ],
)
def test_an_exception_tells_the_students_own_line(source: str, type_: str, message: str, line: int) -> None:
    """An exception of any class is an outcome, with the line of the student's code."""
    outcome = outcome_of(source)

    assert isinstance(outcome, Raised)
    assert outcome.type == type_
    assert message in outcome.message
    assert (outcome.frames[-1].cell, outcome.frames[-1].line) == ("cell 1", line)


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ("while True:\n        pass", Stopped(1)),
        ("while True:\n        try:\n            while True: pass\n        except BaseException: pass", Stopped(1)),
        ("import time; time.sleep(100)", Stopped(2, waiting=True)),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP); signal.pause()", Stopped(2, waiting=True)),
        ("import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass", Stopped(1)),
        ("import re; re.match('(a+)+b', 'a' * 60)", Stopped(1)),
        ("import ctypes; ctypes.CDLL(None).prctl(1, 0)\n    while True: pass", Stopped(1)),
    ],
    ids=[
        "loop",
        "swallowed exceptions",
        "sleep",
        "a halt",
        "blocked signals",
        "a loop in C",
        "no death with its parent",
    ],
)
def test_a_call_that_does_not_end_is_stopped(body: str, limit: Stopped) -> None:
    """Whatever a call does, it is stopped soon after its limit, and the outcome says which limit that was."""
    start = time.monotonic()
    outcome = outcome_of(f"def f(x):\n    {body}", limits=SHORT)

    assert outcome == limit
    assert time.monotonic() - start < 30  # a bound against hanging for ever, not a measurement


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os; os._exit(0)", "its process exited (status 0)"),
        ("import os; os._exit(7)", "its process exited (status 7)"),
        ("import os; os._exit(160)", "its process exited (status 160)"),
        ("import ctypes; ctypes.string_at(0)", "its process was killed by SIGSEGV"),
        ("import os\n    for d in range(3, 60):\n        try: os.close(d)\n        except OSError: pass", ""),
    ],
    ids=[
        "exit",
        "exit with a status",
        "exit with a status that is no signal's",
        "segmentation fault",
        "every descriptor closed",
    ],
)
def test_a_process_that_ends_is_told(body: str, words: str) -> None:
    """A call that takes the process down is an outcome."""
    outcome = outcome_of(f"def f(x):\n    {body}")

    assert isinstance(outcome, Ended)
    assert words in outcome.how


def test_bytes_that_are_no_reply_end_the_jail() -> None:
    """Code that writes to the grader's pipe itself gets nothing for it."""
    body = "import os\n    for d in range(3, 20):\n        try: os.write(d, b'x' * 100)\n        except OSError: pass"

    outcome = outcome_of(f"def f(x):\n    {body}")

    assert outcome == Ended("it sent the grader bytes that are not a valid reply")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError('\\ud800')", "ValueError"),
        ("return '\\ud800'", "'?'"),
        ("return ['a'] * 40_000", "a list of 40,000 different things; at most 1,000 can be graded"),
    ],
    ids=["half a letter raised", "half a letter returned", "a long list"],
)
def test_strange_values_are_no_offence(body: str, words: str) -> None:
    """What cannot be sent as it is, is sent as well as can be, or told; it is not taken for an attack."""
    outcome = outcome_of(f"def f(x):\n    {body}")

    assert not isinstance(outcome, Ended)
    assert words in str(outcome)


def test_an_object_cannot_be_marked() -> None:
    """A generator does not cross the wire."""
    outcome = outcome_of("def f(x):\n    yield x")

    assert isinstance(outcome, Unmarkable)
    assert outcome.what.startswith("a generator: ")


def test_what_comes_after_a_stopped_call_is_still_run() -> None:
    """The jail is started again; the rest of the behaviour is left out, other functions go on."""
    loop = "def f(x):\n    while x: pass\n    return x"
    calls = [call("f", 1), call("f", 0), call("f", 0, behaviour="other"), call("good", 1)]

    outcomes = run_cells(loop, GOOD, calls=calls, limits=SHORT).calls

    assert outcomes[0] == Stopped(1)
    assert outcomes[1] == NotRun("an earlier call did not return")
    assert [value_of(outcome) for outcome in outcomes[2:]] == [0, 2]


def test_a_function_has_its_seconds_and_no_more() -> None:
    """A function that hangs in every behaviour is given up; the next one is not."""
    calls = [*(call("f", 1, behaviour=str(number)) for number in range(5)), call("good", 1)]

    outcomes = run_cells(
        "def f(x):\n    while True: pass",
        GOOD,
        calls=calls,
        limits=Limits(call_seconds=1, exercise_seconds=1.5, notebook_seconds=300),
    ).calls

    assert outcomes[:2] == [Stopped(1), Stopped(1)]
    assert outcomes[2:5] == [NotRun("f had used up its 1.5 s of CPU time")] * 3
    assert value_of(outcomes[5]) == 2


@pytest.mark.parametrize(("body", "limit"), [(COMPUTES, "3 s of CPU time"), (WAITS, "6 s of waiting")])
def test_cells_have_the_notebooks_seconds_and_no_more(body: str, limit: str) -> None:
    """Many slow cells do not add up: those behind are left out, and what was there before is still called."""
    cells = [GOOD, *[body.format(seconds=0.9)] * 20]

    done = run_cells(*cells, calls=[call("good", 1)], limits=Limits(cell_seconds=10, cells_seconds=3, patience=2))

    assert [value_of(outcome) for outcome in done.calls] == [2]
    assert f"was skipped: the cells before it had used up their {limit}" in done.remarks[-1]


def test_a_notebook_has_its_seconds_and_no_more() -> None:
    """When the notebook's time is up the rest is not run."""
    limits = Limits(call_seconds=5, notebook_seconds=5)

    outcomes = run_cells(
        "def f(x):\n    while True: pass", GOOD, calls=[call("f", 1), call("good", 1)], limits=limits
    ).calls

    assert outcomes[1] == NotRun("the notebook had used up its 5 s of CPU time")


def test_waiting_is_not_computing() -> None:
    """A call may wait for longer than it may compute, and is not slow for it."""
    limits = Limits(call_seconds=0.5, patience=20)

    outcome = outcome_of("import time\ndef f(x):\n    time.sleep(1)\n    return x", limits=limits)

    assert isinstance(outcome, Returned)
    assert outcome.seconds < 0.5


@pytest.mark.parametrize(
    ("cell", "remark"),
    [
        ("while True: pass", "cell 2 was skipped: stopped after 1 s of CPU time"),
        ("import os; os._exit(0)", "cell 2 was skipped: its process exited (status 0)"),
        ("x = 1 / 0", "cell 2, line 1: ZeroDivisionError: division by zero"),
        ("def broken(:", "cell 2, line 1: SyntaxError"),
        ("import scipy", "scipy is not available: answers may use NumPy and Python's standard library"),
    ],
    ids=["loop", "exit", "exception", "syntax", "library"],
)
def test_a_bad_cell_loses_only_itself(cell: str, remark: str) -> None:
    """A cell that does not go through is told, and the cells around it count."""
    done = run_cells("def f(x):\n    return x", cell, GOOD, calls=[call("f", 1), call("good", 1)], limits=SHORT)

    assert [value_of(outcome) for outcome in done.calls] == [1, 2]
    assert len(done.remarks) == 1
    assert remark in done.remarks[0]


@pytest.mark.parametrize(
    ("above", "remarks"),
    [
        ("import torch", ["cell 1, line 1: ModuleNotFoundError: torch is not available"]),
        ("import torch, math\nmath.pi", ["cell 1, line 1: ModuleNotFoundError: torch is not available"]),
        ("a = 1; b = 1 / 0; c = 1\nc", ["cell 1, line 1: ZeroDivisionError"]),
        (
            "done = []\ndone.append(1)\n1 / 0\ndone.append(2)\nassert done == [1, 2]",
            ["cell 1, line 3: Zero"],
        ),
        ("def h():\n    1 / 0\n\nh()\nh()", ["cell 1, line 4: Zero", "cell 1, line 5: Zero"]),
        ("x = [\n    1,\n    1 / 0,\n]\nfor i in 1, 2:\n    i / 0", ["cell 1, line 3: Zero", "cell 1, line 6: Zero"]),
        ("@undefined\ndef h():\n    pass", ["cell 1, line 1: NameError"]),
        ("x = (1,\n", ["cell 1, line 1: SyntaxError: '(' was never closed"]),
        ("return 3", ["cell 1, line 1: SyntaxError: 'return' outside function"]),
        ("def h()\n    pass\n\n\nx = 1 +\n", ["cell 1, line 1: SyntaxError", "cell 1, line 5: SyntaxError"]),
        ("if x:\n  y\n z\n", ["cell 1, line 3: IndentationError"]),
        ("%matplotlib inline\nx = = 1", ["cell 1: skipped code that only IPython", "cell 1, line 2: SyntaxError"]),
        ("raise KeyError", ["cell 1, line 1: KeyError"]),
    ],
)
def test_a_failing_statement_costs_only_what_needs_it(above: str, remarks: list[str]) -> None:
    """The statements before and behind it run, each once, and its line is told."""
    done = run_cells(f"{above}\n{GOOD}", calls=[call("good", 1)])

    assert value_of(done.calls[0]) == 2
    assert len(done.remarks) == len(remarks)
    assert all(found.startswith(words) for found, words in zip(done.remarks, remarks, strict=True)), done.remarks


def test_what_ends_a_cell_ends_all_of_it() -> None:
    """Behind an exit nothing of the cell runs, as in a notebook; later cells do."""
    done = run_cells(f"raise SystemExit\n{GOOD}", "x = 1", calls=[call("good", 1)], names=["x"])

    assert isinstance(done.calls[0], Raised)
    assert value_of(done.values[0]) == 1
    assert done.remarks == ["cell 1, line 1: SystemExit"]


STUB = "def f(x):\n    raise NotImplementedError('your turn')"


@pytest.mark.parametrize(
    ("cell", "type_", "message", "line"),
    [
        ("def f(x):\n    return (x", "SyntaxError", "'(' was never closed", 2),
        ("x = 1\ndef f(x)\n    return x", "SyntaxError", "expected ':'", 2),
        ("f = = 3", "SyntaxError", "invalid syntax", 1),
        ("@undefined\ndef f(x):\n    return x", "NameError", "name 'undefined' is not defined", 1),
        ("from numba import njit\n@njit\ndef f(x): return x", "NameError", "as `from numba import njit` failed", 2),
    ],
)
def test_a_function_whose_definition_failed_says_so(cell: str, type_: str, message: str, line: int) -> None:
    """It is not taken for one that is not begun: its call tells the error of its cell, with the line."""
    for before in (STUB, "pass"):
        outcome = run_cells(before, cell, calls=[call("f", 1)]).calls[0]

        assert isinstance(outcome, Raised)
        assert outcome.type == type_
        assert message in outcome.message
        assert (outcome.frames[-1].cell, outcome.frames[-1].line) == ("cell 2", line)


def test_a_definition_that_fails_leaves_an_earlier_one() -> None:
    """As in a notebook, whose kernel keeps it."""
    done = run_cells(GOOD, "def good(x):\n    return (", calls=[call("good", 1)])

    assert value_of(done.calls[0]) == 2


def test_a_name_that_an_import_did_not_set_is_explained() -> None:
    """Where it is missing, the line that should have set it is told, in the cell where it stands."""
    outcome = run_cells("import torch", "def f(x):\n    return torch.ones(3)", calls=[call("f", 1)]).calls[0]

    assert isinstance(outcome, Raised)
    assert outcome.message == (
        "name 'torch' is not defined, as `import torch` failed (cell 1, line 1: ModuleNotFoundError)"
    )


NEWER, SAME = "3.99.1", "3.11.0"
HERE = f"graded with Python {platform.python_version()}"
NUMPY = f"{HERE} and NumPy {np.__version__}"
THERE = "the notebook was written with 3.99.1"


@pytest.mark.parametrize(
    ("cell", "written_with", "words"),
    [
        ("def f(x):\n    return x ! 3", NEWER, f"({HERE}; {THERE})"),
        ("def f(x):\n    return x ! 3", SAME, "invalid syntax"),
        ("def f(x):\n    return x ! 3", "", "invalid syntax"),
        ("def f(x):\n    return t'{x}' ! 3", "", f"({HERE})"),
        ("import math\ndef f(x):\n    return math.new(x)", NEWER, f"({HERE}; {THERE})"),
        ("import math\ndef f(x):\n    return math.new(x)", SAME, "module 'math' has no attribute 'new'"),
        (
            "from itertools import new\ndef f(x): return new(x)",
            NEWER,
            f"({HERE}; the notebook was written with 3.99.1)",
        ),
        ("import numpy as np\ndef f(x):\n    return np.new(x)", SAME, f"(graded with NumPy {np.__version__})"),
        (
            "import numpy as np\ndef f(x):\n    return np.new(x)",
            NEWER,
            f"{HERE} and NumPy {np.__version__}; the notebook",
        ),
    ],
)
def test_versions_are_named_where_they_differ(cell: str, written_with: str, words: str) -> None:
    """Syntax or a name of a library that the grader's is too old for is told with both versions."""
    with Jails() as jails:
        cells = [Cell("cell 0", STUB), Cell("cell 1", cell)]
        done = run(cells, [call("f", 1)], [], PATIENT, jails, written_with=written_with)

    outcome = done.calls[0]
    assert isinstance(outcome, Raised)
    assert words in outcome.message
    assert ("graded with" in outcome.message) == ("graded with" in words)


def test_cells_may_await() -> None:
    """What needs no event loop is awaited; what does is told, and costs only its own statement."""
    done = run_cells(
        "import asyncio\nasync def g(): return 1\nx = await g()\nawait asyncio.sleep(0)",
        "await asyncio.sleep(1)\nasync with lock: pass\ny = [await g() for _ in range(2)]",
        names=["x", "y"],
    )

    assert [value_of(value).tolist() for value in done.values] == [1, [1, 1]]
    assert "no running event loop. Event loops (`asyncio`) work in a notebook" in done.remarks[0]
    assert "name 'lock' is not defined" in done.remarks[1]


def test_imports_from_the_future_hold_for_later_cells() -> None:
    """As they do in a notebook, also in a cell in which something fails."""
    cells = [
        "from __future__ import annotations\n1 / 0\ndef f(x: Undefined): return x",
        "def g(x: Undefined): return x",
    ]

    done = run_cells(*cells, calls=[call("f", 1), call("g", 1)])

    assert [value_of(outcome) for outcome in done.calls] == [1, 1]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import threading\n    threading.Thread(target=print).start()", "Threads and processes work in a notebook"),
        ("from concurrent.futures import ThreadPoolExecutor as P\n    with P(2) as p: p.map(abs, [1])", "Threads and"),
        ("import multiprocessing\n    multiprocessing.Pool(2)", "Processes and shared memory"),
        ("import subprocess\n    subprocess.run(['ls'])", "Processes, event loops and network connections"),
        ("import asyncio\n    async def g(): return 1\n    return asyncio.run(g())", "Processes, event loops"),
        ("import asyncio\n    return asyncio.get_running_loop()", "Event loops (`asyncio`)"),
        ("return float(input('x'))", "`input()` works in a notebook"),
        ("breakpoint()\n    return x", "`breakpoint()` and `pdb` work in a notebook"),
        ("import urllib.request\n    urllib.request.urlopen('http://example.org')", "There is no network"),
    ],
)
def test_what_a_notebook_has_and_a_jail_has_not_is_told(code: str, words: str) -> None:
    """In a function it is the meaning of what it raises; in a cell, a part of the remark."""
    outcome = outcome_of(f"def f(x):\n    {code}")
    remarks = run_cells(f"def f(x):\n    {code}\nf(1)", names=["x"]).remarks

    assert isinstance(outcome, Raised)
    found = meaning(outcome)
    assert found is not None
    assert words in found.says
    assert words in remarks[0]


@pytest.mark.parametrize(
    "cell",
    [
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nfig, (a, b) = plt.subplots(1, 2)\na.imshow([[1]])",
        "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))",
        "from autograder import check\ncheck(print)",
        "from course import figures\nfigures.strip([1], [1])",
        "import matplotlib as m\nwith m.rc_context():\n    pass",
        "for axis in __import__('matplotlib.pyplot').pyplot.axes: axis.plot()",
        "display(3)\nget_ipython().run_line_magic('x', '')",
        "import warnings, sys\nwarnings.warn('careful')\nprint('careful', file=sys.stderr)",
        "print('x' * 10_000_000)",
    ],
    ids=["plots", "display", "check", "figures", "context", "loop over axes", "shell", "warnings", "flood"],
)
def test_what_students_mix_into_answers_does_no_harm(cell: str) -> None:
    """Plotting, display, check() and output are inert: the function defined beside them works."""
    done = run_cells(f"{cell}\n{GOOD}", calls=[call("good", 1)])

    assert done.remarks == []
    assert value_of(done.calls[0]) == 2


@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        (f"%matplotlib inline\n!pip install numpy\n{GOOD}", "lines 1, 2"),
        (f"%%time\n{GOOD}", "line 1"),
        (f"files = !ls\n{GOOD}\ngood?", "lines 1, 4"),
        (f"if True:\n    %time\n{GOOD}", "line 2"),
        (f"!pip install \\\n  torch\nx = (3\n% 2)\na, b = !ls\n{GOOD}", "lines 1, 2, 5"),
    ],
)
def test_lines_for_ipython_are_left_out(cell: str, lines: str) -> None:
    """Magics and shell lines are skipped, with a remark; the rest of the cell runs."""
    done = run_cells(cell, calls=[call("good", 1)])

    assert value_of(done.calls[0]) == 2
    assert done.remarks == [f"cell 1: skipped code that only IPython understands ({lines})"]


def test_remarks_have_an_end() -> None:
    """A notebook of cells that fail is told so in twenty sentences, and a number."""
    remarks = run_cells(*["1 / 0"] * 30, names=["x"]).remarks

    assert len(remarks) == 21
    assert remarks[-1] == "and 10 more remarks on cells"


def test_a_jail_is_started_again_so_often_and_no_more() -> None:
    """To start it takes time that no limit of a submission counts, and a notebook may have thousands of cells."""
    ends = ["import os\nos._exit(0)"] * (MOST_RESTARTS + 1)

    enough = run_cells(GOOD, *ends[1:], calls=[call("good", 1)])
    too_many = run_cells(GOOD, *ends, *ends, calls=[call("good", 1)])

    assert value_of(enough.calls[0]) == 2
    assert isinstance(too_many.calls[0], Raised)
    assert too_many.remarks == [TOO_OFTEN]


def test_cells_are_compiled_as_in_a_notebook() -> None:
    """No setting of the grader's own files reaches a student's code: annotations are evaluated."""
    assert value_of(outcome_of("def f(x: int):\n    return f.__annotations__['x'] is int"))


def test_a_line_that_looks_like_a_magic_is_kept() -> None:
    """Text in a string is not touched."""
    assert value_of(outcome_of('def f(x):\n    return """\n%matplotlib\n"""')) == "\n%matplotlib\n"


def test_a_cell_in_another_language_is_left_out() -> None:
    """A shell cell defines nothing and breaks nothing."""
    done = run_cells("%%bash\nrm -rf {x}", GOOD, calls=[call("good", 1)])

    assert value_of(done.calls[0]) == 2
    assert "only IPython understands (lines 1, 2)" in done.remarks[0]


@pytest.mark.parametrize(
    "body",
    [
        "return open({path!r}).read()",
        "import os; return os.listdir({folder!r})",
        "open('/site/jail/child.py', 'a')",
        "open('/here', 'w')",
        "import socket; return socket.create_connection(('127.0.0.1', 80), 0.2)",
    ],
    ids=["a file", "a folder", "the grader", "the root", "the network"],
)
def test_nothing_outside_can_be_reached(body: str, tmp_path: Path) -> None:
    """The jail has no files but the interpreter's, none to write, and no network."""
    secret = tmp_path / "secret"
    secret.write_text("marker")

    outcome = outcome_of("def f(x):\n    " + body.format(path=str(secret), folder=str(tmp_path)))

    assert isinstance(outcome, Raised)
    assert outcome.type in {"FileNotFoundError", "OSError", "PermissionError", "ConnectionRefusedError"}


@pytest.mark.parametrize(
    "body",
    [
        "import os; return os.fork()",
        "import subprocess; return subprocess.run(['/bin/true']).returncode",
        "import threading; threading.Thread(target=print).start()",
        "import socket; return socket.socket()",
        "import socket; return socket.socketpair()",
        "import ctypes\n    if ctypes.CDLL(None).unshare(0x10000000) != 0: raise PermissionError",
        "import os; return os.memfd_create('x')",
    ],
    ids=["fork", "a program", "a thread", "a socket", "a pair of sockets", "a namespace", "memory that is a file"],
)
def test_the_kernel_refuses_what_no_answer_needs(body: str) -> None:
    """No process, thread, socket or namespace is made in a jail, whoever runs the grader."""
    outcome = outcome_of(f"def f(x):\n    {body}")

    assert isinstance(outcome, Raised)
    assert outcome.type in {"PermissionError", "RuntimeError", "BlockingIOError"}


def test_a_jail_holds_no_descriptor_but_its_own() -> None:
    """Input, output and error go nowhere; besides there is the pair of pipes to the grader."""
    body = (
        "import os, stat\n    found = []\n    for d in range(64):\n        try: found.append((d, os.fstat(d).st_mode))"
    )
    source = (
        f"def f(x):\n    {body}\n        except OSError: pass\n    return [(d, stat.S_ISFIFO(m)) for d, m in found]"
    )

    found = value_of(outcome_of(source))

    assert [bool(is_pipe) for _, is_pipe in found] == [False, False, False, True, True]


def test_the_environment_is_empty_of_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the grader's is passed on."""
    monkeypatch.setenv("GRADER_SECRET", "marker")

    assert "marker" not in value_of(outcome_of("def f(x):\n    import os\n    return str(dict(os.environ))"))


def test_nothing_of_one_jail_is_left_for_the_next() -> None:
    """Files in /tmp go with their jail."""
    write = "def f(x):\n    open('/tmp/left', 'w').write('x')\n    return 1"
    look = "def f(x):\n    import os\n    return os.listdir('/tmp')"

    assert value_of(outcome_of(write)) == 1
    assert value_of(outcome_of(look)).size == 0


def test_memory_is_limited() -> None:
    """More than the limit cannot be had, though the machine has it."""
    limits = Limits(memory_bytes=512 << 20)
    small, large = (f"import numpy as np\ndef f(x):\n    return np.ones({size} << 17).size" for size in (64, 600))

    assert value_of(outcome_of(small, limits=limits)) == 64 << 17
    outcome = outcome_of(large, limits=limits)
    assert isinstance(outcome, Raised)
    assert outcome.type == "MemoryError"


def test_tmp_is_small() -> None:
    """Many small files do not fill the machine either."""
    body = "for name in range(10):\n        open(f'/tmp/{name}', 'wb').write(b'x' * (10 << 20))"

    outcome = outcome_of(f"def f(x):\n    {body}")

    assert isinstance(outcome, Raised)
    assert "No space left on device" in outcome.message


def test_tmp_holds_few_files() -> None:
    """Empty files take no place in /tmp, but memory that no other limit counts."""
    body = "import os\n    for name in range(2000):\n        os.close(os.open(f'/tmp/{name}', os.O_CREAT))"

    outcome = outcome_of(f"def f(x):\n    {body}")

    assert isinstance(outcome, Raised)
    assert outcome.message == "[Errno 28] No space left on device: '/tmp/999'"


def test_nothing_but_tmp_can_be_written() -> None:
    """No other folder takes a file, Python's own for libraries included."""
    source = """
import os
def f(x):
    writable = []
    for folder, inside, _ in os.walk("/"):
        try:
            os.close(os.open(os.path.join(folder, "left"), os.O_CREAT))
            writable.append(folder)
        except OSError:
            pass
    return (*writable, "")
"""

    assert value_of(outcome_of(source)) == ("/tmp", "")  # noqa: S108  in the jail


def test_no_right_is_left_and_none_can_be_had() -> None:
    """The one right that a jail starts with, to say how many files /tmp may hold, is gone for good."""
    source = """
import ctypes, struct
def f(x):
    system, found = ctypes.CDLL(None), ctypes.create_string_buffer(24)
    version = struct.pack("=Ii", 0x20080522, 0)
    system.capset(version, b"\\xff" * 24)
    system.prctl(47, 2, 21, 0, 0)
    system.capget(version, found)
    mounted = system.mount(b"tmpfs", b"/tmp", b"tmpfs", ctypes.c_ulong(38), b"nr_inodes=5000")
    return [sum(found.raw), mounted, system.prctl(39, 0, 0, 0, 0)]
"""

    rights, mounted, no_new_ones = value_of(outcome_of(source)).tolist()

    assert (rights, mounted, no_new_ones) == (0, -1, 1)


@pytest.mark.parametrize(
    "call",
    [
        "syscall(458, 0, 0, 0, 0)",
        "syscall(457, 0, 0, 0, 0)",
        "inotify_init()",
        "prctl(1, 0, 0, 0, 0)",
        "umount(b'/tmp')",
    ],
    ids=["list mounts", "origin of a mount", "watch files", "outlive the parent", "unmount"],
)
def test_the_kernel_answers_no_call_that_leads_out(call: str) -> None:
    """Each would tell of the machine, or reach beyond the jail or its end."""
    source = f"import ctypes\ndef f(x):\n    system = ctypes.CDLL(None, use_errno=True)\n    done = system.{call}"

    done, number = value_of(outcome_of(f"{source}\n    return [done, ctypes.get_errno()]")).tolist()

    assert done == -1
    assert number in {errno.EPERM, errno.ENOSYS}


def test_files_are_small() -> None:
    """A file over its limit cannot be written."""
    outcome = outcome_of("def f(x):\n    open('/tmp/big', 'wb').write(b'x' * (64 << 20))")

    assert isinstance(outcome, Raised | Ended)


def test_closing_leaves_no_process() -> None:
    """All that was started for jails ends with them."""
    others = _children()  # such as multiprocessing's, from an earlier test
    jails = Jails()
    jails.start(PATIENT)
    own = _children() - others
    jails.close()
    jails.close()

    assert own
    assert not _children() & own


def _children() -> set[str]:
    path = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return set(path.read_text().split())


def test_without_a_jail_code_still_runs_in_a_process_of_its_own() -> None:
    """--unsafe gives the same values."""
    with Jails(unsafe=True) as jails:
        done = run(
            [Cell("cell 1", f"import os\nown = os.getpid()\n{GOOD}")], [call("good", 1)], ["own"], PATIENT, jails
        )

    assert value_of(done.calls[0]) == 2
    assert value_of(done.values[0]) != os.getpid()


@pytest.mark.parametrize("ends", ["while True: pass", "import os; os._exit(0)", "for i in iter(int, 1):\n    good(i)"])
def test_what_a_cell_defines_outlives_what_ends_it(ends: str) -> None:
    """A loop without end below an answer costs the loop, not the answer."""
    done = run_cells(
        f"%matplotlib inline\nimport math\n{GOOD}\n{ends}\nlater = lambda x: math.floor(x) + 3",
        calls=[call("good", 1), call("later", 1)],
        limits=SHORT,
    )

    assert [value_of(outcome) for outcome in done.calls] == [2, 4]
    assert "only its imports and definitions were kept" in done.remarks[0]


def test_a_cell_that_ends_again_is_left_out() -> None:
    """What it defines may be what ends it; the cells beside it go on."""
    done = run_cells(GOOD, "def f(x=__import__('os')._exit(3)):\n    return x", calls=[call("good", 1), call("f", 1)])

    assert value_of(done.calls[0]) == 2
    assert isinstance(done.calls[1], Raised)
    assert done.remarks[1] == "cell 2 was skipped: its process exited (status 3)"


def test_what_stands_below_an_exit_is_told_with_it() -> None:
    """A definition below `sys.exit()` was not reached."""
    outcome = outcome_of("import sys\nsys.exit()\ndef f(x):\n    return x")

    assert isinstance(outcome, Raised)
    assert (outcome.type, outcome.frames[0].line) == ("SystemExit", 2)


def test_an_annotation_may_name_what_is_not_here() -> None:
    """Nothing of a call needs it, so that it costs nothing."""
    source = (
        "import torch\ny: torch.Tensor = 1\ndef f(x: torch.Tensor, n: Missing = 2) -> torch.Tensor:\n    return x + n"
    )

    assert value_of(outcome_of(source)) == 3


@pytest.mark.parametrize(
    "source",
    [
        ">>> def f(x):\n...     if x:\n...         return 'a... >>> b'\n...\n>>> f(1)\n'a... >>> b'",
        "In [1]: def f(x):\n   ...:     return 'a... >>> b'\n   ...: ",
    ],
)
def test_prompts_that_were_copied_are_passed_over(source: str) -> None:
    """A notebook takes them off as well."""
    assert value_of(outcome_of(source)) == "a... >>> b"


def test_an_import_names_the_version_and_no_path() -> None:
    """Python's own words name a file of the grader's machine."""
    outcome = outcome_of("def f(x):\n    from math import not_yet\n    return not_yet(x)")

    assert isinstance(outcome, Raised)
    assert (
        outcome.message == f"cannot import name 'not_yet' from 'math' (graded with Python {platform.python_version()})"
    )
