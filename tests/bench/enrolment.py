#!/usr/bin/env python3
"""Enrols a large register of companies, plates and addresses through the real processes, and measures it. As root.

  tests/bench/enrolment.py --subjects 1000000 [--binaries build/release/bin] [--folder build/bench/enrolment]

Prints a table: rate at each transcryptor by its own processor time against one scalar multiplication of libsodium measured
before and after, wall time, memory of the edge, size of the index. hits.md says what it means.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))

from stage import desks, layout, registers, run  # noqa: E402: the path comes first
from stage.region import Region  # noqa: E402
from stage.stage import Stage  # noqa: E402
from synthetic import identifiers  # noqa: E402

DESK, REGISTER, STAFF = "duinrade/vergunningen", "duinrade-vergunningen", "d-vergunningen"
KINDS = ("kvk", "kenteken", "bag")
MAPPING = """name: "duinrade-vergunningen"
file: "duinrade/vergunningen.csv"
encoding: ENCODING_UTF_8
delimiter: ","
keys { kind: "kvk" column: "kvk" subject_category: "rechtspersoon" }
keys { kind: "kenteken" column: "kenteken" subject_category: "pand" }
keys { kind: "bag" column: "bag" subject_category: "pand" }
regime { constant: "avg" }
subject_category { constant: "vergunninghouder" }
fields { field: "sig-treffer" forms { form: "presence" present {} } }
"""
TICKS = os.sysconf("SC_CLK_TCK")


class LargeRegister(Stage):
    """The demo region, in which one desk holds far more than in the demo."""

    def __init__(self, folder, binaries, subjects):
        super().__init__(folder, lambda line: print(line, flush=True), binaries)
        self.rows = -(-subjects // len(KINDS))
        text = json.loads(self.region.text)
        for organisation in text["organisations"]:
            for unit in organisation["units"]:
                for register in unit["registers"]:
                    if register["id"] == REGISTER:
                        register["kinds"] = sorted(KINDS)
        changed = pathlib.Path(folder) / "region.json"
        changed.write_text(json.dumps(text), encoding="utf-8")
        self.region = self.sluis.region = Region(changed)

    def write_register(self):
        """Instead of the demo's own, before the directory is signed: it names how many rows there are."""
        self.state.make()
        registers.generate(self.state)
        described = self.state.registers / "manifest.json"
        manifest = json.loads(described.read_text(encoding="utf-8"))
        entry = manifest["registers"][REGISTER]
        with open(self.state.registers / entry["file"], "w", encoding="utf-8") as file:
            file.write(",".join(KINDS) + "\n")
            for index in range(self.rows):
                # Each once, up to a million rows.
                file.write(f"99{index % 1_000_000:06d},{plate(index)},{identifiers.bag_id('9903', 'pand', index)}\n")
        entry["rows"] = self.rows * len(KINDS)
        described.write_text(json.dumps(manifest), encoding="utf-8")

    def mapping(self):
        file = registers.mapping_of(self.state, self.region.desks[DESK], REGISTER)
        layout.write(file, MAPPING, 0o600, self.region.desks[DESK].uid)
        return file


def plate(index):
    """Three letters and three digits: 17 million of them, each once."""
    letters, digits = divmod(index, 1000)
    return "".join(chr(ord("A") + letters // 26**place % 26) for place in range(3)) + f"{digits:03d}"


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def multiplication_us(binaries):
    """One scalar multiplication, bare, on one core: the floor that everything here stands on."""
    said = subprocess.run([binaries.parent / "bench" / "pseudonym_bench", "--rounds", "5", "--slice", "0.05"],
                          capture_output=True, text=True, check=True).stdout
    return float(re.search(r"scalar multiplication, bare +([0-9.]+)", said).group(1))


def enrol(stage):
    desk = stage.region.desks[DESK]
    said = stage.sluis.type(STAFF, "session", "open")
    assert said.code == 0, said.err
    command = run.as_user(desk.uid, [stage.state.sluis, "--profile", desks.profile_of(stage.state, desk, STAFF), "index", "enrol",
                                     "--register", REGISTER, "--mapping", stage.mapping(), "--no-input", "--output", "json"])
    before = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=run.SURROUNDINGS,
                          stdin=subprocess.DEVNULL, cwd=stage.state.desk(desk)) as edge:
        out, err = edge.communicate()
    assert edge.returncode == 0, err[-2000:]
    return time.monotonic() - before, json.loads(out)


def measure(options):
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    binaries = pathlib.Path(options.binaries).resolve()
    floors = [multiplication_us(binaries)]
    stage = LargeRegister(folder, binaries, options.subjects)
    with stage:
        stage.write_register()
        stage.prepare()
        stage.open()
        processes = {"broker": stage.broker.process.pid, "T1": stage.pair.both[0].process.pid, "T2": stage.pair.both[1].process.pid}
        before = {name: cpu_seconds(pid) for name, pid in processes.items()}
        edge_before = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall, said = enrol(stage)
        edge = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = {name: cpu_seconds(pid) - before[name] for name, pid in processes.items()}
        spent["edge"] = edge.ru_utime + edge.ru_stime - edge_before.ru_utime - edge_before.ru_stime
        index = stage.state.desk(stage.region.desks[DESK]) / "indexes" / REGISTER
        size = sum(file.stat().st_size for file in index.iterdir())
    floors.append(multiplication_us(binaries))
    show(said["subjects"], wall, spent, edge.ru_maxrss, size, floors)


def show(subjects, wall, spent, memory_kb, size, floors):
    floor = sum(floors) / len(floors)
    print(f"{subjects} subjects enrolled in {wall:.0f} s: {subjects / wall:.0f} a second")
    print(f"one scalar multiplication: {floor:.1f} us ({', '.join(f'{one:.1f}' for one in floors)})")
    print(f"{'process':8} {'us a subject':>12} {'per s, core':>12} {'of one scalar m.':>17}")
    for name in ("T1", "T2", "broker", "edge"):
        each = spent[name] * 1e6 / subjects
        print(f"{name:8} {each:12.1f} {1e6 / each:12.0f} {100 * floor / each:15.0f} %")
    print(f"memory of the edge at its most: {memory_kb / 1024:.0f} MB; index: {size / 1e6:.1f} MB, {size / subjects:.1f} bytes a subject")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=30_000)
    parser.add_argument("--binaries", default=str(ROOT / "build" / "release" / "bin"))
    parser.add_argument("--folder", default=str(ROOT / "build" / "bench" / "enrolment"))
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
