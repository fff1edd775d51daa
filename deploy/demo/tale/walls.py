"""Who cannot read what: the broker's user and the alderman's, by the kernel; the alderman's key, by the sealing."""
import json
import shutil

from stage import desks, layout, run
from stage.region import BROKER_UID
from tale.asking import OOV
from tale.step import Deed, expect

ALDERMAN = "f-wethouder"


def refused_read(play, uid, path):
    """Tries to read a file as that user; tells what the kernel said. Root must find it, or nothing is shown."""
    expect(path.is_file(), f"{path} is not there")
    done = run.run(run.as_user(uid, ["cat", path]))
    expect(done.returncode != 0 and not done.stdout, f"user {uid} could read {path}")
    expect("Permission denied" in done.stderr, f"{path} was not refused but failed: {done.stderr}")
    place = path.relative_to(play.stage.state.root)
    return f"user {uid} reads {place}: {done.stderr.strip().rpartition(': ')[2]} (EACCES)."


def answer_files(play, staff, name):
    desk = play.stage.region.desk_of(staff)
    folder = play.stage.state.desk(desk) / "answers" / play.notes[name].rpartition("/")[2]
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name != "header")
    expect(files, f"{folder} holds no answer")
    return files


def broker_is_blind(play):
    state, region = play.stage.state, play.stage.region
    police = state.desk(region.desks["politie/informatie"])
    for path in (police / "sealing.pem", police / "registers" / "politie" / "informatie.csv",
                 answer_files(play, OOV, "police")[-1]):
        yield refused_read(play, BROKER_UID, path)


def alderman_is_outside(play):
    uid = play.stage.region.desk_of(ALDERMAN).uid
    oov = play.stage.state.desk(play.stage.region.desk_of(OOV))
    yield refused_read(play, uid, answer_files(play, OOV, "police")[-1])
    yield refused_read(play, uid, oov / "sealing.pem")


def alderman_asks(play):
    """With his own log-in, the broker shows him nothing of it."""
    said = play.stage.sluis.type(ALDERMAN, "exchange", "open", play.notes["police"])
    expect(said.code == 3 and said.reason == "RESOURCE_NOT_ACCESSIBLE", f"{said.code} {said.reason}\n{said.err}")
    return [f"With the alderman's own log-in: {json.loads(said.err)['error']['message']}"]


def stolen_log_in(play):
    """Suppose he got hold of everything OOV logs in with, and the sealed answer: his key does not open it."""
    state, region = play.stage.state, play.stage.region
    alderman, oov = region.desk_of(ALDERMAN), region.desk_of(OOV)
    loot = state.desk(alderman) / "loot"
    shutil.rmtree(loot, ignore_errors=True)
    layout.make_folder(loot, layout.PRIVATE, alderman.uid)
    for name in ("tls.pem", "tls.key", "signing.pem", "assertion.pem", "party.txtpb"):
        layout.write(loot / name, (state.desk(oov) / name).read_bytes(), 0o600, alderman.uid)
    layout.write(loot / "sealing.pem", (state.desk(alderman) / "sealing.pem").read_bytes(), 0o600, alderman.uid)
    profile = layout.make_folder(loot / "people" / OOV, layout.PRIVATE, alderman.uid)
    layout.own(loot / "people", layout.PRIVATE, alderman.uid)
    layout.write(profile / "profile.txtpb", desks.profile_text(oov, oov.person(OOV)), 0o600, alderman.uid)
    said = play.stage.sluis.type(OOV, "exchange", "open", play.notes["police"], desk=alderman, profile=profile)
    shutil.rmtree(loot)
    # The sender's signature covers the key that it is sealed to, so that is what fails first.
    expect(said.code == 6 and said.reason in ("E_SIGNATURE", "E_OPEN"), f"{said.code} {said.reason}\n{said.out}{said.err}")
    return [f"With OOV's log-in but the alderman's own key: {json.loads(said.err)['error']['message']} ({said.reason})."]


BEFORE_OPENING = [
    Deed("alderman-asks", "The alderman of the same town tries to open what the police sent to OOV.", alderman_asks),
    Deed("alderman-key", "Suppose he even had OOV's log-in: the content is sealed to OOV's key, not to his.", stolen_log_in),
]
AFTER_OPENING = [
    Deed("broker-blind", "The broker is blind: it tries to read a key, a register and the opened answer.", broker_is_blind),
    Deed("alderman-files", "The alderman tries to read them on OOV's disk.", alderman_is_outside),
]
