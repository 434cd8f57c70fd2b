# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts about all hosts of an inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet
short_description: Facts about all hosts, computed from the inventory
version_added: 0.1.0
author:
  - Vya Digital (@vya-digital)
description:
  - Computes facts about all hosts of the inventory from their variables and the roles' defaults,
    so that roles and playbooks agree on them.
  - Variables of other hosts are evaluated as on their own host. A variable that cannot be
    evaluated is an error that names it and its host.
options:
  _terms:
    description:
      - Name of one fact.
      - V(collector) is the collector of this host, in the form of C(validate_collectors). It
        contains secrets.
      - V(collector_groups) and V(owned_groups) are labels of groups on the Pushgateway, either
        those of collectors, or all groups that hosts of the inventory push.
      - V(stale_groups) are the groups of O(found) that no host owns and no job of O(others)
        matches, V(stale_group_checks) a warning for each group of O(found).
      - V(known_jobs) are regular expressions for jobs that may be on the gateway.
      - V(ping_targets) are the collectors that this host pings, with their keys, V(ping_scrapes)
        the ping services as target groups of this host's Prometheus.
      - V(ping_sources) are labels C(source_location) of the ping services that ping collectors of
        O(hosts), V(ping_locations) labels C(target_location) of these collectors (empty for all),
        V(ping_interval) is the shortest time between two pings of a ping service.
      - V(n8n_exporters) are labels C(instance) and
        C(exporter), V(pipeline_exporters) the same exporters as
        M(vya.observability.pipeline_check) takes them.
      - V(pipeline_collectors) and V(collector_services) are O(collectors) as
        M(vya.observability.pipeline_check) and M(vya.observability.service_check) take them.
      - V(log_hosts) are the labels C(host) of the lines that the log shippers of O(hosts) send.
      - V(validations) are the labels C(instance) under which validations are published.
      - V(rule_groups) are the rule groups that Prometheus must have loaded, V(deployed_rules) the
        same groups with their rules. V(alertmanager) is where Prometheus should send its alerts,
        and whether somebody should be told of them.
      - V(expected_releases) are containers that must exist on this host's machine,
        V(collector_containers) the names of containers that run the collector's program.
      - V(wanted_releases) are names, or shell patterns, of all releases that this machine may have;
        V(unwanted_releases) are those of O(releases) that it may not, V(unwanted_checks) a warning
        for each, V(removed_services) what removes them, as M(vya.observability.container_services)
        takes it. V(looked_at) is whether this host, where nothing runs, may have releases from
        before.
      - V(backups) are the services of this host that are backed up (of O(releases), if it is set),
        with C(name) and C(kind) as M(vya.observability.service_backup) takes them, V(backup_names)
        the names of those of O(hosts).
      - V(lost_host_checks) is a failed check for each of O(hosts).
      - V(leaving_names) are the labels C(instance) of what this host (or the one of O(hosts), or
        only its O(role)) pushes, V(leaving_jobs) a pattern for their jobs, V(leaving_locations)
        the locations that nothing pings from when it has left, V(leaving_containers) its
        containers, of O(releases) and of its roles,
        V(leaving_backups) O(releases) with their kinds, V(leaving_paths) its directories and files,
        V(leaving_roles) its roles, V(leaving_own) the names in its C(observability_services),
        V(leaving_needed_by) hosts that need it, V(leaving_checks) a warning if the inventory still
        deploys to it. V(unchanged_checks) are checks of the other hosts - whether their
        containers are those of C(decommission_before).
      - V(contacted) is whether a deploy works on this host. V(left_out) are hosts that need one of
        O(lost), each with its checks.
      - V(receiver_checks) is a warning if this host's Alertmanager notifies nobody. V(drill_checks)
        is a failed check if nobody would be notified of a drill.
      - V(rollback_command) is the command that puts the previous collector of this host back.
      - V(slowest_push) is the number of seconds between two pushes of the slowest collector.
      - V(late_secrets) is whether Alertmanager has secrets that some of its versions cannot read
        from files.
      - V(python_modules) are the Python modules that this host needs.
      - V(adopted) are containers of this host that are replaced even though the collection did not
        create them.
      - V(roles) are the roles of this host, V(managed) those that run something there, V(runs) the
        same with C(services) for those in C(observability_services), V(service_scrapes) those that
        this host's Prometheus scrapes, as target groups by job, V(images) the keys of the images
        that these need, V(ports) the ports that they publish, as
        M(vya.observability.docker_engine_info) takes them.
      - V(selected) are the roles of this host whose services this run plans, according to its tags,
        V(selected_images) the keys of their images, V(existing) the roles whose service is an
        existing one. V(seen_groups) and V(planned_groups) are the groups in which a deploy puts
        each of O(hosts), by what it has seen there, and by what changes there. V(simple) is
        whether one call of M(vya.observability.host_plan) tells all about this host, V(settled)
        whether it has found the engine and the images as they should be.
      - V(bind_address) is the address at which O(role) listens on this host, or on the one of
        O(hosts), V(service_address) is C(host:port) and V(service_url) the URL (with O(path)) at
        which this host's containers reach the service of O(role), empty if the collection runs
        none.
      - V(gateway_scrape) has C(target), C(scheme) and C(path) at which this host's Prometheus
        scrapes the gateway.
      - V(collector_url) is the URL of this host's collector, V(collector_location) its location,
        V(routes) are the routes of its Traefik, V(ca_path) is the path of the local CA that signed
        the public names (on the host of O(hosts)), V(checks_ca_path) on the one that runs the
        checks, V(ca_host) the host that makes it, V(checks_from) the host that runs the checks,
        V(storage_url) the URL at which that one reaches VictoriaMetrics.
      - V(storage) are the URLs of the store that Prometheus writes to, C(remote_write), C(import),
        C(read) and C(delete), and its C(headers), V(checked_storage) is the same store as
        M(vya.observability.pipeline_check) takes it.
      - V(names) are the public names with Traefik's address, as this host's containers need them,
        V(host_names) as the host itself does, V(bridge_names) as a container of another network.
      - V(gateways) are the gateways of the collectors on O(hosts), as
        M(vya.observability.service_check) takes them.
    type: list
    elements: str
    required: true
  hosts:
    description: The hosts of this run. The default is all hosts of the inventory.
    type: list
    elements: str
  collectors:
    description: Collectors, in the form of C(validate_collectors).
    type: list
    elements: dict
    default: []
  metrics:
    description: The metrics of the catalogue, for V(pipeline_collectors).
    type: list
    elements: dict
    default: []
  found:
    description: Groups, as M(vya.observability.pushgateway_group_info) returns them.
    type: list
    elements: dict
    default: []
  others:
    description: Regular expressions for other jobs that belong on the gateway.
    type: list
    elements: str
    default: []
  lost:
    description: Hosts that do not answer.
    type: list
    elements: str
    default: []
  role:
    description: A role, for V(bind_address), V(service_address) and V(service_url).
    type: str
    default: ""
  path:
    description: The path of V(service_url).
    type: str
    default: ""
  releases:
    description:
      - Names of the releases that are on this host. For V(unwanted_checks), the default is what a
        deploy has seen.
    type: list
    elements: str
    default: []
  urls:
    description: URLs whose names are wanted, for V(names) and V(bridge_names). The default is all.
    type: list
    elements: str
  removed:
    description: Whether this run removes what V(stale_group_checks) or V(unwanted_checks) tell.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the groups that the inventory pushes
  ansible.builtin.debug:
    msg: "{{ query('vya.observability.fleet', 'owned_groups') }}"

