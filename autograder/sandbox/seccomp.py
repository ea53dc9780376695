"""Which system calls a jail may make: all that an answer needs, but no new process, socket, namespace or device.

There are two filters, because the kernel takes long to load a large one: bubblewrap sets `outer` once, for everything
inside it; each student's process sets the few rules of `inner`, which forbid what the process that forks it needs.
"""

from __future__ import annotations

import errno
import functools
import os
import resource
import tempfile
from collections.abc import Iterable, Sequence

from autograder.errors import SandboxError
from autograder.sandbox.obstacles import UNSAFE

# Processes and threads, because the kernel does not count root's against RLIMIT_NPROC; and the calls that put up the
# inner walls.
INNER = ("fork", "vfork", "clone", "pidfd_open", "unshare", "setns", "mount")
OUTER = (
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"),
    *("process_madvise", "process_mrelease"),
    # the network, and sockets inherited or made
    *("socket", "socketpair", "bind", "listen", "connect", "accept", "accept4"),
    # file systems
    *("umount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsmount"),
    *("fsconfig", "fspick", "mount_setattr", "mknod", "mknodat", "name_to_handle_at", "open_by_handle_at"),
    *("quotactl", "quotactl_fd", "swapon", "swapoff", "sysfs", "ustat", "uselib"),
    # watching what others do with shared files
    *("inotify_init", "inotify_init1", "inotify_add_watch", "fanotify_init", "fanotify_mark", "lookup_dcookie"),
    *("preadv2", "pwritev2"),
    *("mincore", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"),
    # what makes others wait: all that is to be written to disk, and requests that go on when a process has ended
    *("sync", "syncfs", "sync_file_range"),
    *("io_setup", "io_submit", "io_cancel", "io_destroy", "io_getevents", "io_pgetevents"),
    # or to be read from there again, as the library is that everybody has in memory; and who gets a core, and which:
    # what is ready to run and gets none has no limit
    *("fadvise64", "readahead", "membarrier", "setpriority", "sched_setaffinity"),
    *("ioprio_set", "sched_setscheduler", "sched_setparam", "sched_setattr"),
    # memory and objects that outlive a process, or are not counted as its own
    *("shmget", "msgget", "semget", "mq_open", "memfd_create", "memfd_secret", "userfaultfd", "vmsplice"),
    *("add_key", "keyctl", "request_key", "mbind", "move_pages", "migrate_pages", "set_mempolicy"),
    # the kernel itself
    *("bpf", "perf_event_open", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "ioperm", "iopl", "modify_ldt"),
    *("reboot", "personality", "acct", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "stime"),
    *("sethostname", "setdomainname", "syslog", "vhangup", "_sysctl", "nfsservctl"),
)
# Numbers of calls that an older libseccomp may not know; from 424 on they are the same on every architecture.
YOUNG = {
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "pidfd_open": 434,
    "clone3": 435,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
    "process_mrelease": 448,
}
# A jail dies with the grader, even if the grader is killed and cannot stop anything.
PR_SET_PDEATHSIG = 1
# To leave half of a core idle whenever it runs.
PR_SCHED_CORE = 62
# Commands of fcntl that report who opens a file; a lease also makes them wait. They would reach other jails, which all
# open the same library. From the kernel's headers.
F_SETLEASE, F_NOTIFY = 1024, 1026
# Memory of the kernel that all processes of a user share.
F_SETPIPE_SZ = 1031
# The kernel reads only the lower 32 bits of these 64-bit numbers.
NUMBER_BITS = 0xFFFF_FFFF
# libseccomp's answer for a name that it does not know.
UNKNOWN = -1
# Python and the C library try it first, and fall back to the older call.
MISSING = ("clone3",)
# From here on calls are younger than what a C library needs, such as those
# that tell from where on the machine a folder in the jail comes; it takes another way where there is none.
YOUNGEST = range(450, 600)


@functools.cache
def outer() -> bytes:
    """The filter for everything inside bubblewrap, compiled for the kernel.

    Raises:
        SandboxError: there is no libseccomp on this machine to compile it with.
    """
    commands = [
        *(("prctl", 0, option) for option in (PR_SET_PDEATHSIG, PR_SCHED_CORE)),
        *(("fcntl", 1, command) for command in (F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ)),
    ]
    return _compiled([(errno.EPERM, OUTER), (errno.ENOSYS, MISSING), (errno.ENOSYS, YOUNGEST)], commands)


@functools.cache
def inner() -> bytes:
    """The filter that each student's process adds, compiled for the kernel.

    Raises:
        SandboxError: there is no libseccomp on this machine to compile it with.
    """
    limits = [("setrlimit", 0, resource.RLIMIT_CORE), ("prlimit64", 1, resource.RLIMIT_CORE)]
    return _compiled([(errno.EPERM, INNER)], limits)


def _compiled(
    refused: Sequence[tuple[int, Iterable[str | int]]], commands: Sequence[tuple[str, int, int]] = ()
) -> bytes:
    """A filter that answers each group of calls with an error.

    Args:
        refused: an error number, and the calls that get it.
        commands: a call, the place of an argument and a number: the call is refused if that argument is this number.
    """
    try:
        import pyseccomp  # noqa: PLC0415  Linux only, and it looks for libseccomp on import
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxError(
            f"sandbox: cannot use libseccomp ({error}), and without its filter the sandbox is not safe. On Debian and "
            f"Ubuntu, install it with: apt-get install libseccomp2. {UNSAFE}"
        ) from error
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for number, calls in refused:
        for call in calls:
            # calls that only other architectures have are negative, and cannot be made here
            if (asked := number_of(call) if isinstance(call, str) else call) >= 0:
                rules.add_rule(pyseccomp.ERRNO(number), asked)
    for name, place, command in commands:
        argument = pyseccomp.Arg(place, pyseccomp.MASKED_EQ, NUMBER_BITS, command)
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name, argument)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def number_of(call: str) -> int:
    """The number of a call; below 0 if this machine's architecture does not have it.

    Raises:
        SandboxError: libseccomp does not know the name, so a filter would let the call through.
    """
    import pyseccomp  # noqa: PLC0415  as above

    number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), call)
    if number == UNKNOWN and call not in YOUNG:
        raise SandboxError(
            f"sandbox: libseccomp does not know the system call {call!r}, so it would be allowed. "
            f"Install libseccomp 2.4 or newer. {UNSAFE}"
        )
    return int(YOUNG[call] if number == UNKNOWN else number)


def descriptor() -> int:
    """The outer filter in a file that a child process can read from its start; the caller closes it."""
    file = os.memfd_create("seccomp")
    os.write(file, outer())
    os.lseek(file, 0, os.SEEK_SET)
    return file
