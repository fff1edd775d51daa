"""Numbers in the formats that CBS, BAG, KvK, RvIG and RDW prescribe, from ranges kept apart from real ones.

BSN: only 99999xxxx, the official test range; RSIN: 99998xxxx; KvK: 99xxxxxx; CBS codes of municipalities: 99xx,
far above those in use; number plates: the last two sidecodes, 9-XX-999 and 999-XX-9.
"""

_PLATE_LETTERS = "BDFGHJKLNPRSTVXZ"
_UNUSED_PAIRS = {"SA", "SD", "SS"}


def passes_eleven_test(digits):
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits)) % 11 == 0


def test_bsns():
    """All 909 of them, rising."""
    return [str(n) for n in range(999990000, 1000000000) if passes_eleven_test(str(n))]


def rsins():
    return [str(n) for n in range(999980000, 999990000) if passes_eleven_test(str(n))]


def kvk_number(index):
    # A prime step, so that neighbours in a list are not neighbours in number.
    return f"99{(index * 7919 + 17) % 1000000:06d}"


def branch_number(kvk):
    """Vestigingsnummer: 12 digits."""
    return f"0000{kvk}"


def plate(index):
    pairs = [a + b for a in _PLATE_LETTERS for b in _PLATE_LETTERS if a + b not in _UNUSED_PAIRS]
    number, pair = divmod(index * 7919 + 31, len(pairs))
    digits = f"{1000 + number % 9000:04d}"
    if index % 2:
        return f"{digits[0]}-{pairs[pair]}-{digits[1:]}"
    return f"{digits[:3]}-{pairs[pair]}-{digits[3]}"


def bag_id(cbs, kind, index):
    """16 digits: municipality of first registration, kind of object, sequence."""
    codes = {"verblijfsobject": "01", "pand": "10", "nummeraanduiding": "20", "openbare-ruimte": "30"}
    return f"{cbs}{codes[kind]}{index:010d}"


def postcode(four_digits, index):
    letters = "ABCDEGHJKLMNPRSTVWXZ"
    pairs = [a + b for a in letters for b in letters if a + b not in _UNUSED_PAIRS]
    return f"{four_digits}{pairs[index % len(pairs)]}"


def neighbourhood(cbs, district, index):
    """CBS buurtcode: BU, municipality, two digits for the district and two for the neighbourhood in it."""
    return f"BU{cbs}{district:02d}{index:02d}"


def prosecution_number(index, year):
    """Parketnummer: office, sequence, year."""
    return f"99-{index:06d}-{year % 100:02d}"
