"""Accepted findings once stood among the endpoints, each under a name that no endpoint can have."""

from __future__ import annotations

from sqlalchemy import Connection, text

_SIGN = "*findings*"
_OLD = "FROM jury_consent WHERE endpoint LIKE '*findings*%'"


def move(connection: Connection) -> None:
    """Give what was accepted its own rows; it was kept as ``who: reason``."""
    rows = [
        {"study_id": row.study_id, "mark": row.endpoint.removeprefix(_SIGN), "at": row.at}
        | dict(zip(("who", "reason"), row.who.partition(": ")[::2], strict=True))
        for row in connection.execute(text(f"SELECT study_id, endpoint, who, at {_OLD}"))
    ]
    if rows:
        fields = ("study_id", "mark", "who", "reason", "at")
        names, values = ", ".join(fields), ", ".join(f":{field}" for field in fields)
        connection.execute(text(f"INSERT INTO jury_acceptance ({names}) VALUES ({values})"), rows)
        connection.execute(text(f"DELETE {_OLD}"))
