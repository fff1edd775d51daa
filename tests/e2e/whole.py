"""What every test of the whole begins with: the demo region in a folder of its own, its broker running.

Arguments of each test program: STATE_FOLDER BINARIES_FOLDER [more of its own]. The folder stays between runs, so
that keys are made once; each program begins a fresh log.
"""
import atexit
import os
import pathlib
import random
import sys
import unittest

sys.dont_write_bytecode = True
SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "deploy" / "demo"))

from stage.stage import Stage  # noqa: E402: the path comes first

ARGUMENTS = sys.argv[1:]
_stages = []


def stage():
    """The one stage of this program, made at first use, with a fresh log."""
    if not _stages:
        made = Stage(pathlib.Path(ARGUMENTS[0]), lambda line: print(line, flush=True), pathlib.Path(ARGUMENTS[1]))
        _stages.append(made)
        atexit.register(made.__exit__)
        made.prepare()
        made.open()
    return _stages[0]


def chance():
    """Random by a seed that is printed; SLUIS_E2E_SEED repeats a run."""
    seed = int(os.environ.get("SLUIS_E2E_SEED") or random.SystemRandom().randrange(2**32))
    print(f"seed {seed}: repeat with SLUIS_E2E_SEED={seed}", flush=True)
    return random.Random(seed)


def main():
    unittest.main(argv=[sys.argv[0], "-v"])
