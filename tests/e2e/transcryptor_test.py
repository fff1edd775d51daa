"""The transcryptors as processes: one half each, apart from each other; and a shredded domain is shredded for ever."""
import shutil
import unittest

import whole
from stage import command, layout, run
from tale import casus, main_job, signals
from tale.asking import OOV



class ProcessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.first, cls.second = cls.stage.pair.both

    def refused(self, config):
        """What it says when it is to start with this configuration; it must end by itself."""
        file = self.first.folder / "tried.txtpb"
        layout.write(file, config, 0o600, self.first.uid)
        self.addCleanup(file.unlink)
        done = run.run(run.as_user(self.first.uid, [self.first.program, "--config", file]), cwd=self.first.folder)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_a_process_with_both_halves_does_not_start(self):
        self.assertIn("BOTH_HALVES", self.refused(self.first.config_text([self.second.half()])))

    def test_a_process_does_not_start_with_the_half_of_the_other(self):
        folder = self.first.folder / "stolen"
        layout.make_folder(folder, layout.PRIVATE, self.first.uid)
        self.addCleanup(shutil.rmtree, folder)
        for path in (self.second.folder / "ceremony" / "secrets.sealed", self.second.wrapping_key):
            layout.write(folder / path.name, path.read_bytes(), 0o600, self.first.uid)
        own = self.first.half()
        stolen = own.replace(str(self.first.folder / "ceremony" / "secrets.sealed"), str(folder / "secrets.sealed")).replace(
            str(self.first.wrapping_key), str(folder / "wrapping.key"))
        self.assertNotEqual(own, stolen)
        self.assertIn("KEYS_OF_THE_OTHER", self.refused(self.first.config_text().replace(own, stolen)))

    def test_a_process_does_not_start_without_its_state(self):
        self.assertIn("STATE_MISSING", self.refused(self.first.config_text().replace("data/state.db", "data/gone.db")))

    def test_neither_operator_nor_the_broker_reads_the_secrets_of_another(self):
        for reader in (self.first.uid, self.stage.broker.uid):
            for path in (self.second.folder / "ceremony" / "secrets.sealed", self.second.wrapping_key,
                         self.second.data / "state.db"):
                done = run.run(run.as_user(reader, ["cat", path]))
                self.assertIn("Permission denied", done.stderr)


class ShreddingTest(unittest.TestCase):
    """The weighing table of the story is shredded: everything else stays in place, the edges' own files included."""

    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.play = main_job.new_play(cls.stage)
        last = next(i for i, step in enumerate(casus.STEPS) if step.name == "second-promotion-move")
        cls.play.run(signals.STEPS + casus.STEPS[:last])

    def type(self, staff, *words, stdin=None):
        return self.stage.sluis.type(staff, *words, stdin=stdin)

    def shred(self, staff, domain, *more):
        said = self.type(staff, "domain", "shred", domain, *more, "--yes")
        self.assertEqual(said.code, command.OK, said.err)
        return [len(entry["destroy_times"]) for entry in said.json["domains"]]

    def tables_of(self, staff):
        return self.stage.state.desk(self.stage.region.desk_of(staff)) / "pseudonyms"

    def kept(self, staff):
        """The desk's own tables as they are now; put back, it does not know that anything was shredded."""
        tables, copy = self.tables_of(staff), self.tables_of(staff).with_name("pseudonyms-before")
        shutil.rmtree(copy, ignore_errors=True)
        run.must(["cp", "-a", tables, copy])

        def put_back():
            shutil.rmtree(tables)
            run.must(["cp", "-a", copy, tables])
        return put_back

    def restart_all(self):
        self.stage.broker.kill()
        for one in self.stage.pair.both:
            one.kill()
            one.start()
        self.stage.broker.start()

    def assert_nothing_links_to_the_table(self):
        """Neither out of it, nor into it."""
        said = self.type(signals.RIEC, *casus.move("second-promotion")(self.play))
        self.assertEqual((said.code, said.reason), (command.FAULT, "E_CASE_CLOSED"), said.out + said.err)
        self.play.run([step for step in signals.STEPS if step.name == "second-report"])
        said = self.type(signals.SECOND_TOWN, *signals.from_register("second-report", "duinrade/oov", "duinrade-oov")(self.play),
                         stdin=self.play.cast["subject_bsn"])
        self.assertEqual((said.code, said.reason), (command.FAULT, "E_CASE_CLOSED"), said.out + said.err)

    def test_1_a_shredded_table_is_unlinkable_for_ever(self):
        put_back = self.kept(signals.RIEC)
        self.assertEqual(self.shred(signals.RIEC, self.play.notes["report-domain"]), [2])
        self.assert_nothing_links_to_the_table()
        put_back()
        self.assert_nothing_links_to_the_table()
        self.restart_all()
        put_back()
        self.assert_nothing_links_to_the_table()

    def test_2_the_case_that_was_promoted_before_goes_on(self):
        row = casus.known_in(self.play, self.play.notes["casus-case"])
        self.assertEqual((row["pseudonym"], row["shredded"]), (self.play.notes["promotion-pseudonym"], False))

    def test_3_an_order_reaches_a_transcryptor_that_was_away(self):
        put_back = self.kept(OOV)
        second = self.stage.pair.both[1]
        second.kill()
        self.assertEqual(self.shred(OOV, self.play.notes["signal-domain"]), [1])
        second.start()
        put_back()
        # The first alone is enough: no factor of that domain can be made any more.
        self.play.run([step for step in signals.STEPS if step.name == "report"])
        said = self.type(OOV, *signals.from_values("report")(self.play), stdin=signals.passed_on(self.play))
        self.assertEqual((said.code, said.reason), (command.FAULT, "E_CASE_CLOSED"), said.out + said.err)


if __name__ == "__main__":
    whole.main()
