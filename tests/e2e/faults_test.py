"""What goes wrong around the broker, and answers that go beyond a decision: nothing is ever half-done."""
import json
import shutil
import unittest

import whole
from stage import command, layout, registers, run
from stage.failure import Failure
from stage.region import BROKER_UID
from tale import asking, main_job

BEYOND = whole.ARGUMENTS[2]


class FaultsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()

    def setUp(self):
        self.play = main_job.new_play(self.stage)
        names = ("ask-police",)
        self.play.run([step for step in asking.STEPS if step.name in names])
        self.exchange = self.play.notes["police"]

    def show(self, staff=asking.OOV):
        said = self.stage.sluis.type(staff, "exchange", "show", self.exchange)
        self.assertEqual(said.code, command.OK, said.err)
        return said.json

    def answer(self, values):
        return self.stage.sluis.type(asking.ANALYST, "exchange", "answer", self.exchange, "--values", "-", "--yes",
                                     stdin=json.dumps({"regime": "wpg-8", "subject_category": "verdachte",
                                                       "values": values}))

    def assert_still_open(self):
        """The exchange waits as before, and the right answer is still taken."""
        self.assertEqual(self.show()["state"], "FORWARDED")
        opened = self.stage.sluis.type(asking.OOV, "exchange", "open", self.exchange)
        self.assertNotEqual(opened.code, command.OK)
        names = ("police-answer",)
        self.play.run([step for step in asking.STEPS if step.name in names])

    # ---- beyond the decision ----

    def test_a_form_beyond_the_decision_is_refused_whole(self):
        said = self.answer({"p-naam": {"form": "exact", "value": "x"},
                            "ant-politiemelding": {"form": "exact", "value": "y"}})
        self.assertEqual((said.code, said.reason), (command.FAULT, "ANSWER_EXCEEDS_DECISION"), said.err)
        self.assert_still_open()

    def beyond(self, how):
        desk = self.stage.region.desk_of(asking.ANALYST)
        profile = self.stage.state.desk(desk) / "people" / asking.ANALYST
        program = self.stage.state.bin / "beyond"
        shutil.copy2(BEYOND, program)
        program.chmod(0o755)
        return run.run(run.as_user(desk.uid, [program, profile, self.exchange, how]), cwd=self.stage.state.desk(desk))

    def test_an_edge_that_adds_a_field_nobody_asked_for(self):
        self.assertEqual(self.beyond("field").stdout.strip(), "ANSWER_EXCEEDS_DECISION")
        self.assert_still_open()

    def test_an_edge_that_seals_to_another_recipient(self):
        self.assertEqual(self.beyond("recipient").stdout.strip(), "E_BINDING")
        self.assert_still_open()

    def test_the_same_program_is_let_through_when_it_stays_inside(self):
        self.assertEqual(self.beyond("nothing").stdout.strip(), "OK")
        self.assertEqual(self.show()["state"], "ANSWERED")

    def test_who_may_not_decide_for_the_police_cannot_answer(self):
        mapping = registers.mapping_of(self.stage.state, self.stage.region.desks["politie/informatie"], "politie-informatie")
        said = self.stage.sluis.type("pol-001", "exchange", "answer", self.exchange, "--register", mapping, "--yes")
        self.assertEqual((said.code, said.reason), (command.FAULT, "APPROVAL_MISSING"), said.err)
        self.assert_still_open()

    # ---- the database is gone ----

    def cases(self):
        said = self.stage.sluis.type(asking.OOV, "case", "list", "--page-size", "500")
        self.assertEqual(said.code, command.OK, said.err)
        return said.json["cases"]

    def open_case(self):
        return self.stage.sluis.type(asking.OOV, "case", "create", "--phase", "signaal")

    def test_a_database_that_goes_away_is_unavailable_and_nothing_is_half_done(self):
        broker, before = self.stage.broker, self.cases()
        away = broker.data.with_name("data-away")
        broker.data.rename(away)
        try:
            said = self.open_case()
            self.assertEqual(said.code, command.UNREACHABLE, said.out + said.err)
        finally:
            broker.stop()
            away.rename(broker.data)
        broker.start()
        self.assertEqual(self.cases(), before)
        # The edge still holds what it signed: the same words again are the same wish, done once.
        self.assertEqual(self.open_case().code, command.OK)
        self.assertEqual(len(self.cases()), len(before) + 1)
        self.assertEqual(self.stage.sluis.type(asking.OOV, "party", "status").json["waiting_acts"], 0)
        self.assert_still_open()

    def test_without_its_database_folder_the_broker_does_not_start(self):
        broker, before = self.stage.broker, self.cases()
        broker.stop()
        layout.own(broker.data, 0o700, 0)
        try:
            with self.assertRaises(Failure) as refused:
                broker.start()
            self.assertIn("sluisd: ", str(refused.exception))
        finally:
            layout.own(broker.data, 0o700, BROKER_UID)
        broker.start()
        self.assertEqual(self.cases(), before)
        self.assert_still_open()


if __name__ == "__main__":
    whole.main()
