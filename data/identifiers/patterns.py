"""The patterns: every repetition is bounded or over one class, so that time grows with the text alone.

Clinical text is long and holds few identifiers. So a rule is asked only around its marks: what no match
lacks, written so that it begins with one letter out of few, a digit or a fixed word. To such a beginning
Python's `re` skips at once; at a pattern that may begin anywhere it stops at every letter.
"""

# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.identifiers.vocabulary import (
    ALL_CODED,
    BARE,
    CAPITAL,
    CODE,
    CUES,
    FULL,
    IS,
    KIND_OF,
    MONTH,
    NAME,
    NUMBER,
    SAID,
    SMALL,
    STATE,
    STREET,
    WORD,
    YEAR,
    a_day,
    a_name,
    greeted,
    luhn,
    no_dose,
    over_89,
    social,
    two_names,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern whose last group (or whole match) is the finding, if `holds` says so.

    Where `kinds` is given, the first group is a cue and says the kind.
    """

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] | None = None
    kinds: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """Rules, what no match of theirs lacks, and how far from it a match may reach."""

    mark: re.Pattern[str]
    around: int
    rules: tuple[Rule, ...]


def _begun(words: str) -> str:
    """One of the words, where a word begins: its first letter comes first, for a quick search."""
    return "|".join(rf"{word[0]}(?<!\w.){word[1:]}" for word in words.split("|"))


def _capital(ends: str, *between: str) -> re.Pattern[str]:
    """A capital where a word begins, after a word with one of these ends (of two letters) and what may be between."""
    after = "|".join(rf"(?<=(?:{ends}){gap}.)" for gap in between)
    return re.compile(rf"[{CAPITAL}](?<=[ \t\n].)(?:{after})")


_CUE_ENDS = "Mr|rs|Ms|Mx|ss|Dr|of|or|Sr|ra|rr|au|me|se|er|ed|am|['’]m|fe|nd|on|an|ar|Hi|lo|ey|ly|ds|is|[rsxfa][.]|[\\w \\t][:=]"
_FULL_ENDS = "[Pp]t|nt|by|ng|on|an|er|se|st|in|ct"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH_ENDS = rf"{_MONTHS}|ary|rch|ril|une|uly|ust|ept|ber| of|..[.,]"
_GAP = r"[ \t\n]"

ANYWHERE: tuple[Rule, ...] = (
    Rule("name", re.compile(rf"(?:{_begun(SAID)})(?:\.| ,|,)? ([a-z]{{3,15}})\b(?= ?[,.?!])"), greeted),
)

MARKED: tuple[Marked, ...] = (
    Marked(
        _capital(_CUE_ENDS, *(comma + _GAP * blanks for comma in ("", ",") for blanks in (1, 2, 3))),
        256,
        (Rule("name", re.compile(rf"\b(?:{CUES}),?[ \t\n]{{1,3}}({NAME})"), a_name),),
    ),
    Marked(
        _capital(_FULL_ENDS, *(mark + blanks for mark in ("", "[,:]") for blanks in (r"[ \t]", r"[ \t]{2}"))),
        256,
        (Rule("name", re.compile(rf"\b(?:{FULL})[,:]?[ \t]{{1,2}}({NAME})"), two_names),),
    ),
    Marked(
        _capital("in|at|ar", " "),
        256,
        (
            Rule(
                "place",
                re.compile(rf"\b(?:live[sd]?|living|resid(?:es?|ing)|born|raised) (?:in|at|near) ({NAME})"),
                a_name,
            ),
        ),
    ),
    Marked(
        re.compile(", [A-Z][A-Z]"),
        160,
        (
            Rule(
                "place", re.compile(rf"\b([{CAPITAL}][{SMALL}'’-]{{2,24}}(?: {WORD}){{0,2}}, {STATE})\b(?!-)")
            ),
        ),
    ),
    Marked(
        re.compile("@"),
        320,
        (Rule("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}")),),
    ),
    Marked(
        re.compile("://"),
        2000,
        (Rule("url", re.compile(r"\b(?:https?|s?ftp)://[^\s<>\"']{2,1900}[^\s<>\"'.,;:!?)]")),),
    ),
    Marked(
        re.compile("www[.]"),
        1200,
        (
            Rule(
                "url", re.compile(r"\bwww\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?:/[^\s<>\"'.,;:!?)]{0,1000})?")
            ),
        ),
    ),
    Marked(
        re.compile("::"),
        64,
        (Rule("ip", re.compile(r"\b(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}\b")),),
    ),
    Marked(
        re.compile("inety"),
        64,
        (Rule("age", re.compile(r"\b(ninety(?:[- ][a-z]{3,5})?)[- ]years?[- ]old", re.I)),),
    ),
    Marked(
        re.compile("hundred"),
        64,
        (
            Rule(
                "age",
                re.compile(r"\b((?:one|a) hundred(?:[- ](?:and[- ])?[a-z]{3,6})?)[- ]years?[- ]old", re.I),
            ),
        ),
    ),
    Marked(
        re.compile(rf"\d(?:(?<=(?:{_MONTH_ENDS}) .)|(?:st|nd|rd|th)?(?: of)?[ -](?:{_MONTHS}))", re.I),
        32,
        (
            Rule(
                "date",
                re.compile(
                    rf"\b(?:{MONTH}\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {YEAR}\b)?|(?: of)?,? {YEAR}\b)"
                    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{MONTH}\b\.?(?:,?[ -](?:{YEAR}|\d\d)\b)?)",
                    re.I,
                ),
            ),
        ),
    ),
    Marked(  # a number, and beside it what makes it an age, a street's number, a postcode or a box
        re.compile(
            rf"\d(?:[- ]?y|[A-Za-z]? [{CAPITAL}]|[A-Z\d]? \d[A-Z]|(?<=(?:ge|ed|GE|of|is|.:|ox) .))",
        ),
        160,
        (
            Rule("age", re.compile(r"\b(\d{2,3})(?=[- ]?(?:years?[- ]old|y/?o\b|yrs?\b))"), over_89),
            Rule("age", re.compile(r"\b(?:[Aa]ged?|AGE)(?: of| is)?:? (\d{2,3})\b"), over_89),
            Rule(
                "place",
                re.compile(
                    rf"\b\d{{1,5}}[A-Za-z]? (?:[NSEW]\.? )?(?:[{CAPITAL}][\w'.-]{{1,20}} ){{1,4}}?{STREET}\b\.?"
                    r"(?:,? (?:Apt|Suite|Unit|#)\.? ?\w{1,6})?"
                ),
            ),
            Rule("place", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")),
            Rule("place", re.compile(r"\b(?:P\.? ?O\.?|p\.?o\.?) [Bb]ox \d{1,6}\b")),
        ),
    ),
    Marked(  # the one mark that narrows: a code counts only near a longer number
        re.compile(r"\d(?:\d\d+|[-./ ]\d|[A-Za-z-]{1,3}\d)"),
        64,
        (
            Rule(
                "date",
                re.compile(r"(?<![\d/.-])(\d{1,2}([/.-])\d{1,2}\2(?:(?:19|20)\d\d|\d\d))(?![\d/]|[.-]\d)"),
                a_day,
            ),
            Rule("date", re.compile(rf"(?<![\d/.-])({YEAR}([/.-])\d{{1,2}}\2\d{{1,2}})(?!\d)"), a_day),
            Rule(
                "date",
                re.compile(
                    r"\b(?:on|since|dated?|DOB|DOS|until|by|from|admitted|discharged|seen):? (\d{1,2}/\d{1,2})(?![\d/])"
                ),
                a_day,
            ),
            Rule(
                "phone",
                re.compile(
                    r"(?<![\d.-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:,? ?(?:x|ext\.?) ?\d{1,6})?(?![\d-])"
                ),
            ),
            Rule("phone", re.compile(r"(?<![\d+])\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}(?!\d)")),
            Rule("phone", re.compile(r"(?<![\d.-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,6}(?![\d-])")),
            Rule(
                "phone",
                re.compile(
                    r"\b(?:phone|tel(?:ephone)?|mobile|cell|fax|pager|call)(?: (?:number|no\.?))?(?: is| at)?[:.]? ?"
                    r"(\(?\d[\d ().-]{5,16}\d)",
                    re.I,
                ),
            ),
            Rule("social security", re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), social),
            Rule(
                "code",
                re.compile(rf"\b(?:({BARE})\b(?:{NUMBER})?|({ALL_CODED}){NUMBER}){IS}{CODE}", re.I),
                None,
                KIND_OF,
            ),
            Rule("account", re.compile(r"(?<![\d.-])(\d{4}([ -])\d{4}\2\d{4}\2\d{4})(?![\d-])"), luhn),
            Rule("ip", re.compile(r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])"), no_dose),
            Rule("ip", re.compile(r"\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b")),
            Rule("place", re.compile(rf"\b{STATE},? \d{{5}}(?:-\d{{4}})?\b")),
            Rule("place", re.compile(r"\b(?:zip|postal)(?: ?code)?:? (\d{5}(?:-\d{4})?)\b", re.I)),
            Rule("other id", re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")),
        ),
    ),
)
