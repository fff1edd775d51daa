"""kill -9 of the broker at ten random moments of the story: it goes on, nothing is done twice, the log verifies."""
import collections
import concurrent.futures
import time
import unittest

import whole
from tale import main_job, play, step

KILLS = 10
LATEST = 0.06  # seconds into a command; most take less
# Leaves that a story makes exactly so often, however often a command was repeated.
ONCE = {"REQUEST": 7, "DECISION": 11, "APPROVAL": 2, "ANSWER": 4, "OPENING": 4, "RECALL": 1, "DESTROY": 1,
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
                time.sleep(delay)  # the random moment itself; nothing waits for it
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
        states = collections.Counter(exchange["state"] for exchange in listed if exchange["name"].find("/oov/") > 0)
        self.assertEqual(states, {"COLLECTED": 1, "DESTROYED": 1})
        for staff in ("f-oov", "pol-014", "om-007", "f-burgemeester"):
            waiting = stage.sluis.type(staff, "party", "status").json
            self.assertEqual(waiting["waiting_acts"], 0, staff)


if __name__ == "__main__":
    whole.main()
