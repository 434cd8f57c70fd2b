#!/usr/bin/python
# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module grafana_bundle; the work is in module_utils/_grafana/bundle.py."""

from __future__ import annotations

DOCUMENTATION = r"""
module: grafana_bundle
short_description: Manage Grafana's folders, data sources, dashboards and alerting in one call
version_added: 0.1.0
description:
  - Compares the desired state with what the server has, and writes only what differs. Reads run in
    parallel, writes one after the other.
  - A section that is not given is not touched.
  - Checks everything before the first write, and reports all problems in one error. This includes
    mistakes that a server accepts, such as a panel or rule whose data source or folder does not
    exist, a condition that refers to nothing, expressions that refer to each other, a query that
    does not parse, a title that is taken, or a rule that belongs to another group.
  - After writing, checks the data sources, and that each panel that was written has data; see
    O(prove).
  - A problem of an object that is not changed is a warning. Therefore an export can always be
    applied to its own server, and changes nothing.
  - Kinds of objects that are not given are not looked at. An empty list is a kind of which nothing
    is wanted, so O(prune) deletes what carries the mark.
  - The next run completes one that was interrupted.
  - The queries of a rule are parsed by its data source. If that is down, new or changed, another
    data source of the same type parses them. A query that only PromQL refuses may then be
    MetricsQL, unless C(prometheusType) in C(json_data) says what the data source is.
  - Queries that no data source can parse yet are parsed right after their data source is written,
    before any dashboard or rule; check mode warns about them. Whether a template or a matcher is
    valid is known only when it is sent to the server.
author: Vya Digital (@vya-digital)
extends_documentation_fragment:
  - vya.observability.check.fail_on
  - vya.observability.grafana
  - vya.observability.http_client
  - vya.observability.http_client.auth
  - vya.observability.attributes
options:
  organization:
    description:
      - The name that the organisation must have. Any other name is an error, because the
        credentials may belong to another organisation.
    type: str
  rename_organization:
    description:
      - Rename the organisation to O(organization) instead of failing.
    type: bool
    default: false
  folders:
    description:
      - Folders. They are never deleted, because a folder cannot carry a mark.
    type: list
    elements: dict
    suboptions:
      uid:
        description:
          - Its uid. Like all uids, 1 to 40 letters, digits, hyphens or underscores.
        type: str
        required: true
      title:
        description:
          - Its title, unique inside its parent.
        type: str
        required: true
      parent_uid:
        description:
          - Uid of its parent folder, in O(folders) or on the server.
        type: str
  when_no_nesting:
    description:
      - What to do about O(folders[].parent_uid) where the server has no nested folders (before
        Grafana 11, unless they are enabled).
      - V(flatten) creates all folders at the top level, with a warning.
    type: str
    choices: [fail, flatten]
    default: fail
  datasources:
    description:
      - Data sources. The mark is the key C(managedBy) of their C(jsonData).
      - No known version of Grafana can empty C(url), C(user), C(database) or C(basicAuthUser). To
        empty one, the data source is deleted and created again with the same uid. Check mode and
        the diff show this, RV(objects) lists it as C(recreated), and O(max_deletions) counts it.
        All its secrets must be given.
      - A data source with O(datasources[].access=proxy) and without secrets and basic
        authentication is compared with the server's list, without a request of its own. That list
        does not include O(datasources[].with_credentials).
    type: list
    elements: dict
    suboptions:
      uid:
        description:
          - Its uid, which dashboards and rules refer to.
        type: str
        required: true
      name:
        description:
          - Its name, unique on the server.
        type: str
        required: true
      type:
        description:
          - Id of its plugin, such as V(prometheus), V(loki) or V(alertmanager).
        type: str
        required: true
      url:
        description:
          - Its URL, as Grafana reaches it.
        type: str
        default: ''
      access:
        description:
          - Who queries it, Grafana (V(proxy)) or the browser (V(direct)).
        type: str
        choices: [proxy, direct]
        default: proxy
      is_default:
        description:
          - Whether panels without a data source use it.
        type: bool
        default: false
      basic_auth:
        description:
          - Whether to use HTTP basic authentication. The password is the secret
            C(basicAuthPassword).
        type: bool
        default: false
      basic_auth_user:
        description:
          - User of O(datasources[].basic_auth).
        type: str
        default: ''
      user:
        description:
          - User of a database.
        type: str
        default: ''
      database:
        description:
          - Name of a database.
        type: str
        default: ''
      with_credentials:
        description:
          - Whether the browser sends its credentials along.
        type: bool
        default: false
      json_data:
        description:
          - The settings of its type, with Grafana's names (C(jsonData)).
        type: dict
        default: {}
      secure_json_data:
        description:
          - Its secrets, with Grafana's names (C(secureJsonData)).
          - A value of null keeps what the server has. A secret that is not given is not removed.
          - The server never returns secrets. Therefore a fingerprint (scrypt, with its own salt) is
            kept in C(jsonData), and secrets are written again only if it differs. A secret that
            was edited by hand is not noticed; see O(rewrite_secrets).
        type: dict
        default: {}
  dashboards:
    description:
      - Dashboards in Grafana's own JSON (classic model), each with a C(title). One without a C(uid)
        is given one, as by an import; it follows from folder and title. The mark is a tag.
      - Library panels that an export brings along (C(__elements)) are created if missing.
      - Compared without C(id), C(version) and C(iteration).
    type: list
    elements: dict
    suboptions:
      folder:
        description:
          - Uid of its folder. Empty means the folder General.
        type: str
        default: ''
      path:
        description:
          - A file, or a directory whose C(*.json) files are all used, on the host where the module
            runs.
        type: path
      content:
        description:
          - The dashboard itself.
        type: dict
      inputs:
        description:
          - Values for the inputs of a dashboard that was exported for sharing. C(DS_PROMETHEUS)
            replaces C(${DS_PROMETHEUS}).
          - Constants without one have the value that the export gives. Other inputs must have one.
        type: dict
        default: {}
  rule_groups:
    description:
      - Groups of alert rules. Each group is written with one request if the server accepts that. If
        it answers that it does not know the rules, the new rules are posted first.
      - Other rules in such a group are kept, unless O(prune) deletes them.
      - The order of the rules is compared with Grafana 10 and newer; older servers do not return
        it.
    type: list
    elements: dict
    suboptions:
      folder:
        description:
          - Uid of its folder.
        type: str
        required: true
      name:
        description:
          - Name of the group.
        type: str
        required: true
      interval_seconds:
        description:
          - Evaluation interval, in seconds, a multiple of 10.
        type: int
        required: true
      rules:
        description:
          - The rules, in the form of Grafana's provisioning API. Each needs C(uid), C(title),
            C(condition) and C(data), and may have C(for), C(noDataState), C(execErrState),
            C(labels), C(annotations), C(isPaused) and whatever else the server supports.
          - Folder and group are those of this element. The mark is the annotation
            C(__managed_by__), which is not sent with notifications.
          - The contact point and the mute timings in C(notification_settings) (Grafana 10.4 and
            newer) must exist. A contact point that a rule uses is not deleted.
          - A rule with the mark is moved here from another group. A rule without the mark in
            another group is a problem.
        type: list
        elements: dict
        required: true
  contact_points:
    description:
      - Contact points; several with one name are one contact point with several integrations. The
        mark is the setting C(managedBy).
    type: list
    elements: dict
    suboptions:
      uid:
        description:
          - Uid of the integration.
        type: str
        required: true
      name:
        description:
          - Name that the notification policy refers to.
        type: str
        required: true
      type:
        description:
          - Type of the integration, such as V(webhook), V(email) or V(slack). The server must
            support it.
        type: str
        required: true
      settings:
        description:
          - Settings, with Grafana's names, without the secret ones.
        type: dict
        default: {}
      secure_settings:
        description:
          - Secret settings, with Grafana's names, such as C(password) of a webhook, C(url) and
            C(token) of Slack, C(bottoken) of Telegram. A nested one is named by its path, such as
            C(tlsConfig.clientKey).
          - A setting that any version of Grafana hides, such as the C(url) of Discord, or that this
            server hides, is treated as a secret even if it is given in
            O(contact_points[].settings).
          - A value of null keeps what the server has. For the fingerprint see
            O(datasources[].secure_json_data).
        type: dict
        default: {}
      disable_resolve_message:
        description:
          - Do not send a notification when an alert is resolved.
        type: bool
        default: false
  notification_policy:
    description:
      - The whole notification policy tree, in the form of Grafana's provisioning API. Different
        forms of the same matcher count as equal.
    type: dict
  mute_timings:
    description:
      - Mute timings. They are never deleted, because they cannot carry a mark.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Its name, as used in the notification policy.
        type: str
        required: true
      time_intervals:
        description:
          - The intervals, in the form of Grafana's provisioning API.
        type: list
        elements: dict
        required: true
  templates:
    description:
      - Templates of notifications. The mark is a comment in them.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Its name.
        type: str
        required: true
      template:
        description:
          - Its text.
        type: str
        required: true
  provenance:
    description:
      - Whether alerting objects are marked as provisioned (V(api)), which locks them in Grafana's
        user interface, or not (V(none)).
      - V(keep) does not change existing objects and gives V(api) to new ones; a new rule gets what
        its group has.
      - The server never removes it from a rule. Therefore V(none) is a problem for a rule with
        V(api), and so is a group in which only some rules have it.
      - Before Grafana 10, only rules can be without it. Everything else that is written gets
        V(api), and the server does not return it for mute timings and templates.
    type: str
    choices: [keep, api, none]
    default: keep
  mark:
    description:
      - Identifies the objects of this bundle. Each bundle of a server needs its own.
      - Each object that is written gets it. An object that only lacks the mark is not written.
    type: str
    default: vya-observability
  prune:
    description:
      - Delete objects that carry the O(mark) and are not in the bundle, in the sections that are
        given. Applies to data sources, dashboards, alert rules, contact points and templates.
    type: bool
    default: false
  max_deletions:
    description:
      - Maximum number of objects to delete, including those that are created again. If there are
        more, the task fails and nothing is written.
    type: int
    default: 5
  rewrite_secrets:
    description:
      - Write the secrets of data sources and contact points even if they are unchanged, for example
        after someone edited one by hand.
    type: bool
    default: false
  prove:
    description:
      - What to check on the server after writing. Nothing is checked in check mode.
    type: dict
    default: {}
    suboptions:
      scope:
        description:
          - V(changed) checks the data sources and dashboards that this run wrote, and the data
            sources that these dashboards use. V(all) checks all that are given, V(none) none.
          - A data source of the type C(prometheus) or C(loki) is checked with a query, another one
            with its health check if the server has one for its type.
          - The queries of panels go through Grafana's own query endpoint, with the saved values of
            the variables, or those that Prometheus finds for them. What uses a variable without a
            value is skipped; one that stands for no data source fails.
        type: str
        choices: [none, changed, all]
        default: changed
      window:
        description:
          - Time range in which there must be data, in seconds before now.
        type: float
        default: 3600.0
      wait:
        description:
          - Seconds to wait for panels that have no data yet.
        type: float
        default: 0.0
      empty:
        description:
          - Status of a panel without data. A panel whose query fails always fails.
        type: str
        choices: [pass, warn, fail]
        default: warn
      may_be_empty:
        description:
          - Panels that may have no data, as C(dashboard-uid/panel title). C(*) matches anything.
        type: list
        elements: str
        default: []
"""

