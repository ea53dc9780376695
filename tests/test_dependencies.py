"""What may be installed beside the project: nothing with a hole that has been published and closed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
# The first version that is taken, and the hole that is closed in it or before it.
CLOSED = {
    "cryptography": "46.0.5",  # CVE-2026-26007
    "distributed": "2024.9",  # CVE-2024-10096
    "jinja2": "3.1.6",  # CVE-2025-27516
    "jupyter-server": "2.21",  # CVE-2026-44727
    "jupyterlab": "4.6.2",  # CVE-2026-73415
    "nbconvert": "7.17.2",  # CVE-2026-39377
    "nbgrader": "0.9.6",
}
# What brings others along that nobody asks for by name.
BRINGS = {"nbgrader": {"jupyter-server", "nbconvert"}, "jupyterlab": {"jupyter-server", "nbconvert"}}


def extras() -> dict[str, dict[str, Requirement]]:
    """What each extra asks for, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {"": project["dependencies"], **project["optional-dependencies"]}
    return {extra: {one.name: one for one in map(Requirement, lines)} for extra, lines in asked.items()}


def lowest(requirement: Requirement) -> Version:
    """The lowest version that a requirement admits."""
    return max(Version(one.version) for one in requirement.specifier if one.operator in (">=", "=="))


def test_no_lower_bound_admits_a_known_hole() -> None:
    """Whoever installs without our constraints gets a version in which the hole is closed."""
    found = [
        f"{extra}: {requirement}"
        for extra, asked in extras().items()
        for name, requirement in asked.items()
        if name in CLOSED and lowest(requirement) < Version(CLOSED[name])
    ]

    assert found == []


def test_what_comes_along_is_bounded_too() -> None:
    """An extra that brings a package with holes behind it names a version of that as well."""
    missing = {
        extra: names
        for extra, asked in extras().items()
        if (names := {other for name in asked for other in BRINGS.get(name, ())} - set(asked))
    }

    assert missing == {}


def test_the_pins_have_no_known_hole() -> None:
    """What `make` installs is above every bound."""
    lines = [Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines()]
    pinned = {line.name: lowest(line) for line in lines if line.name in CLOSED}

    assert set(pinned) == set(CLOSED)
    assert {name: str(version) for name, version in pinned.items() if version < Version(CLOSED[name])} == {}
