"""Waiting for what the broker tells a desk, without looking again and again."""
import json
import subprocess
import threading

from stage import desks, run

PATIENCE = 90  # seconds, after which what should come counts as lost


class Watch:
    """`sluis inbox watch` of one person, as a context."""

    def __init__(self, stage, staff):
        self._desk = stage.region.desk_of(staff)
        self._command = run.as_user(self._desk.uid, [stage.state.sluis, "--profile",
                                                     desks.profile_of(stage.state, self._desk, staff), "inbox", "watch",
                                                     "--output", "json"])
        self._folder = stage.state.desk(self._desk)
        self._process = self._guard = None

    def __enter__(self):
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, text=True, env=run.SURROUNDINGS, cwd=self._folder)
        self._guard = threading.Timer(PATIENCE, self._process.kill)  # ends a test that would wait for ever
        self._guard.start()
        return self

    def __exit__(self, *error):
        self._guard.cancel()
        self._process.kill()
        self._process.communicate()

    def until(self, exchange, event):
        """All entries up to the one with this event of this exchange."""
        seen = []
        for line in self._process.stdout:
            seen.append(json.loads(line))
            if (seen[-1]["exchange"]["name"], seen[-1]["event"]) == (exchange, event):
                return seen
        raise AssertionError(f"{event} of {exchange} did not come; seen: {seen}")