- name: Show how often the slowest collector pushes
  ansible.builtin.debug:
    msg: "{{ lookup('vya.observability.fleet', 'slowest_push') }}"
"""

RETURN = r"""
_raw:
  description: The elements of the fact, or the fact itself if it is not a list.
  type: list
  elements: raw
  sample: [{name: wf001, url: "https://api-monitoring.example.com", job: collector_api_wf001_usa}]
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..module_utils._release.unwanted import unwanted, unwanted_checks
from ..plugin_utils._command import next_command
from ..plugin_utils._fleet import (
    backups,
    expected,
    leaving,
    machines,
    needs,
    own,
    pings,
    plan,
    pushers,
    receivers,
    stages,
    storage,
    topology,
)
from ..plugin_utils._fleet.inventory import Fleet
from ..plugin_utils._fleet.read import fleet_of

Option = Callable[[str], Any]


def _leaves(host: str, option: Option) -> tuple[str, str]:
    """Return the host that leaves, and the one service of it; empty for the whole host."""
    return str((option("hosts") or [host])[0]), str(option("role") or "")


def _tags(fleet: Fleet, host: str) -> tuple[list[str], list[str]]:
    """Return the tags that this run takes, and those that it skips."""
    return fleet[host].get("ansible_run_tags", ["all"]), fleet[host].get("ansible_skip_tags", [])


