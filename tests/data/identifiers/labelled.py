"""A labelled synthetic set: made-up notes in which every identifier's place is known."""

# ruff: noqa: E501

import random

FIRST = """
    Ana Bjorn Carmen Dmitri Eleanor Farid Grace Hiroshi Imani Jack Katarina Liam Mei Noor Oscar Priya
    """.split()  # noqa: SIM905
LAST = """
    Abernathy Brandt Castellanos Dube Eriksen Farouk Grabowski Hargreaves Ivanova Jimenez Kowalczyk Lindqvist
    McAllister Nakamura O'Leary Petrova
    """.split()  # noqa: SIM905
STREETS = ("Maple", "Chestnut", "Old Mill", "North Harbor", "Linden", "Saint Anne")
TOWNS = ("Springfield", "Riverton", "Lakewood", "Fairview", "Georgetown", "Ashland")
MONTHS = """
    January February March April May June July August September October November December
    """.split()  # noqa: SIM905


def digits(rng, shape):
    return "".join(str(rng.randrange(2, 10)) if mark == "#" else mark for mark in shape)


def person(rng):
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def date(rng):
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1931, 2025)
    forms = (
        f"{month:02}/{day:02}/{year}", f"{month}/{day}/{year % 100:02}", f"{year}-{month:02}-{day:02}",
        f"{MONTHS[month - 1]} {day}, {year}", f"{day} {MONTHS[month - 1][:3]} {year}", f"{MONTHS[month - 1]} {year}",
        f"{MONTHS[month - 1].lower()} {day}th", f"{day}.{month}.{year}", f"{day:02}-{MONTHS[month - 1][:3]}-{year}",
        f"the {day}th of {MONTHS[month - 1]}",
    )  # fmt: skip
    return rng.choice(forms)


def phone(rng):
    shapes = (
        "(###) ###-####",
        "###-###-####",
        "###.###.####",
        "+1 ### ### ####",
        "+44 20 #### ####",
        "0### ### ####",
    )
    return digits(rng, rng.choice(shapes))


def code(rng):
    return digits(rng, rng.choice(("########", "A######", "##-####-##", "ZX###-####", "#######")))


def street(rng):
    ending = rng.choice(["Street", "St", "Avenue", "Rd", "Lane", "Drive", "Blvd"])
    return f"{rng.randrange(2, 9900)} {rng.choice(STREETS)} {ending}"


