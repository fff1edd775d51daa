"""kill -9 of the broker at ten random moments of the story: it goes on, nothing is done twice, the log verifies."""
import collections
import concurrent.futures
import json
import subprocess
import threading
import unittest

import whole
from stage import desks, run
from tale import asking, main_job, play, step

KILLS = 10
PATIENCE = 90  # seconds
LATEST = 0.06  # seconds into a command; most take less
# Leaves that a story makes exactly so often, however often a command was repeated. (Not KEY_CHANGE: a batch of a register
# that was cut off is sent anew.)
ONCE = {"REQUEST": 24, "DECISION": 54, "APPROVAL": 13, "ANSWER": 20, "OPENING": 20, "RECALL": 2, "DESTROY": 2,
        "MANDATE_CHANGE": 5}


class DisturbedPlay(play.Play):
    """At each chosen step the broker is killed while the command runs, and started again."""

    def __init__(self, stage, plan):
        super().__init__(stage, on_unreachable=lambda *_: None)
        self.plan = plan
        self.killed = 0

    def _type(self, a_step):
        delays = self.plan.pop(a_step.name, ())
        if not delays:
            return super()._type(a_step)
        with concurrent.futures.ThreadPoolExecutor(1) as typist:
            typing = typist.submit(super()._type, a_step)
            for delay in delays:
                concurrent.futures.wait([typing], delay)  # that long into the command, or at its end
                self.stage.broker.kill()
                self.stage.broker.start()
                self.killed += 1
            return typing.result()


class CrashTest(unittest.TestCase):
    def test_the_story_goes_on_after_ten_kills(self):
        stage, chance = whole.stage(), whole.chance()
        typed = [a_step.name for a_step in main_job.steps() if isinstance(a_step, step.Step)]
        plan = collections.defaultdict(list)
        for _ in range(KILLS):
            plan[chance.choice(typed)].append(chance.uniform(0, LATEST))
        print("\n".join(f"kill at {name} after {', '.join(f'{d * 1000:.0f}' for d in delays)} ms"
                        for name, delays in plan.items()), flush=True)
        disturbed = DisturbedPlay(stage, plan)
        disturbed.cast = main_job.new_play(stage).cast
        disturbed.notes["chance"] = chance
        disturbed.run(main_job.steps())
        self.assertEqual(disturbed.killed, KILLS)
        self.assertEqual(sorted(disturbed.agreed), sorted(main_job.SCENARIOS))
        kinds = disturbed.notes["log-kinds"]
        self.assertEqual({kind: kinds.get(kind, 0) for kind in ONCE}, ONCE)
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