EXAMPLES = r"""
- name: Ensure Grafana's content, and prove that every panel has data
  vya.observability.grafana_bundle:
    url: https://grafana.example.org
    bearer_token: "{{ grafana_token }}"
    folders:
      - uid: collectors
        title: Collectors
    datasources:
      - uid: prometheus
        name: Prometheus
        type: prometheus
        url: https://prometheus.example.org
        is_default: true
        basic_auth: true
        basic_auth_user: grafana
        json_data:
          httpMethod: POST
          timeInterval: 60s
        secure_json_data:
          basicAuthPassword: "{{ prometheus_password }}"
    dashboards:
      - folder: collectors
        path: /etc/vya-observability/grafana/dashboards
    rule_groups:
      - folder: collectors
        name: storage
        interval_seconds: 60
        rules:
          - uid: victoriametrics-down
            title: VictoriaMetrics does not answer
            condition: B
            for: 5m
            noDataState: Alerting
            labels:
              severity: critical
            annotations:
              summary: VictoriaMetrics does not answer Prometheus
            data:
              - refId: A
                datasourceUid: prometheus
                relativeTimeRange: {from: 600, to: 0}
                model: {expr: 'min(up{job="victoriametrics"})', instant: true}
              - refId: B
                datasourceUid: __expr__
                model:
                  type: threshold
                  expression: A
                  conditions:
                    - evaluator: {type: lt, params: [1]}
    contact_points:
      - uid: ops
        name: ops
        type: webhook
        settings:
          url: https://hooks.example.org/grafana
          username: grafana
        secure_settings:
          password: "{{ hook_password }}"
    notification_policy:
      receiver: ops
      group_by: [grafana_folder, alertname]
    prune: true
    prove:
      wait: 90
      empty: fail
      may_be_empty: ["*/Errors by type"]

- name: Show what would change, with each difference
  vya.observability.grafana_bundle:
    url: https://grafana.example.org
    bearer_token: "{{ grafana_token }}"
    dashboards:
      - path: files/overview.json
  check_mode: true
  diff: true
"""

