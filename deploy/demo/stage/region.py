"""Who takes part: deploy/demo/region.json as objects, each desk with the numeric user that its processes run as."""
import dataclasses
import json
import pathlib

DEMO = pathlib.Path(__file__).resolve().parent.parent
# Numbers that nobody gets by himself: Debian keeps 60000-64999 for packages that ask (policy 9.2.2), and of those
# systemd uses 60001-60705 and 61184 upwards.
OUTSIDER_UID = 60797  # an auditor from outside, who has no place in the region
OPERATOR_UIDS = (60798, 60799)
BROKER_UID = 60800
FIRST_DESK_UID = 60801

BROKER_OIN = "00000099900000001000"
BROKER_ID = "https://broker.kustlanden.example"
BROKER_HOST = "broker.kustlanden.example"
LOG_ORIGIN = "log.kustlanden.example/2026"
OFFICERS = ("officer-1", "officer-2")
# Who bring the rules into force: two persons, each with a key of his own.
ACTIVATORS = ("policy-1", "policy-2")


@dataclasses.dataclass(frozen=True)
class Operator:
    """An organisation that runs one of the two transcryptors, and nothing else."""
    hop: int
    oin: str
    name: str
    host: str
    uid: int


OPERATORS = (
    Operator(1, "00000099900000002001", "Kustlanden Omzetter Een", "omzetter-een.example", OPERATOR_UIDS[0]),
    Operator(2, "00000099900000002002", "Kustlanden Omzetter Twee", "omzetter-twee.example", OPERATOR_UIDS[1]),
)


@dataclasses.dataclass(frozen=True)
class Person:
    staff: str
    roles: tuple


@dataclasses.dataclass(frozen=True)
class Desk:
    """An organisation and a unit of it: what the contract calls a party."""
    organisation: str  # short id, as waterveen
    oin: str
    unit: str
    name: str
    uid: int
    persons: tuple
    registers: tuple

    @property
    def id(self):
        return f"{self.organisation}/{self.unit.partition('/')[2]}"

    @property
    def party(self):
        """As the command line names it."""
        return f"{self.oin}/{self.unit}"

    def person(self, staff):
        return next(person for person in self.persons if person.staff == staff)


class Region:
    def __init__(self, path=DEMO / "region.json"):
        self.text = pathlib.Path(path).read_text(encoding="utf-8")
        self.document = json.loads(self.text)
        self.organisations = {entry["id"]: entry for entry in self.document["organisations"]}
        self.desks = {}
        for entry in self.document["organisations"]:
            for unit in entry["units"]:
                desk = Desk(entry["id"], entry["oin"], unit["unit"], unit["name"], FIRST_DESK_UID + len(self.desks),
                            tuple(Person(person["staff"], tuple(person["roles"])) for person in unit["persons"]),
                            tuple(unit["registers"]))
                self.desks[desk.id] = desk

    @property
    def name(self):
        return self.document["name"]

    def desk(self, organisation, unit):
        return self.desks[f"{organisation}/{unit.partition('/')[2]}"]

    def desk_of(self, staff):
        return next(desk for desk in self.desks.values() if any(person.staff == staff for person in desk.persons))
