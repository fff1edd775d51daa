"""kill -9 of broker, transcryptors and edge at random moments of enrolment and story: all goes on, nothing is done twice,
the log verifies."""
import collections
import concurrent.futures
import dataclasses
import json
import random
import subprocess
import threading
import time
import unittest

import whole
from stage import command, desks, run
from tale import asking, main_job, play, step

SEEDS = 25  # each a crash of its own
ENROLLING = 9  # of them, while registers are enrolled
PATIENCE = 90  # seconds
LATEST = 0.06  # seconds into a command; most take less
LATEST_ENROLLING = 1.5
DAEMONS = ("broker", "T1", "T2")
# Names of the steps in which registers are enrolled. In these the edge dies too: they may be typed twice by their nature. Its
# acts are cut at every call by edge_crash_test; no journal knows whether a user had read the answer when it died.
ENROLMENT = "index-"
# Leaves that a story makes exactly so often, however often a command was repeated. (Not KEY_CHANGE: a batch of a register
# that was cut off is sent anew.)
ONCE = {"REQUEST": 24, "APPROVAL": 13, "ANSWER": 20, "OPENING": 20, "RECALL": 2, "DESTROY": 2,
        "MANDATE_CHANGE": 5}
DECISIONS = 54  # at least: what waited for a transcryptor is decided afresh when it goes on


@dataclasses.dataclass(frozen=True)
class Crash:
    seed: int
    victim: str
    step: str
    delay: float  # seconds into its command

    def __str__(self):
        return f"seed {self.seed}: kill -9 of {self.victim} {self.delay * 1000:.0f} ms into {self.step}"


def crash(seed, steps):
    """What happens by this seed, in one of these steps."""
    chance = random.Random(seed)
    where = chance.choice(steps)
    victims, latest = ((*DAEMONS, "edge"), LATEST_ENROLLING) if where.startswith(ENROLMENT) else (DAEMONS, LATEST)
    return Crash(seed, chance.choice(victims), where, chance.uniform(0, latest))


