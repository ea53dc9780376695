"""A headless browser that counts what a page tries to do."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PICTURES = Path(__file__).parents[2] / "build" / "pictures"
PATIENCE = 60.0
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
    context.set_default_timeout(1000 * PATIENCE)
    expect.set_options(timeout=1000 * PATIENCE)
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


@contextlib.contextmanager
def jupyter(place: Path, *flags: str) -> Iterator[str]:
    """JupyterLab on a folder, with nbgrader as it installs itself; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [f"--ServerApp.{one}" for one in ("token=", "password=", f"port={port}", "port_retries=0", "ip=127.0.0.1")]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    server = subprocess.Popen(  # noqa: S603  our own words
        [sys.executable, "-m", "jupyter", "lab", "--allow-root", "--no-browser", *words, *flags],
        cwd=place,
        env={**os.environ, "PATH": path, "HOME": str(place), "JUPYTER_DATA_DIR": str(place / ".jupyter")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/api", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()  # noqa: S310  our own address
        except (urllib.error.URLError, ConnectionError):
            assert server.poll() is None
            assert time.monotonic() < end
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
        else:
            return


def picture(page: Page, name: str) -> None:
    """Keep what a person sees."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
