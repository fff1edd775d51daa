"""The folder of each party and of each person in it, as `sluis --profile DIR` reads them."""
import shutil

from stage import ceremony, layout
from stage.region import BROKER_HOST, BROKER_ID

PARTY = """# proto-file: sluis/edge/v1/config.proto
# proto-message: sluis.edge.v1.PartyConfig
organisation: "{oin}"
unit: "{unit}"
broker {{
  address: "{address}"
  server_name: "{host}"
  identifier: "{identifier}"
  trust_anchor: "{anchor}"
}}
tls {{ certificate: "tls.pem" key: "tls.key" }}
signing_key: "signing.pem"
sealing_key: "sealing.pem"
log_vkey: "{log}"
directory_officers: "{officers[0]}"
directory_officers: "{officers[1]}"
demonstration: true
pseudonyms {{ key_set: "{key_set}" decision_key: "{decision}" }}
"""
PROFILE = """# proto-file: sluis/edge/v1/config.proto
# proto-message: sluis.edge.v1.PersonConfig
party: "../.."
staff_number: "{staff}"
unit: "{unit}"
{roles}
assurance: SUBSTANTIAL
{log_in}
language: "nl"
"""
KEY_LOG_IN = """key {{
  file: "../../assertion.pem"
  algorithm: "{algorithm}"
  key_id: "{key_id}"
  issuer: "{issuer}"
  client_id: "sluis"
}}"""
# In the scenarios everybody is at least this; to approve anything takes more.
EMPLOYEE = "behandelaar"
# What an edge keeps from one run to the next; a fresh story begins without.
KEPT = ("journal", "receipts", "answers", "directory.note", "inbox.cursor", "edge.key", "sessions", "pseudonyms", "subjects",
        "questions", "indexes", "commitments")


def approval_roles(person):
    """What a log-in asserts: only roles in which one can approve (rulebook 3.10)."""
    return [role for role in person.roles if role != EMPLOYEE]


def party_text(state, desk, facts, address):
    return PARTY.format(oin=desk.oin, unit=desk.unit, address=address, host=BROKER_HOST, identifier=BROKER_ID,
                        anchor=state.public / "ca.pem", log=facts["log"], officers=facts["officers"],
                        decision=facts["decision"], key_set=state.public / "key-set.json")


def key_log_in(desk):
    return KEY_LOG_IN.format(algorithm=ceremony.ALGORITHM, key_id=ceremony.key_id(desk), issuer=ceremony.issuer(desk))


def profile_text(desk, person, log_in=None):
    roles = "\n".join(f'roles: "{role}"' for role in approval_roles(person))
    return PROFILE.format(staff=person.staff, unit=desk.unit, roles=roles, log_in=log_in or key_log_in(desk))


def profile_of(state, desk, staff):
    return state.desk(desk) / "people" / staff


def write_parties(state, region, facts, address):
    for desk in region.desks.values():
        layout.write(state.desk(desk) / "party.txtpb", party_text(state, desk, facts, address), 0o600, desk.uid)


def write_people(state, region):
    for desk in region.desks.values():
        people = state.desk(desk) / "people"
        shutil.rmtree(people, ignore_errors=True)
        layout.make_folder(people, layout.PRIVATE, desk.uid)
        for person in desk.persons:
            folder = layout.make_folder(people / person.staff, layout.PRIVATE, desk.uid)
            layout.write(folder / "profile.txtpb", profile_text(desk, person), 0o600, desk.uid)


def forget(state, region):
    """Removes what an earlier run left in the edges."""
    for desk in region.desks.values():
        for name in KEPT:
            path = state.desk(desk) / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