class DisturbedPlay(play.Play):
    """Crashes while commands run; what died is started again, what was cut off is typed again, what waits is waited for."""

    def __init__(self, stage, plan):
        super().__init__(stage, on_unreachable=lambda *_: None)
        self.plan = plan
        self.died = collections.Counter()

    def _type(self, a_step):
        crashes = self.plan.pop(a_step.name, ())
        for one in crashes:
            if one.victim == "edge":
                self._cut_off(a_step, one.delay)
        crashes = [one for one in crashes if one.victim != "edge"]
        if not crashes:
            return self._gone_on(a_step, super()._type(a_step))
        with concurrent.futures.ThreadPoolExecutor(1) as typist:
            typing = typist.submit(super()._type, a_step)
            for one in crashes:
                concurrent.futures.wait([typing], one.delay)  # that long into the command, or at its end
                victim = self._daemon(one.victim)
                victim.kill()
                victim.start()
                self.died[one.victim] += 1
            return self._gone_on(a_step, typing.result())

    def _daemon(self, name):
        return self.stage.broker if name == "broker" else self.stage.pair.both[int(name[1]) - 1]

    def _cut_off(self, a_step, delay):
        desk = self.stage.region.desk_of(a_step.staff)
        typed = run.as_user(desk.uid, [self.stage.state.sluis, "--profile", desks.profile_of(self.stage.state, desk, a_step.staff),
                                       *a_step.words(self), "--no-input", "--output", "json"])
        with subprocess.Popen(list(map(str, typed)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=run.SURROUNDINGS, cwd=self.stage.state.desk(desk)) as edge:
            try:
                edge.wait(delay)
            except subprocess.TimeoutExpired:
                edge.kill()
        self.died["edge"] += 1

    def _gone_on(self, a_step, said):
        """Exchanges that a transcryptor's absence made wait go on by themselves: the answer as it is after that."""
        if said.code != command.OK or '"TRANSCRYPTOR"' not in said.out:
            return said
        return dataclasses.replace(said, out=json.dumps(self._after_waiting(a_step.staff, said.json)))

    def _after_waiting(self, staff, told):
        if isinstance(told, list):
            return [self._after_waiting(staff, one) for one in told]
        if not isinstance(told, dict):
            return told
        if told.get("state") == "QUEUED" and told.get("queue_reason") == "TRANSCRYPTOR":
            return self._no_longer_queued(staff, told["name"])
        return {key: self._after_waiting(staff, value) for key, value in told.items()}

    def _no_longer_queued(self, staff, name):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            shown = self.stage.sluis.type(staff, "exchange", "show", name)
            if shown.code == command.OK and shown.json["state"] != "QUEUED":
                return shown.json
            time.sleep(0.05)
        raise step.Surprise(f"{name} still waits after {PATIENCE} seconds, with both transcryptors running")


class CrashTest(unittest.TestCase):
    def test_enrolment_and_story_go_on_after_crashes(self):
        stage, chance = whole.stage(), whole.chance()
        typed = [a_step.name for a_step in main_job.steps() if isinstance(a_step, step.Step)]
        enrolling = [name for name in typed if name.startswith(ENROLMENT)]
        plan = collections.defaultdict(list)
        for number in range(SEEDS):
            planned = crash(chance.randrange(2**32), enrolling if number < ENROLLING else typed)
            print(planned, flush=True)
            plan[planned.step].append(planned)
        victims = collections.Counter(one.victim for crashes in plan.values() for one in crashes)
        disturbed = DisturbedPlay(stage, plan)
        disturbed.cast = main_job.new_play(stage).cast
        disturbed.notes["chance"] = chance
        disturbed.run(main_job.steps())
        self.assertEqual(disturbed.died, victims)
        self.assertEqual(sum(victims.values()), SEEDS)
        self.assertEqual(sorted(disturbed.agreed), sorted(main_job.SCENARIOS))
        kinds = disturbed.notes["log-kinds"]
        self.assertEqual({kind: kinds.get(kind, 0) for kind in ONCE}, ONCE)
        self.assertGreaterEqual(kinds.get("DECISION", 0), DECISIONS)
        self.assert_each_desk_sees_its_exchanges_once(stage)

    def assert_each_desk_sees_its_exchanges_once(self, stage):
        listed = stage.sluis.type("f-oov", "exchange", "list", "--page-size", "500").json["exchanges"]
        names = [exchange["name"] for exchange in listed]
        self.assertEqual(len(names), len(set(names)))
        states = collections.Counter(exchange["state"] for exchange in listed if "/gemeente-oov/" in exchange["name"])
        self.assertEqual(states, {"COLLECTED": 2, "DESTROYED": 1})
        for staff in ("f-oov", "pol-014", "om-007", "f-burgemeester"):
            waiting = stage.sluis.type(staff, "party", "status").json
            self.assertEqual(waiting["waiting_acts"], 0, staff)


class InboxTest(unittest.TestCase):
    """A desk that watches its inbox while the broker dies misses nothing and sees nothing twice."""

    def test_a_watched_inbox_survives_the_death_of_the_broker(self):
        stage = whole.stage()
        asks = next(entry for entry in asking.STEPS if entry.name == "ask-police")
        stage.sluis.type(asking.ANALYST, "inbox", "list")  # up to here it is read
        desk = stage.region.desk_of(asking.ANALYST)
        watch = run.as_user(desk.uid, [stage.state.sluis, "--profile", desks.profile_of(stage.state, desk, asking.ANALYST),
                                       "inbox", "watch", "--output", "json"])
        names, seen = [], []
        with subprocess.Popen(watch, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              env=run.SURROUNDINGS, cwd=stage.state.desk(desk)) as watching:
            self.addCleanup(watching.kill)
            guard = threading.Timer(PATIENCE, watching.kill)  # ends a test that would wait for ever
            guard.start()
            for round_ in range(3):
                a_play = main_job.new_play(stage)
                a_play.run([asks])
                names.append(a_play.notes["police"])
                seen.append(json.loads(watching.stdout.readline())["exchange"]["name"])
                if round_ < 2:
                    stage.broker.kill()
                    stage.broker.start()
            guard.cancel()
            watching.terminate()
            seen += [json.loads(line)["exchange"]["name"] for line in watching.stdout]
        self.assertEqual(seen, names)


if __name__ == "__main__":
    whole.main()
