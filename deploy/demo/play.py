#!/usr/bin/env python3
"""Plays the main job through the real processes. Called by deploy/quickstart, after the build."""
import argparse
import pathlib
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from stage import layout  # noqa: E402: the path comes first
from stage.failure import Failure  # noqa: E402
from stage.stage import Stage  # noqa: E402
from tale import account, main_job  # noqa: E402


def say(line=""):
    print(line, file=sys.stderr, flush=True)


class Narrator:
    """Tells each step as it happens, with a title before each chapter."""

    def __init__(self):
        self.number = 0
        self.titles = {steps[0].name: title for title, steps in main_job.CHAPTERS}

    def __call__(self, told):
        self.number += 1
        if told.step in self.titles:
            title = self.titles[told.step]
            print(f"\n{title}\n{'=' * len(title)}\n")
        print(account.of_step(told, self.number), flush=True)


def play_story(stage):
    begun = time.monotonic()
    play = main_job.new_play(stage, teller=Narrator())
    play.run(main_job.steps())
    taken = time.monotonic() - begun
    print(account.summary(play, taken))
    layout.write(stage.state.root / "account.txt", account.of_play(play, main_job.CHAPTERS, taken), 0o644)


def serve(stage):
    """Until interrupted; the processes end with us."""
    broker = stage.broker
    print("The processes keep running; stop with Ctrl-C.\n"
          f"  partners   {broker.address} (gRPC, mutual TLS)\n"
          f"  log        {broker.log_url}/checkpoint\n"
          f"  entries    {broker.bundle_url} (mutual TLS, mandate)\n"
          f"  authzen    {broker.authzen_url}/.well-known/authzen-configuration (mutual TLS)\n"
          + "".join(f"  hop {one.operator.hop}      {one.address} (transcryptor of {one.operator.name}; only the broker calls it)\n"
                    for one in stage.pair.both) +
          f"  operator   http://127.0.0.1:{broker.ports['operator']}/healthz and /metrics\n\n"
          "Sit at a desk: deploy/demo/as f-oov opens a shell as that person; deploy/demo/as --list says who there is.\n"
          "Five people's first day is told in deploy/first-day.", flush=True)
    daemons = [broker, *stage.pair.both]
    while all(one.process.poll() is None for one in daemons):
        if signal.sigtimedwait({signal.SIGINT, signal.SIGTERM}, 1) is not None:
            return
    ended = next(one for one in daemons if one.process.poll() is not None)
    raise Failure(f"{ended.program.name} ended by itself:\n{ended.last_words()}")


def main():
    parser = argparse.ArgumentParser(description="Play the main job in the demo region.")
    parser.add_argument("--state", type=pathlib.Path, default=layout.SOURCE / "build" / "quickstart")
    parser.add_argument("--binaries", type=pathlib.Path, default=layout.SOURCE / "build" / "release" / "bin")
    parser.add_argument("--serve", action="store_true", help="keep the processes running until interrupted")
    arguments = parser.parse_args()
    try:
        with Stage(arguments.state, lambda line: say(f"quickstart: {line}"), arguments.binaries) as stage:
            say("quickstart: making the region ready")
            stage.prepare()
            say("quickstart: starting broker and transcryptors, registering the arrangements")
            stage.open()
            play_story(stage)
            if arguments.serve:
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
                serve(stage)
    except Failure as failure:
        say(f"error: {failure}")
        return 1
    except KeyboardInterrupt:
        say("interrupted; the processes are stopped")
        return 130
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
