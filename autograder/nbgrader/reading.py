"""Make submitted notebooks fit for nbgrader, which accepts only complete ones."""

from __future__ import annotations

import copy
import functools
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import reader
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.log import get_logger

from autograder.bounds import bounded
from autograder.errors import SubmissionError, UsageError
from autograder.handed_in.notebook import SubmittedFile, parse, read_bytes
from autograder.nbgrader.converters import guard


class Submission(NotebookExporter):
    """Reads damaged notebooks as far as this engine can, instead of nbgrader's own reading of JSON."""

    def __init__(self, **options: Any) -> None:
        """Read for one of nbgrader's commands."""
        super().__init__(**options)  # type: ignore[no-untyped-call]
        guard(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> tuple[Any, Any]:
        """Read, run the preprocessors, and return the notebook as text; unlike nbgrader, never wait for a pipe."""
        path = Path(filename)
        resources = ResourcesDict() if resources is None else resources
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        made: tuple[Any, Any] = self.from_notebook_node(  # type: ignore[no-untyped-call]
            _notebook(path), resources, **options
        )
        return made


def _notebook(path: Path) -> Any:
    """A file as nbformat or, if it fails, this engine reads it; only the reason if it is not a plain file."""
    try:
        data = read_bytes(path)
    except SubmissionError as error:
        return _repaired(SubmittedFile(Path(path.name), "", trouble=str(error).replace(str(path), path.name)))
    file = parse(data, path)
    if file.cells is None or data is None:
        return _repaired(file)
    try:
        with bounded():
            read = nbformat.convert(reader.reads(_with_whole_letters(data.decode("utf-8"))), 4)
            nbformat.validate(read)
    except Exception:  # noqa: BLE001  a broken notebook fails in many ways
        return _repaired(file)
    return read


def _with_whole_letters(text: str) -> str:
    """JSON with question marks instead of half letters, which cannot be written to a file."""
    if re.search(r"\\u[dD]", text) is None:
        return text
    return json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace").decode()


def _repaired(file: SubmittedFile) -> Any:
    if file.cells is None:
        return new_notebook(cells=[new_markdown_cell(f"**This file cannot be read.** {file.trouble}")])
    return new_notebook(
        cells=[new_code_cell(cell.source) if cell.is_code else new_markdown_cell(cell.source) for cell in file.cells]
    )


class Complete(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the text of students' cells, and everything else, including missing cells, from the release.

    nbgrader itself fails if a stub was deleted with its check, and its pages trust metadata and raw cells.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Put each cell that nbgrader knows in its place: where the student has it, or after the one it followed."""
        released = self._released(resources["nbgrader"])
        known = {cell.metadata.nbgrader["grade_id"]: cell for cell in released.cells if "nbgrader" in cell.metadata}
        cells = [_plain(cell, number) for number, cell in enumerate(nb.cells)]
        placed = _with_metadata(nb.cells, cells, known)
        # if the notebook has none of them, the student's text comes first
        place = -1 if placed else len(cells) - 1
        for name, cell in known.items():
            if name in placed:
                place = cells.index(placed[name])
            else:
                place += 1
                cells.insert(place, copy.deepcopy(cell))
        metadata = copy.deepcopy(released.metadata)
        return nbformat.from_dict({**released, "cells": cells, "metadata": metadata}), resources

    def _released(self, identity: Any) -> Any:
        coursedir = self.parent.parent.coursedir
        folder = coursedir.format_path(coursedir.release_directory, ".", identity["assignment"])
        return _read(Path(folder) / f"{identity['notebook']}.ipynb")


@functools.lru_cache(maxsize=4)
def _read(path: Path) -> Any:
    """The release, with nbgrader's checksums."""
    if not path.is_file():
        raise UsageError(
            f"{path} does not exist, and submissions are read with the help of the release. "
            f"Create it with: nbgrader generate_assignment {path.stem}"
        )
    made = nbformat.read(path, as_version=4)
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return made


def _plain(cell: Any, number: int) -> Any:
    """A cell with only its text; raw cells, which pages would include as they are, become code blocks."""
    made = {"id": f"cell-{number}", "metadata": {}, "source": cell.source}
    if cell.cell_type == "code":
        return nbformat.from_dict({**made, "cell_type": "code", "execution_count": None, "outputs": []})
    if cell.cell_type == "raw":
        made["source"] = textwrap.indent(cell.source, "    ", lambda _: True)
    pictures = {"attachments": cell.attachments} if "attachments" in cell else {}
    return nbformat.from_dict({**made, "cell_type": "markdown", **pictures})


def _with_metadata(submitted: Sequence[Any], cells: Sequence[Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Give cells the metadata of the release, matched by name; returns the cells by name."""
    placed: dict[str, Any] = {}
    for old, cell in zip(submitted, cells, strict=True):
        fields = old.metadata.get("nbgrader")
        name = fields.get("grade_id") if isinstance(fields, dict) else None
        released = known.get(name) if isinstance(name, str) and name not in placed else None
        if released is not None and released.cell_type == cell.cell_type:
            cell.metadata = copy.deepcopy(released.metadata)
            cell.source = released.source if released.metadata.nbgrader["locked"] else cell.source
            placed[str(name)] = cell
    return placed


def tell_of_names(*, assignment: str, student: str, notebooks: Sequence[str]) -> None:  # noqa: ARG001  as it is called
    """Report a submission without a notebook of the right name; called before each is read.

    Args:
        assignment: the assignment being graded.
        student: nbgrader's pattern for students.
        notebooks: the files of one submission.
    """
    names = [Path(notebook).name for notebook in notebooks]
    if f"{assignment}.ipynb" not in names:
        present = " and ".join(json.dumps(name) for name in names)
        get_logger().error(
            "%s: found %s, but nbgrader grades only %s.ipynb. Check whether it was submitted for another assignment, "
            "rename it, or grade the folder with `autograder grade`, which recognises notebooks by their content",
            Path(notebooks[0]).parent,
            present,
            assignment,
        )
