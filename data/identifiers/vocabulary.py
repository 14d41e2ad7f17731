"""The words that the patterns are made of, and what a match must be beside its form."""

# ruff: noqa: E501

from __future__ import annotations

import re

CAPITAL, SMALL = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
WORD = rf"(?:Mc|Mac|O['’]|D['’])?[{CAPITAL}][{SMALL}]{{1,24}}(?:['’-][{CAPITAL}][{SMALL}]{{1,24}})?"
NAME = (
    rf"(?:[{CAPITAL}]\. ){{0,2}}{WORD}(?: (?:[{CAPITAL}]\.?(?!\w)|van|von|de|der|la|el|al|bin|{WORD})){{0,3}}"
)
MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
STATE = (
    "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT"
    "|V[AT]|W[AIVY])"
)
STREET = (
    "(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Ter"
    "|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Square|Sq|Crescent|Close|Gardens|Grove|Mews)"
)
YEAR = r"(?:19|20)\d\d"
IS = r"[ \t]{0,3}(?:is|was|of)?[ \t]{0,3}[:#=]?[ \t]{0,3}#?"
CODE = r"((?=[A-Za-z-]{0,12}\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-/](?=[A-Za-z0-9])){3,24})\b"
NUMBER = r"(?:[ \t](?:id|number|num|no\.?|nr\.?|code|identifier)(?!\w)|[ \t]?#|-?id\b|[ \t]?:)"

NO_NAME = frozenset(
    """
    Advocacy Advised Age Assessment Care Chart Chief Complains Complaint Consent Date Demographics
    Denied Denies Discharge Discharged Doctor Dose Education Exam Examination Factors Feels Female
    Follow Guide Has He Health Her History His Id Identification If In Information Instructions Is It
    Label Level Male Medical Mrn Name No Not Note Notes Now Number Of On Outcomes Outcome Phone Portal
    Presented Presents Provider Query Question Questions Record Records Reported Reports Response Room
    Safety Satisfaction Says She Should States Status Stated Summary That The Then There They This Was
    We When Who Will Years Yes You Your
    """.split()  # noqa: SIM905
)
NO_GREETING = frozenset(
    """
    again alexa all and any are buddy can dear doc doctor dragon everybody everyone folks friend good
    guys hello here hey honey how i it just ladies let ma madam mam maam miss mister morning mr mrs ms
    my nice nurse okay patient really see sir siri so sorry sweetie team thank thanks that the there
    these they this today uh um we welcome well what yeah yes you your evening afternoon doing
    """.split()  # noqa: SIM905
)


def a_name(said: str) -> bool:
    """Whether it can be a name: its first word is no heading, and not every word is one."""
    words = [word for word in said.split() if len(word) > 2]
    return bool(words) and words[0] not in NO_NAME and not all(word in NO_NAME for word in words)


def two_names(said: str) -> bool:
    """Whether it is two names or more, none of them a heading."""
    return len(said.split()) > 1 and not any(word in NO_NAME for word in said.split())


def greeted(said: str) -> bool:
    """Whether who is greeted is somebody by name."""
    return said.lower() not in NO_GREETING


def a_day(said: str) -> bool:
    """Whether numbers can be a date, in either order of day and month, or year first."""
    numbers = [int(part) for part in re.split(r"\D", said) if part]
    if numbers[0] > 31:
        return len(numbers) == 3 and 1 <= numbers[1] <= 12 and 1 <= numbers[2] <= 31
    low, high = sorted(numbers[:2])
    return 1 <= low <= 12 and high <= 31


def no_dose(said: str) -> bool:
    """Whether four numbers can be an address on a network rather than a version or a dose."""
    return all(int(part) < 256 for part in said.split(".")) and said.split(".")[0] != "0"


def social(said: str) -> bool:
    """Whether the digits can be a social security number's."""
    digits = re.sub(r"\D", "", said)
    return digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"


def luhn(said: str) -> bool:
    """Whether the last digit checks the others, as on a payment card."""
    digits = [int(digit) for digit in said if digit.isdigit()][::-1]
    return sum(d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(digits)) % 10 == 0


def over_89(said: str) -> bool:
    """Whether a number of years is an age over 89."""
    return 90 <= int(said) <= 125


CUES = (  # a name follows
    r"Mrs?\b\.?|Ms\b\.?|Mx\b\.?|Miss|Dr\b\.?|Prof(?:essor)?\b\.?|Sra?\b\.?|Herr|Frau|Mme|Doctor|Nurse|Sister|Mister"
    r"|(?:[Pp]atient|PATIENT|[Pp]t|[Cc]lient|[Ss]ubject|[Rr]esident)(?:['’]s)?(?: [Nn]ame| NAME)?(?: is| was)?[ \t]{0,2}[:=]"
    r"|(?:[Nn]ame|NAME)[ \t]{0,2}(?::|is)|named|called|I am|I['’]m|wife|husband|daughter|son|mother|father|sister"
    r"|brother|partner|caregiver|carer|guardian|friend|neighbor|Dear|Hi|Hello|Hey|Sincerely|Regards|Signed"
)
FULL = (  # a first and a last name follow
    "[Pp]atient|[Pp]t|[Cc]lient|[Ss]een by|[Ss]igned by|[Dd]ictated by|[Rr]eferred by|[Ee]xamined by"
    "|[Ss]cribed by|[Aa]ttending|[Ss]urgeon|[Pp]hysician|[Pp]rovider|[Nn]urse|[Tt]herapist|[Pp]harmacist"
    "|[Nn]ext of kin|[Ee]mergency contact"
)
SAID = "hi|hello|hey|good morning|good afternoon|mister|missus|mrs|mr|ms|miss|doctor|dr"
CODED = {
    "record": (
        "mrn",
        "nhs",
        "record",
        "chart",
        "encounter",
        "accession",
        "case",
        "visit",
        "specimen",
        "hospital",
    ),
    "health plan": (
        "member",
        "policy",
        "beneficiary",
        "subscriber",
        "insurance",
        "medicare",
        "medicaid",
        "plan",
        "group",
        "payer",
    ),
    "account": ("account", "acct", "invoice", "billing", "iban", "card", "claim"),
    "licence": ("npi", "dea", "gmc", "license", "licence", "certificate", "passport", "registration"),
    "vehicle": ("vin", "plate", "vehicle"),
    "device": ("udi", "s/n", "serial", "device", "implant", "pump", "pacemaker", "lot"),
    "social security": ("ssn", "social security"),
    "other id": (
        "patient",
        "study",
        "subject",
        "participant",
        "trial",
        "employee",
        "person",
        "user",
        "order",
        "identity",
    ),
}
BARE = "mrn|nhs|iban|npi|dea|gmc|vin|plate|udi|s/n|ssn"
KIND_OF = {cue: kind for kind, cues in CODED.items() for cue in cues}
ALL_CODED = "|".join(sorted(set(KIND_OF) - set(BARE.split("|")), key=len, reverse=True))
