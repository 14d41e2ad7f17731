"""The jury's ledger: on disk before a request leaves, and before a reply is read."""

from data.ledger.keep import JuryLedger, beside

__all__ = ["JuryLedger", "beside"]
