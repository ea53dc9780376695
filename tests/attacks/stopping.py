"""How long after its limit a call is gone, with all that it started: `python -m tests.attacks.stopping` measures it."""

from __future__ import annotations

import time

from autograder.model import Outcome
from autograder.sandbox.clock import Seconds
from autograder.sandbox.jails import Jails
from autograder.sandbox.limits import Limits
from autograder.sandbox.wire import RanReply, request

# As many as the grader takes its time over.
CALLS = 10
# What a call does until it is stopped.
BODIES = {
    "loops": "while True: pass",
    "swallows every exception": "while True:\n        try:\n            while True: pass\n        except: pass",
    "sleeps": "import time; time.sleep(3600)",
    "waits for a signal": "import signal; signal.pause()",
    "ignores signals": "import signal\n    for s in (2, 14, 15, 24): signal.signal(s, signal.SIG_IGN)\n"
    "    while True: pass",
    "blocks signals": "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass",
    "loops in a regular expression": "import re; re.match('(a+)+b', 'a' * 60)",
    "loops in a power": "10 ** 10**8",
    "loops in a sum": "import itertools; sum(itertools.count())",
    "loops in linear algebra": "import numpy as np\n    while True: np.linalg.svd(np.ones((600, 600)))",
    "touches all its memory": "import numpy as np; a = np.ones(90 << 20)\n    while True: a += 1",
    "swallows the end of memory": "a = []\n    while True:\n        try: a.append(bytearray(1000))\n"
    "        except MemoryError: pass",
    "fills maps": "import mmap\n    m = mmap.mmap(-1, 500 << 20)\n    while True:\n"
    "        for i in range(0, len(m), 4096): m[i] = 1",
    "fills /tmp": "import os\n    while True:\n        try:\n            for n in range(1000):\n"
    "                with open(f'/tmp/{n}', 'wb') as f: f.write(bytes(1 << 20))\n        except OSError: pass",
    "makes and removes files": "import os\n    while True:\n"
    "        for n in range(900): os.close(os.open(f'/tmp/{n}', os.O_CREAT))\n"
    "        for n in range(900): os.unlink(f'/tmp/{n}')",
    "fills pipes": "import os\n    p = [os.pipe() for _ in range(25)]\n    for r, w in p:\n"
    "        os.set_blocking(w, False); os.write(w, bytes(1 << 16))\n    while True: pass",
    "sends a byte at a time": "import os, struct, time; os.write(4, struct.pack('<I', 1 << 20))\n"
    "    while True: os.write(4, b' '); time.sleep(0.0005)",
    "closes everything": "import os; os.closerange(0, 3); os.closerange(5, 64)\n    while True: pass",
}


def stop(body: str, allowed: Seconds) -> tuple[Outcome | RanReply, float]:
    """Let a function of this body run into its limit.

    Returns:
        What came of it, and the seconds from the limit to the end of its last process.
    """
    cell = {"type": "cell", "label": "cell 1", "source": f"def f():\n    {body}"}
    call = {"type": "call", "function": "f", "names": [], "want_arguments": False}
    with Jails() as jails, jails.start(Limits()) as jail:
        jail.send([request(cell)])
        jail.reply(Seconds(60, 60))
        jail.send([request(call)] * CALLS)
        start = time.monotonic()
        outcome = jail.reply(allowed)
        return outcome, time.monotonic() - start - min(allowed.cpu, allowed.waiting)


if __name__ == "__main__":
    for name, body in BODIES.items():
        outcome, late = stop(body, Seconds(1, 1))
        print(f"{name:<32} {late * 1000:6.0f} ms  {outcome}")  # noqa: T201  its output
