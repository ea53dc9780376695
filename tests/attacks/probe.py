"""What runs inside a jail to find all that can be reached from there; its source goes in as a cell.

Whoever calls says what to look for in two halves, which are never put together here: else it would be found.
"""

import ctypes
import gc
import os
import stat
import sys

PAGE = 4096
found = []


def walk(number):
    """Device and inode of every file below the root, 50,000 in a call; None when there are no more."""
    if not found:
        for folder, folders, names in os.walk("/"):
            for name in [*folders, *names]:
                try:
                    seen = os.lstat(os.path.join(folder, name))
                except OSError:
                    continue
                found.append((seen.st_dev, seen.st_ino))
    return [list(pair) for pair in found[number * 50_000 :][:50_000]] or None


def holding(texts, halves):
    """The beginnings of the texts that hold what is looked for."""
    first, second = halves
    pieces = ((text, text.split(first)[1:]) for text in texts)
    return [text[:200] for text, behind in pieces if any(piece.startswith(second) for piece in behind)][:10]


def in_files(since, halves):
    """In the path of any file, or in what a file holds that was made or changed lately, or is the grader's own."""
    texts = []
    for folder, _, names in os.walk("/"):
        for path in [folder, *(os.path.join(folder, name) for name in names)]:
            texts.append(path)
            try:
                seen = os.lstat(path)
                if stat.S_ISREG(seen.st_mode) and (max(seen.st_mtime, seen.st_ctime) > since or "/jail/" in path):
                    with open(path, "rb") as file:
                        texts.append(file.read(1 << 20).decode("latin-1"))
            except OSError:
                continue
    return holding(texts, halves)


def in_objects(halves):
    """In the environment, the arguments, the names of the machine, and all that Python holds."""
    place, count = ctypes.POINTER(ctypes.c_wchar_p)(), ctypes.c_int()
    ctypes.pythonapi.Py_GetArgcArgv(ctypes.byref(count), ctypes.byref(place))
    texts = [str(dict(os.environ)), *place[: count.value], *sys.argv, *os.uname(), os.getcwd(), sys.executable]
    for owner in gc.get_objects():
        texts += [str(one) for one in gc.get_referents(owner) if isinstance(one, (str, bytes)) and len(one) < 10_000]
    return holding(texts, halves)


def in_memory(halves):
    """In the raw memory around every object, and of the stack, where the kernel puts what a program is started with."""
    libc = ctypes.CDLL(None)
    libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    objects = gc.get_objects()
    blocks = {id(one) >> 20 for owner in objects for one in (owner, *gc.get_referents(owner))}
    blocks |= {(ctypes.c_void_p.in_dll(libc, "__libc_stack_end").value >> 20) + more for more in (-1, 0, 1)}
    ends, pages = os.pipe(), []
    for page in range(0, 1 << 20, PAGE):
        for block in blocks:
            if libc.write(ends[1], (block << 20) + page, PAGE) == PAGE:  # fails where there is no memory
                pages.append(os.read(ends[0], PAGE).decode("latin-1"))
    return holding(pages, halves)


def processes():
    """Which processes can be seen, or sent a signal."""
    seen = [int(name) for name in os.listdir("/proc") if name.isdigit()] if os.path.exists("/proc") else []
    for number in range(1, 40_000):
        try:
            os.kill(number, 0)
        except OSError:
            continue
        seen.append(number)
    return seen


def descriptors():
    """Device and inode of each open descriptor."""
    opened = []
    for number in range(1024):
        try:
            seen = os.fstat(number)
        except OSError:
            continue
        opened.append([seen.st_dev, seen.st_ino])
    return opened
