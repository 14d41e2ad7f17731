"""The patterns: every repetition is bounded or over one class, so that time grows with the text alone."""

# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern whose last group (or whole match) is the finding, if `holds` says so.

    Where `kinds` is given, the first group is a cue and says the kind.
    """

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] | None = None
    kinds: Mapping[str, str] | None = None


_U, _L = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_WORD = rf"(?:Mc|Mac|O['’]|D['’])?[{_U}][{_L}]{{1,24}}(?:['’-][{_U}][{_L}]{{1,24}})?"
_NAME = rf"(?:[{_U}]\. ){{0,2}}{_WORD}(?: (?:[{_U}]\.?(?!\w)|van|von|de|der|la|el|al|bin|{_WORD})){{0,3}}"
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_STATE = (
    "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT"
    "|V[AT]|W[AIVY])"
)
_STREET = (
    "(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Ter"
    "|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Square|Sq|Crescent|Close|Gardens|Grove|Mews)"
)
_YEAR = r"(?:19|20)\d\d"
_IS = r"[ \t]{0,3}(?:is|was|of)?[ \t]{0,3}[:#=]?[ \t]{0,3}#?"
_CODE = r"((?=[A-Za-z-]{0,12}\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-/](?=[A-Za-z0-9])){3,24})\b"
_NUMBER = r"(?:[ \t](?:id|number|num|no\.?|nr\.?|code|identifier)(?!\w)|[ \t]?#|-?id\b|[ \t]?:)"

_NO_NAME = frozenset(
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
_NO_GREETING = frozenset(
    """
    again alexa all and any are buddy can dear doc doctor dragon everybody everyone folks friend good
    guys hello here hey honey how i it just ladies let ma madam mam maam miss mister morning mr mrs ms
    my nice nurse okay patient really see sir siri so sorry sweetie team thank thanks that the there
    these they this today uh um we welcome well what yeah yes you your evening afternoon doing
    """.split()  # noqa: SIM905
)


def _pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(text, flags)


def _a_name(said: str) -> bool:
    words = [word for word in said.split() if len(word) > 2]
    return bool(words) and words[0] not in _NO_NAME and not all(word in _NO_NAME for word in words)


def _two_names(said: str) -> bool:
    return len(said.split()) > 1 and not any(word in _NO_NAME for word in said.split())


def _greeted(said: str) -> bool:
    return said.lower() not in _NO_GREETING


def _a_day(said: str) -> bool:
    """Whether numbers can be a date, in either order of day and month, or year first."""
    numbers = [int(part) for part in re.split(r"\D", said) if part]
    if numbers[0] > 31:
        return len(numbers) == 3 and 1 <= numbers[1] <= 12 and 1 <= numbers[2] <= 31
    low, high = sorted(numbers[:2])
    return 1 <= low <= 12 and high <= 31


def _no_dose(said: str) -> bool:
    return all(int(part) < 256 for part in said.split(".")) and said.split(".")[0] != "0"


def _social(said: str) -> bool:
    digits = re.sub(r"\D", "", said)
    return digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"


def _luhn(said: str) -> bool:
    digits = [int(digit) for digit in said if digit.isdigit()][::-1]
    return sum(d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(digits)) % 10 == 0


def _over_89(said: str) -> bool:
    return 90 <= int(said) <= 125


_CUES = (  # a name follows
    r"Mrs?\b\.?|Ms\b\.?|Mx\b\.?|Miss|Dr\b\.?|Prof(?:essor)?\b\.?|Sra?\b\.?|Herr|Frau|Mme|Doctor|Nurse|Sister|Mister"
    r"|(?:[Pp]atient|PATIENT|[Pp]t|[Cc]lient|[Ss]ubject|[Rr]esident)(?:['’]s)?(?: [Nn]ame| NAME)?(?: is| was)?[ \t]{0,2}[:=]"
    r"|(?:[Nn]ame|NAME)[ \t]{0,2}(?::|is)|named|called|I am|I['’]m|wife|husband|daughter|son|mother|father|sister"
    r"|brother|partner|caregiver|carer|guardian|friend|neighbor|Dear|Hi|Hello|Hey|Sincerely|Regards|Signed"
)
_FULL = (  # a first and a last name follow
    "[Pp]atient|[Pp]t|[Cc]lient|[Ss]een by|[Ss]igned by|[Dd]ictated by|[Rr]eferred by|[Ee]xamined by"
    "|[Ss]cribed by|[Aa]ttending|[Ss]urgeon|[Pp]hysician|[Pp]rovider|[Nn]urse|[Tt]herapist|[Pp]harmacist"
    "|[Nn]ext of kin|[Ee]mergency contact"
)
_SAID = "hi|hello|hey|good morning|good afternoon|mister|missus|mrs|mr|ms|miss|doctor|dr"
_CODED = {
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
_BARE = "mrn|nhs|iban|npi|dea|gmc|vin|plate|udi|s/n|ssn"
_KIND_OF = {cue: kind for kind, cues in _CODED.items() for cue in cues}
_ALL_CODED = "|".join(sorted(set(_KIND_OF) - set(_BARE.split("|")), key=len, reverse=True))

ANYWHERE: tuple[Rule, ...] = (
    Rule("name", _pattern(rf"\b(?:{_CUES}),?[ \t\n]{{1,3}}({_NAME})"), _a_name),
    Rule("name", _pattern(rf"\b(?:{_FULL})[,:]?[ \t]{{1,2}}({_NAME})"), _two_names),
    Rule("name", _pattern(rf"\b(?:{_SAID})(?:\.| ,|,)? ([a-z]{{3,15}})\b(?= ?[,.?!])"), _greeted),
    Rule(
        "place",
        _pattern(rf"\b(?:live[sd]?|living|resid(?:es?|ing)|born|raised) (?:in|at|near) ({_NAME})"),
        _a_name,
    ),
    Rule("place", _pattern(rf"\b([{_U}][{_L}'’-]{{2,24}}(?: {_WORD}){{0,2}}, {_STATE})\b(?!-)")),
)

MARKED: tuple[tuple[re.Pattern[str], int, Rule], ...] = (
    (_pattern("@"), 320, Rule("email", _pattern(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}"))),
    (
        _pattern("://"),
        2000,
        Rule("url", _pattern(r"\b(?:https?|s?ftp)://[^\s<>\"']{2,1900}[^\s<>\"'.,;:!?)]")),
    ),
    (
        _pattern("www[.]"),
        1200,
        Rule("url", _pattern(r"\bwww\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?:/[^\s<>\"'.,;:!?)]{0,1000})?")),
    ),
    (_pattern("::"), 64, Rule("ip", _pattern(r"\b(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}\b"))),
    (_pattern("inety"), 64, Rule("age", _pattern(r"\b(ninety(?:[- ][a-z]{3,5})?)[- ]years?[- ]old", re.I))),
    (
        _pattern("hundred"),
        64,
        Rule("age", _pattern(r"\b((?:one|a) hundred(?:[- ](?:and[- ])?[a-z]{3,6})?)[- ]years?[- ]old", re.I)),
    ),
)

NEAR_DIGITS: tuple[Rule, ...] = (
    Rule(
        "date",
        _pattern(
            rf"\b(?:{_MONTH}\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {_YEAR}\b)?|(?: of)?,? {_YEAR}\b)"
            rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}\b\.?(?:,?[ -](?:{_YEAR}|\d\d)\b)?)",
            re.I,
        ),
    ),
    Rule("age", _pattern(r"\b(\d{2,3})(?=[- ]?(?:years?[- ]old|y/?o\b|yrs?\b))"), _over_89),
    Rule("age", _pattern(r"\b(?:[Aa]ged?|AGE)(?: of| is)?:? (\d{2,3})\b"), _over_89),
    Rule(
        "place",
        _pattern(
            rf"\b\d{{1,5}}[A-Za-z]? (?:[NSEW]\.? )?(?:[{_U}][\w'.-]{{1,20}} ){{1,4}}?{_STREET}\b\.?"
            r"(?:,? (?:Apt|Suite|Unit|#)\.? ?\w{1,6})?"
        ),
    ),
    Rule("place", _pattern(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")),
    Rule("place", _pattern(r"\b(?:P\.? ?O\.?|p\.?o\.?) [Bb]ox \d{1,6}\b")),
)

NEAR_LONG_NUMBERS: tuple[Rule, ...] = (
    Rule(
        "date",
        _pattern(r"(?<![\d/.-])(\d{1,2}([/.-])\d{1,2}\2(?:(?:19|20)\d\d|\d\d))(?![\d/]|[.-]\d)"),
        _a_day,
    ),
    Rule("date", _pattern(rf"(?<![\d/.-])({_YEAR}([/.-])\d{{1,2}}\2\d{{1,2}})(?!\d)"), _a_day),
    Rule(
        "date",
        _pattern(
            r"\b(?:on|since|dated?|DOB|DOS|until|by|from|admitted|discharged|seen):? (\d{1,2}/\d{1,2})(?![\d/])"
        ),
        _a_day,
    ),
    Rule(
        "phone",
        _pattern(
            r"(?<![\d.-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:,? ?(?:x|ext\.?) ?\d{1,6})?(?![\d-])"
        ),
    ),
    Rule("phone", _pattern(r"(?<![\d+])\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}(?!\d)")),
    Rule("phone", _pattern(r"(?<![\d.-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,6}(?![\d-])")),
    Rule(
        "phone",
        _pattern(
            r"\b(?:phone|tel(?:ephone)?|mobile|cell|fax|pager|call)(?: (?:number|no\.?))?(?: is| at)?[:.]? ?"
            r"(\(?\d[\d ().-]{5,16}\d)",
            re.I,
        ),
    ),
    Rule("social security", _pattern(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), _social),
    Rule(
        "code",
        _pattern(rf"\b(?:({_BARE})\b(?:{_NUMBER})?|({_ALL_CODED}){_NUMBER}){_IS}{_CODE}", re.I),
        None,
        _KIND_OF,
    ),
    Rule("account", _pattern(r"(?<![\d.-])(\d{4}([ -])\d{4}\2\d{4}\2\d{4})(?![\d-])"), _luhn),
    Rule("ip", _pattern(r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])"), _no_dose),
    Rule("ip", _pattern(r"\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b")),
    Rule("place", _pattern(rf"\b{_STATE},? \d{{5}}(?:-\d{{4}})?\b")),
    Rule("place", _pattern(r"\b(?:zip|postal)(?: ?code)?:? (\d{5}(?:-\d{4})?)\b", re.I)),
    Rule("other id", _pattern(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")),
)
