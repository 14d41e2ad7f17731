"""The command `consilium`: one verb a module in `verbs/`, parsed here and nothing more."""

from __future__ import annotations

import argparse
import importlib
import sys

from agreement.refusal import Refusal
from annotate.fault import Fault

VERBS: dict[str, str] = {
    # verb -> one line of help; its module is verbs/<verb>.py (import -> verbs/import_.py)
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb. 0 done; 1 it ran and the answer is no; 2 the input or the arguments are wrong."""
    args = _parser(sys.argv[1:] if argv is None else argv).parse_args(argv)
    try:
        return int(args.run(args))
    except (Fault, Refusal) as fault:
        print(fault, file=sys.stderr)
        return 2


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("consilium", description=__doc__)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    for verb, line in VERBS.items():
        sub = verbs.add_parser(verb, help=line, description=line)
        # Only the verb that is asked for is imported: `consilium agree` must not wait for Streamlit.
        if argv and argv[0] == verb:
            module = importlib.import_module("verbs." + _module(verb))
            module.arguments(sub)
            sub.set_defaults(run=module.run)
    return parser


def _module(verb: str) -> str:
    return verb + "_" if verb in {"import"} else verb


if __name__ == "__main__":
    sys.exit(main())
