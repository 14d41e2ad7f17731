"""Every column of a ratings file, checked and put into our words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from annotate.scale import Scale
from data.formats.columns import KINDS, STATUSES, given_kinds, meaning
from data.formats.duplicates import undoubled
from data.formats.findings import Findings, listed, shorten
from data.formats.table import Table
from data.formats.values import NOTHING, read_values

Rows = npt.NDArray[np.int64]
Codes = npt.NDArray[np.intp]
NO_VALUE = "no value in the file"
NO_REASON = "no reason given"
STATES = ("", *STATUSES)  # the first of them is "answered"
ANSWERED = 1
REMEDY = "correct it, or empty it and give a status and a reason."


class Checked:
    """A table in the making of a ratings frame: `found` collects faults, `said` what was understood."""

    def __init__(self, table: Table, taken: Mapping[str, str], found: Findings, said: list[str]) -> None:
        self.table, self.taken, self.found, self.said = table, taken, found, said

    def frame(self, scales: Mapping[str, Scale | None] | None, kinds: Sequence[str]) -> pd.DataFrame:
        """Return the ratings frame; the index says which rows of the table it has."""
        columns: dict[str, object] = {name: self._key(name) for name in ("item", "rater", "question")}
        columns |= {name: self._key(name, required=False) for name in ("part", "step")}
        frame = pd.DataFrame(columns)
        frame["kind"] = self._kinds(frame["rater"], kinds)
        if scales is not None:
            frame["question"] = self._declared(frame, scales)
        for name in ("reason", "comment", "confidence"):
            frame[name] = self._text(name)
        frame["occasion"] = self._occasions()
        frame["submitted_at"] = self._times()
        self._values(frame, scales or {})
        self._statuses(frame)
        free = [name for name in self.table.names if name not in self.taken.values()]
        wrong = self.found.rows
        if wrong is None:
            self.found.stop()
        # What is doubled is told with all else; a row that is wrong may be doubled by that alone.
        right = frame[~np.isin(self.table.rows, list(wrong))] if wrong else frame
        return undoubled(right, self.table, free, self.found, self.said)

    def _text(self, name: str) -> pd.Series:
        if name not in self.taken:
            return pd.Series("", index=self.table.cells.index, dtype="str")
        return self.table.cells[self.taken[name]]

    def _each(self, name: str) -> tuple[Codes, list[str]]:
        """A column as codes and its distinct texts: most are few."""
        codes, texts = pd.factorize(self._text(name))
        return codes, [str(text) for text in texts]

    def _at(self, codes: Codes, wrong: Mapping[int, str], name: str) -> None:
        """Note every row whose code is wrong, in one pass however many texts are."""
        bad = np.isin(codes, list(wrong)) if wrong else np.zeros(0, dtype=bool)
        for row in np.flatnonzero(bad):
            self.found.at(int(self.table.rows[row]), self.taken.get(name, name), wrong[int(codes[row])])

    def _key(self, name: str, *, required: bool = True) -> pd.Series:
        codes, texts = self._each(name)
        keys = [unicodedata.normalize("NFC", text).strip() for text in texts]
        if keys and all(key.endswith(".0") and key[:-2].isdigit() for key in keys if key) and any(keys):
            keys = [key[:-2] for key in keys]
            self.said.append(f"{self.table.name}: {name} '{keys[0]}.0' was read as '{keys[0]}'.")
        empty = {at: f"is empty; say which {name} it is." for at, key in enumerate(keys) if not key}
        self._at(codes, empty if required else {}, name)
        folded = Counter(key.casefold() for key in set(keys))
        twins = [key for key in keys if folded[key.casefold()] > 1]
        if twins and len(twins) <= 20:
            self.said.append(f"{self.table.name}: kept apart, though alike but for case: {listed(twins)}.")
        return spread(keys, codes)

    def _kinds(self, raters: pd.Series, kinds: Sequence[str]) -> pd.Series:
        given = given_kinds(kinds, self.found)
        unknown = [name for name in given if name and name not in set(raters)]
        if unknown:
            self.found.about(
                f"has no rater {listed(map(repr, unknown))} (it has {listed(raters.unique())}); "
                "correct --kind."
            )
        codes, texts = self._each("kind")
        means = [meaning(text, KINDS) or "" for text in texts]
        self._kind_words(codes, texts, means, given)
        kind = spread([known or given.get("", "") for known in means], codes)
        if set(given) - {""}:
            named = raters.map(lambda rater: given.get(rater, "")).astype("str")
            kind = kind.where(named == "", named)
        self._one_kind(raters, kind)
        return kind

    def _kind_words(self, codes: Codes, texts: list[str], means: list[str], given: Mapping[str, str]) -> None:
        wrong = {}
        for code, (text, means_kind) in enumerate(zip(texts, means, strict=True)):
            if means_kind and text != means_kind:
                self.said.append(f"{self.table.name}: kind {text!r} was read as {means_kind}.")
            elif not means_kind and text.strip():
                wrong[code] = f"{shorten(text)} is no kind of rater; write clinician, juror or metric."
            elif not means_kind and "kind" in self.taken and "" not in given:
                wrong[code] = "is empty; write clinician, juror or metric."
        self._at(codes, wrong, "kind")

    def _one_kind(self, raters: pd.Series, kind: pd.Series) -> None:
        pairs = pd.DataFrame({"rater": raters, "kind": kind}).drop_duplicates()
        for rater, group in pairs.groupby("rater", sort=False)["kind"]:
            known = sorted(set(group) - {""})
            if len(known) > 1:
                self.found.about(
                    f"says that rater {shorten(rater)} is both {' and '.join(known)}; "
                    "give the two different names."
                )
            elif "" in set(group) and "kind" not in self.taken:
                self.found.about(f"does not say what rater {shorten(rater)} is; add --kind {rater}=juror.")

    def _declared(self, frame: pd.DataFrame, scales: Mapping[str, Scale | None]) -> pd.Series:
        """The questions in the protocol's spelling; one that it does not have is a fault."""
        spelled = {name.casefold(): name for name in scales}
        codes, texts = pd.factorize(frame["question"])
        known = [spelled.get(text.casefold(), "") for text in texts]
        strict, wrong = frame["kind"].ne("metric").to_numpy(), {}
        for code, (text, name) in enumerate(zip(texts, known, strict=True)):
            if name and name != text:
                self.said.append(f"{self.table.name}: question {text!r} was read as {name!r}.")
            elif not name:
                wrong[code] = f"{shorten(text)} is no question of this protocol ({listed(scales)})."
        self._at(np.where(strict, codes, -1), wrong, "question")
        return spread([name or str(text) for text, name in zip(texts, known, strict=True)], codes)

    def _occasions(self) -> npt.NDArray[np.int64]:
        codes, texts = self._each("occasion")
        numbers, wrong = np.ones(len(texts), dtype=np.int64), {}
        for code, text in enumerate(texts):
            plain = text.strip().removesuffix(".0")
            if plain.isdecimal() and len(plain) < 8 and 1 <= int(plain) < 10**6:
                numbers[code] = int(plain)
            elif plain:
                wrong[code] = f"{shorten(text)} is no occasion; number them from 1."
        self._at(codes, wrong, "occasion")
        return numbers[codes]

    def _times(self) -> pd.Series:
        codes, texts = self._each("submitted_at")
        texts = [text.strip() for text in texts]
        times = pd.to_datetime(pd.Series(texts, dtype="str"), format="ISO8601", utc=True, errors="coerce")
        lost = dict.fromkeys(t for t, time in zip(texts, times, strict=True) if pd.isna(time) and t)
        if lost:
            self.said.append(
                f"{self.table.name}: times such as {shorten(next(iter(lost)))} are not ISO 8601 "
                "(2026-01-31T14:05:00Z) and were left out."
            )
        if any(
            text and not text.endswith("Z") and "+" not in text[10:] for text in texts if text not in lost
        ):
            self.said.append(f"{self.table.name}: times without a zone were read as UTC.")
        return times.take(codes).set_axis(self.table.cells.index)

    def _values(self, frame: pd.DataFrame, scales: Mapping[str, Scale | None]) -> None:
        """Read the values question by question; a metric's on its own, whatever scale people have."""
        raw = self._text("value")
        value, known = np.zeros(len(frame), dtype=np.intp), [""]
        self.told = np.zeros(len(frame), dtype=np.int8)
        number = self._numbers()
        metric = frame["kind"].eq("metric")
        places = pd.Series(np.arange(len(frame)))  # a group of these is cheap, of the frame a copy of it all
        for (question, auto), group in places.groupby([frame["question"], metric], sort=False):
            rows = group.to_numpy()
            codes, texts = pd.factorize(raw.take(rows))
            scale = None if auto else scales.get(str(question))
            free = str(question) in scales and scale is None and not auto
            name = f"{self.table.name}, {question}"
            name = name if scale is None else str(question)
            reading = read_values([str(t) for t in texts], name, scale, list(np.bincount(codes)))
            self.said += reading.understood
            texts_read = [str(t) for t in texts] if free else [t or "" for t in reading.text]
            if not free:
                self._wrong(rows, codes, reading.wrong)
                found = reading.number[codes]
                number[rows] = np.where(np.isnan(found), number[rows], found)
            if reading.status and not free:
                self.told[rows] = np.array([STATES.index(one) for one in reading.status], np.int8)[codes]
            value[rows] = codes + len(known)
            known += texts_read
        frame["value"], frame["number"] = spread(known, value), number

    def _wrong(self, rows: Codes, codes: Codes, wrong: Sequence[str | None]) -> None:
        bad = np.array([sentence is not None for sentence in wrong], dtype=bool)
        for at in np.flatnonzero(bad[codes]):
            line = int(self.table.rows[rows[at]])
            self.found.at(line, self.taken["value"], f"{wrong[codes[at]]}; {REMEDY}")

    def _numbers(self) -> npt.NDArray[np.float64]:
        """The column `number`, which exports have: where a word stands on its scale."""
        codes, texts = self._each("number")
        numbers = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(np.float64)
        wrong = {
            code: f"{shorten(text)} is not a number; correct or empty it."
            for code, text in enumerate(texts)
            if not np.isfinite(numbers[code]) and text.strip().lower() not in NOTHING
        }
        self._at(codes, wrong, "number")
        return np.asarray(numbers[codes], dtype=np.float64)

    def _statuses(self, frame: pd.DataFrame) -> None:
        codes, texts = self._each("status")
        means = [meaning(text, STATUSES) or "" for text in texts]
        wrong = {
            code: f"{shorten(text)} is no status; write answered, unable, refused, failed or skipped."
            for code, (text, known) in enumerate(zip(texts, means, strict=True))
            if not known and text.strip()
        }
        self._at(codes, wrong, "status")
        stated = np.array([STATES.index(known) for known in means], dtype=np.int8)[codes]
        stated = np.where(stated <= ANSWERED, np.maximum(self.told, stated), stated)
        empty = frame["value"].str.strip().eq("").to_numpy()
        reason = frame["reason"].str.strip().ne("").to_numpy()
        contradictory = ~empty & (stated > ANSWERED)
        for at in np.flatnonzero(contradictory):
            value = shorten(frame["value"].iloc[at])
            sentence = f"{STATES[stated[at]]!r} has the value {value}; empty one of the two."
            self.found.at(int(self.table.rows[at]), self.taken["status"], sentence)
        silent = empty & (stated <= ANSWERED)
        if silent.any():
            self._silence(silent & ~reason)
        stated[~empty] = ANSWERED
        stated[silent] = np.where(reason[silent], STATES.index("unable"), STATES.index("skipped"))
        frame["status"] = spread(STATES, stated.astype(np.intp))
        if empty.any():
            frame.loc[silent & ~reason, "reason"] = NO_VALUE
            frame.loc[empty & ~silent & ~reason, "reason"] = NO_REASON
            frame.loc[empty, "value"] = ""
            frame.loc[empty, "number"] = np.nan

    def _silence(self, skipped: npt.NDArray[np.bool_]) -> None:
        if count := int(skipped.sum()):
            rows = (
                f"1 row has no value ({self.table.place} "
                if count == 1
                else f"{count:,} rows have no value ("
            )
            first = f"{self.table.rows[np.flatnonzero(skipped)[0]]}"
            first = first if count == 1 else f"first: {self.table.place} {first}"
            self.said.append(f"{self.table.name}: {rows}{first}); read as skipped.")


def spread(texts: Sequence[str], codes: Codes) -> pd.Series:
    """Return the text of each code, without a Python object for each.

    Examples
    --------
    >>> spread(["a", "b"], np.array([0, 1, 0])).tolist()
    ['a', 'b', 'a']
    """
    return pd.Series(texts, dtype="str").take(codes).reset_index(drop=True)
