"""The tables, as SQLModel classes. Shapes only: no query lives here."""

from data.tables.access import Access, AuditEvent, SignIn
from data.tables.jury import (
    JuryAcceptance,
    JuryAttempt,
    JuryBatch,
    JuryCall,
    JuryConsent,
    JuryReading,
    JuryReply,
    JurySecret,
    JuryVerdict,
)
from data.tables.rating import Assignment, Draft, RatingEvent, Submission
from data.tables.study import ItemRow, OutputRow, Person, ProtocolVersion, Rater, Study

__all__ = [
    "Access",
    "Assignment",
    "AuditEvent",
    "Draft",
    "ItemRow",
    "JuryAcceptance",
    "JuryAttempt",
    "JuryBatch",
    "JuryCall",
    "JuryConsent",
    "JuryReading",
    "JuryReply",
    "JurySecret",
    "JuryVerdict",
    "OutputRow",
    "Person",
    "ProtocolVersion",
    "Rater",
    "RatingEvent",
    "SignIn",
    "Study",
    "Submission",
]
