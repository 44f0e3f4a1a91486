"""configs/lesion.yaml: cells of a patch that lost its drive return to their target, and turnover is highest there."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from program import Case, main  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

SCENARIO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "lesion.yaml")
LESION_S, END_S, TARGET_HZ = 150.0, 400.0, 5.0
CORE_UM, PATCH_UM, FAR_UM = 60.0, 160.0, 300.0


class Lesion(Case):
    def setUp(self):
        super().setUp()
        self.works("run", SCENARIO, "-o", self.path("run"), "--quiet", "--threads", "1")
        with h5py.File(self.path("run/nodes.h5")) as file:
            apart = [file[f"nodes/exc/0/{axis}"][:] - 500.0 for axis in "xy"]
        self.distance = numpy.hypot(*apart)

    def rates(self, begin_s, end_s):
        with h5py.File(self.path("run/spikes.h5")) as file:
            times, ids = file["spikes/exc/timestamps"][:] / 1000, file["spikes/exc/node_ids"][:].astype(int)
        chosen = ids[(times > begin_s) & (times <= end_s)]
        return numpy.bincount(chosen, minlength=len(self.distance)) / (end_s - begin_s)

    def changes(self):
        """Synapses that formed at or vanished from each cell's dendrites after the lesion, those it cut left out."""
        with h5py.File(self.path("run/edge_events.h5")) as file:
            group = file["edge_events/exc_to_exc"]
            later = group["step"][:] * 1e-4 > LESION_S
            return numpy.bincount(group["target"][:][later].astype(int), minlength=len(self.distance))

    def test_the_patch_falls_silent_returns_to_its_target_and_turns_over_most(self):
        core, patch = self.distance <= CORE_UM, (self.distance > CORE_UM) & (self.distance <= PATCH_UM)
        far = self.distance > FAR_UM
        self.assertEqual(core.sum(), 4)
        self.assertGreater(patch.sum(), 20)
        numpy.testing.assert_allclose(self.rates(100, LESION_S)[patch], TARGET_HZ, rtol=0.1)
        self.assertLess(self.rates(LESION_S + 5, LESION_S + 40)[patch].max(), 0.1)
        back = self.rates(END_S - 150, END_S)
        numpy.testing.assert_allclose(back[patch], TARGET_HZ, rtol=0.1, err_msg="a cell of the patch is not back")
        numpy.testing.assert_allclose(back[far], TARGET_HZ, rtol=0.1)
        self.assertEqual(self.rates(LESION_S, END_S)[core].max(), 0.0)
        changes = self.changes()
        rings = [changes[(self.distance > a) & (self.distance <= b)].mean()
                 for a, b in ((CORE_UM, 110), (110, PATCH_UM), (PATCH_UM, FAR_UM), (FAR_UM, 800))]
        print("changes per cell from the middle outwards:", numpy.round(rings, 1))
        self.assertGreater(min(rings[:2]), 2 * max(rings[2:]))
        self.assertEqual(changes[core].sum(), 0)


if __name__ == "__main__":
    main()
