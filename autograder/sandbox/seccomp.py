"""What a jail may ask of the kernel: all that an answer needs, and no new process, socket, namespace or device.

There are two filters, as a large one takes the kernel long to load: bubblewrap sets `outer` once, for all that runs
behind the outer walls; each student's process sets the few rules of `inner`, which the process that forks it cannot do
with.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import tempfile
from collections.abc import Iterable, Sequence

from autograder.errors import SandboxError
from autograder.sandbox.machine import UNSAFE

# Processes and threads, as the kernel does not count those of root against RLIMIT_NPROC; and what the inner walls are
# put up with.
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
    # watching what others do with the files that all can see
    *("inotify_init", "inotify_init1", "inotify_add_watch", "fanotify_init", "fanotify_mark", "lookup_dcookie"),
    # memory and objects that outlive a process, or are not counted as its own
    *("shmget", "msgget", "semget", "mq_open", "memfd_create", "memfd_secret", "userfaultfd", "vmsplice"),
    *("add_key", "keyctl", "request_key", "mbind", "move_pages", "migrate_pages", "set_mempolicy"),
    # the kernel itself
    *("bpf", "perf_event_open", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "ioperm", "iopl", "modify_ldt"),
    *("reboot", "personality", "acct", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "stime"),
    *("sethostname", "setdomainname", "syslog", "vhangup", "_sysctl", "nfsservctl"),
)
# So that a jail dies with the grader, even if the grader is killed and can stop nothing.
PR_SET_PDEATHSIG = 1
# Python and the C library try it first, and take the older call where there is none.
MISSING = ("clone3",)
# Numbers are the same everywhere from 424 on. From here on calls are younger than what a C library needs, such as those
# that tell from where on the machine a folder in the jail comes; it takes another way where there is none.
YOUNGEST = range(450, 600)


@functools.cache
def outer() -> bytes:
    """The filter for all that runs behind the outer walls, as the kernel takes it.

    Raises:
        SandboxError: this machine has no libseccomp to compile it with.
    """
    prctl = (PR_SET_PDEATHSIG,)
    return _compiled([(errno.EPERM, OUTER), (errno.ENOSYS, MISSING), (errno.ENOSYS, YOUNGEST)], prctl)


@functools.cache
def inner() -> bytes:
    """The filter that each student's process adds, as the kernel takes it.

    Raises:
        SandboxError: this machine has no libseccomp to compile it with.
    """
    return _compiled([(errno.EPERM, INNER)])


def _compiled(refused: Sequence[tuple[int, Iterable[str | int]]], prctl: Sequence[int] = ()) -> bytes:
    """A filter that answers the calls of each group with an error, and so some of what `prctl` can be asked."""
    try:
        import pyseccomp  # noqa: PLC0415  Linux only, and it looks for libseccomp on import
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxError(
            f"jail: libseccomp cannot be used ({error}), but a jail without its filter can be left; install it, on "
            f"Debian and Ubuntu with: apt-get install libseccomp2; {UNSAFE}"
        ) from error
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for number, calls in refused:
        for call in calls:
            # a call that this architecture or this libseccomp does not know cannot be asked for by its name
            with contextlib.suppress(OSError):
                rules.add_rule(pyseccomp.ERRNO(number), call)
    for option in prctl:
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "prctl", pyseccomp.Arg(0, pyseccomp.EQ, option))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def descriptor() -> int:
    """The outer filter in a file that a child process can read from its start; the caller closes it."""
    file = os.memfd_create("seccomp")
    os.write(file, outer())
    os.lseek(file, 0, os.SEEK_SET)
    return file
