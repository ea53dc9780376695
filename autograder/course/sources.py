"""What a module does: its code, without what cannot matter, and the modules that it imports.

Comments, layout, docstrings and annotations decide nothing, so that an edit of them changes no digest. Whatever else
could matter stays, and so does all of a text where the code might read it back.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Decorators that read neither a docstring nor a function's annotations; any other one may, as singledispatch does.
BLIND = {"cache", "cached_property", "classmethod", "dataclass", "lru_cache", "property", "staticmethod", "wraps"}
# A module that has one of these names may read the text of this or of another module.
READS_TEXT = {
    "__annotations__",
    "__doc__",
    "get_annotations",
    "get_type_hints",
    "getdoc",
    "getsource",
    "getsourcelines",
}


# One that has one of these may use a module that it does not import.
LOOKS_UP = {"__import__", "eval", "exec", "import_module", "modules"}


@dataclass(frozen=True)
class Code:
    """A module.

    Attributes:
        digest: of what it does.
        imports: whole names of the modules, or of the names in them, that it imports.
        reads_text: whether it may read the text of a module, so that texts matter.
        looks_up: whether it may use other modules than it imports.
    """

    digest: bytes
    imports: frozenset[str] = frozenset()
    reads_text: bool = True
    looks_up: bool = True


def digest(files: Iterable[Path], root: Path) -> str:
    """SHA-256 of what files below `root` do, by their places; of files that are no modules, of their bytes."""
    contents = {file: file.read_bytes() for file in sorted(set(files))}
    codes = {file: code(text, package(file, root)) for file, text in contents.items() if file.suffix == ".py"}
    if any(one.reads_text for one in codes.values()):
        codes = {}
    parts = [
        file.relative_to(root).as_posix().encode()
        + (codes[file].digest if file in codes else hashlib.sha256(text).digest())
        for file, text in contents.items()
    ]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def reached(starts: Iterable[Path], root: Path, files_of: Callable[[str], Iterable[Path]]) -> set[Path]:
    """The modules that are reached by imports, and those where it starts; `files_of` says where a name is found."""
    found: set[Path] = set()
    names: set[str] = set()
    waiting = list(starts)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            new = code(file.read_bytes(), package(file, root)).imports - names
            names |= new
            waiting += [other for name in new for other in files_of(name)]
    return found


def codes(files: Iterable[Path], root: Path) -> list[Code]:
    """Those of the files below `root` that are modules."""
    return [code(file.read_bytes(), package(file, root)) for file in files if file.suffix == ".py"]


def bound(name: str, root: Path) -> list[Path]:
    """The modules below `root` that an import of this name gives into a module's hands: of a package, all."""
    module = module_of(name, root)
    if module is None:
        return []
    is_package = module.name == "__init__.py" and package(module, root) == tuple(name.split("."))
    return sorted(module.parent.rglob("*.py")) if is_package else [module]


def module_of(name: str, root: Path) -> Path | None:
    """The file of a module below `root`, or of the one that a name stands in."""
    parts = name.split(".")
    for depth in range(len(parts), 0, -1):
        place = root.joinpath(*parts[:depth])
        for file in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
            if file.is_file():
                return file
    return None


def packages(file: Path, root: Path) -> list[Path]:
    """The `__init__.py` of each package that a module lies in."""
    above = [folder / "__init__.py" for folder in file.parents if folder != root and folder.is_relative_to(root)]
    return [one for one in above if one.is_file()]


def package(file: Path, root: Path) -> tuple[str, ...]:
    """The names of the packages that a module lies in, from the outside in."""
    return file.parent.relative_to(root).parts


