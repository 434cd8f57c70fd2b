# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that check a pipeline: what several of them ask."""

from __future__ import annotations

from textwrap import indent

URL = """\
url:
  description:
    - Its URL, with the path prefix if a proxy routes to it.
  type: str
  required: true
"""
AUTH = """\
url_username:
  description:
    - User name for HTTP basic authentication.
  type: str
url_password:
  description:
    - Password of the user. Needs C(url_username).
  type: str
bearer_token:
  description:
    - Token for the header C(Authorization). Mutually exclusive with C(url_username).
  type: str
headers:
  description:
    - Additional headers. They appear in verbose output, so do not put secrets here.
  type: dict
  default: {}
"""
STORE = """\
kind:
  description:
    - What answers there. V(victoriametrics) is one of its servers, or C(vmselect) of its cluster
      with the path of the tenant. V(prometheus) is any other store that takes remote write and
      answers PromQL, such as Mimir or Thanos. It deletes nothing, so what the checks wrote there
      has to end, and stays in its past.
  type: str
  choices: [victoriametrics, prometheus]
  default: victoriametrics
delete_url:
  description:
    - The URL for deletions, for O(victoriametrics.kind=victoriametrics), if it is another one, as
      in the cluster.
  type: str
"""
TENANT = """\
tenant:
  description:
    - Tenant, sent as C(X-Scope-OrgID).
  type: str
"""
LOG_HOSTS = """\
description:
  - Labels C(host) of which Loki must have fresh lines.
type: list
elements: str
default: []
"""
LOG_AGE = """\
description:
  - Warn if the newest line of one of O(log_hosts) is more seconds old.
type: float
default: 900.0
"""
SCRAPE_JOB = """\
scrape_job:
  description:
    - Name of the gateway's scrape job.
  type: str
  default: pushgateway
"""
TARGETS = """\
targets:
  description:
    - Where Prometheus should send its alerts, as C(HOST:PORT). Empty means that this is not known.
  type: list
  elements: str
  default: []
notifies:
  description:
    - Whether it was deployed to tell somebody. If not, that it tells nobody is a warning.
  type: bool
  default: true
"""
DATA_SOURCES = """\
data_sources:
  description:
    - Uids of data sources that take PromQL. One that points at VictoriaMetrics shows the marker
      only after that server's C(-search.latencyOffset), 30 seconds by default.
  type: list
  elements: str
  required: true
org_id:
  description:
    - Id of the organisation, sent as C(X-Grafana-Org-Id). The default is that of the credentials.
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
    - The service that must answer.
    - V(http) takes any service; O(services[].status) and O(services[].contains) say what it must
      answer. Only O(services[].contains) proves that it is the right service; without it, a login
      page is a warning.
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
    - Its URL, with the path prefix if a proxy routes to it.
    - For V(http), the exact URL to request.
  type: str
  required: true
status:
  description:
    - Expected statuses, for O(services[].kind=http).
  type: list
  elements: int
  default: [200]
contains:
  description:
    - Text that the answer must contain, for O(services[].kind=http).
  type: str
within:
  description:
    - Seconds to wait for O(services[].contains), for a service that has just been started or
      reloaded.
  type: float
  default: 0.0
host:
  description:
    - The host that it must be, for O(services[].kind=collector).
    - Without it, any collector may answer.
  type: str
databases:
  description:
    - Names of the databases that it must probe, for O(services[].kind=collector).
    - Without it, they are not compared. An empty list means that it must probe none.
  type: list
  elements: str
database_hosts:
  description:
    - The hosts of databases, by the databases' names. A database that is down follows from the
      container of that name, if that one is not running.
  type: dict
  default: {}
"""


def _options(**options: str) -> str:
    """Return a fragment from the text of each option."""
    return "options:\n" + "".join(
        f"  {name}:\n{indent(text, '    ')}" for name, text in options.items()
    )


def _suboptions(*parts: str) -> str:
    return "suboptions:\n" + indent("".join(parts), "  ")


def _server(description: str, *more: str, required: bool = False) -> str:
    """Return an option that describes a server."""
    head = f"description:\n  - {description}\ntype: dict\n" + "required: true\n" * required
    return head + _suboptions(URL, *more, AUTH)


def _services(need: str) -> str:
    head = f"description:\n  - The services to check.\ntype: list\nelements: dict\n{need}\n"
    return head + _suboptions(SERVICE, AUTH)


