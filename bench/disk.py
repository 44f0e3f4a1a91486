"""What a disk can do at best."""
import os
import time


def disk_rate(folder, size, repeats=5):
    """Bytes/s at which a file of that size is written with one write per MiB, and brought to the disk; the median."""
    block, rates = os.urandom(1 << 20), []
    for _ in range(repeats):
        path = os.path.join(folder, "plain")
        began = time.monotonic()
        with open(path, "wb", buffering=0) as file:
            for at in range(0, size, len(block)):
                file.write(block[:min(len(block), size - at)])
            os.fsync(file.fileno())
        rates.append(size / (time.monotonic() - began))
        os.remove(path)
    return sorted(rates)[repeats // 2]
