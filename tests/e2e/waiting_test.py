"""What waits: for a session of the recipient, and for a transcryptor that was killed. It goes on by itself, once."""
import collections
import concurrent.futures
import unittest

import whole
from stage import command
from tale import auditing, main_job, signals
from tale.asking import OOV
from watching import Watch

ROUNDS = 6  # a transcryptor is killed in the middle, T1 and T2 in turn
LATEST = 0.08  # seconds into the command


class Signals:
    """Signals of the supervisor to OOV, about the person of the story."""

    def __init__(self, stage):
        self.stage, self.names = stage, []
        self.play = main_job.new_play(stage)

    def announce(self):
        self.play.run([step for step in signals.STEPS if step.name == "signal"])
        self.names.append(self.play.notes["signal"])
        return self.names[-1]

    def send(self):
        words = signals.from_register("signal", "waterveen/toezicht", "waterveen-toezicht")(self.play)
        return self.stage.sluis.type(signals.SUPERVISOR, *words, stdin=self.play.cast["subject_bsn"])

    def open(self, name):
        """What OOV reads in place of the name."""
        said = self.stage.sluis.type(OOV, "exchange", "open", name)
        assert said.code == command.OK, said.err
        return next(entry["value"] for entry in said.json["values"] if entry["field"] == "p-naam")


class WaitingTest(unittest.TestCase):
    """In this order: the recipient has no session before the first test."""

    @classmethod
    def setUpClass(cls):
        cls.stage, cls.chance = whole.stage(), whole.chance()
        cls.signals = Signals(cls.stage)

    def queued(self, said, reason):
        self.assertEqual(said.code, command.OK, said.err)
        self.assertEqual((said.json["state"], said.json["queue_reason"]), ("QUEUED", reason))

    def delivered(self, name):
        with Watch(self.stage, OOV) as inbox:
            inbox.until(name, "DELIVERY")
        self.assertTrue(self.signals.open(name).startswith("P-"))

    def test_1_without_a_session_it_waits_and_goes_on_when_there_is_one(self):
        name = self.signals.announce()
        self.queued(self.signals.send(), "RECIPIENT_SESSION")
        self.assertNotEqual(self.stage.sluis.type(OOV, "exchange", "open", name).code, command.OK)
        with Watch(self.stage, signals.SUPERVISOR) as inbox:
            self.assertEqual(self.stage.sluis.type(OOV, "session", "open").code, command.OK)
            inbox.until(name, "SESSION_READY")
        said = self.signals.send()
        self.assertEqual((said.code, said.json["state"]), (command.OK, "ANSWERED"), said.err)
        self.delivered(name)

    def test_2_a_killed_transcryptor_makes_it_wait_and_it_goes_on_by_itself(self):
        for one in self.stage.pair.both:
            with self.subTest(hop=one.operator.hop):
                name = self.signals.announce()
                one.kill()
                self.queued(self.signals.send(), "TRANSCRYPTOR")
                one.start()
                self.delivered(name)

    def test_3_killed_in_the_middle_nothing_is_lost_and_nothing_comes_twice(self):
        for round_ in range(ROUNDS):
            one, delay = self.stage.pair.both[round_ % 2], self.chance.uniform(0, LATEST)
            with self.subTest(hop=one.operator.hop, delay=delay), concurrent.futures.ThreadPoolExecutor(1) as typist:
                name = self.signals.announce()
                typing = typist.submit(self.signals.send)
                concurrent.futures.wait([typing], delay)  # that long into the command, or at its end
                one.kill()
                said = typing.result()
                one.start()
                if said.code != command.OK:  # killed before anything was signed: the person tries again
                    self.assertEqual(said.code, command.UNREACHABLE, said.err)
                    said = self.signals.send()
                self.assertEqual(said.code, command.OK, said.err)
                self.assertIn(said.json["state"], ("ANSWERED", "QUEUED"))
                self.delivered(name)

    def test_4_a_broker_killed_while_it_waits_goes_on_too(self):
        name, one = self.signals.announce(), self.stage.pair.both[0]
        one.kill()
        self.queued(self.signals.send(), "TRANSCRYPTOR")
        self.stage.broker.kill()
        one.start()
        self.stage.broker.start()
        self.delivered(name)

    def test_5_each_came_once_in_one_domain_each_and_the_log_verifies(self):
        said = self.stage.sluis.type(OOV, "pseudonym", "list")
        seen = collections.Counter(name for row in said.json["pseudonyms"] for name in row["exchanges"])
        self.assertEqual(seen, dict.fromkeys(self.signals.names, 1))
        pseudonyms = [row["pseudonym"] for row in said.json["pseudonyms"]]
        self.assertEqual(len(set(pseudonyms)), len(self.signals.names), "two cases share a pseudonym")
        self.signals.play.run([step for step in auditing.STEPS if step.name in ("town-records", "town-verifies")])
        kinds = self.signals.play.notes["log-kinds"]
        count = len(self.signals.names)
        self.assertEqual({kind: kinds[kind] for kind in ("REQUEST", "ANSWER", "OPENING")},
                         {"REQUEST": count, "ANSWER": count, "OPENING": count})
        for staff in (OOV, signals.SUPERVISOR):
            self.assertEqual(self.stage.sluis.type(staff, "party", "status").json["waiting_acts"], 0, staff)


if __name__ == "__main__":
    whole.main()
