"""Folders of people who are not what they say: a copy of a desk's folder with one thing changed."""
import contextlib
import shutil

from stage import desks, layout
from stage.region import Person


@contextlib.contextmanager
def copy_of(stage, staff, party=None, roles=None, token=None, certificate=None, key=None):
    """A profile for `stage.sluis.type(..., profile=)`: `party` changes the text of party.txtpb, `token` is printed
    by the log-in program, `certificate` and `key` replace those of TLS. Gone afterwards."""
    desk = stage.region.desk_of(staff)
    home = stage.state.desk(desk)
    folder = layout.make_folder(home / "impostor", layout.PRIVATE, desk.uid)
    for name in ("tls.pem", "tls.key", "signing.pem", "sealing.pem", "assertion.pem"):
        layout.write(folder / name, (home / name).read_bytes(), 0o600, desk.uid)
    for name, replaced in (("tls.pem", certificate), ("tls.key", key)):
        if replaced is not None:
            layout.write(folder / name, replaced.read_bytes(), 0o600, desk.uid)
    text = (home / "party.txtpb").read_text(encoding="utf-8")
    layout.write(folder / "party.txtpb", party(text) if party else text, 0o600, desk.uid)
    log_in = None
    if token is not None:
        layout.write(folder / "token", token + "\n", 0o600, desk.uid)
        log_in = f'command {{ arguments: "/bin/cat" arguments: "{folder / "token"}" }}'
    person = desk.person(staff)
    person = Person(person.staff, tuple(roles)) if roles else person
    profile = layout.make_folder(folder / "people" / staff, layout.PRIVATE, desk.uid)
    layout.own(folder / "people", layout.PRIVATE, desk.uid)
    layout.write(profile / "profile.txtpb", desks.profile_text(desk, person, log_in), 0o600, desk.uid)
    try:
        yield profile
    finally:
        shutil.rmtree(folder)
