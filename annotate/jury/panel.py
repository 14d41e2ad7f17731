"""A panel file, read strictly: jurors, controls, and what a panel's score needs to stand."""

from __future__ import annotations

import dataclasses
import math
import re
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from annotate.fault import Fault
from annotate.jury.juror import Juror, Price, canonical, check_address, check_key
from annotate.jury.prompt import check_template

Need = typing.Literal["all", "any"]
CONTROLS = ("repeats", "mismatched", "padded", "canary", "reversed", "swapped", "no-reference")

_RESERVED = {"model", "messages", "system", "stream", "n", "max_tokens", "max_completion_tokens"}


@dataclass(frozen=True, slots=True)
class Panel:
    """Jurors that are asked together.

    Attributes
    ----------
    need : "all", "any" or a number
        How many jurors a panel's score needs; by default it stands on all or there is none.
    controls : mapping of control to share
        Which share of the items (or, from 2 up, how many) each check on the jurors is run on.
    repeats : int
        How often the items of the control "repeats" are asked in all.
    """

    name: str
    jurors: tuple[Juror, ...]
    need: Need | int = "all"
    reference: bool = False
    controls: Mapping[str, float] = field(default_factory=dict)
    repeats: int = 3


def panel_of(
    raw: object,
    *,
    name: str,
    template: Callable[[str], str],
    samples: int | None = None,
    keys: Collection[str] | None = None,
) -> Panel:
    """Return the panel that a parsed file describes; a `Fault` names what cannot be understood.

    Parameters
    ----------
    raw : mapping
        The parsed TOML or YAML.
    template : callable
        Returns the text of a shipped prompt frame by name, or of a file.
    samples : int or None
        Overrides every juror's own number of samples.
    keys : collection of str or None
        The environment variables that a panel may name as a key; None: those that end in _API_KEY.
    """
    table = _table(raw, f"Panel {name!r}")
    _known(table, {"name", "juror", "jurors", "need", "reference", "controls", "repeats", "template"}, name)
    name = str(table.get("name", name))
    rows = table.get("juror", table.get("jurors"))
    if not isinstance(rows, list) or not rows:
        raise Fault(f"Panel {name!r} names no jurors; add at least one [[juror]] with provider and model.")
    frame = table.get("template", "medhelm")
    jurors = tuple(_juror(row, panel=name, frame=frame, template=template, samples=samples) for row in rows)
    for juror in jurors:
        check_key(juror, keys)
    _distinct(jurors, name)
    controls = _controls(table.get("controls", {}), name)
    repeats = _whole(table.get("repeats", 3), "repeats", name, low=2)
    reference = _as(bool, table.get("reference", False), "reference", name)
    return Panel(
        name, jurors, _need(table.get("need", "all"), len(jurors), name), reference, controls, repeats
    )


def _juror(
    raw: object, *, panel: str, frame: object, template: Callable[[str], str], samples: int | None
) -> Juror:
    row = dict(_table(raw, f"A juror of panel {panel!r}"))
    where = f"panel {panel!r}, juror {row.get('name', row.get('model', '?'))!r}"
    kinds = typing.get_type_hints(Juror)
    _known(row, set(kinds), where)
    for needed in ("provider", "model"):
        if not isinstance(row.get(needed), str) or not row[needed]:
            raise Fault(f"{where} has no {needed}.")
    row.setdefault("name", row["model"])
    row["template"] = template(str(row.get("template", frame)))
    if samples is not None:
        row["samples"] = samples
    if "price" in row:
        row["price"] = _price(row["price"], where)
    fields: dict[str, typing.Any] = {key: _field(row[key], key, kinds[key], where) for key in row}
    juror = Juror(**fields)
    _sensible(juror, where)
    return juror


def _sensible(juror: Juror, where: str) -> None:
    check_address(juror)
    check_template(juror.template, where)
    if not re.fullmatch(r"[\w .:+-]{1,60}", juror.name):
        raise Fault(f"{where}: {juror.name!r} is not a name; use letters, digits and . : + - _ (no @ or /).")
    if juror.limit and juror.provider != "openai":
        raise Fault(f"{where}: limit is for servers that speak OpenAI's protocol; take it out.")
    taken = sorted(_RESERVED & set(juror.parameters))
    if taken:
        raise Fault(f"{where}: parameter {taken[0]!r} is set elsewhere (max_tokens stands beside `model`).")
    try:
        canonical(juror.parameters)
    except (TypeError, ValueError):
        raise Fault(f"{where}: the parameters hold something that JSON cannot say.") from None


def _field(value: object, key: str, kind: object, where: str) -> object:
    options = typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()
    if options:
        if value not in options:
            raise Fault(f"{where}: {key} is {value!r}; it can be {' or '.join(map(repr, options))}.")
        return value
    if kind is int:
        return _whole(value, key, where, low=1)
    if kind is float:
        number = _as(float, float(value) if type(value) is int else value, key, where)
        if not (math.isfinite(number) and number > 0):
            raise Fault(f"{where}: {key} is {value!r}; it must be above 0.")
        return number
    if kind in (str, bool):
        return _as(typing.cast(type, kind), value, key, where)
    return value if key == "price" else _table(value, f"{where}: {key}")


def _price(raw: object, where: str) -> Price:
    table = _table(raw, f"{where}: price")
    _known(table, {field.name for field in dataclasses.fields(Price)}, f"{where}: price")
    if not {"input", "output"} <= set(table):
        raise Fault(f"{where}: a price has `input` and `output`, in dollars a million tokens.")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
            raise Fault(f"{where}: price.{key} is {value!r}; write dollars a million tokens.")
    return Price(**{key: float(typing.cast(float, value)) for key, value in table.items()})


def _controls(raw: object, name: str) -> dict[str, float]:
    table = _table(raw, f"Panel {name!r}: controls")
    _known(table, set(CONTROLS), f"panel {name!r}: controls")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
            raise Fault(
                f"Panel {name!r}: controls.{key} is {value!r}; write a share (0.1) or a number of items."
            )
    return {key: float(typing.cast(float, value)) for key, value in table.items()}


def _need(value: object, jurors: int, name: str) -> Need | int:
    if value in ("all", "any"):
        return value
    if type(value) is int and 1 <= value <= jurors:
        return value
    raise Fault(f"Panel {name!r}: need is {value!r}; it can be 'all', 'any' or a number from 1 to {jurors}.")


def _distinct(jurors: tuple[Juror, ...], name: str) -> None:
    raters = [juror.rater for juror in jurors]
    doubled = sorted({rater for rater in raters if raters.count(rater) > 1})
    if doubled:
        raise Fault(
            f"Panel {name!r} has juror {doubled[0]!r} twice; use samples to ask one juror more than once."
        )
    if len({juror.identity for juror in jurors}) < len(jurors):
        raise Fault(f"Panel {name!r} has one juror under two names; its opinion would count twice.")


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise Fault(f"{where} is not a table of names and values.")
    return value


def _known(table: Mapping[str, object], names: set[str], where: str) -> None:
    for key in table:
        if key not in names:
            raise Fault(f"{where}: {key!r} means nothing here (known: {', '.join(sorted(names))}).")


def _whole(value: object, key: str, where: str, *, low: int) -> int:
    if type(value) is not int or value < low:
        raise Fault(f"{where}: {key} is {value!r}; it must be a whole number from {low} up.")
    return value


def _as(kind: type[typing.Any], value: object, key: str, where: str) -> typing.Any:
    if type(value) is not kind:
        raise Fault(f"{where}: {key} is {value!r}; it must be of type {kind.__name__}.")
    return value
