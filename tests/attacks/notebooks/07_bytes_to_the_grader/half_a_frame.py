# %% [markdown] assignment="01_one_window"
# Sends half a frame and waits.
#
# marks: 4, 0
# says: Stopped after 2 s of CPU time


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import json
import os
import struct


def frame(**header):
    data = json.dumps(header).encode()
    return struct.pack("<I", len(data)) + data


def send(data):
    """Write to every descriptor there can be."""
    for descriptor in range(64):
        try:
            os.write(descriptor, data)
        except OSError:
            pass


def conv2d_valid(image, kernel):
    send(frame(id=1, type="returned")[:9])
    while True:
        pass
