"""A partner without an index takes part by hand: one number, one person who looks it up, and a log that says so."""
import re
import unittest

import whole
from stage import command, registers
from tale import auditing, casus, main_job
from tale.asking import PERMITS, partner
from tale.hits import WEIGHING
from tale.signals import RIEC

PERMITS_DESK, PERMITS_REGISTER = "waterveen/vergunningen", "waterveen-vergunningen"


class AttendedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.play = main_job.new_play(cls.stage)
        cls.play.run([casus.open_case("attended"), casus.advance("attended-asks", "attended", "bevraging", "It goes on.")])

    def stranger(self):
        """Somebody whom the register of this desk does not hold."""
        desk = self.stage.region.desks[PERMITS_DESK]
        file = registers.manifest(self.stage.state)["registers"][PERMITS_REGISTER]["file"]
        content = (self.stage.state.desk(desk) / registers.SUBFOLDER / file).read_text(encoding="utf-8", errors="replace")
        everybody = (self.stage.state.registers / "identities.txt").read_text(encoding="utf-8").split()
        return next(number for number in everybody if re.fullmatch("99999[0-9]{4}", number) and number not in content)

    def ask(self, *numbers):
        ask = ",".join((partner(self.play, PERMITS_DESK), "wgs-riec", "avg", "bestuurder"))
        return self.stage.sluis.type(RIEC, "exchange", "inquire", "--case", self.play.notes["attended-case"], "--purpose",
                                     WEIGHING, "--ask", ask, "--subject-file", "-", "--subject-kind", "bsn", "--verified",
                                     stdin="\n".join(numbers))

    def answer(self, name, *words):
        mapping = registers.mapping_of(self.stage.state, self.stage.region.desks[PERMITS_DESK], PERMITS_REGISTER)
        return self.stage.sluis.type(PERMITS, "exchange", "answer", name, "--register", mapping, "--yes", *words)

    def hits_of(self, name):
        said = self.stage.sluis.type(RIEC, "exchange", "open", name)
        self.assertEqual(said.code, command.OK, said.err)
        return [hit["hit"] for hit in said.json["hits"]]

    def test_a_person_looks_it_up_and_says_yes_or_no(self):
        for number, known in ((self.play.cast["subject_bsn"], True), (self.stranger(), False)):
            with self.subTest(known=known):
                asked = self.ask(number)
                self.assertEqual(asked.code, command.OK, asked.err)
                question = asked.json["questions"][0]
                self.assertTrue(question["by_hand"])
                self.assertEqual(question["exchange"]["state"], "FORWARDED")
                name = question["exchange"]["name"]
                answered = self.answer(name)
                self.assertEqual((answered.code, answered.json["state"]), (command.OK, "ANSWERED"), answered.err)
                self.assertEqual(self.hits_of(name), [known])
                self.assert_logged_as_attended(name)

    def test_a_person_may_say_no_to_what_the_register_says(self):
        name = self.ask(self.play.cast["subject_bsn"]).json["questions"][0]["exchange"]["name"]
        self.assertEqual(self.answer(name, "--reject", "1").code, command.OK)
        self.assertEqual(self.hits_of(name), [False])

    def test_by_hand_one_number_is_asked_at_a_time(self):
        refused = self.ask(self.play.cast["subject_bsn"], self.stranger())
        self.assertEqual(refused.reason, "BY_HAND_NOT_POSSIBLE", refused.err)

    def assert_logged_as_attended(self, name):
        words = auditing.records("gemeente/vergunningen", "avg-39", "avg")(self.play)
        listed = self.stage.sluis.type(auditing.TOWN, *words)
        self.assertEqual(listed.code, command.OK, listed.err)
        asked = [record["content"] for record in listed.json["records"]
                 if record["content"]["kind"] == "REQUEST" and record["content"]["exchange"] in name]
        self.assertEqual([content.get("lookup") for content in asked], ["attended"], listed.out)


if __name__ == "__main__":
    whole.main()