# Functions of the fleet, the host where the lookup is used, and the options.
FACTS: dict[str, Callable[[Fleet, str, Option], Any]] = {
    "backups": lambda fleet, host, option: backups.backups(fleet, host, option("releases")),
    "backup_names": lambda fleet, _host, option: [
        each["name"]
        for host in option("hosts") or fleet.groups["all"]
        for each in backups.backups(fleet, host)
    ],
    "bind_address": lambda fleet, host, option: topology.bind_address(
        fleet, (option("hosts") or [host])[0], option("role")
    ),
    "service_address": lambda fleet, host, option: topology.service_address(
        fleet, host, option("role")
    ),
    "gateway_scrape": lambda fleet, host, _: topology.gateway_scrape(fleet, host),
    "service_url": lambda fleet, host, option: topology.service_url(
        fleet, host, option("role"), option("path")
    ),
    "collector_location": lambda fleet, host, _: pings.collector_location(fleet, host),
    "collector_url": lambda fleet, host, _: topology.collector_url(fleet, host),
    "routes": lambda fleet, host, _: topology.routes(fleet, host),
    "ca_path": lambda fleet, host, option: topology.ca_path(fleet, (option("hosts") or [host])[0]),
    "checks_ca_path": lambda fleet, host, _: topology.checks_ca_path(fleet, host),
    "ca_host": lambda fleet, _host, _: topology.ca_host(fleet) or "",
    "checks_from": lambda fleet, host, _: topology.checks_from(fleet, host),
    "storage": lambda fleet, host, _: storage.storage(fleet, host),
    "checked_storage": lambda fleet, host, _: storage.checked_storage(fleet, host),
    "storage_url": lambda fleet, host, _: topology.storage_url(fleet, host),
    "names": lambda fleet, host, option: topology.names(fleet, host, urls=option("urls")),
    "host_names": lambda fleet, host, option: topology.names(fleet, host, "host", option("urls")),
    "bridge_names": lambda fleet, host, option: topology.names(
        fleet, host, "bridge", option("urls")
    ),
    "adopted": lambda fleet, host, _: machines.adopted(fleet, host),
    "existing": lambda fleet, host, _: plan.existing(fleet, host, *_tags(fleet, host)),
    "python_modules": lambda fleet, host, _: fleet[host]["docker_engine_python_modules"],
    "settled": lambda fleet, host, _: plan.is_settled(fleet, host),
    "simple": lambda fleet, host, _: plan.is_simple(fleet, host),
    "gateways": lambda fleet, _host, option: plan.gateways(
        fleet, option("hosts") or fleet.groups["all"]
    ),
    "planned_groups": lambda fleet, host, option: stages.planned_groups(
        fleet, option("hosts"), *_tags(fleet, host)
    ),
    "selected": lambda fleet, host, _: plan.selected(fleet, host, *_tags(fleet, host)),
    "selected_images": lambda fleet, host, _: machines.images(
        fleet, host, plan.selected(fleet, host, *_tags(fleet, host))
    ),
    "collector": lambda fleet, host, _: pushers.collector(fleet[host]),
    "collector_containers": lambda fleet, _host, _: expected.collector_containers(fleet),
    "collector_groups": lambda fleet, _host, _: pushers.collector_groups(fleet),
    "collector_services": lambda _f, _h, option: expected.collector_services(option("collectors")),
    "expected_releases": lambda fleet, host, option: expected.expected_releases(
        fleet, host, option("hosts") or fleet.groups["all"]
    ),
    "contacted": lambda fleet, host, _: plan.is_contacted(fleet, host),
    "images": lambda fleet, host, _: machines.images(fleet, host),
    "known_jobs": lambda fleet, _host, option: pushers.known_jobs(
        fleet, option("others"), option("hosts")
    ),
    "leaving_backups": lambda fleet, host, option: leaving.backed_up(
        fleet, _leaves(host, option)[0], option("releases")
    ),
    "leaving_checks": lambda fleet, host, option: [
        check.as_data() for check in leaving.named_checks(fleet, *_leaves(host, option))
    ],
    "leaving_containers": lambda fleet, host, option: leaving.containers(
        fleet, _leaves(host, option)[0], option("releases"), _leaves(host, option)[1]
    ),
    "leaving_jobs": lambda _fleet, host, option: leaving.jobs(_leaves(host, option)[1]),
    "leaving_locations": lambda fleet, host, option: leaving.locations(
        fleet, *_leaves(host, option)
    ),
    "leaving_names": lambda fleet, host, option: leaving.named(fleet, *_leaves(host, option)),
    "leaving_needed_by": lambda fleet, host, option: leaving.needed_by(
        fleet, _leaves(host, option)[0]
    ),
    "leaving_own": lambda fleet, host, option: own.own_names(fleet[_leaves(host, option)[0]]),
    "leaving_paths": lambda fleet, host, option: leaving.own_paths(fleet, *_leaves(host, option)),
    "leaving_roles": lambda fleet, host, option: leaving.given_roles(
        fleet, _leaves(host, option)[0]
    ),
    "unchanged_checks": lambda fleet, _host, _: [
        check.as_data() for check in leaving.unchanged_checks(fleet)
    ],
    "left_out": lambda fleet, _host, option: needs.left_out(
        fleet, option("lost"), option("hosts") or fleet.groups["all"]
    ),
    "late_secrets": lambda fleet, host, _: plan.has_late_secrets(fleet[host]),
    "lost_host_checks": lambda _f, _h, option: expected.lost_host_checks(option("hosts") or ()),
    "log_hosts": lambda fleet, _host, option: pushers.log_hosts(fleet, option("hosts")),
    "managed": lambda fleet, host, _: fleet.managed(host),
    "n8n_exporters": lambda fleet, _host, _: pushers.n8n_exporters(fleet),
    "owned_groups": lambda fleet, _host, _: pushers.owned_groups(fleet),
    "ping_interval": lambda fleet, _host, _: pings.ping_interval(fleet),
    "ping_locations": lambda fleet, _host, option: pings.ping_locations(fleet, option("hosts")),
    "ping_scrapes": lambda fleet, host, _: pings.ping_scrapes(fleet, host),
    "ping_sources": lambda fleet, _host, option: pings.ping_sources(fleet, option("hosts")),
    "ping_targets": lambda fleet, host, _: pings.ping_targets(fleet, host),
    "pipeline_collectors": lambda _f, _h, option: expected.pipeline_collectors(
        option("collectors"), option("metrics")
    ),
    "pipeline_exporters": lambda fleet, _host, option: pushers.pipeline_exporters(
        fleet, option("hosts")
    ),
    "ports": lambda fleet, host, _: machines.sure_ports(fleet, host),
    "roles": lambda fleet, host, _: fleet.roles(host),
    "receiver_checks": lambda fleet, host, _: receivers.receiver_checks(fleet, host),
    "drill_checks": lambda fleet, host, _: receivers.drill_checks(
        fleet, "drill_stop_collector" in fleet[host]
    ),
    "rollback_command": lambda _fleet, host, _: next_command("vya.observability.rollback", [host]),
    "runs": lambda fleet, host, _: plan.runs(fleet, host),
    "seen_groups": lambda fleet, host, option: stages.seen_groups(
        fleet, option("hosts"), *_tags(fleet, host)
    ),
    "service_scrapes": lambda fleet, host, _: own.own_scrapes(fleet, host),
    "looked_at": lambda fleet, host, _: expected.is_looked_at(fleet, host),
    "wanted_releases": lambda fleet, host, _: expected.wanted_releases(fleet, host),
    "unwanted_releases": lambda fleet, host, option: unwanted(
        option("releases"), expected.wanted_releases(fleet, host)
    ),
    "removed_services": lambda fleet, host, option: expected.removed_services(
        fleet, host, option("releases")
    ),
    "unwanted_checks": lambda fleet, host, option: [
        check.as_data()
        for check in unwanted_checks(
            host,
            option("releases") or stages.releases(fleet[host]),
            expected.wanted_releases(fleet, host),
            option("removed"),
        )
    ],
    "alertmanager": lambda fleet, _host, _: expected.alertmanager(fleet),
    "deployed_rules": lambda fleet, _host, _: expected.deployed_rules(fleet),
    "rule_groups": lambda fleet, _host, option: expected.rule_groups(fleet, option("hosts")),
    "slowest_push": lambda fleet, _host, _: pushers.slowest_push(fleet),
    "stale_group_checks": lambda _f, _h, option: expected.stale_group_checks(
        option("found"), option("removed")
    ),
    "stale_groups": lambda fleet, _host, option: pushers.stale_groups(
        fleet, option("found"), option("others")
    ),
    "validations": lambda fleet, _host, _: pushers.validations(fleet),
}


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the fact.

        Raises:
            AnsibleError: The term is not a key of ``FACTS``.
        """
        self.set_options(var_options=variables, direct=kwargs)
        if len(terms) != 1 or terms[0] not in FACTS:
            raise AnsibleError(f"fleet: expected one of {', '.join(FACTS)}; seen: {terms}")
        known = variables or {}
        fact = FACTS[terms[0]](
            fleet_of(self._loader, known), str(known["inventory_hostname"]), self.get_option
        )
        return fact if isinstance(fact, list) else [fact]
