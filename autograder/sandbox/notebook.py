"""A notebook in a jail: its cells, the functions that they define, and descriptions of what they raise.

A cell runs as a whole. If a statement fails, the later ones run one by one, so the failure costs only what depends on
it; if a cell cannot be compiled, its valid pieces still run.

Python's library and NumPy only.
"""

from __future__ import annotations
import __future__ as future

import ast
import functools
import inspect
import operator
import re
import sys
import types
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .source import first_place, names_in_text, names_set_by, pieces, without_magics
from .stand_ins import Inert
from .values import sendable

FUTURE = functools.reduce(operator.or_, (getattr(future, name).compiler_flag for name in future.all_feature_names))
MOST_FAILED = 20
HERE = ".".join(map(str, sys.version_info[:3]))
# Syntax that only newer Python versions accept, for a file that does not name its version.
NEW_SYNTAX = re.compile(
    r"""\b(?:def|class)\s+\w+\[|^\s*type\s+\w+.*=|\b[tT][rR]?["']|\bexcept\s+[\w.]+\s*,|\b[fF][rR]?["'].*\{"""
)
NEW_MODULES = ("annotationlib", "compression", "tomllib")

# An exception as a reply describes it.
Description = dict[str, Any]


class AlreadyFailed(Exception):  # noqa: N818  a reply on its way out
    """A function was called whose definition had failed."""

    def __init__(self, error: Description) -> None:
        """Keep what the definition raised."""
        super().__init__()
        self.error = error


