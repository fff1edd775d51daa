"""Who and what exists in the demo region: drawn once, so that registers of different partners meet in it."""
import dataclasses
import datetime
import random

from synthetic import identifiers, names

PERSONS = 1010  # 909 with a BSN of the test range; the rest without
COMPANIES = 1500
VEHICLES = 3000
# persons[0..3] and what belongs to them play the story; nobody else is drawn as them.
CAST = 4
TODAY = datetime.date(2026, 11, 23)


@dataclasses.dataclass(frozen=True)
class Address:
    municipality: str
    town: str
    street: str
    number: int
    postcode: str
    neighbourhood: str
    object_id: str
    building_id: str
    designation_id: str
    use: str
    area: int

    @property
    def line(self):
        return f"{self.street} {self.number}"


@dataclasses.dataclass(frozen=True)
class Person:
    bsn: str  # empty: none known
    first: str
    surname: str
    born: datetime.date
    nationality: str
    address: Address

    @property
    def name(self):
        return f"{self.first} {self.surname}"


@dataclasses.dataclass(frozen=True)
class Company:
    kvk: str
    rsin: str  # legal persons only
    name: str
    form: str
    sector: str
    sbi: str
    address: Address
    directors: tuple


@dataclasses.dataclass(frozen=True)
class Vehicle:
    plate: str
    model: str
    holder: Person


def date_before_today(rng, days):
    return TODAY - datetime.timedelta(days=rng.randrange(1, days))


class World:
    def __init__(self, region, seed):
        self.seed = seed
        self.towns = [o for o in region["organisations"] if o["kind"] == "gemeente"]
        self.addresses = {town["id"]: list(self._addresses(town)) for town in self.towns}
        self._homes = {town: set(places) for town, places in self.addresses.items()}
        self.persons = list(self._persons())
        self.companies = list(self._companies())
        self.vehicles = list(self._vehicles())

    def rng(self, what):
        """A stream of its own for each part, so that a change in one leaves the others as they were."""
        return random.Random(f"{self.seed}/{what}")

    def home_of(self, town):
        """The addresses of a town, to ask whether one is among them."""
        return self._homes[town]

    def anyone(self, rng):
        return self.persons[rng.randrange(CAST, PERSONS)]

    def anyone_with_bsn(self, rng):
        while True:
            person = self.anyone(rng)
            if person.bsn:
                return person

    def any_company(self, rng):
        return self.companies[rng.randrange(1, COMPANIES)]

    def any_address(self, rng, town):
        return self.addresses[town][rng.randrange(1, len(self.addresses[town]))]

    def _addresses(self, town):
        rng = self.rng(f"addresses/{town['id']}")
        streets = [start + end for start in names.STREET_STARTS for end in names.STREET_ENDS]
        rng.shuffle(streets)
        per_street = 50
        for index in range(town["demo"]["addresses"]):
            street, number = divmod(index, per_street)
            yield Address(
                municipality=town["cbs"], town=town["demo"]["town"], street=streets[street], number=number + 1,
                postcode=identifiers.postcode(town["demo"]["postcode"], street),
                neighbourhood=identifiers.neighbourhood(town["cbs"], street // 10, street % 10),
                object_id=identifiers.bag_id(town["cbs"], "verblijfsobject", index + 1),
                building_id=identifiers.bag_id(town["cbs"], "pand", index + 1),
                designation_id=identifiers.bag_id(town["cbs"], "nummeraanduiding", index + 1),
                use=rng.choices(names.USES, weights=(70, 10, 8, 4, 3, 5))[0], area=rng.randrange(28, 900))

    def _persons(self):
        rng = self.rng("persons")
        full = [f"{first} {rng.choice(names.MIDDLE)}" for first in names.FIRST]
        surnames = [start + end for start in names.SURNAME_STARTS for end in names.SURNAME_ENDS]
        pairs = [(first, surname) for first in full for surname in surnames]
        bsns = identifiers.test_bsns()
        rng.shuffle(bsns)
        # Spread over the list, but not in the cast.
        without = set(rng.sample(range(CAST, PERSONS), PERSONS - len(bsns)))
        for index, (first, surname) in enumerate(rng.sample(pairs, PERSONS)):
            town = self.towns[0] if index < CAST else rng.choices(self.towns, weights=(55, 12, 33))[0]
            adult = index < CAST or rng.random() < 0.9
            yield Person(
                bsn="" if index in without else bsns.pop(), first=first,
                surname=rng.choice(names.PARTICLES) + surname,
                born=date_before_today(rng, 60 * 365) - datetime.timedelta(days=20 * 365) if adult
                else date_before_today(rng, 17 * 365),
                nationality=rng.choices(("NL", "PL", "MA", "TR", "RO"), weights=(80, 8, 4, 4, 4))[0],
                address=self.addresses[town["id"]][rng.randrange(1, len(self.addresses[town["id"]]))])

    def _companies(self):
        rng = self.rng("companies")
        rsins = identifiers.rsins()
        words = [(start, sector, n) for n in ("", " Noord", " Zuid", " Oost") for start in names.COMPANY_STARTS
                 for sector in names.SECTORS]
        for index, (start, (sector, sbi), part) in enumerate(rng.sample(words, COMPANIES)):
            form = "B.V." if index == 0 or index % 2 else rng.choice(names.LEGAL_FORMS[1:])
            town = self.towns[0] if index == 0 else rng.choices(self.towns, weights=(55, 12, 33))[0]
            address = self.addresses[town["id"]][0 if index == 0 else rng.randrange(1, town["demo"]["addresses"])]
            directors = (self.persons[0],) if index == 0 else tuple(
                self.anyone_with_bsn(rng) for _ in range(rng.choice((1, 1, 2, 3))))
            yield Company(kvk=identifiers.kvk_number(index), rsin=rsins.pop() if form in ("B.V.", "Stichting") and rsins else "",
                          name=f"{start} {sector}{part} {form}", form=form, sector=sector, sbi=sbi, address=address,
                          directors=directors)

    def _vehicles(self):
        rng = self.rng("vehicles")
        for index in range(VEHICLES):
            holder = self.persons[0] if index == 0 else self.anyone_with_bsn(rng)
            yield Vehicle(plate=identifiers.plate(index), model=rng.choice(names.VEHICLES), holder=holder)
