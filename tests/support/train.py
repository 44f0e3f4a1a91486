"""The spike train that tests/repro/everything.yaml reads."""
import h5py
import numpy


def write_train(path):
    """Spikes of the virtual cells: a SONATA file in which 17 cells fire at 40 Hz for 250 ms, one after the other."""
    cell = numpy.arange(170) % 17
    with h5py.File(path, "w") as file:
        group = file.create_group("spikes/train")
        group["timestamps"] = numpy.floor((numpy.arange(170) * 25.0 / 17 + 1.0) / 0.1 + 0.5) * 0.1  # at ends of steps
        group["timestamps"].attrs["units"] = "ms"
        group["node_ids"] = cell.astype("u8")