class ModuleDocFragment:
    """``pipeline``: servers, services and limits that several modules share."""

    PUSHGATEWAY: str = _options(pushgateway=_server("The Pushgateway.", required=True))
    # Of pipeline_check, where the parts decide.
    SERVERS_OF_PARTS: str = _options(
        pushgateway=_server(
            "The Pushgateway. Required if O(parts) contains V(roundtrip), or V(metrics) and there "
            "are O(collectors) or O(exporters)."
        ),
        prometheus=_server(
            "The Prometheus that scrapes the gateway. Required if O(parts) contains V(metrics) and "
            "there are O(collectors) or O(exporters).",
            SCRAPE_JOB,
        ),
    )
    PROMETHEUS: str = _options(
        prometheus=_server("The Prometheus that scrapes the gateway.", SCRAPE_JOB, required=True)
    )
    PROMETHEUS_OPTIONAL: str = _options(
        prometheus=_server(
            "The Prometheus that scrapes the gateway. Without it, it is not checked.", SCRAPE_JOB
        )
    )
    PROMETHEUS_STORE: str = _options(
        prometheus=_server("The Prometheus that must receive it. Without it, it is not checked.")
    )
    VICTORIAMETRICS: str = _options(
        victoriametrics=_server(
            "The VictoriaMetrics, or other store, that is written to. It need not be given.",
            STORE,
        )
    )
    # Of a drill, which follows an alert from the gateway to its receiver.
    ALERTING: str = _options(
        pushgateway=_server("The Pushgateway that Prometheus scrapes.", required=True),
        prometheus=_server("Prometheus, with the rules.", required=True),
        alertmanager=_server("Alertmanager, to which Prometheus sends its alerts.", required=True),
    )
    # Of a host that leaves.
    ELSEWHERE: str = _options(
        pushgateway=_server("The Pushgateway. Without it, it is not asked."),
        prometheus=_server("Prometheus. Without it, it is not asked."),
        grafana=_server("Grafana. Without it, it is not asked."),
    )
    ALERTMANAGER: str = _options(
        alertmanager=_server(
            "The Alertmanager that must tell somebody of alerts. Without it, it is not checked.",
            TARGETS,
        )
    )
    GRAFANA_SOURCES: str = _options(
        grafana=_server(
            "The Grafana whose data sources must return the marker. Without it, it is not checked.",
            DATA_SOURCES,
        )
    )
    LOGS: str = _options(
        loki=_server(
            "The Loki to which a marked line is sent, and in which it must be found. It stays "
            "there until its retention ends. Without it, logs are not checked.",
            TENANT,
        ),
        log_hosts=LOG_HOSTS,
        log_age=LOG_AGE,
    )
    SERVICES: str = _options(services=_services("required: true"))
    SERVICES_OPTIONAL: str = _options(services=_services("default: []"))
    SERVICE_LIMITS = r"""
options:
  certificate_days:
    description:
      - Warn if a certificate has fewer days left. An expired certificate fails.
    type: float
    default: 14.0
  slow:
    description:
      - Warn if an answer takes more seconds.
    type: float
    default: 2.0
"""
    CLOCK = r"""
options:
  clock_offset:
    description:
      - Warn if the clocks are more seconds apart.
    type: float
    default: 1.0
"""
    METRICS = r"""
options:
  known_jobs:
    description:
      - Regular expressions for the jobs of other groups that belong on the gateway. Each must match
        the whole name. Any other group is a warning.
    type: list
    elements: str
    default: [roundtrip_check, "(collector_api_)?drill_.+"]
  expected_alerts:
    description:
      - Names of alerts that are meant to fire, such as one that shows that alerts arrive. C(*)
        matches anything. Alerts whose label C(severity) is C(none) are expected, too.
    type: list
    elements: str
    default: []
  catalogue_labels:
    description:
      - For each metric, the list of its labels (without C(job), C(instance), C(le) and
        C(quantile)). The check fails if series of these metrics have other labels.
      - Rules may use these metrics before any series exists. If any other metric that a rule uses
        has disappeared, that is a warning.
    type: dict
    default: {}
  others:
    description:
      - Whether to check more than the collectors - other pushers, other scrape targets, and the
        rules.
    type: bool
    default: true
  ping_age:
    description:
      - Warn if a source of pings has been silent for more seconds.
    type: float
    default: 180.0
  rule_groups:
    description:
      - Names of rule groups that Prometheus must have loaded.
    type: list
    elements: str
    default: []
  rules:
    description:
      - The rule groups that were deployed, in the form of Prometheus's rule files. What Prometheus
        has loaded must have the same expressions, times and labels. Annotations are not compared.
    type: list
    elements: dict
    default: []
  ping_sources:
    description:
      - Labels C(source_location) of ping services whose pings must arrive. Their own metrics are
        judged too, if Prometheus scrapes them.
    type: list
    elements: str
    default: []
  ping_locations:
    description:
      - Labels C(target_location) of the collectors that ping services are judged by. Empty means
        all that they ping.
    type: list
    elements: str
    default: []
  ping_interval:
    description:
      - Seconds between two pings of the source that pings most often. Warn if VictoriaMetrics
        deduplicates over a longer interval, because it then drops pings.
    type: float
    default: 30.0
"""
    WAIT = r"""
options:
  wait:
    description:
      - Seconds to wait for a push to arrive in each place. Make it longer than Prometheus's scrape
        interval and shorter than O(deadline).
    type: float
    default: 45.0
"""
