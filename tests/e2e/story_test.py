"""The main job through the real processes: it goes as it must, it agrees with the given scenarios, and nobody in the middle
learns whom it is about: nothing of it stands in what broker and transcryptors stored, nor in their memory."""
import ctypes
import os
import pathlib
import re
import tempfile
import unittest

import searching
import whole
from stage import registers
from tale import account, main_job, scenarios
from tale.step import Surprise

PLANTED = "Zzyzxwitz-Plantinga"
# Codes and months say nothing about a person, and stand in the rules or in a date.
NOT_PERSONAL = ("sig-thema", "sig-datum", "sig-herhaling")


class StoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.play = main_job.new_play(cls.stage)
        cls.play.notes["chance"] = whole.chance()
        cls.play.run(main_job.steps())
        identities = (cls.stage.state.registers / "identities.txt").read_text(encoding="utf-8").splitlines()
        values = [value for name, received in cls.play.notes.items() if name.endswith("-values")
                  for field, value in received.items() if len(value) > 4 and field not in NOT_PERSONAL]
        cls.pseudonyms = {value for name, value in cls.play.notes.items() if name.endswith("-pseudonym")}
        cls.needles = sorted({*identities, *values, *cls.pseudonyms, *registers.manifest(cls.stage.state)["story"].values()})

    def test_every_scenario_is_decided_as_given(self):
        self.assertEqual(sorted(self.play.agreed), sorted(main_job.SCENARIOS))

    def test_the_comparison_notices_every_member_that_differs(self):
        scenario = scenarios.load()["STORY-020"]
        good = {"outcome": "PERMITTED", "retention": "P1Y", "onward": "within-case", "approvals_needed": [],
                "deciding_rules": ["P-11", "C-01"],
                "fields": [{"field": "p-naam", "form": "exact"}, {"field": "pand-adres", "form": "exact"},
                           {"field": "ant-politiemelding", "form": "generalised"}]}
        scenarios.compare(scenario, good)
        need = [{"condition": "C-01", "count": 1, "roles": ["politie-verstrekker"]}]
        for member, other in (("outcome", "NEEDS_APPROVAL"), ("retention", "P2Y"), ("onward", ""),
                              ("approvals_needed", need), ("deciding_rules", ["P-11"]), ("fields", good["fields"][:2])):
            with self.subTest(member), self.assertRaises(Surprise):
                scenarios.compare(scenario, {**good, member: other})

    def test_the_account_tells_every_step_and_names_every_desk(self):
        text = account.of_play(self.play, main_job.CHAPTERS, 1.0)
        for told in self.play.told:
            self.assertIn(told.says, text)
        for name in ("Openbare orde en veiligheid", "Informatie", "Parket", "Sociaal domein", "Wethouder"):
            self.assertIn(name, text)

    def test_the_search_covers_the_demo_region(self):
        self.assertGreater(len(self.needles), 10000)
        self.assertIn(self.play.cast["subject_bsn"], self.needles)
        # Of one person at OOV, at the weighing table, in two cases; and of the third person whom police and OM both know.
        self.assertEqual(len(self.pseudonyms), 5)

    def test_nothing_that_the_broker_stored_names_anybody(self):
        self.assertTrue((self.stage.broker.data / "sluis.db-wal").stat().st_size)
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

    def test_nothing_that_a_transcryptor_stored_names_anybody(self):
        for one in self.stage.pair.both:
            # What must be there, so that files that cannot be read are no proof.
            self.assertTrue(searching.found_below(one.data, ["gemeente/oov"]), one.data)
            for folder in (one.folder, one.wrapping_key.parent):
                self.assertEqual(searching.found_below(folder, self.needles), {})

    def assert_memory_names_nobody(self, daemon, present):
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder) / "image"
            size = searching.dump_memory(daemon.process.pid, image)
            self.assertGreater(size, 10 << 20)
            # What must be there, so that an image of nothing is no proof.
            self.assertEqual(searching.found_in(image, present), set(present))
            self.assertEqual(searching.found_in(image, self.needles), set())

    def test_nothing_in_the_memory_of_the_broker_names_anybody(self):
        self.assert_memory_names_nobody(self.stage.broker, ["openbare-orde", "pol-014"])

    def test_nothing_in_the_memory_of_a_transcryptor_names_anybody(self):
        for one in self.stage.pair.both:
            self.assert_memory_names_nobody(one, ["p-naam", "riec-signaalweging", self.play.notes["report-domain"]])

    def test_the_search_of_memory_would_find_a_name(self):
        kept = ctypes.create_string_buffer(b"\x01" + PLANTED.encode() + b"\x02")
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder) / "image"
            searching.dump_memory(os.getpid(), image)
            self.assertEqual(searching.found_in(image, [PLANTED]), {PLANTED})
        self.assertTrue(kept.raw)

    def test_every_process_runs_as_its_own_user_and_so_does_every_desk(self):
        taken = [desk.uid for desk in self.stage.region.desks.values()]
        for daemon in (self.stage.broker, *self.stage.pair.both):
            status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text(encoding="utf-8")
            uids = set(re.search(r"^Uid:\s+(.*)$", status, re.MULTILINE).group(1).split())
            self.assertEqual(uids, {str(daemon.uid)})
            taken.append(daemon.uid)
        self.assertEqual(len({0, *taken}), len(taken) + 1)


if __name__ == "__main__":
    whole.main()
