# Copyright (c) 2026, Vya Digital
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
API, PING, EXECUTIONS, NODES = "api", "ping", "n8n-executions", "n8n-nodes"
PING_CONFIG = "/etc/collector/ping.json"
N8N_CONFIGS = {
    EXECUTIONS: "/etc/collector/n8n-executions.json",
    NODES: "/etc/collector/n8n-nodes.json",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 success, 1 failure, 2 unusable settings or arguments. The exporters
    of n8n have 3 as well: another run has not ended."""
    parser = argparse.ArgumentParser(prog="collector", description="Collector of measurements.")
    commands = parser.add_subparsers(dest="command", required=True)
    api = commands.add_parser(API, help="serve the API, probe, push")
    api.add_argument(
        "--rehearse",
        action="store_true",
        help="start everything and bind the ports, but push nothing and write no spool",
    )
    ping = commands.add_parser(PING, help="send pings to collectors, keep those that fail")
    ping.add_argument("--config", default=PING_CONFIG, help="default: %(default)s")
    ping.add_argument(
        "--rehearse",
        action="store_true",
        help="start everything and bind the port, but send nothing and write no buffer",
    )
    check = commands.add_parser("check-config", help="check the settings, contact nothing")
    check.add_argument(
        "--for",
        dest="command_of",
        choices=(API, PING, *N8N_CONFIGS),
        default=API,
        help="default: %(default)s",
    )
    executions = commands.add_parser(
        EXECUTIONS, help="read workflows and executions by n8n's API once, push, end"
    )
    nodes = commands.add_parser(NODES, help="read nodes from n8n's PostgreSQL once, push, end")
    for command, config in zip((executions, nodes), N8N_CONFIGS.values(), strict=True):
        command.add_argument("--config", default=config, help="default: %(default)s")
    health = commands.add_parser("healthcheck", help="ask the running service for /ready")
    for command in (api, health):
        command.add_argument("--config", default=DEFAULT_CONFIG, help="default: %(default)s")
    check.add_argument("--config", help="default: the default of that command")
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
    of = options.command_of if options.command == "check-config" else options.command
    if of in N8N_CONFIGS:
        options.config = options.config or N8N_CONFIGS[of]
        return _n8n(of, options)
    if of == PING:
        options.config = options.config or PING_CONFIG
        return _ping(options)
    options.config = options.config or DEFAULT_CONFIG
    return _with_settings(options)


def _with_settings(options: argparse.Namespace) -> int:
    # The first process of a container gets no signal that it has no handler for: without this one
    # a stop during the imports would wait for the kill.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from collector import check

    try:
        settings = check.load(options.config)
    except check.SettingsError as error:
        return _refused(error.path, error.problems)
    if options.command == "check-config":
        print(f"{options.config}: valid")
        return 0
    from collector.service import serve

    return serve(settings, rehearse=options.rehearse)


def _ping(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from collector.check import SettingsError
    from collector.ping import settings

    try:
        chosen = settings.load(options.config)
    except SettingsError as error:
        return _refused(error.path, error.problems)
    if options.command == "check-config":
        print(f"{options.config}: valid")
        return 0
    from collector.ping.start import start

    return start(chosen, options.rehearse)


def _n8n(command: str, options: argparse.Namespace) -> int:
    # Not a success, other than for a service that is told to stop.
    signal.signal(signal.SIGTERM, lambda number, _: os._exit(128 + number))
    from collector.check import SettingsError
    from collector.n8n import settings

    read = settings.load_executions if command == EXECUTIONS else settings.load_nodes
    try:
        chosen = read(options.config)
    except SettingsError as error:
        return _refused(error.path, error.problems)
    if options.command == "check-config":
        print(f"{options.config}: valid")
        return 0
    from collector.n8n.command import run

    if isinstance(chosen, settings.ExecutionsSettings):
        from collector.n8n.executions_exporter import ExecutionsExporter

        return run(ExecutionsExporter(chosen))
    from collector.n8n.nodes_exporter import NodesExporter

    return run(NodesExporter(chosen))


def _refused(path: str, problems: list[str]) -> int:
    print(f"collector: does not start. {path}:", file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)
    return EXIT_USAGE


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
