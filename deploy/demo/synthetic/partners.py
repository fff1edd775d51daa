"""The registers of police, prosecution, RIEC and tax authority."""
from synthetic import columns, identifiers, names, world

# Articles of the Police Data Act under which a report is kept, by how often.
_ARTICLES = (("8", 88), ("13", 7), ("9", 5))


def _related(data, rng, most):
    return "|".join(sorted({data.anyone_with_bsn(rng).bsn for _ in range(rng.randrange(0, most))}))


def _cast_relations(data, *indexes):
    return "|".join(data.persons[i].bsn for i in indexes)


def police_reports(data, count):
    rng = data.rng("police")
    articles, weights = zip(*_ARTICLES)
    for index in range(count):
        story = index < 4
        who = data.persons[0] if story else data.anyone(rng)
        kind, offence, facts = names.INCIDENTS[(0, 2, 3, 0)[index]] if story else rng.choice(names.INCIDENTS)
        suspect = story or rng.random() < 0.6
        drugs = kind == "drugsvondst"
        grams = rng.randrange(50, 9000) if drugs else 0
        yield {"registratienummer": f"PL9900-2026{index + 1:06d}",
               "artikel": "8" if story else rng.choices(articles, weights)[0],
               "rol": "verdachte" if suspect else rng.choice(("getuige", "slachtoffer", "bewoner")),
               **columns.person(who), **columns.address(data.addresses["waterveen"][0] if story else who.address),
               "datum": world.date_before_today(rng, 600).isoformat(), "soort": kind, "feiten": facts,
               "duiding": "Past bij eerdere meldingen." if suspect else "",
               "delictsoort": offence if suspect else "",
               "verdenking": f"Verdenking van {offence}." if suspect else "",
               "wapen": "vuistvuurwapen, geladen" if kind == "wapenvondst" else "",
               "wapen_klasse": "ja, vuurwapen" if kind == "wapenvondst" else "nee",
               "drugs": f"{grams} gram hennep" if drugs else "",
               "drugs_klasse": f"lijst II, {'500 gram of meer' if grams >= 500 else 'tot 500 gram'}" if drugs else "",
               "kenteken": data.vehicles[rng.randrange(1, world.VEHICLES)].plate if kind == "verkeerscontrole" else "",
               "relaties": _cast_relations(data, 1, 2) if story else _related(data, rng, 4),
               "thema": rng.choice(names.THEMES), "bron": "politiesysteem", "betrouwbaarheid": rng.choice("ABC")}


def police_vehicles(data):
    for vehicle in data.vehicles:
        yield {"kenteken": vehicle.plate, "merk": vehicle.model, "houder_bsn": vehicle.holder.bsn,
               "houder_naam": vehicle.holder.name}


def prosecution_cases(data, count):
    rng = data.rng("prosecution")
    for index in range(count):
        who = data.persons[0] if index == 0 else data.anyone(rng)
        _, offence, _ = rng.choice(names.INCIDENTS)
        when = world.date_before_today(rng, 1500)
        convicted = index > 0 and rng.random() < 0.4
        yield {"parketnummer": identifiers.prosecution_number(index + 1, when.year),
               "rol": "veroordeelde" if convicted else "verdachte", **columns.person(who), **columns.address(who.address),
               "pleegdatum": when.isoformat(), "delictsoort": offence, "verdenking": f"Verdacht van {offence}.",
               "veroordeling": f"Veroordeeld voor {offence}." if convicted else "",
               "lopend": "" if convicted else "ja",
               "relaties": _cast_relations(data, 1, 3) if index == 0 else _related(data, rng, 3)}


def riec_signals(data, count):
    rng = data.rng("riec")
    for index in range(count):
        who = data.anyone(rng)
        firm = data.any_company(rng) if rng.random() < 0.5 else None
        yield {"kenmerk": f"RK-{index + 1:05d}", **columns.person(who), **columns.company(firm),
               **columns.signal(rng, rng.choice(("bestuurder", "eigenaar", "bewoner"))),
               "buurtcode": who.address.neighbourhood, "advies": rng.choice(("bestuurlijk ingrijpen", "volgen", "afsluiten"))}


def tax_files(data, count):
    """Companies, each through its first director, and then persons."""
    rng = data.rng("tax")
    for index in range(count):
        firm = data.companies[index] if index < min(count * 4 // 5, world.COMPANIES) else None
        who = firm.directors[0] if firm else data.anyone(rng)
        income = rng.randrange(0, 140_000)
        yield {"dossier": f"BD-{index + 1:06d}", "rol": "bestuurder" if firm else "eigenaar", **columns.person(who),
               **columns.company(firm), "inkomen": income, "omzet": rng.randrange(0, 2_000_000) if firm else "",
               "belastingschuld": rng.choice((0, 0, 0, rng.randrange(500, 90_000))),
               "zakelijke_relaties": "|".join(data.any_company(rng).kvk for _ in range(rng.randrange(0, 4)))}
