"""The registers of a municipality: residents, buildings, permits, supervision, nuisance and public order."""
from synthetic import columns, names, world


def residents(data, town):
    """Burgerzaken: everybody registered here, so everybody with a BSN."""
    at = {}
    for who in data.persons:
        at.setdefault(who.address.object_id, []).append(who)
    for who in data.persons:
        if not who.bsn or who.address not in data.home_of(town):
            continue
        together = at[who.address.object_id]
        minors = sum(1 for other in together if (world.TODAY - other.born).days < 18 * 365.25)
        yield {**columns.person(who), "nationaliteit": who.nationality, **columns.address(who.address),
               "bewoners": "|".join(other.bsn for other in together if other.bsn),
               "aantal_bewoners": len(together), "aantal_minderjarig": minors}


def buildings(data, town):
    rng = data.rng(f"buildings/{town}")
    for place in data.addresses[town]:
        owner = rng.choices(("natuurlijk", "rechtspersoon"), weights=(3, 1))[0]
        yield {**columns.address(place), "pand_id": place.building_id, "nummeraanduiding_id": place.designation_id,
               "gebruiksdoel": place.use, "feitelijk_gebruik": names.ACTUAL_USES[place.use],
               "oppervlakte": place.area, "bouwjaar": rng.randrange(1890, 2024), "eigenaar_soort": owner,
               "eigenaar_bsn": data.anyone_with_bsn(rng).bsn if owner == "natuurlijk" else "",
               "eigenaar_kvk": data.any_company(rng).kvk if owner == "rechtspersoon" else ""}


def permits(data, town, count):
    rng = data.rng(f"permits/{town}")
    code = next(t["cbs"] for t in data.towns if t["id"] == town)
    for index in range(count):
        story = index == 0 and town in ("waterveen", "duinrade")
        firm = data.companies[0] if story else data.any_company(rng)
        # The story's person runs a company in both towns; only in the first it stands at the story's address.
        place = data.addresses[town][0] if index == 0 else data.any_address(rng, town)
        holder = firm.directors[0] if story or rng.random() < 0.7 else data.anyone(rng)
        kind, sector = rng.choice(names.PERMITS)
        decision = rng.choice(("verleend", "geweigerd", "ingetrokken"))
        rights = {"verleend": "geldig", "geweigerd": "niet verleend", "ingetrokken": "vervallen"}[decision]
        yield {"zaaknummer": f"Z{code}-{index + 1:06d}", "rol": "bestuurder" if holder in firm.directors else "vergunninghouder",
               **columns.person(holder), **columns.company(firm), **columns.address(place),
               "soort": kind, "sector": sector, "status": rights,
               "aanvraagdatum": world.date_before_today(rng, 1500).isoformat(),
               "aanvraag": f"Aanvraag {kind}.", "besluit": decision,
               "gebruiksdoel": place.use, "feitelijk_gebruik": names.ACTUAL_USES[place.use],
               "financiering": rng.randrange(5, 400) * 1000, "bibob_vragen": rng.choice(("ja", "nee")),
               **columns.measure(rng, 1.0 if story else 0.3)}


def supervision(data, town, count):
    rng = data.rng(f"supervision/{town}")
    for index in range(count):
        who = data.persons[0] if index == 0 else data.anyone(rng)
        place = data.addresses[town][0] if index == 0 else data.any_address(rng, town)
        yield {"dossier": f"T-{index + 1:06d}", **columns.person(who), **columns.address(place),
               **columns.signal(rng, "bewoner" if index == 0 else rng.choice(("bewoner", "eigenaar"))),
               "gevaar": rng.choice(("", "brand", "elektra", "water")), **columns.measure(rng, 0.2)}


def nuisance(data, town, count):
    rng = data.rng(f"nuisance/{town}")
    for index in range(count):
        place = data.addresses[town][0] if index < 3 else data.any_address(rng, town)
        yield {"melding": f"M-{index + 1:06d}", **columns.address(place),
               "datum": world.date_before_today(rng, 500).isoformat(), "soort": rng.choice(names.NUISANCES)}


def public_order(data, town, count):
    rng = data.rng(f"public-order/{town}")
    for index in range(count):
        who = data.persons[0] if index == 0 else data.anyone(rng)
        place = data.addresses[town][0] if index == 0 else data.any_address(rng, town)
        role = "bestuurder" if index == 0 else rng.choice(("bestuurder", "bewoner", "eigenaar"))
        yield {"signaal": f"S-{index + 1:06d}", **columns.person(who), **columns.address(place),
               **columns.signal(rng, role),
               "duiding": rng.choice(("Mogelijk dekmantel.", "Mogelijk katvanger.", "Past in eerder beeld."))}
