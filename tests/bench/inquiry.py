#!/usr/bin/env python3
"""How long a yes or no takes at 1, 5 and 20 partners, through the real processes and typed commands. As root.

  tests/bench/inquiry.py [--rounds 10] [--binaries build/release/bin] [--folder build/bench/inquiry]

Prints p50 and p99 of what the asker waits for: until every question is with its partner, until every partner answered (each
at once, who looks the person up and says yes without thinking), until the asker read all. hits.md says what it means.
"""
import argparse
import concurrent.futures
import json
import pathlib
import shutil
import statistics
import sys
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "demo"))

from stage import registers, run  # noqa: E402: the path comes first
from stage.region import DEMO, Region  # noqa: E402
from stage.stage import Stage  # noqa: E402
from tale import casus, main_job  # noqa: E402
from tale.hits import WEIGHING  # noqa: E402
from tale.signals import RIEC, open_session  # noqa: E402

PARTNERS = 20
SIZES = (1, 5, PARTNERS)
MODEL = "duinrade-vergunningen"
ROWS = 200


def town(number):
    return f"buurt{number:02d}"


class ManyTowns(Stage):
    """The demo region and twenty towns more, each with one desk and a small register that it enrols."""

    def __init__(self, folder, binaries):
        super().__init__(folder, lambda line: print(line, flush=True), binaries)
        text = json.loads(self.region.text)
        for number in range(1, PARTNERS + 1):
            name = town(number)
            text["organisations"].append({
                "id": name, "oin": f"000000991000001{number:02d}000", "kind": "gemeente", "name": f"Gemeente {name.title()}",
                "cbs": f"{9910 + number}",
                "units": [{"unit": "gemeente/vergunningen", "name": "Vergunningen",
                           "persons": [{"staff": f"{name}-vergunningen", "roles": ["behandelaar"]}],
                           "registers": [{"id": f"{name}-vergunningen", "regime": "avg", "kinds": ["bsn"]}]}]})
        changed = pathlib.Path(folder) / "region.json"
        changed.write_text(json.dumps(text), encoding="utf-8")
        self.region = self.sluis.region = Region(changed)

    def write_registers(self):
        self.state.make()
        registers.generate(self.state)
        described = self.state.registers / "manifest.json"
        manifest = json.loads(described.read_text(encoding="utf-8"))
        source = (self.state.registers / manifest["registers"][MODEL]["file"]).read_text(encoding="utf-8").splitlines()
        mappings = pathlib.Path(self.state.root) / "demo" / "mappings"
        shutil.rmtree(mappings, ignore_errors=True)
        shutil.copytree(DEMO / "mappings", mappings)
        for number in range(1, PARTNERS + 1):
            name = f"{town(number)}-vergunningen"
            file = f"{town(number)}/vergunningen.csv"
            (self.state.registers / file).parent.mkdir(exist_ok=True)
            (self.state.registers / file).write_text("\n".join(source[:ROWS + 1]) + "\n", encoding="utf-8")
            manifest["registers"][name] = {**manifest["registers"][MODEL], "file": file, "rows": ROWS}
            mapping = (DEMO / "mappings" / f"{MODEL}.txtpb").read_text(encoding="utf-8")
            (mappings / f"{name}.txtpb").write_text(
                mapping.replace(f'name: "{MODEL}"', f'name: "{name}"').replace('file: "duinrade/vergunningen.csv"', f'file: "{file}"'),
                encoding="utf-8")
        described.write_text(json.dumps(manifest), encoding="utf-8")
        registers.DEMO = mappings.parent
        return dict(zip(source[0].split(","), source[1].split(",")))["bsn"]


class Asking:
    def __init__(self, stage, number):
        self.stage, self.number = stage, number
        self.play = main_job.new_play(stage)
        self.play.run([casus.open_case("asked"), casus.advance("asks", "asked", "bevraging", "It goes on.")])
        for owner in range(1, PARTNERS + 1):
            self.play.run([open_session(f"session-{owner}", f"{town(owner)}-vergunningen", "A session.")])
            self.must(f"{town(owner)}-vergunningen", "index", "enrol", "--register", f"{town(owner)}-vergunningen", "--mapping",
                      self.mapping(owner), "--skip-bad")

    def desk(self, owner):
        return self.stage.region.desks[f"{town(owner)}/vergunningen"]

    def mapping(self, owner):
        return registers.mapping_of(self.stage.state, self.desk(owner), f"{town(owner)}-vergunningen")

    def must(self, staff, *words, stdin=None):
        said = self.stage.sluis.type(staff, *words, stdin=stdin)
        if said.code != 0:
            raise SystemExit(f"{words}: {said.err}")
        return said.json

    def round(self, partners):
        """Seconds until asked, answered, read."""
        words = ["exchange", "inquire", "--case", self.play.notes["asked-case"], "--purpose", WEIGHING, "--basis", "wgs-riec",
                 "--regime", "avg", "--category", "bestuurder", "--subject-file", "-", "--subject-kind", "bsn"]
        for owner in range(1, partners + 1):
            words += ["--to", self.desk(owner).party]
        begun = time.monotonic()
        asked = self.must(RIEC, *words, stdin=self.number)["questions"]
        at_partners = time.monotonic()
        names = [question["exchange"]["name"] for question in asked]
        with concurrent.futures.ThreadPoolExecutor(partners) as desks:
            list(desks.map(lambda one: self.must(f"{town(one[0])}-vergunningen", "exchange", "answer", one[1], "--register",
                                                 self.mapping(one[0]), "--yes"), enumerate(names, 1)))
        answered = time.monotonic()
        for name in names:
            hits = self.must(RIEC, "exchange", "open", name)["hits"]
            assert [hit["hit"] for hit in hits] == [True], hits
        return at_partners - begun, answered - begun, time.monotonic() - begun


def percentile(values, part):
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1] if len(values) > 1 else values[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--binaries", default=str(ROOT / "build" / "release" / "bin"))
    parser.add_argument("--folder", default=str(ROOT / "build" / "bench" / "inquiry"))
    options = parser.parse_args()
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    run.PATIENCE = 300
    stage = ManyTowns(folder, pathlib.Path(options.binaries).resolve())
    with stage:
        number = stage.write_registers()
        stage.prepare()
        stage.open()
        asking = Asking(stage, number)
        rows = {size: [asking.round(size) for _ in range(options.rounds)] for size in SIZES}
    print(f"{'partners':>8} {'until asked p50':>16} {'p99':>6} {'until answered p50':>19} {'p99':>6} {'until read p50':>15} {'p99':>6}   (s)")
    for size, rounds in rows.items():
        told = [percentile([one[step] for one in rounds], part) for step in range(3) for part in (50, 99)]
        print(f"{size:8} {told[0]:16.2f} {told[1]:6.2f} {told[2]:19.2f} {told[3]:6.2f} {told[4]:15.2f} {told[5]:6.2f}")


if __name__ == "__main__":
    main()
