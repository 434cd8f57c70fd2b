# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line. Imports are made where they are used: the health check must be quick."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from collector import __version__

DEFAULT_CONFIG = "/etc/collector/collector.json"
EXIT_USAGE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 success, 1 failure, 2 unusable settings or arguments."""
    parser = argparse.ArgumentParser(prog="collector", description="Collector of measurements.")
    commands = parser.add_subparsers(dest="command", required=True)
    api = commands.add_parser("api", help="serve the API, probe, push")
    api.add_argument(
        "--rehearse",
        action="store_true",
        help="start everything and bind the ports, but push nothing and write no spool",
    )
    check = commands.add_parser("check-config", help="check the settings, contact nothing")
    health = commands.add_parser("healthcheck", help="ask the running service for /ready")
    for command in (api, check, health):
        command.add_argument("--config", default=DEFAULT_CONFIG, help="default: %(default)s")
    metrics = commands.add_parser("catalogue", help="print the metric catalogue as JSON")
    metrics.add_argument("--markdown", action="store_true", help="as a documentation page")
    commands.add_parser("version", help="print the version")
    options = parser.parse_args(arguments)

    if options.command == "version":
        print(__version__)
        return 0
    if options.command == "catalogue":
        return _catalogue(options.markdown)
    if options.command == "healthcheck":
        from collector.healthcheck import healthcheck

        return healthcheck(options.config)
    return _with_settings(options)


def _with_settings(options: argparse.Namespace) -> int:
    # The first process of a container gets no signal that it has no handler for: without this one
    # a stop during the imports would wait for the kill.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from collector import check

    try:
        settings = check.load(options.config)
    except check.SettingsError as error:
        print(f"collector: does not start. {error.path}:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return EXIT_USAGE
    if options.command == "check-config":
        print(f"{options.config}: valid")
        return 0
    from collector.service import serve

    return serve(settings, rehearse=options.rehearse)


def _catalogue(markdown: bool) -> int:
    from pathlib import Path

    from collector import catalogue

    text = (
        catalogue.markdown()
        if markdown
        else Path(catalogue.__file__).with_name("catalogue.json").read_text("utf-8")
    )
    print(text, end="")
    return 0
