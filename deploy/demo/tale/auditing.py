"""The officers for data protection: what happened, is the log whole, was it really logged, and is a change found."""
import base64
import json
import random
import shutil

from stage import command, layout, run
from tale.asking import OOV, partner
from tale.step import Deed, Step, Surprise, expect

TOWN, POLICE = "f-fg", "f-fg-politie"
COPY = "log-copy"
TOLD = ("REQUEST", "DECISION", "ANSWER", "RECALL", "DESTROY")


def records(unit, basis, regime):
    return lambda play: ["record", "list", "--unit", unit, "--use", "lawfulness-check", "--purpose", "audit-verantwoording",
                         "--basis", basis, "--regime", regime, "--page-size", "500"]


def records_told(play, said):
    shown = said.json["records"]
    expect(shown, "there is no record")
    play.notes["log-reaches"] = max(play.notes.get("log-reaches", 0), *(int(record["index"]) + 1 for record in shown))
    for record in shown:
        play.notes.setdefault("records", {})[int(record["index"])] = {**record["content"], "index": int(record["index"])}
        play.notes.setdefault("leaves", {})[int(record["index"])] = base64.b64decode(record["leaf"]).hex()
    told = [record for record in shown if record["content"].get("kind") in TOLD]
    return [f"{len(shown)} records; questions, decisions, answers and recalls among them:"] + [record_line(r) for r in told]


def record_line(record):
    content = record["content"]
    units = content.get("orgs", {}).get("units", {})
    way = f"{units['provider'].partition('/')[2]} to {units['recipient'].partition('/')[2]}" if "provider" in units else ""
    fields = content.get("fields", ())
    forms = ", ".join(f"{field} as {form}" for field, form in fields.items()) if isinstance(fields, dict) else ", ".join(fields)
    words = (f"{record['index']:>4}", content.get("kind", ""), content.get("outcome", ""), content.get("purpose", ""), way, forms)
    return "  ".join(word for word in words if word)


def look_elsewhere(play):
    """The second town's list: the rules know no way to it."""
    return ["request", "create", "--try", "--to", partner(play, "duinrade/oov"), "--purpose", "audit-verantwoording",
            "--basis", "avg-39", "--field", "res-provisielog", "--regime", "avg", "--category", "geen",
            "--new-case", "geen"]


def refused(play, said):
    decision = said.json["decision"]
    return [f"Refused: {decision['reason_en']}", f"\"{decision['reason_nl']}\""]


def copy_folder(play, staff):
    return play.stage.state.desk(play.stage.region.desk_of(staff)) / COPY


def verify_words(play, staff):
    broker = play.stage.broker
    return ["log", "verify", "--log", broker.log_url, "--bundles", broker.bundle_url, "--use", "lawfulness-check",
            "--trust", play.stage.state.public / "trust.policy", "--copy", copy_folder(play, staff)]


def verify(staff):
    def words(play):
        play.stage.broker.wait_until_published(play.notes["log-reaches"])
        shutil.rmtree(copy_folder(play, staff), ignore_errors=True)
        layout.make_folder(copy_folder(play, staff), layout.PRIVATE, play.stage.region.desk_of(staff).uid)
        return verify_words(play, staff)
    return words


def verified(play, said):
    report = said.json
    expect(report["verified"] and report["entries_verified"], f"the log was not verified:\n{said.out}")
    play.notes["log-size"], play.notes["log-kinds"] = report["checkpoint"]["size"], report["kinds"]
    return [f"All {report['checkpoint']['size']} entries recomputed: "
            + ", ".join(f"{count} {kind}" for kind, count in sorted(report["kinds"].items())) + "."]


def receipt_of(play, name):
    """The file that OOV got as proof that the answer was logged."""
    oov = play.stage.state.desk(play.stage.region.desk_of(OOV))
    folder = oov / "receipts" / play.notes[name].rpartition("/")[2]
    found = sorted(folder.glob("*-REQUEST.tlog-proof"))
    expect(found, f"{folder} holds no receipt of the question")
    return found[0]


def check_receipt(play):
    """OOV hands a receipt to its officer, who checks it with nothing but the log's public key."""
    officer = play.stage.region.desk_of(TOWN)
    receipt = play.stage.state.desk(officer) / "receipt.tlog-proof"
    layout.write(receipt, receipt_of(play, "police").read_bytes(), 0o600, officer.uid)
    words = [play.stage.state.sluis, "log", "check-receipt", receipt, "--trust", play.stage.state.public / "trust.policy",
             "--output", "json"]
    offline = ["unshare", "--net", "--"] if can_unshare() else []
    done = run.run([*offline, *run.as_user(officer.uid, words)])
    expect(done.returncode == 0, f"the receipt does not verify:\n{done.stdout}{done.stderr}")
    leaf = json.loads(done.stdout)["leaf"]
    without = " in a process without a network" if offline else ""
    return [f"Entry {json.loads(done.stdout)['index']}, {leaf['kind']}, verified{without}."]


def can_unshare():
    return run.run(["unshare", "--net", "--", "true"]).returncode == 0


def change_a_byte(folder, chance):
    """One bit of one byte of one entry; returns file and place."""
    bundles = sorted((folder / "tile" / "entries").rglob("*"))
    bundle = chance.choice([file for file in bundles if file.is_file()])
    content = bytearray(bundle.read_bytes())
    place = chance.randrange(len(content))
    content[place] ^= 1 << chance.randrange(8)
    bundle.write_bytes(content)
    return bundle.relative_to(folder), place


def tampered(play):
    officer = play.stage.region.desk_of(TOWN)
    folder = copy_folder(play, TOWN)
    file, place = change_a_byte(folder, play.notes.get("chance") or random.Random())
    done = run.run(run.as_user(officer.uid, [play.stage.state.sluis, "log", "verify", "--log", folder, "--trust",
                                             play.stage.state.public / "trust.policy", "--output", "json", "--lang", "en"]))
    expect(done.returncode == command.VERIFICATION, f"code {done.returncode}: the changed byte was not found\n{done.stdout}")
    try:
        error = json.loads(done.stderr)["error"]
    except ValueError as unreadable:
        raise Surprise(done.stderr) from unreadable
    expect(str(file) in json.dumps(error), f"the changed file {file} is not named:\n{done.stderr}")
    return [f"Changed: one bit of byte {place} of {file}. Found: {error['message']}"]


STEPS = [
    Step("town-records", TOWN, "The town's data protection officer lists what OOV gave and got, and why.",
         records("gemeente/oov", "avg-39", "avg"), scenario="STORY-025", then=records_told),
    Step("other-town", TOWN, "The same officer asks for the list of another town.", look_elsewhere, code=3,
         scenario="STORY-026", then=refused),
    Step("police-records", POLICE, "The data protection officer of the police lists every provision by the police.",
         records("politie/informatie", "wpg-36", "wpg-8"), scenario="STORY-027", then=records_told),
    Step("town-verifies", TOWN, "The town's officer recomputes the whole log, from outside, and keeps a copy.", verify(TOWN),
         then=verified),
    Step("police-verify", POLICE, "So does the officer of the police, on their own.", verify(POLICE), then=verified),
    Deed("receipt", "OOV hands a receipt to its officer, who checks it offline.", check_receipt),
    Deed("changed-byte", "Somebody changes one bit in the town's copy of the log.", tampered),
]