VALUES = {
    "name": person,
    "surname": lambda rng: rng.choice(LAST),
    "lower": lambda rng: rng.choice(FIRST).lower(),
    "date": date,
    "phone": phone,
    "email": lambda rng: (
        f"{rng.choice(FIRST).lower()}.{rng.choice(LAST).lower()}@clinic{rng.randrange(9)}.example.org"
    ),
    "social security": lambda rng: (
        f"{rng.randrange(100, 600)}-{rng.randrange(10, 99)}-{rng.randrange(1000, 9999)}"
    ),
    "code": code,
    "place": street,
    "town": lambda rng: f"{rng.choice(TOWNS)}, {rng.choice(['MA', 'OH', 'TX', 'CA'])}",
    "zip": lambda rng: f"{rng.choice(['MA', 'OH', 'TX'])} {rng.randrange(10000, 99999)}",
    "age": lambda rng: str(rng.randrange(90, 107)),
    "url": lambda rng: f"https://portal.example.org/p/{rng.randrange(10**6)}",
    "bare town": lambda rng: rng.choice(TOWNS),
    "spelled": lambda rng: " ".join(rng.choice(["two", "five", "nine", "six"]) for _ in range(7)),
    "ip": lambda rng: ".".join(str(rng.randrange(1, 255)) for _ in range(4)),
}
IS = {
    "surname": "name",
    "lower": "name",
    "bare town": "place",
    "spelled": "phone",
    "town": "place",
    "zip": "place",
}
# {slot} or {slot:kind}: what is put there, and under which kind it counts.
SENTENCES = (
    "Dr. {name} reviewed the chart.", "Seen by {name}, MD, in clinic.", "Patient: {name}", "Name: {name}",
    "patient {name} was admitted with chest pain.", "Mr. {surname} denies fever.", "Mrs {surname} takes aspirin.",
    "Her daughter {name} drives her.", "Dear {name},", "hi , {lower} . how are you today ?", "{name} reports pain.",
    "I spoke with {name} about the result.", "Signed, {name}", "Referred by {name} for back pain.",
    "DOB: {date}", "Last seen on {date}.", "Surgery was {date}.", "Return by {date} for labs.", "admitted {date}",
    "Call {phone} with questions.", "Phone: {phone}", "Fax {phone}.", "She can be reached at {phone}.",
    "Write to {email}.", "SSN {social security}", "Social security number: {social security}.",
    "MRN: {code:record}", "MRN {code:record}.", "Chart #{code:record}", "Medical record number {code:record}.",
    "Member ID: {code:health plan}", "Policy number is {code:health plan}.", "Medicare no. {code:health plan}",
    "Account number: {code:account}", "Acct #{code:account}", "NPI {code:licence}", "License number {code:licence}",
    "VIN: {code:vehicle}", "License plate {code:vehicle}", "Serial number {code:device}", "Pacemaker serial no. {code:device}",
    "Lives at {place}.", "Home: {place}, {town} {zip}.", "lives in {town}.", "She moved here from {town}.",
    "A {age}-year-old woman.", "Age: {age}", "aged {age}, frail.", "{age} yo male", "Portal: {url}.", "from host {ip} at night",
    "Study ID: {code:other id}", "this is {lower} speaking .", "He works at the mill in {bare town}.", "Ring {spelled}.",
    "MR-number {code:record}", "his {age}th birthday", "Participant number {code:other id}",
)  # fmt: skip
HARMLESS = (
    "BP 120/80, pulse 72, temp 98.6.", "Strength 5/5 throughout, reflexes 2+.", "Take 1/2 tablet of 2.5 mg twice daily.",
    "A 67-year-old with Parkinson disease and Crohn disease.", "Hemoglobin A1c 7.2, creatinine 1.10, GFR 90.",
    "Follow up in 10-14 days or sooner.", "Patient Education was provided.", "Patient denies pain.", "FEV1 2.45 L, 68 %.",
    "Continue lisinopril 20 mg by mouth daily.", "Type 2 diabetes since 2012.", "Dose 5,000 units every 8-12 hours.",
    "hi , how are you ?", "hello doctor .", "Murphy sign negative.", "Apgar 8 and 9.", "T12-L1 fusion, C5-C6 disc.",
    "The lot of us agree.", "May need 3 doses.", "In case of fever call the clinic.", "pH 7.35, pCO2 45, HCO3 24.",
    "Software version 2.10.3 was used.", "Range 100-200, ratio 1:80.", "ICD-10 code E11.65 and I10.", "He may March on.",
    "Grade 3/6 murmur on 2 visits.", "Dr. will call.", "Glasgow Coma Scale 15.", "Bell palsy, House-Brackmann 3.",
)  # fmt: skip


BETWEEN = [*" " * 12, "", "", "\n", "\t", "  ", ", ", ", ", ": ", "-", ". ", "."]
# Pieces of which identifiers are made; _ stands for a blank.
PIECES = """
    Mr Mr. Mrs. Ms Mx. Miss Dr. Prof Professor Sra. Herr Frau Mme Doctor Nurse Sister Mister Patient PATIENT pt client
    subject resident 's name NAME is was : = called am I'm I’m wife husband son mother partner carer guardian friend neighbor
    Dear Hi Hello Hey Sincerely Regards Signed seen by attending Surgeon physician provider therapist pharmacist kin contact
    lives living born in at near hello mister dr maria Anna Lee O'Neill-Baker McAllister J. van Zoë Müller Springfield MA OH
    , . ; ! ( / Jan February mar. APRIL May june Aug. ſept december 1 2 3rd 5 12 14th of 31 92 101 1931 2024 03/14/2021
    3/14 555-867-5309 +44 20 MRN A1234567 number # 4111 10.2.3.4 2001:db8::ff00:42 :: a@b.example.org http://a.example/p?id=3
    www.example.org/x ninety ninety-two-year-old one_hundred-year-old a_hundred_years_old y/o yrs aged Age AGE Maple Street Ave N. Apt Suite SW1A 1AA PO
    P.O. Box zip 02139 ٣ İ ı ß é
    """.split()  # noqa: SIM905


def note(rng, sentences=10):
    """Return one note and its labels: (start, end, kind)."""
    text, labels = "", []
    for _ in range(sentences):
        template = rng.choice(SENTENCES if rng.random() < 0.5 else HARMLESS)
        pieces = template.replace("}", "{").split("{")
        for number, piece in enumerate(pieces):
            if number % 2:
                slot, _, kind = piece.partition(":")
                said = VALUES[slot](rng)
                labels.append((len(text), len(text) + len(said), kind or IS.get(slot, slot)))
                text += said
            else:
                text += piece
        text += rng.choice([" ", "\n"])
    return text, labels


def notes(seed, count):
    rng = random.Random(seed)
    return [note(rng) for _ in range(count)]


def anything(seed):
    """A text of sixty pieces of which identifiers are made, in no order."""
    rng = random.Random(seed)
    return "".join(rng.choice(PIECES).replace("_", " ") + rng.choice(BETWEEN) for _ in range(60))