@functools.lru_cache(maxsize=512)
def code(source: bytes, inside: tuple[str, ...]) -> Code:
    """What a module does that lies in a package; of one that cannot be read, its bytes."""
    writer = _Writer(inside)
    try:
        with _without_collector():
            writer.write(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError):
        return Code(hashlib.sha256(source).digest())
    words = hashlib.sha256("\n".join(writer.words).encode("utf-8", "backslashreplace")).digest()
    reads_text, looks_up = (not names.isdisjoint(writer.names) for names in (READS_TEXT, LOOKS_UP))
    return Code(words, frozenset(writer.imports), reads_text, looks_up)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Let Python not look for garbage: a tree has none before it goes, and looking takes four times as long as it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Writer:
    """Writes a syntax tree as words, the same in every version of Python, and notes imports and names on the way."""

    def __init__(self, inside: tuple[str, ...]) -> None:
        """Start with nothing written."""
        self.words: list[str] = []
        self.imports: set[str] = set()
        self.names: set[str] = set()
        self._inside = inside
        self._in_class = False  # annotations of a class are its fields, where it is a dataclass
        self._may_drop = False  # annotations of the function whose head is being written
        self._ways: dict[type, Callable[[Any], None]] = {
            list: self._list,
            ast.Module: self._module,
            ast.ClassDef: self._class,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.arguments: self._arguments,
            ast.AnnAssign: self._annotated,
            ast.Constant: self._constant,
            ast.JoinedStr: self._formatted,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
        }

    def write(self, node: object) -> None:
        """Write a node, a list of nodes, or what is no node."""
        way = self._ways.get(type(node))
        if way is not None:
            way(node)
        elif isinstance(node, ast.AST):
            self._fields(node)
        else:
            self.words.append(repr(node))

    def _fields(self, node: ast.AST, without: Sequence[str] = ()) -> None:
        """The fields that hold something: newer versions have more of them, which older syntax leaves empty."""
        self.words.append(type(node).__name__)
        for field in node._fields:
            value = getattr(node, field, None)
            if value is not None and value != [] and field not in without:
                self.words.append(field)
                self.write(value)
        self.words.append(")")

    def _list(self, nodes: list[object]) -> None:
        self.words.append("[")
        for node in nodes:
            self.write(node)
        self.words.append("]")

    def _module(self, node: ast.Module) -> None:
        self._body(node, in_class=False, seen=False)

    def _class(self, node: ast.ClassDef) -> None:
        self._body(node, in_class=True, seen=_is_seen(node.decorator_list))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        seen = _is_seen(node.decorator_list)
        before, self._may_drop = self._may_drop, not seen
        self._body(node, in_class=False, seen=seen, without=() if seen or _runs(node.returns) else ("returns",))
        self._may_drop = before

    def _body(self, node: Any, *, in_class: bool, seen: bool, without: Sequence[str] = ()) -> None:
        """A scope; its docstring, too, if a decorator may have seen it."""
        before, self._in_class = self._in_class, in_class
        self._fields(node, [*without, "body", "type_ignores"])
        has_docstring = bool(node.body) and isinstance(node.body[0], ast.Expr) and _is_text(node.body[0].value)
        self._list(node.body[1:] if has_docstring and not seen else node.body)
        self._in_class = before

    def _arguments(self, node: ast.arguments) -> None:
        if self._may_drop:
            every = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
            for one in every:
                if one is not None and not _runs(one.annotation):
                    one.annotation = None
        self._fields(node)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if self._in_class or _runs(node.annotation):
            self._fields(node)
        elif node.value is None:
            self._fields(node, ("annotation",))
        else:
            self._fields(ast.Assign(targets=[node.target], value=node.value))

    def _constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.names.add(node.value)
        self.words += ["Constant", repr(node.value)]

    def _formatted(self, node: ast.JoinedStr) -> None:
        """Neighbours among the texts are joined, as versions cut them differently."""
        self.words.append("JoinedStr")
        text = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
            else:
                self.words.append(repr(text))
                text = ""
                self.write(part)
        self.words += [repr(text), ")"]

    def _name(self, node: ast.Name) -> None:
        self.names.add(node.id)
        self.words += ["Name", node.id]  # whether it is read or set shows in where it stands

    def _attribute(self, node: ast.Attribute) -> None:
        self.names.add(node.attr)
        self._fields(node)

    def _import(self, node: ast.Import) -> None:
        names = {one.name for one in node.names}
        self.imports |= names | {name.partition(".")[0] for name in names}  # "import a.b" gives the whole of a
        self._fields(node)

    def _import_from(self, node: ast.ImportFrom) -> None:
        above = self._inside[: len(self._inside) + 1 - node.level] if node.level else ()
        inside = ".".join([*above, *filter(None, [node.module])])
        self.imports |= {inside if one.name == "*" else f"{inside}.{one.name}" for one in node.names}
        self.names |= {one.name for one in node.names}
        self._fields(node)


def _is_seen(decorators: Sequence[ast.expr]) -> bool:
    """Whether what is decorated shows its docstring and annotations to something that may read them."""
    return not all(_name_of(one) in BLIND for one in decorators)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _runs(annotation: ast.expr | None) -> bool:
    """Whether an annotation does something where it stands."""
    return annotation is not None and any(isinstance(node, (ast.Call, ast.NamedExpr)) for node in ast.walk(annotation))


def _name_of(decorator: ast.expr) -> str:
    """The last word of a decorator's name."""
    bare = decorator.func if isinstance(decorator, ast.Call) else decorator
    return bare.attr if isinstance(bare, ast.Attribute) else bare.id if isinstance(bare, ast.Name) else ""
