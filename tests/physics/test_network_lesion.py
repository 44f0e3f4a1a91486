#!/usr/bin/env python3
"""configs/lesion.yaml after Butz & van Ooyen 2013: every surviving cell of a patch that lost its drive returns to its
target within 10 %, and turnover is highest in the patch. bench/validation/seeds.py asks the same on several seeds."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "references"))
from network_runs import Checks, np, run  # noqa: E402

import h5py  # noqa: E402

LESION_S, END_S, TARGET_HZ = 150.0, 400.0, 5.0
CORE_UM, MIDDLE_UM, PATCH_UM, FAR_UM, ALL_UM = 60.0, 110.0, 160.0, 300.0, 800.0


class Lesion:
    """Rates and changes of the excitatory cells, and how far from the middle of the lesion they are."""

    def __init__(self, result):
        with h5py.File(result.directory / "nodes.h5") as file:
            self.distance = np.hypot(*(file[f"nodes/exc/0/{axis}"][:] - 500.0 for axis in "xy"))
        times_ms, self.ids = result.spikes("exc")
        self.times_s = times_ms * 1e-3
        with h5py.File(result.directory / "edge_events.h5") as file:
            step, target = (file["edge_events/exc_to_exc"][name][:] for name in ("step", "target"))
        # Synapses that formed at or vanished from each cell's dendrites after the lesion, those it cut left out.
        self.changes = np.bincount(target[step * 1e-4 > LESION_S].astype(int), minlength=len(self.distance))

    def rates(self, begin_s, end_s):
        chosen = self.ids[(self.times_s > begin_s) & (self.times_s <= end_s)].astype(int)
        return np.bincount(chosen, minlength=len(self.distance)) / (end_s - begin_s)

    def ring(self, inner_um, outer_um):
        return (self.distance > inner_um) & (self.distance <= outer_um)


def check(checks, binary, settings):
    settings = {"record.measures": "none", **settings}
    lesion = Lesion(run(binary, "lesion.yaml", settings, threads=1))  # few cells: two threads only wait
    core, patch, far = lesion.distance <= CORE_UM, lesion.ring(CORE_UM, PATCH_UM), lesion.ring(FAR_UM, ALL_UM)
    checks.near("cells that die", core.sum(), 4, 0)
    checks.within("cells of the patch that survive", patch.sum(), 20, 400)
    before, back = lesion.rates(100, LESION_S), lesion.rates(END_S - 100, END_S)
    for what, rates, cells in (("before the lesion, patch", before, patch), ("300 to 400 s, patch", back, patch),
                               ("300 to 400 s, far from it", back, far)):
        checks.within(f"{what}: lowest rate of a cell over its target", rates[cells].min() / TARGET_HZ, 0.9, 1.1)
        checks.within(f"{what}: highest rate of a cell over its target", rates[cells].max() / TARGET_HZ, 0.9, 1.1)
    silent = lesion.rates(LESION_S + 5, LESION_S + 40)[patch].max()
    checks.within("highest rate in the patch 5 to 40 s after the lesion (Hz)", silent, 0, 0.1)
    checks.near("highest rate of the dead cells (Hz)", lesion.rates(LESION_S, END_S)[core].max(), 0, 0)
    rings = ((CORE_UM, MIDDLE_UM), (MIDDLE_UM, PATCH_UM), (PATCH_UM, FAR_UM), (FAR_UM, ALL_UM))
    middle, edge, around, far_off = (lesion.changes[lesion.ring(*ring)].mean() for ring in rings)
    elsewhere = max(around, far_off)
    checks.within("changes per cell in the middle of the patch over those outside", middle / elsewhere, 2, 100)
    checks.within("changes per cell at the edge of the patch over those outside", edge / elsewhere, 2, 100)
    checks.near("changes at dead cells", lesion.changes[core].sum(), 0, 0)


if __name__ == "__main__":
    asked = Checks()
    check(asked, sys.argv[1], {})
    asked.end()
