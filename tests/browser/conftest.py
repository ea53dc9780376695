"""A headless browser that counts what a page tries to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the machine has it."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium here; install it, on Debian with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page that was opened, and what it has tried to do.

    Attributes:
        page: the page.
        requests: addresses that it asked for, itself left out.
        said: dialogs that it opened, what it wrote to the console, and errors of scripts that ran.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """An empty page; pass a colour scheme by indirect parametrisation."""
    context = browser.new_context(
        color_scheme=getattr(request, "param", "light"), viewport={"width": 1000, "height": 900}
    )
    found = Opened(context.new_page())
    found.page.on("request", lambda asked: found.requests.append(asked.url))
    found.page.on("console", lambda message: found.said.append(message.text))
    found.page.on("pageerror", lambda error: found.said.append(str(error)))
    found.page.on("dialog", lambda dialog: (found.said.append(dialog.message), dialog.dismiss()))
    yield found
    context.close()


def show(opened: Opened, path: Path) -> None:
    """Open a file, and forget that it was asked for."""
    opened.page.goto(path.as_uri(), wait_until="load")
    opened.requests.remove(path.as_uri())
