#!/usr/bin/env python3
"""Writes the registers of the demo region: the same bytes for the same seed.

OUT/<organisation>/<register>.csv   the registers, as deploy/demo/mappings/ describes them
OUT/identities.txt                  every name, number, plate and address that occurs, one a line, sorted: none of
                                    them may be found outside the edges (search whole words: grep -Fwf)
OUT/manifest.json                   rows and subjects of each register, and who plays the story
"""
import argparse
import csv
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from synthetic import municipal, partners, world  # noqa: E402: the path comes first

HERE = pathlib.Path(__file__).resolve().parent
# A municipality with an older system exports Latin-1, semicolons and CRLF.
OLD_SYSTEM = {"zilverland"}


def registers(data):
    """(organisation, register, rows) of each."""
    for town, permits in (("waterveen", 2900), ("zilverland", 250), ("duinrade", 500)):
        yield town, "burgerzaken", municipal.residents(data, town)
        yield town, "panden", municipal.buildings(data, town)
        yield town, "vergunningen", municipal.permits(data, town, permits)
    yield "waterveen", "toezicht", municipal.supervision(data, "waterveen", 1500)
    yield "waterveen", "meldpunt", municipal.nuisance(data, "waterveen", 4000)
    yield "waterveen", "oov", municipal.public_order(data, "waterveen", 500)
    yield "duinrade", "oov", municipal.public_order(data, "duinrade", 300)
    yield "politie", "informatie", partners.police_reports(data, 2000)
    yield "politie", "voertuigen", partners.police_vehicles(data)
    yield "om", "parket", partners.prosecution_cases(data, 1500)
    yield "riec", "signalen", partners.riec_signals(data, 700)
    yield "belastingdienst", "toezicht", partners.tax_files(data, 700)


def write_register(path, rows, old_system):
    """Returns the number of rows and of different subjects by kind."""
    subjects = {"bsn": set(), "rsin": set(), "kvk": set(), "kenteken": set(), "bag_id": set()}
    count = 0
    form = {"delimiter": ";", "lineterminator": "\r\n"} if old_system else {"delimiter": ",", "lineterminator": "\n"}
    with open(path, "w", encoding="iso-8859-1" if old_system else "utf-8", newline="") as file:
        writer = None
        for count, row in enumerate(rows, 1):
            if writer is None:
                writer = csv.DictWriter(file, fieldnames=list(row), **form)
                writer.writeheader()
            writer.writerow(row)
            for column, seen in subjects.items():
                if row.get(column):
                    seen.add(row[column])
    return count, {("bag" if kind == "bag_id" else kind): len(seen) for kind, seen in subjects.items() if seen}


def identities(data):
    known = set()
    for who in data.persons:
        known.update((who.name, f"{who.first.split()[0]} {who.surname}", who.surname))
        if who.bsn:
            known.add(who.bsn)
    for firm in data.companies:
        known.update((firm.name, firm.kvk) + ((firm.rsin,) if firm.rsin else ()))
    for vehicle in data.vehicles:
        known.update((vehicle.plate, vehicle.plate.replace("-", "")))
    for places in data.addresses.values():
        for place in places:
            known.update((place.line, place.object_id, place.building_id, place.designation_id))
    return sorted(known)


def story(data):
    subject, both, police_only, prosecution_only = (person.bsn for person in data.persons[:world.CAST])
    return {"subject_bsn": subject, "related_at_police_and_om": both, "related_at_police": police_only,
            "related_at_om": prosecution_only, "premises_bag": data.addresses["waterveen"][0].object_id,
            "company_kvk": data.companies[0].kvk, "vehicle_kenteken": data.vehicles[0].plate.replace("-", "")}


def generate(out, seed):
    region = json.loads((HERE / "region.json").read_text(encoding="utf-8"))
    data = world.World(region, seed)
    written = {}
    for organisation, register, rows in registers(data):
        path = out / organisation / f"{register}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        count, subjects = write_register(path, rows, organisation in OLD_SYSTEM)
        written[f"{organisation}-{register}"] = {"file": f"{organisation}/{register}.csv", "rows": count,
                                                 "subjects": subjects}
    manifest = {"seed": seed, "persons": len(data.persons), "persons_without_bsn": sum(not p.bsn for p in data.persons),
                "registers": written, "story": story(data)}
    (out / "identities.txt").write_text("\n".join(identities(data)) + "\n", encoding="utf-8")
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def main():
    parser = argparse.ArgumentParser(description="Write the registers of the demo region.")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder to write into")
    parser.add_argument("--seed", type=int, default=20261123, help="another seed gives another region")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    manifest = generate(arguments.out, arguments.seed)
    rows = sum(register["rows"] for register in manifest["registers"].values())
    print(f"{rows} rows in {len(manifest['registers'])} registers in {arguments.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
