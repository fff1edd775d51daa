"""Groups of columns that several registers have in common. A register's row is a dict; its first row fixes the header."""
from synthetic import identifiers, names, world

# What a row of each kind is about when there is nobody or nothing.
_NO_PERSON = {"bsn": "", "voornamen": "", "achternaam": "", "geboortedatum": ""}
_NO_COMPANY = {"kvk": "", "vestigingsnummer": "", "rsin": "", "handelsnaam": "", "bestuurders": ""}


def person(who):
    if who is None:
        return dict(_NO_PERSON)
    return {"bsn": who.bsn, "voornamen": who.first, "achternaam": who.surname, "geboortedatum": who.born.isoformat()}


def address(place):
    return {"straat": place.street, "huisnummer": place.number, "postcode": place.postcode, "plaats": place.town,
            "gemeentecode": place.municipality, "buurtcode": place.neighbourhood, "bag_id": place.object_id}


def company(firm):
    if firm is None:
        return dict(_NO_COMPANY)
    return {"kvk": firm.kvk, "vestigingsnummer": identifiers.branch_number(firm.kvk), "rsin": firm.rsin,
            "handelsnaam": firm.name, "bestuurders": "|".join(d.bsn for d in firm.directors)}


def signal(rng, category):
    kind, facts = rng.choice(names.SIGHTINGS)
    return {"rol": category, "thema": rng.choice(names.THEMES), "datum": world.date_before_today(rng, 700).isoformat(),
            "feitsoort": kind, "feiten": facts, "bron": rng.choice(("toezichthouder", "bewoner", "ondernemer")),
            "betrouwbaarheid": rng.choice("ABCD")}


def measure(rng, share):
    if rng.random() >= share:
        return {"maatregel_datum": "", "maatregel": ""}
    return {"maatregel_datum": world.date_before_today(rng, 1400).isoformat(), "maatregel": rng.choice(names.MEASURES)}
