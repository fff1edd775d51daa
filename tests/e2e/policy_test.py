"""The rules: brought into force by two persons, changed while desks ask, never back; and what was decided under them is
decided again by who believes nobody."""
import concurrent.futures
import json
import re
import shutil
import signal
import time
import unittest

import whole
from stage import ceremony, command, layout, run
from stage.failure import Failure
from tale import auditing, main_job, signals

TAKEN_WITHIN = 30  # seconds
ASKS = 8


class PolicyTest(unittest.TestCase):
    """In this order: each test goes on from the pack that the one before left in force."""

    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.state = cls.stage.state
        cls.made = ceremony.Ceremony(cls.state, cls.stage.region)
        cls.later = cls.state.root / "later-policy"
        shutil.rmtree(cls.later, ignore_errors=True)
        shutil.copytree(cls.state.policy, cls.later)
        words = cls.later / "vocabulary.txtpb"
        text = re.sub(r'^version: ".*"$', 'version: "2099.1"', words.read_text(encoding="utf-8"), flags=re.MULTILINE)
        words.write_text(text, encoding="utf-8")
        cls.old, cls.new = cls.digest(cls.state.policy), cls.digest(cls.later)

    @classmethod
    def digest(cls, source):
        said = run.must([cls.state.sluis, "policy", "check", "--pack", source, "--output", "json"])
        return json.loads(said)["digest"]

    def ask(self):
        """A signal of the supervisor; its name and the digest of the pack it was decided under."""
        play = main_job.new_play(self.stage)
        play.run([step for step in signals.STEPS if step.name == "signal"])
        name = play.notes["signal"]
        said = self.stage.sluis.type(signals.SUPERVISOR, "exchange", "show", name)
        self.assertEqual(said.code, command.OK, said.err)
        return name, said.json["decision"]["policy_pack"]

    def receipt(self, name):
        home = self.state.desk(self.stage.region.desk_of(signals.SUPERVISOR))
        said = self.stage.sluis.type(signals.SUPERVISOR, "exchange", "show", name, "--receipt", home / "decision.receipt")
        self.assertEqual(said.code, command.OK, said.err)
        return home / "decision.receipt"

    def verify(self, receipt, source):
        return run.run([self.state.sluis, "policy", "verify-receipt", receipt, "--pack", source, "--key",
                        self.stage.facts["decision"], "--output", "json"])

    def hang_up(self, daemon, event):
        """Asks it to read its files again; returns the line of its log about the policy."""
        def lines():
            return [line for line in daemon.output.read_text(encoding="utf-8").splitlines() if event in line]
        before, end = len(lines()), time.monotonic() + TAKEN_WITHIN
        daemon.process.send_signal(signal.SIGHUP)
        while time.monotonic() < end:
            if len(lines()) > before:
                return lines()[-1]
            time.sleep(0.05)
        raise Failure(f"no {event} within {TAKEN_WITHIN} seconds:\n{daemon.last_words()}")

    def everybody(self):
        """First those who must know both, then the one that decides."""
        return [*self.stage.pair.both, self.stage.broker]

    def test_1_a_decision_is_decided_again_from_its_receipt(self):
        name, pack = self.ask()
        self.assertEqual(pack, self.old)
        receipt = self.receipt(name)
        for source in (self.state.policy, self.state.public / "policy.bundle"):
            said = self.verify(receipt, source)
            self.assertEqual(said.returncode, command.OK, said.stderr)
            self.assertTrue(json.loads(said.stdout)["same"])
        self.assertEqual(self.verify(receipt, self.later).returncode, command.VERIFICATION)
        text = receipt.read_text(encoding="utf-8")
        layout.write(receipt, text.replace('"sluis-regels"', '"andere-regels"'), 0o600)
        self.assertEqual(self.verify(receipt, self.state.policy).returncode, command.VERIFICATION)

    def test_1_and_from_the_log_as_a_privacy_officer_lists_it(self):
        main_job.new_play(self.stage).run([step for step in auditing.STEPS if step.name == "town-records"])
        said = self.stage.sluis.type(auditing.TOWN, *auditing.records("gemeente/oov", "avg-39", "avg")(None), "--all")
        self.assertEqual(said.code, command.OK, said.err)
        listed = self.state.root / "records.json"
        layout.write(listed, said.out, 0o600)
        self.addCleanup(listed.unlink)
        decisions = [one for one in said.json["records"] if one["content"]["kind"] in ("DECISION", "DRY_RUN", "LOG_READ")]
        again = json.loads(run.must([self.state.sluis, "policy", "replay", self.state.policy, self.later, "--log", listed,
                                     "--output", "json"]))
        self.assertEqual((again["requests"], again["differences"]), (len(decisions), []))
        self.assertGreater(len(decisions), 0)

    def test_2_a_new_pack_comes_into_force_while_desks_ask(self):
        with concurrent.futures.ThreadPoolExecutor(1) as desk:
            asked = [desk.submit(self.ask) for _ in range(ASKS)]
            self.made.sign_policy(self.later)
            for one in self.stage.pair.both:
                one.fetch("policy.bundle")
            for daemon in self.everybody():
                self.assertIn("version=2099.1", self.hang_up(daemon, "policy_in_force"))
            asked += [desk.submit(self.ask) for _ in range(ASKS)]
            answers = [one.result() for one in asked]
        self.assertLessEqual({pack for _, pack in answers}, {self.old, self.new})
        self.assertEqual(answers[-1][1], self.new)
        sources = {self.old: self.state.policy, self.new: self.later}
        for name, pack in answers:
            self.assertEqual(self.verify(self.receipt(name), sources[pack]).returncode, command.OK)

    def test_3_what_may_not_follow_is_refused_and_the_last_good_one_stays(self):
        bundle = self.state.public / "policy.bundle"
        good, half = bundle.read_bytes(), (self.state.officers / "policy-1.bundle").read_bytes()
        self.addCleanup(layout.write, bundle, good, 0o644)
        self.made.sign_policy()
        older = bundle.read_bytes()
        for content, reason in ((older, "PACK_ROLLBACK"), (half, "PACK_NOT_SIGNED"), (b"x", "PACK_MALFORMED"),
                                (good[:-1], "PACK_MALFORMED"), (good.replace(b"2099.1", b"2099.2"), "PACK_NOT_SIGNED")):
            with self.subTest(reason):
                layout.write(bundle, content, 0o644)
                self.assertIn(f"reason={reason} in_force=2099.1", self.hang_up(self.stage.broker, "policy_refused"))
                self.assertEqual(self.ask()[1], self.new)
        layout.write(bundle, older, 0o644)
        self.stage.broker.stop()
        with self.assertRaisesRegex(Failure, "never goes back"):
            self.stage.broker.start()
        layout.write(bundle, good, 0o644)
        self.stage.broker.start()
        self.assertEqual(self.ask()[1], self.new)


if __name__ == "__main__":
    whole.main()
