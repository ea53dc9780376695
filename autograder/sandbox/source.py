"""The source of a cell: code that only IPython understands, its statements, and the names that these set.

It also runs in a jail. Standard library only.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

# --- logical lines ------------------------------------------------------------------------------------------------

TOKEN = re.compile(r"""#.*|'{3}|"{3}|'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|[()\[\]{}]""")
CLOSING = {quote: re.compile(rf"(?:\\.|[^\\])*?{quote}") for quote in ("'''", '"""')}
# What cannot be inside parentheses: if a line begins with one of these, a closing one was forgotten.
NEVER_INSIDE = re.compile(r"(?:async\s+)?(?:def|class)\s|(?:import|from)\s+\w|@\w")


@dataclass
class _Lines:
    """Reads a source line by line, and knows whether the next line begins a logical line."""

    depth: int = 0
    quote: str = ""
    goes_on: bool = False

    def begins(self, line: str) -> bool:
        if self.depth and not self.quote and NEVER_INSIDE.match(line):
            self.depth = 0
        return not (self.depth or self.quote or self.goes_on)

    def read(self, line: str) -> None:
        at: int | None = 0
        comment = False
        while at is not None:
            if self.quote:
                end = CLOSING[self.quote].match(line, at)
                if end is None:
                    break
                self.quote, at = "", end.end()
            at, comment = self._token(line, at)
        self.goes_on = line.endswith("\\") and not comment and not self.quote

    def _token(self, line: str, at: int) -> tuple[int | None, bool]:
        match = TOKEN.search(line, at)
        if match is None or match[0].startswith("#"):
            return None, match is not None
        if match[0] in CLOSING:
            self.quote = match[0]
        elif match[0] in "([{":
            self.depth += 1
        elif match[0] in ")]}":
            self.depth = max(self.depth - 1, 0)
        return match.end(), False


# --- what only IPython understands --------------------------------------------------------------------------------

LINE_MAGIC = re.compile(r"(\s*)(?:[%!?].*|[\w.]+\?{1,2}\s*)")
SET_BY_MAGIC = re.compile(r"[\w.,\s\[\]()*]+")
TIMED = re.compile(r"(\s*)%time\s+(\S.*)")
# Prompts that people copy from a terminal with the code; recognised by the first line, as IPython does.
PROMPTS = (
    (re.compile(r">>>( |$)"), re.compile(r"(?:>>>|\.\.\.)(?: |$)")),
    (re.compile(r"In \[\d+\]:( |$)"), re.compile(r"(?:In \[\d+\]:|\s*\.{3,}:)(?: |$)")),
)
TRANSPARENT = ("%%time", "%%timeit", "%%capture", "%%prun")


def without_magics(source: str) -> tuple[str, list[int]]:
    """Replace code that only IPython understands by Python, and say in which lines; all lines keep their numbers.

    A magic is recognised only at the start of a logical line, so `% x` and `!= y` may continue one.
    """
    lines = source.split("\n")
    skipped = []
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    for begins, prompt in PROMPTS:
        if begins.match(lines[first]):
            lines = [prompt.sub("", line, count=1) if prompt.match(line) else line for line in lines]
    if lines[first].startswith("%%"):
        if lines[first].split()[0] not in TRANSPARENT:
            return "", list(range(1, len(lines) + 1))
        lines[first] = ""
        skipped.append(first + 1)
    reading, goes_on = _Lines(), False
    for number, line in enumerate(lines):
        python = "" if goes_on else _python(line) if reading.begins(line) else None
        if python is None:
            reading.read(line)
            continue
        lines[number] = python
        skipped.append(number + 1)
        goes_on = line.endswith("\\")
    return "\n".join(lines), skipped


def _python(line: str) -> str | None:
    """Python for a line with a magic; None if it has none."""
    if (match := TIMED.fullmatch(line)) and parsed(match[2]) is not None:
        return match[1] + match[2]
    if match := LINE_MAGIC.fullmatch(line):
        return match[1] + "pass"
    names, _, magic = line.partition("=")
    if magic.lstrip().startswith(("%", "!")) and SET_BY_MAGIC.fullmatch(names):
        return f"{names}= get_ipython()"
    return None


# --- statements ---------------------------------------------------------------------------------------------------

# Longer sources than anyone writes are not parsed: a tree takes a hundred times the memory of its text.
LARGEST, MOST_LINES = 128 << 10, 5_000
CONTINUES = re.compile(r"(?:else|elif|except|finally)\b|[)\]}]")


def pieces(source: str) -> list[tuple[int, str]]:
    """Split a source that cannot be compiled as a whole at its top-level statements.

    Returns:
        For each piece, how many lines there are before it, and its text.
    """
    lines = source.split("\n")
    reading, starts, decorated = _Lines(), [], False
    for number, line in enumerate(lines):
        if reading.begins(line) and line.strip() and not line.startswith((" ", "\t", "#")):
            if not decorated and not CONTINUES.match(line):
                starts.append(number)
            decorated = line.startswith("@")
        reading.read(line)
    ends = [*starts[1:], len(lines)]
    return [(start, "\n".join(lines[start:end])) for start, end in zip(starts, ends, strict=False)]


def statements(source: str) -> tuple[list[ast.stmt], bool]:
    """The top-level statements of a source that can be compiled, and whether these are all.

    Sources longer than anyone writes give none.
    """
    if len(source) > LARGEST or source.count("\n") + source.count(";") > MOST_LINES:
        return [], False
    tree = parsed(source)
    if tree is None:
        source, _ = without_magics(source)
        tree = parsed(source)
    if tree is not None:
        return tree.body, True
    valid: list[ast.stmt] = []
    for before, text in pieces(source):
        if (part := parsed(text)) is not None:
            valid += ast.increment_lineno(part, before).body
    return valid, False


def definitions_of(source: str) -> str:
    """The definitions and imports of a source, on their lines; empty if it defines no function."""
    body, _ = statements(source)
    lines, defines = source.split("\n"), False
    for statement in body:
        is_function = isinstance(statement, Scope) or isinstance(getattr(statement, "value", None), ast.Lambda)
        defines |= is_function
        if not (is_function or isinstance(statement, ast.Import | ast.ImportFrom)):
            first, last = first_place(statement)[0] - 1, statement.end_lineno or 0
            lines[first:last] = [""] * (last - first)
    return "\n".join(lines) if defines else ""


def first_place(statement: ast.stmt) -> tuple[int, int]:
    """The line and column where a statement begins, decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    return (decorators[0].lineno, 0) if decorators else (statement.lineno, statement.col_offset)


# --- names --------------------------------------------------------------------------------------------------------

SETS = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\n]+)?=(?!=))", re.MULTILINE)
GLOBAL = re.compile(r"^[ \t]+global[ \t]+([\w, \t]+)", re.MULTILINE)
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def names_in_text(source: str) -> list[str]:
    """The names that lines of a text seem to set."""
    return [defined or assigned for defined, assigned in SETS.findall(source)]


def names_set_inside(source: str) -> list[str]:
    """The names that functions in a source set outside themselves."""
    return [name for line in GLOBAL.findall(source) for name in re.findall(r"\w+", line)]


def names_set_by(tree: ast.AST) -> Iterator[str]:
    """The names that a statement sets outside the functions and classes in it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
        if isinstance(node, Scope) or (isinstance(node, ast.AnnAssign) and node.value is None):
            continue
        inside = node.iter if isinstance(node, ast.comprehension) else node
        waiting += reversed([*ast.iter_child_nodes(inside)])


def parsed(source: str) -> ast.Module | None:
    """The tree of a source; None if it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