RETURN = r"""
objects:
  description:
    - Uids or names, by kind and by what was, or would be, done. Kinds are C(organization),
      C(folders), C(datasources), C(dashboards), C(templates), C(mute_timings), C(contact_points),
      C(notification_policy), C(rule_groups) and C(rules); one without objects is left out.
      C(recreated) are data sources that are deleted and created again.
  returned: when the server's state could be read
  type: dict
  sample:
    dashboards:
      created: [pipeline]
      updated: []
      recreated: []
      deleted: []
      unchanged: [collector, latency]
changes:
  description: The same changes, one line each.
  returned: when the server's state could be read
  type: list
  elements: str
  sample: [create dashboards pipeline (Pipeline health)]
problems:
  description: Why nothing was written. C(values) has the codes.
  returned: when there are any
  type: list
  elements: str
  sample: ["data source metrics: Grafana has no plugin for the type mimir"]
notes:
  description: The warnings, and the problems of objects that are not changed.
  returned: always
  type: list
  elements: dict
  contains:
    code:
      description: What is wrong. C(values) beside it are the details, such as a name.
      type: str
      sample: source_type_unknown
    what:
      description: The object.
      type: str
      sample: data source metrics
    message:
      description: The same as a sentence.
      type: str
      sample: "data source metrics: Grafana has no plugin for the type mimir"
code:
  description:
    - What failed, such as C(grafana.bundle_refused) or C(http.status.401). C(values) beside it are
      the details, unless a check failed. There, C(written) and C(left) are the steps that were done
      and those that were not, C(problems) the problems of the bundle, each like an element of
      RV(notes).
  returned: failure
  type: str
  sample: grafana.bundle_refused
checks:
  description:
    - One check per data source, then one per panel, as O(prove) asks for.
    - Each has the keys of RV(vya.observability.pipeline_check#module:checks). C(seen) is, for a
      panel without data, the reason and its query. C(seconds) is 0 for panels, which are queried
      together.
  returned: when nothing failed before
  type: list
  elements: dict
  sample:
    - id: panel latency/Round trip
      status: warn
      expected: data in the last 3600 s
      seen: "no data: no series match in the window; query A of prometheus: ping_rtt_seconds"
      cause: nothing exports this metric (yet), or the labels match no series
      fix: look for the metric in the data source; set prove.wait if the data is still to come
      seconds: 0.0
counts:
  description: Number of checks by status.
  returned: when nothing failed before
  type: dict
  sample: {pass: 31, warn: 1, fail: 0, skip: 0}
version:
  description: Grafana's version, empty if it does not say.
  returned: when the server's state could be read
  type: str
  sample: 11.6.0
requests:
  description: Number of requests sent.
  returned: always
  type: int
  sample: 27
seconds:
  description: Duration of each part that was reached, and of the whole module, in seconds.
  returned: always
  type: dict
  sample: {read: 0.1, compare: 0.3, write: 0.2, prove: 0.4, total: 1.0}
"""


from ansible_collections.vya.observability.plugins.module_utils._hidden import Module

from ..module_utils._grafana.bundle import run_module
from ..module_utils._grafana.client import grafana_argument_spec
from ..module_utils._grafana.registry import bundle_argument_spec


def main() -> None:
    """Run the module."""
    run_module(
        Module(
            argument_spec={**grafana_argument_spec(), **bundle_argument_spec()},
            supports_check_mode=True,
        )
    )


if __name__ == "__main__":
    main()
