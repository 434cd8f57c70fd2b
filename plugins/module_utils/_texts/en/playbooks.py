# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks say of hosts that were left out, and at the end of a deploy: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "reach": {
        "expected": "an answer within {seconds:g} s, as the user that the tasks need, and Python",
    },
    "reach.refused": {
        "seen": "it cannot be reached: {message}",
        "cause": "the host is down, its address, port, user or key is another one, or nothing listens there",
        "fix": "try it with `ansible -m ansible.builtin.ping {host}`",
    },
    "reach.silent": {
        "seen": "it does not answer within {seconds:g} s",
        "cause": "the host hangs or is overloaded, or something else than ssh listens at its port",
        "fix": "log in there, or restart the host",
    },
    "reach.become": {
        "cause": "{become} asks for another password, does not allow the user, or waits for a server that it asks",
        "fix": "try it with `ansible -b -m ansible.builtin.raw -a true {host}` (-K asks for the password)",
    },
    "reach.become.refused": {
        "seen": "it answers, but {become} fails: {message}",
    },
    "reach.become.silent": {
        "seen": "it answers, but {become} does not within {seconds:g} s",
    },
    "reach.python": {
        "seen": "it has no {names}",
        "cause": "Python is not installed, or ansible_python_interpreter names another path",
        "fix": "install python3 there, or set ansible_python_interpreter",
    },
    "reach.lost": {
        "seen": "it dropped out of the run",
        "cause": "it stopped answering",
        "fix": "read this host's error above",
    },
    "reach.needs": {
        "cause": "{root} does not answer",
        "fix": "bring {root} back",
    },
    "reach.needs.gateway": {
        "seen": "left out: {roles} push to the gateway on {other}",
    },
    "reach.needs.ca": {
        "seen": "left out: {roles} trust the CA that is on {other}",
    },
    "reach.needs.image": {
        "seen": "left out: {roles} run the image that {other} builds",
    },
    "traces": {
        "expected": "nothing of it is left",
        "seen": "nothing is left",
    },
    "traces.left": {
        "seen": "left: {found:some; }",
        "cause": "the run was interrupted, or somebody else uses it",
        "fix": "run decommission again",
    },
    "traces.left.gateway": {
        "cause": "it still pushes: it was not stopped, or it is another host of this name",
        "fix": "stop it on the host, and run decommission again",
    },
    "traces.left.targets": {
        "cause": "prometheus_targets, prometheus_extra_scrape_configs or a configuration of somebody else names it",
        "fix": "remove it there, deploy with --tags prometheus, and run decommission again",
    },
    "traces.left.rules": {
        "cause": "prometheus_rules, prometheus_expected_... or rules of somebody else name it",
        "fix": "remove it there, deploy with --tags prometheus, and run decommission again",
    },
    "traces.left.grafana": {
        "cause": "somebody else created it, or grafana_extra_... names it",
        "fix": "remove it there, and run decommission again",
    },
    "traces.left.dashboards": {
        "cause": "a dashboard names it itself, or was saved with it as the value of a variable",
        "fix": "choose another value there, and save the dashboard",
    },
    "unchanged": {
        "expected": "its containers are those from before",
        "seen": "{n} containers as before, apart from those that named the host: {replaced:some}",
    },
    "unchanged.differs": {
        "seen": "others than before: {names:some}",
        "cause": "something else deployed meanwhile, or a container was restarted",
        "fix": "read when each was started: docker ps",
    },
    "left_inventory": {
        "expected": "the inventory no longer deploys to it",
        "seen": "it does not",
    },
    "left_inventory.named": {
        "seen": "{host} is still in: {groups}",
        "cause": "decommission changes no file of the inventory",
        "fix": "move it to the group leaving, or delete it; otherwise the next deploy brings it back",
    },
    "proof": {
        "expected": "the release passes the validation before the next host is touched",
        "cause": "the checks above name it",
    },
    "proof.first": {
        "seen": "it failed, so no further host was touched. It is the first release here: there is none to go back to",
        "fix": "repair what the checks above name, and deploy again",
    },
    "proof.kept": {
        "seen": "it failed, so no further host was touched. The new release still runs",
        "fix": "to put the previous one back: {command} (a deploy with -e deploy_rollback=true does it by itself)",
    },
    "proof.put_back": {
        "seen": "it failed, so no further host was touched. The previous release is back",
        "fix": "repair what the checks above name, and deploy again",
    },
    "proof.final_first": {
        "seen": "the proof of everything failed. It is the first release here: there is none to go back to",
        "fix": "repair what the checks above name, and deploy again",
    },
    "proof.final_kept": {
        "seen": "the proof of everything failed. The new release still runs",
        "fix": "to put the previous one back: {command} (a deploy with -e deploy_rollback=true does it by itself)",
    },
    "proof.final_put_back": {
        "seen": "the proof of everything failed. The previous release is back",
        "fix": "repair what the checks above name, and deploy again",
    },
    "summary.addresses": "Where everything is",
    "summary.collector": "collector {host}",
    "summary.more": "and {n} more collectors",
    "summary.ca": "CA to trust",
    "summary.report": "Report",
    "summary.grafana_user": "{url} (user {user})",
    "summary.grafana_left_out": "left out: {reason}",
    "summary.left_out": "Left out",
    "summary.catch_up": "When this is repaired: {command}",
    "summary.next": "What to do next",
    "summary.next.receiver": "nobody is notified of alerts: set alertmanager_receivers (docs/alerting.md), then {command}",
    "summary.next.drill": "see an alert arrive: {command}",
    "summary.next.rotate": "rotate the keys now and then: docs/deploying.md, Secrets",
    "summary.next.host": "add a host: a line in its groups, and its region, then {command}",
}
