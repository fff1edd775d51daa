"""The registers of the region, generated once, each with its mapping in the folder of the desk that holds it."""
import json
import shutil
import sys

from stage import layout, run
from stage.region import DEMO

SUBFOLDER = "registers"


def manifest(state):
    return json.loads((state.registers / "manifest.json").read_text(encoding="utf-8"))


def is_made(state):
    return (state.registers / "manifest.json").is_file() and (state.registers / "identities.txt").is_file()


def generate(state):
    """Writes them below state.registers, readable by root alone."""
    run.must([sys.executable, "-B", DEMO / "generate.py", "--out", state.registers])


def hand_out(state, region):
    """Each desk gets its own registers and mappings, and no other's."""
    files = {name: entry["file"] for name, entry in manifest(state)["registers"].items()}
    for desk in region.desks.values():
        folder = state.desk(desk) / SUBFOLDER
        shutil.rmtree(folder, ignore_errors=True)
        layout.make_folder(folder, layout.PRIVATE, desk.uid)
        for register in desk.registers:
            target = folder / files[register["id"]]
            layout.make_folder(target.parent, layout.PRIVATE, desk.uid)
            layout.write(target, (state.registers / files[register["id"]]).read_bytes(), 0o600, desk.uid)
            mapping = DEMO / "mappings" / f"{register['id']}.txtpb"
            layout.write(folder / mapping.name, mapping.read_bytes(), 0o600, desk.uid)


def mapping_of(state, desk, register):
    return state.desk(desk) / SUBFOLDER / f"{register}.txtpb"
