#!/usr/bin/env python3
"""What each kind of exchange costs, by process, through the real processes and the story's own commands. As root.

  tests/bench/kinds.py [--rounds 5] [--binaries build/release/bin] [--folder build/bench/kinds]

Plays the story --rounds times, each on a fresh log, and prints per kind: acts and leaves of one exchange, processor time of the
broker, of each transcryptor and of the commands, beside what libsodium alone needs for the hops of one transcryptor
(pseudonym_bench, before and after). kinds.md says what it means.
"""
import argparse
import pathlib
import re
import resource
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))

from stage.stage import Stage  # noqa: E402: the path comes first
from tale import main_job  # noqa: E402

# Kind: the steps of one exchange in the story, items that each transcryptor changes, and the exchanges meant.
KINDS = {
    "request": ("ask-police police-answer police-open", 0, 1),
    "request, third party in the answer": (
        "from-police from-police-answer from-police-open from-om from-om-answer from-om-open", 1, 2),
    "request, denied": ("social-denied", 0, 1),
    "disclose": ("recurrence recurrence-send recurrence-open", 0, 1),
    "disclose, as a pseudonym": ("signal signal-send signal-open second-report second-report-send second-report-open", 1, 2),
    "disclose, known by pseudonym": ("report report-send report-open", 1, 1),
    "inquire, yes (one partner)": (
        "second-inquiry second-inquiry-politie-informatie-answer second-inquiry-politie-informatie-open "
        "second-inquiry-politie-informatie-record", 0, 1),
    "promote": ("promotion promotion-approve promotion-move promotion-open", 1, 1),
    "recall": ("recall recall-send recall-open recall-destroy", 0, 1),
}
PROCESSES = ("broker", "T1", "T2", "commands")


class ProcessorTime:
    """Of one process, in microseconds, by its threads: one that ended keeps what it used."""

    def __init__(self, pid):
        self.pid, self.used = pid, {}

    def read(self):
        for thread in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                self.used[thread.name] = int((thread / "schedstat").read_text(encoding="ascii").split()[0]) / 1000
            except (FileNotFoundError, ProcessLookupError):
                continue
        return sum(self.used.values())


class Meter:
    """What each step of the story used."""

    def __init__(self, stage):
        self.clocks = {"broker": ProcessorTime(stage.broker.process.pid)}
        for name, one in zip(("T1", "T2"), stage.pair.both, strict=True):
            self.clocks[name] = ProcessorTime(one.process.pid)
        self.database = stage.broker.data / "sluis.db"
        self.steps = {}
        self.last = self.read()

    def read(self):
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        now = {name: clock.read() for name, clock in self.clocks.items()}
        now["commands"] = (children.ru_utime + children.ru_stime) * 1e6
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as rows:
            now["acts"] = rows.execute("SELECT count(*) FROM request").fetchone()[0]
            now["leaves"] = rows.execute("SELECT count(*) FROM log_leaf").fetchone()[0]
        rows.close()
        return now

    def __call__(self, told):
        now = self.read()
        self.steps[told.step] = {name: value - self.last[name] for name, value in now.items()}
        self.last = self.read()  # reading is no part of the next step


def bare_hop(binaries):
    """Microseconds of one hop of one item, with proofs, by libsodium alone."""
    said = subprocess.run([binaries.parent / "bench" / "pseudonym_bench", "--rounds", "5", "--slice", "0.05"], capture_output=True,
                          text=True, check=True).stdout
    return float(re.search(r"hop with proofs, bare +([0-9.]+)", said).group(1))


def play(options, binaries):
    with Stage(options.folder, lambda line: None, binaries) as stage:
        stage.prepare()
        stage.open()
        story = main_job.new_play(stage)
        meter = story.teller = Meter(stage)
        story.run(main_job.steps())
    return meter.steps


def of_kind(rounds, steps, exchanges):
    """The mean of all rounds, for one exchange."""
    names = steps.split()
    keys = rounds[0][names[0]]
    return {key: sum(one[name][key] for one in rounds for name in names) / len(rounds) / exchanges for key in keys}


def show(rounds, hop):
    print(f"{'kind':36} {'acts':>5} {'leaves':>7}" + "".join(f"{name + ' us':>13}" for name in PROCESSES) + f" {'hops us':>8}")
    for kind, (steps, items, exchanges) in KINDS.items():
        used = of_kind(rounds, steps, exchanges)
        print(f"{kind:36} {used['acts']:5.1f} {used['leaves']:7.1f}" + "".join(f"{used[name]:13.0f}" for name in PROCESSES)
              + f" {items * hop:8.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "bench" / "kinds")
    options = parser.parse_args()
    binaries = options.binaries.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    before = bare_hop(binaries)
    rounds = [play(options, binaries) for _ in range(options.rounds)]
    after = bare_hop(binaries)
    print(f"one hop with proofs, bare: {(before + after) / 2:.0f} us ({before:.0f}, {after:.0f})")
    show(rounds, (before + after) / 2)


if __name__ == "__main__":
    main()
