"""A release notebook in JupyterLab as a student has it; pictures of it are kept in build/pictures/."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, Opened, jupyter, picture
from tests.browser.seen import faults

pytestmark = pytest.mark.thorough

RELEASE = Path(__file__).parents[2] / "course" / "release"
NAME = "01_one_window"
OUTPUTS = ".jp-Notebook .jp-OutputArea-output"
THEMES = ("light", "dark")
WRONG = {
    "window_sum": "def window_sum(patch, kernel):\n    return (patch @ kernel).sum()",
    "conv2d_valid": "def conv2d_valid(image, kernel):\n    return np.zeros((image.shape[0], image.shape[1])) + 1.5",
}


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """JupyterLab on a folder for each theme, each with the release notebook and two wrong answers in it."""
    folder = tmp_path_factory.mktemp("student")
    for theme in THEMES:
        shutil.copytree(RELEASE / NAME, folder / theme)
        path = folder / theme / f"{NAME}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = WRONG.get(cell.id.removeprefix("exercise-"), cell.source)
        nbformat.write(notebook, path)
    with jupyter(folder, "--expose-app-in-browser") as address:
        yield address, folder


def _is_open(page: Page) -> None:
    """Wait until all of the notebook is there."""
    cells = len(nbformat.read(RELEASE / NAME / f"{NAME}.ipynb", as_version=4).cells)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells)
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_attached(timeout=1000 * PATIENCE)


def _save_and_reopen(page: Page, theme: str) -> None:
    _command(page, "docmanager:save")
    _command(page, "application:close")
    expect(page.locator(".jp-Notebook")).to_have_count(0)
    _command(page, "docmanager:open", path=f"{theme}/{NAME}.ipynb")
    _is_open(page)


def _command(page: Page, name: str, **arguments: str) -> None:
    """Do what a menu of JupyterLab does, and wait until it is done."""
    done = """([name, arguments, longest]) => Promise.race([
      jupyterapp.commands.execute(name, arguments).then(() => null),
      new Promise((_, fail) => setTimeout(() => fail(new Error(name + " takes too long")), longest)),
    ])"""
    page.evaluate(done, [name, arguments, 1000 * PATIENCE])


def _select(page: Page, source: str) -> None:
    """Select the cell that begins so, and bring it to the top of the screen."""
    select = """source => {
      const notebook = jupyterapp.shell.currentWidget.content;
      notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.sharedModel.source.startsWith(source));
      return notebook.scrollToItem(notebook.activeCellIndex, "start");
    }"""
    page.evaluate(select, source)


def _shows(page: Page, name: str, source: str) -> None:
    """Keep a picture of what is below a cell, and look at all figures."""
    _select(page, source)
    picture(page, f"jupyterlab_{name}")
    assert faults(page, OUTPUTS) == []


@pytest.mark.parametrize("theme", THEMES)
def test_no_figure_turns_into_a_line_of_numbers(opened: Opened, student: tuple[str, Path], theme: str) -> None:
    """Not before a notebook is run, nor while it is, nor after; saved and reopened, trusted or not; nor exported."""
    (address, folder), page = student, opened.page
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{address}/lab/tree/{theme}/{NAME}.ipynb?reset")
    _is_open(page)
    _command(page, "apputils:change-theme", theme=f"JupyterLab {theme.capitalize()}")
    svg, plain = page.locator(f"{OUTPUTS} svg"), page.locator(f"{OUTPUTS} img:visible")
    expect(svg).to_have_count(0)
    _shows(page, f"{theme}_1_before", "figures.window_stepper")

    stored = plain.count()
    for source in ("import numpy", "figures.strip", "def window_sum", "check(window_sum)"):
        _select(page, source)
        _command(page, "notebook:run-cell")
    expect(svg.and_(page.locator(":visible"))).to_have_count(2)
    _shows(page, f"{theme}_2_strip", "figures.strip")
    _shows(page, f"{theme}_3_below_it", "figures.window_stepper")

    _save_and_reopen(page, theme)  # what is not run yet is not trusted, and then JupyterLab trusts nothing
    expect(svg).to_have_count(0)
    _shows(page, f"{theme}_4_not_trusted", "check(window_sum)")
    assert plain.count() > stored

    _command(page, "notebook:run-all-cells")
    expect(plain).to_have_count(0)
    page.get_by_label("row 1, column 0: sum").check()
    expect(page.locator(".step-4").first).to_be_visible()
    expect(page.locator(".step-1").first).not_to_be_visible()
    _shows(page, f"{theme}_5_stepper", "figures.window_stepper")
    _shows(page, f"{theme}_6_wrong", "check(conv2d_valid)")

    _save_and_reopen(page, theme)
    expect(plain).to_have_count(0)
    _shows(page, f"{theme}_7_trusted", "figures.strip")

    exported, _ = HTMLExporter(theme=theme).from_filename(folder / theme / f"{NAME}.ipynb")
    page.route("http*://**", lambda route: route.abort())
    page.set_content(exported)
    picture(page, f"nbconvert_{theme}")
    assert page.locator(".jp-OutputArea-output svg:visible").count() > stored
    assert faults(page, ".jp-OutputArea-output") == []
