# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break the local stack, see whether a validation tells what is broken, and restore it:
``make chaos``. With ``--quiet``: validate it while things happen that are no faults:
``make quiet``."""

from __future__ import annotations

import argparse
import secrets
import sys

from .catalogue import draw, read_events, read_faults
from .run import DIRECTORY, Guarded, Validation, chaos, quiet


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="rounds of one or two faults")
    parser.add_argument("--quiet", type=int, metavar="RUNS", help="validations without a fault")
    parser.add_argument("--seed", type=int, help="what is drawn (random)")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="only these; ONE+OTHER at once"
    )
    parser.add_argument("--list", action="store_true", help="list the faults, and end")
    given, arguments = parser.parse_known_args()
    faults, events = read_faults(), read_events()
    if given.list:
        for fault in faults.values():
            print(f"{fault.name:32}{fault.hop:16}{fault.title}")
        return 0
    seed = given.seed if given.seed is not None else secrets.randbelow(10**6)
    print(f"seed {seed}", flush=True)
    first, second = (Validation(each, arguments) for each in (DIRECTORY, DIRECTORY / "second"))
    if given.quiet is not None:
        some = {name: one for name, one in events.items() if name in given.only or not given.only}
        with Guarded() as guarded:
            results = quiet(guarded, (first, second), some, given.quiet, seed)
        return any(one.accusations or one.failed for one in results)
    drawn = draw([*faults.values()], given.rounds, seed)
    if given.only:
        drawn = [tuple(faults[one] for one in name.split("+")) for name in given.only]
    with Guarded() as guarded:
        rounds = chaos(guarded, first, drawn)
    return not all(one.right for one in rounds)


if __name__ == "__main__":
    sys.exit(main())
