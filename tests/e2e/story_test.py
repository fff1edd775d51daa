"""The main job through the real processes: it goes as it must, it agrees with the given scenarios, and the broker never
learns whom it is about: nothing of it stands in what the broker stored, nor in its memory."""
import ctypes
import os
import pathlib
import re
import tempfile
import unittest

import searching
import whole
from stage import registers
from tale import account, main_job

PLANTED = "Zzyzxwitz-Plantinga"


class StoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.play = main_job.new_play(cls.stage)
        cls.play.notes["chance"] = whole.chance()
        cls.play.run(main_job.steps())
        identities = (cls.stage.state.registers / "identities.txt").read_text(encoding="utf-8").splitlines()
        values = [value for name, received in cls.play.notes.items() if name.endswith("-values")
                  for value in received.values() if len(value) > 4]
        cls.needles = sorted({*identities, *values, *registers.manifest(cls.stage.state)["story"].values()})

    def test_every_scenario_without_pseudonym_is_decided_as_given(self):
        self.assertEqual(sorted(self.play.agreed), sorted(main_job.SCENARIOS))

    def test_the_account_tells_every_step_and_names_every_desk(self):
        text = account.of_play(self.play, main_job.CHAPTERS, 1.0)
        for told in self.play.told:
            self.assertIn(told.says, text)
        for name in ("Openbare orde en veiligheid", "Informatie", "Parket", "Sociaal domein", "Wethouder"):
            self.assertIn(name, text)

    def test_the_search_covers_the_demo_region(self):
        self.assertGreater(len(self.needles), 10000)
        self.assertIn(self.play.cast["subject_bsn"], self.needles)

    def test_nothing_that_the_broker_stored_names_anybody(self):
        for folder in (self.stage.state.broker, self.stage.state.guard):
            self.assertTrue(list(folder.iterdir()), folder)
            self.assertEqual(searching.found_below(folder, self.needles), {})

    def test_the_search_of_files_would_find_a_name(self):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder) / "sluis.db"
            place.write_bytes(os.urandom(5000) + b"\x00" + self.needles[7].encode() + b"\x00" + os.urandom(5000))
            self.assertEqual(searching.found_below(folder, self.needles), {str(place): [self.needles[7]]})
            # The story's own words are there, so the files are not unreadable to the search.
            self.assertTrue(searching.found_below(self.stage.state.broker, ["openbare-orde", "gemeente/oov"]))

    def test_nothing_in_the_memory_of_the_broker_names_anybody(self):
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder) / "image"
            size = searching.dump_memory(self.stage.broker.process.pid, image)
            self.assertGreater(size, 10 << 20)
            # What must be there, so that an image of nothing is no proof.
            self.assertEqual(searching.found_in(image, ["openbare-orde", "pol-014"]),
                             {"openbare-orde", "pol-014"})
            self.assertEqual(searching.found_in(image, self.needles), set())

    def test_the_search_of_memory_would_find_a_name(self):
        kept = ctypes.create_string_buffer(b"\x01" + PLANTED.encode() + b"\x02")
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder) / "image"
            searching.dump_memory(os.getpid(), image)
            self.assertEqual(searching.found_in(image, [PLANTED]), {PLANTED})
        self.assertTrue(kept.raw)

    def test_the_broker_runs_as_its_own_user_and_so_does_every_desk(self):
        status = pathlib.Path(f"/proc/{self.stage.broker.process.pid}/status").read_text(encoding="utf-8")
        uids = set(re.search(r"^Uid:\s+(.*)$", status, re.MULTILINE).group(1).split())
        self.assertEqual(len(uids), 1)
        desks = [desk.uid for desk in self.stage.region.desks.values()]
        self.assertEqual(len(set(desks)), len(desks))
        self.assertNotIn(int(uids.pop()), {0, *desks})


if __name__ == "__main__":
    whole.main()