class Notebook:
    """The namespace that a student's cells share, and what can be done with it."""

    def __init__(self) -> None:
        """Start with the names that IPython provides."""
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.namespace.update({"display": Inert(), "get_ipython": Inert()})
        sys.modules["__main__"] = self.module
        self.lines: dict[str, list[str]] = {}
        self.written_with = ""
        # by name: the error of the statement that should have set it, and its value before
        self.unset: dict[str, tuple[Description, Any]] = {}
        self._future = 0

    def run(self, label: str, source: str) -> tuple[list[int], list[Description]]:
        """Run one cell.

        Returns:
            The numbers of the skipped lines, and the errors of the statements that failed.
        """
        cell = _Cell(self, f"<{label}>")
        self.lines[cell.name] = source.split("\n")
        skipped: list[int] = []
        try:
            try:
                code = self.compile(source, cell.name)
            except SyntaxError:
                source, skipped = without_magics(source)
                code = self.compile(source, cell.name)
        except SyntaxError:
            cell.run_pieces(source)
        else:
            cell.run(code, source)
        return skipped, cell.failed

    def compile(self, source: str | ast.Module, name: str, more: int = 0) -> types.CodeType:
        """Compile for this notebook: imports from `__future__` apply to all later cells, as in IPython.

        Args:
            source: what to compile.
            name: the file name in its frames.
            more: flags for this source only.
        """
        flags = self._future | more | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: types.CodeType = compile(source, name, "exec", flags, dont_inherit=True)
        self._future |= code.co_flags & FUTURE & ~more
        return code

    def call(self, function: str, positional: Sequence[Any], named: dict[str, Any]) -> Any:
        """Call a student's function by its name.

        Raises:
            AlreadyFailed: its definition had failed, and only the stub exists.
        """
        failed, before = self.unset.get(function, (None, None))
        if function not in self.namespace:
            raise NameError(f"name '{function}' is not defined") if failed is None else AlreadyFailed(failed)
        called = self.namespace[function]
        try:
            return called(*positional, **named)
        except NotImplementedError:
            if failed is not None and called is before:
                raise AlreadyFailed(failed) from None
            raise

    def described(self, error: BaseException) -> Description:
        """An exception as a reply describes it."""
        return {
            "error": sendable(type(error).__name__[:100]),
            "message": self._words(error),
            "kinds": [sendable(kind.__name__[:100]) for kind in type(error).__mro__[:20]],
            "frames": self._frames(error),
        }

    def _frames(self, error: BaseException) -> list[dict[str, Any]]:
        """The lines of the student's own cells that an exception went through, the outermost first."""
        frames, trace = [], error.__traceback__
        while trace is not None:
            frames += self.frame(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            trace = trace.tb_next
        if isinstance(error, SyntaxError):
            frames += self.frame(error.filename or "", error.lineno or 1)
        return frames[:1] + frames[1:][-9:]

    def frame(self, name: str, line: int) -> list[dict[str, Any]]:
        """A line of a cell; none if it is not a student's."""
        lines = self.lines.get(name)
        if lines is None:
            return []
        source = sendable(lines[line - 1].strip()[:200]) if 0 < line <= len(lines) else ""
        return [{"cell": name[1:-1], "line": line, "source": source}]

    def _words(self, error: BaseException) -> str:
        """The text of an exception, and its reason if that is known."""
        try:
            text = error.msg if isinstance(error, SyntaxError) and error.filename in self.lines else str(error)
            if isinstance(error, ImportError):
                text = text.replace(f" ({error.path})", "")
            return sendable((str(text) + self._reason(error))[:500])
        except BaseException:  # noqa: BLE001  a student's __str__ may raise anything
            return ""

    def _reason(self, error: BaseException) -> str:
        if type(error) is not NameError or error.name not in self.unset or error.name in self.namespace:
            return self._versions(error)
        failed, _ = self.unset[error.name]
        if not failed["frames"]:
            return ""
        frame = failed["frames"][-1]
        versions = "".join(failed["message"].partition(" (graded with ")[1:])
        where = f"{frame['cell']}, line {frame['line']}: {failed['error']}"
        return f", as `{frame['source']}` failed ({where}){versions}"

    def _versions(self, error: BaseException) -> str:
        """The versions involved, if they may be the reason."""
        written = _version(self.written_with)
        is_newer = written > sys.version_info[:2]
        if isinstance(error, SyntaxError):
            looks_new = not written and NEW_SYNTAX.search(error.text or "")
            here = f"Python {HERE}" if error.filename in self.lines and (is_newer or looks_new) else ""
        else:
            library = _library_without(error)
            here = f"Python {HERE}" if library and (is_newer or not written) else ""
            if library == "numpy":
                here += f"{' and ' if here else ''}NumPy {np.__version__}"
        there = f"; the notebook was written with {self.written_with}" if is_newer else ""
        return f" (graded with {here}{there})" if here else ""


class _Cell:
    """One cell while it runs: what failed in it."""

    def __init__(self, notebook: Notebook, name: str) -> None:
        self.notebook = notebook
        self.name = name
        self.failed: list[Description] = []

    def run_pieces(self, source: str) -> None:
        """Run the valid pieces of a source that cannot be compiled as a whole."""
        for before, text in pieces(source):
            try:
                tree = self._tree(text, before)
                code = self.notebook.compile(tree, self.name)
            except SyntaxError as error:
                self._fail(error, names_in_text(text))
            else:
                if not self.run(code, tree):
                    return

    def _tree(self, source: str, before: int) -> ast.Module:
        """The tree of a source that starts after this many lines."""
        try:
            tree: ast.Module = compile(source, self.name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError as error:
            error.lineno = before + (error.lineno or 1)
            raise
        return ast.increment_lineno(tree, before)

    def run(self, code: types.CodeType, source: str | ast.Module) -> bool:
        """Run compiled statements; False if something such as `exit()` ended them all."""
        error = _error_of(code, self.notebook.namespace)
        waiting = deque(_from_failing(source, code, error) if error is not None else ())
        while error is not None:
            failing = waiting.popleft() if waiting else None
            if isinstance(failing, ast.Import) and failing.names[1:]:
                apart = [ast.copy_location(ast.Import([name]), failing) for name in failing.names]
                waiting.extendleft(reversed(apart))
            elif not (isinstance(error, NameError) and failing and self._runs_without_annotations(failing)):
                lost = [*([failing] if failing else ()), *(() if isinstance(error, Exception) else waiting)]
                names = [name for statement in lost for name in names_set_by(statement)]
                self._fail(error, names, failing.lineno if failing else 0)
            if not isinstance(error, Exception):
                return False
            error = self._run_up_to_an_error(waiting)
        return True

    def _runs_without_annotations(self, statement: ast.stmt) -> bool:
        """Run a definition again without evaluating its annotations, as Python 3.14 does: no call needs them."""
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.AnnAssign):
            return False
        tree = ast.Module([statement], [])
        code = self.notebook.compile(tree, self.name, future.annotations.compiler_flag)
        return _error_of(code, self.notebook.namespace) is None

    def _run_up_to_an_error(self, waiting: deque[ast.stmt]) -> BaseException | None:
        """Run statements one after another up to the first that fails, which stays in the queue with the later ones."""
        while waiting:
            code = self.notebook.compile(ast.Module([waiting[0]], []), self.name)
            error = _error_of(code, self.notebook.namespace)
            if error is not None:
                return error
            waiting.popleft()
        return None

    def _fail(self, error: BaseException, names: Iterable[str], line: int = 0) -> None:
        """Keep what a statement raised, and the names that it therefore did not set."""
        failure = self.notebook.described(error)
        failure["frames"] = failure["frames"] or self.notebook.frame(self.name, line)
        if len(self.failed) < MOST_FAILED:
            self.failed.append(failure)
        for name in names:
            self.notebook.unset[name] = failure, self.notebook.namespace.get(name)


def _error_of(code: types.CodeType, namespace: dict[str, Any]) -> BaseException | None:
    """Run code and return what it raises."""
    try:
        done = eval(code, namespace)  # noqa: S307  running a student's code is what this process is for
        if code.co_flags & inspect.CO_COROUTINE:
            _drive(done)
    except BaseException as error:  # noqa: BLE001  a student may also raise SystemExit and KeyboardInterrupt
        return error
    return None


def _drive(coroutine: types.CoroutineType[Any, Any, Any]) -> None:
    """Step through what a cell awaits; there is no event loop to wait for anything."""
    try:
        while coroutine.send(None) is None:
            pass
        coroutine.throw(RuntimeError("no running event loop"))
    except StopIteration:
        pass


def _from_failing(source: str | ast.Module, code: types.CodeType, error: BaseException) -> list[ast.stmt]:
    """The statements of a source starting with the one that raised; none if that is unknown."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    if trace is None:
        return []
    line, _, column, _ = list(code.co_positions())[trace.tb_lasti // 2]
    try:
        body = (ast.parse(source) if isinstance(source, str) else source).body
    except (SyntaxError, RecursionError, MemoryError):
        return []
    raised_at = line or trace.tb_lineno, column or 0
    begun = [statement for statement in body if first_place(statement) <= raised_at]
    return body[max(len(begun) - 1, 0) :]


def _version(text: str) -> tuple[int, ...]:
    """The first two numbers of a version; none if it is not one."""
    match = re.match(r"(\d{1,3})\.(\d{1,3})", text)
    return (int(match[1]), int(match[2])) if match else ()


def _library_without(error: BaseException) -> str:
    """The library without the requested name, if it is NumPy or Python's own."""
    if isinstance(error, ImportError):
        library = error.name
    elif isinstance(error, AttributeError) and isinstance(error.obj, types.ModuleType):
        library = error.obj.__name__
    else:
        return ""
    package = str(library).partition(".")[0]
    return package if package in {"numpy", *sys.stdlib_module_names, *NEW_MODULES} else ""
