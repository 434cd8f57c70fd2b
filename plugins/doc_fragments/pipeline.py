# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that check a pipeline: what several of them ask."""

from __future__ import annotations

from textwrap import indent

URL = """\
url:
  description:
    - Its URL, with the path under which a proxy routes to it.
  type: str
  required: true
"""
AUTH = """\
url_username:
  description:
    - User of HTTP basic authentication.
  type: str
url_password:
  description:
    - Password of the user.
  type: str
bearer_token:
  description:
    - Token sent as a C(Bearer) authorization.
  type: str
headers:
  description:
    - Further headers. They are shown in verbose output and so are no place for secrets.
  type: dict
  default: {}
"""
SCRAPE_JOB = """\
scrape_job:
  description:
    - Name of the scrape job of the gateway.
  type: str
  default: pushgateway
"""
DATA_SOURCES = """\
data_sources:
  description:
    - Uids of the data sources, which take PromQL. One that leads to VictoriaMetrics shows the
      marker only after that server's C(-search.latencyOffset), by default 30 seconds.
  type: list
  elements: str
  required: true
org_id:
  description:
    - The organisation, sent as C(X-Grafana-Org-Id). The default is the one of the credentials.
  type: int
"""
SERVICE = """\
name:
  description:
    - Name in the report.
  type: str
  required: true
kind:
  description:
    - Which service it must be.
    - V(http) takes any; O(services[].status) and O(services[].contains) say what it answers.
      Only O(services[].contains) proves that it is the right one; without it an HTML page that
      asks for a password is a warning.
  type: str
  choices:
    - prometheus
    - pushgateway
    - victoriametrics
    - alertmanager
    - grafana
    - loki
    - traefik
    - collector
    - ping_service
    - http
  default: http
url:
  description:
    - Its address, with the path under which a proxy routes to it.
    - For V(http) the very URL to ask.
  type: str
  required: true
status:
  description:
    - Statuses that are right, for O(services[].kind=http).
  type: list
  elements: int
  default: [200]
contains:
  description:
    - Text that the answer must contain, for O(services[].kind=http).
  type: str
within:
  description:
    - Seconds that O(services[].contains) may take to be there, of a service that has just been
      started or reloaded.
  type: float
  default: 0.0
databases:
  description:
    - Names of the databases that it has to probe, for O(services[].kind=collector).
    - Not given, they are not compared.
  type: list
  elements: str
"""


def _options(**options: str) -> str:
    """A fragment; of each option the text below its name."""
    return "options:\n" + "".join(
        f"  {name}:\n{indent(text, '    ')}" for name, text in options.items()
    )


def _suboptions(*parts: str) -> str:
    return "suboptions:\n" + indent("".join(parts), "  ")


def _server(description: str, *more: str, required: bool = False) -> str:
    """An option that is a server."""
    head = f"description:\n  - {description}\ntype: dict\n" + "required: true\n" * required
    return head + _suboptions(URL, *more, AUTH)


def _services(need: str) -> str:
    head = f"description:\n  - What to ask.\ntype: list\nelements: dict\n{need}\n"
    return head + _suboptions(SERVICE, AUTH)


class ModuleDocFragment:
    """C(pipeline): servers, services and limits that more than one module has."""

    # A server whose option is not given is not looked at.
    PUSHGATEWAY: str = _options(pushgateway=_server("The Pushgateway.", required=True))
    PROMETHEUS: str = _options(
        prometheus=_server("The Prometheus that scrapes the gateway.", SCRAPE_JOB, required=True)
    )
    PROMETHEUS_OPTIONAL: str = _options(
        prometheus=_server(
            "The Prometheus that scrapes the gateway. Not looked at when not given.", SCRAPE_JOB
        )
    )
    PROMETHEUS_STORE: str = _options(
        prometheus=_server("The Prometheus that must have it. Not looked at when not given.")
    )
    VICTORIAMETRICS: str = _options(
        victoriametrics=_server(
            "The VictoriaMetrics that is written to. Not looked at when not given."
        )
    )
    # Of a drill, which follows an alert from the gateway to its receiver.
    ALERTING: str = _options(
        pushgateway=_server("The Pushgateway that Prometheus scrapes.", required=True),
        prometheus=_server("Prometheus, with the rules.", required=True),
        alertmanager=_server("Alertmanager, to which Prometheus sends its alerts.", required=True),
    )
    GRAFANA_SOURCES: str = _options(
        grafana=_server(
            "The Grafana through whose data sources the marker is looked for. Not looked at when"
            " not given.",
            DATA_SOURCES,
        )
    )
    SERVICES: str = _options(services=_services("required: true"))
    SERVICES_OPTIONAL: str = _options(services=_services("default: []"))
    SERVICE_LIMITS = r"""
options:
  certificate_days:
    description:
      - A certificate with fewer days left is a warning. An expired one is a failure.
    type: float
    default: 14.0
  slow:
    description:
      - An answer that takes more seconds is a warning.
    type: float
    default: 2.0
"""
    CLOCK = r"""
options:
  clock_offset:
    description:
      - Clocks that are more seconds apart are a warning.
    type: float
    default: 1.0
"""
    METRICS = r"""
options:
  known_jobs:
    description:
      - Regular expressions of the jobs of other groups that belong on the gateway. Each is compared
        with the whole name. Any other group is a warning.
    type: list
    elements: str
    default: [roundtrip_check, "(collector_api_)?drill_.+"]
  catalogue_labels:
    description:
      - By name of a metric, the list of its own labels (without C(job), C(instance), C(le) and
        C(quantile)). Series of these metrics with other labels are a failure.
      - Rules may ask for them while there is none; any other metric that a rule asks for and that
        has vanished is a warning.
    type: dict
    default: {}
  others:
    description:
      - Whether what is not the collectors' own is checked, too - who else pushes, the other scrape
        targets, and the rules.
    type: bool
    default: true
  ping_age:
    description:
      - A source of pings that has been silent for more seconds is a warning.
    type: float
    default: 180.0
  rule_groups:
    description:
      - Names of groups of rules that Prometheus must have loaded.
    type: list
    elements: str
    default: []
  ping_sources:
    description:
      - Labels C(source_location) of ping services that must be heard of.
    type: list
    elements: str
    default: []
"""
    WAIT = r"""
options:
  wait:
    description:
      - Seconds that what was pushed may take to each place. It should be longer than Prometheus's
        scrape interval and shorter than O(deadline).
    type: float
    default: 45.0
"""
