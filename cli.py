"""The command `consilium`: one verb a module in `verbs/`, parsed here and nothing more."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from agreement.refusal import Refusal
from annotate.fault import Fault

ABOUT = (
    "Clinicians and language models rate the same outputs; Consilium says how far the models may stand in. "
    "Without a verb it starts the app."
)
VERBS: dict[str, str] = {
    # verb -> one line of help; its module is verbs/<verb>.py (import -> verbs/import_.py)
    "studies": "the studies there are",
    "new": "create a study from a shipped protocol or your own file",
    "protocol": "show, check, change a protocol, or list a study's versions",
    "coverage": "which subcategories of the taxonomy a study's items cover",
    "import": "items and ratings from files, HELM runs, suites and zips into a study",
    "link": "a personal link for a clinician or a study lead",
    "assign": "who rates what: the design, written before the first login",
    "status": "launch a study, pause it, close it, reopen it with a reason",
    "adjudicate": "give the items that raters disagree about to one more rater, blind",
    "summary": "sum a study up as its protocol says",
    "grade": "grade items by text metrics, as raters of their own",
    "jury": "a panel of language models rates the items; resumes; never pays twice",
    "report": "the agreement report of a study in every format",
    "agree": "the agreement report straight from a file of ratings",
    "validate": "may this judge stand in for a clinician? the verdict, straight from a file of ratings",
    "decide": "the same about a judge of a study: state the plan, then look; every look is counted",
    "export": "a whole study to a folder: ratings.csv, items.csv, codebook and the rest",
    "verify": "check the chain of a study's ratings, or the hashes of an export",
    "plan": "how many items, clinicians and jurors a study needs",
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb; without one, the app. 0 done; 1 the answer is no; 2 wrong input or arguments."""
    words = sys.argv[1:] if argv is None else argv
    try:
        if not words:
            return _start()
        args = _parser(words).parse_args(words)
        answer = int(args.run(args))
        sys.stdout.flush()
        return answer
    except BrokenPipeError:  # `consilium agree … | head` has read enough: say no more, also not at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as of a program that SIGPIPE ends
    except (Fault, Refusal) as fault:
        print(fault, file=sys.stderr)
        return 2


def _start() -> int:
    app = importlib.import_module("app")
    app.main()
    return 0


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("consilium", description=ABOUT)
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
