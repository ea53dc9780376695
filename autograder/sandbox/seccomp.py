"""What a jail may ask of the kernel: all that an answer needs, and no new process, socket, namespace or device."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import tempfile

REFUSED = (
    # processes and threads: the kernel does not count those of root against RLIMIT_NPROC
    *("fork", "vfork", "clone"),
    # other processes
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"),
    # the network, and sockets inherited or made
    *("socket", "socketpair", "bind", "listen", "connect", "accept", "accept4"),
    # file systems and namespaces
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_tree", "move_mount", "fsopen", "fsmount"),
    *("mknod", "mknodat", "name_to_handle_at", "open_by_handle_at", "quotactl", "swapon", "swapoff"),
    # memory and objects that outlive a process, or are not counted as its own
    *("shmget", "msgget", "semget", "mq_open", "memfd_create", "memfd_secret", "userfaultfd"),
    *("add_key", "keyctl", "request_key"),
    # the kernel itself
    *("bpf", "perf_event_open", "io_uring_setup", "init_module", "finit_module", "delete_module", "kexec_load"),
    *("reboot", "personality", "acct", "settimeofday", "clock_settime", "sethostname", "syslog"),
)
# Python and the C library try it first, and take the older call where there is none.
MISSING = ("clone3",)


@functools.cache
def compiled() -> bytes | None:
    """The filter as the kernel takes it; None where this machine has no libseccomp to compile it with."""
    try:
        import pyseccomp  # noqa: PLC0415  Linux only, and it looks for libseccomp on import
    except (ImportError, RuntimeError, OSError):
        return None
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for names, number in ((REFUSED, errno.EPERM), (MISSING, errno.ENOSYS)):
        for name in names:
            # a call that this architecture or this libseccomp does not know cannot be asked for by its name
            with contextlib.suppress(OSError):
                rules.add_rule(pyseccomp.ERRNO(number), name)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def descriptor() -> int | None:
    """The filter in a file that a child process can read from its start; the caller closes it."""
    program = compiled()
    if program is None:
        return None
    file = os.memfd_create("seccomp")
    os.write(file, program)
    os.lseek(file, 0, os.SEEK_SET)
    return file
