# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases: what runs is what was deployed: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "unknown_date": "an unknown date",
    "nothing": "nothing",
    "running_container": "{name} (running)",
    "container.state": "{reason}{after}",
    "left_by_swap": "left by an interrupted swap: {containers}",
    "log_lines": "last log lines: {lines: / }",
    "log_hidden": "its log is not shown, because it may contain secrets",
    "docker": {
        "expected": "a Docker daemon at {docker_host}",
    },
    "docker.no_socket": {
        "seen": "no socket at {docker_host}",
        "cause": "Docker is not installed or not started",
        "fix": "install or start it: systemctl status docker",
    },
    "docker.no_permission": {
        "seen": "permission denied at {docker_host}",
        "cause": "this user has no access to the daemon's socket",
        "fix": "run the task with become: true",
    },
    "docker.not_running": {
        "seen": "connection refused at {docker_host}",
        "cause": "the daemon is not running",
        "fix": "start it: systemctl status docker; journalctl -u docker",
    },
    "docker.no_answer": {
        "seen": "{error}",
        "cause": "the daemon at {docker_host} hangs, has stopped, or refuses the request",
        "fix": "systemctl status docker; journalctl -u docker",
    },
    "releases": {
        "expected": "every release is checked",
    },
    "releases.none": {
        "seen": "container_release has not deployed anything on this host",
    },
    "releases.of_others": {
        "seen": "{releases:, }: no files of them in {directory}, so they are of another state directory, which is another "
        "inventory's",
    },
    "wanted": {
        "expected": "a role of this host, or observability_services, to run {release}",
    },
    "wanted.nobody": {
        "seen": "a release of it from before",
        "cause": "the host has left the group, the group is empty, or the entry was deleted",
        "fix": "ansible-playbook vya.observability.remove --limit {host} (volumes stay); if something else deploys "
        "it, name it in observability_other_releases",
    },
    "wanted.nobody.removed": {
        "fix": "removed by this run; volumes stay, unless remove_volumes is true",
    },
    "running": {
        "expected": "running and healthy",
        "seen": "{also:; }",
    },
    "running.ok": {
        "seen": "running since {since}Z, healthy",
    },
    "running.under_way": {
        "seen": "not judged: a deploy is at work on it since {since} (process {process})",
        "cause": "it is being replaced",
        "fix": "validate again when that has ended",
    },
    "running.interrupted": {
        "seen": "no container of that name; left over: {left}",
        "cause": "a deploy was interrupted",
        "fix": "deploy again: that repairs it",
    },
    "running.renamed": {
        "seen": "no container of that name; deployed as it, and of another name: {names:, }",
        "cause": "it was renamed by hand",
        "fix": "docker rename {names:, } {container}, or deploy it",
    },
    "running.removed": {
        "seen": "no container of that name",
        "cause": "it was removed by hand; its files are still on this host",
        "fix": "deploy it",
    },
    "running.never_deployed": {
        "seen": "no container of that name",
        "cause": "never deployed on this host, or under another name; deployed here: {here}",
        "fix": "deploy it",
    },
    "running.paused": {
        "cause": "somebody ran docker pause",
        "fix": "unpause it with docker unpause",
    },
    "paused": "it is paused",
    "running.no_healthcheck": {
        "cause": "it was not created by container_release, which refuses containers without a healthcheck",
        "fix": "redeploy it",
    },
    "running.memory_full": {
        "cause": "its limit of memory is too low: the program does not fit into it, and reads its own files over and over",
        "fix": "raise memory, and deploy",
    },
    "running.stopped": {
        "cause": "somebody stopped it",
        "fix": "start it with docker start, or redeploy it",
    },
    "running.unhealthy": {
        "cause": "the program, or what it depends on, is broken",
        "fix": "read docker logs {container}",
    },
    "running.unhealthy.replaced": {
        "fix": "read docker logs {container}; roll back if it started with a deploy",
    },
    "running.left": {
        "seen": "running since {since}Z, healthy; {also:; }",
        "cause": "a deploy was killed, or is in progress",
        "fix": "deploy again: that repairs it",
    },
    "image": {
        "expected": "image {deployed}, as deployed, which {named} still points to",
    },
    "image.ok": {
        "seen": "it runs {runs} ({names}), built {made}",
    },
    "image.recreated": {
        "seen": "it runs {runs}, {deployed} was deployed",
        "cause": "the container was recreated by hand or by another program",
        "fix": "redeploy it",
    },
    "image.no_such_name": {
        "seen": "it runs {runs}; this host has no image {reference}",
        "cause": "the tag was removed, or the image was never built or pulled on this host",
        "fix": "build or pull it, and deploy",
    },
    "image.rolled_back": {
        "seen": "it runs {runs}, built {made}; {reference} now points to {now}, built {now_made}",
        "cause": "the release was rolled back",
        "fix": "deploy again once it is fixed",
    },
    "image.rolled_back.without_name": {
        "seen": "it runs {runs}, which no longer has a tag",
    },
    "image.tag_moved": {
        "seen": "it runs {runs}, built {made}; {reference} now points to {now}, built {now_made}",
        "cause": "the tag has moved: another image was pulled or built since, but not deployed",
        "fix": "redeploy it: docker restart keeps the old image",
    },
    "image.other_reference": {
        "seen": "it runs {runs}, built {made}; {reference} now points to {now}, built {now_made}",
        "cause": "it was deployed from {deployed_from}",
        "fix": "redeploy it: docker restart keeps the old image",
    },
    "image.name_taken": {
        "seen": "it runs {runs}, which no longer has a tag",
        "cause": "another image has been built under its tag since, but not deployed",
        "fix": "redeploy it",
    },
    "image.other_digest": {
        "seen": "{digest} was deployed; the image now has {digests}",
        "cause": "the image was loaded or pushed again under another digest",
        "fix": "redeploy it",
    },
    "image.only_latest": {
        "seen": "it runs {runs} ({names}), built {made}",
        "cause": "latest is whatever was pulled last: there is no tag to roll back to",
        "fix": "deploy a version tag or a digest",
    },
    "source": {
        "expected": "built from today's source, {today}",
        "seen": "an image built {made} from {source}",
    },
    "source.ok": {
        "seen": "built {made} from it",
    },
    "source.unknown": {
        "seen": "an image built {made}, without a record of its source",
        "cause": "it was not built by image_build",
        "fix": "build it, and deploy",
    },
    "source.rolled_back": {
        "cause": "the release was rolled back",
        "fix": "deploy again once it is fixed",
    },
    "source.not_rebuilt": {
        "cause": "the image has not been rebuilt since the code changed",
        "fix": "build it, and deploy",
    },
    "source.not_deployed": {
        "cause": "the image was rebuilt after the code changed, but not deployed",
        "fix": "deploy it",
    },
    "configuration": {
        "expected": "as deployed: options, limits, networks, files and secrets",
    },
    "configuration.ok": {
        "seen": "as deployed; a secret counts as unchanged while its file is untouched",
    },
    "configuration.adopted": {
        "seen": "not created by container_release: it was adopted and then rolled back to",
        "cause": "the release that replaced it was rolled back",
        "fix": "deploy again",
    },
    "configuration.recreated": {
        "seen": "it has no labels of a deploy",
        "cause": "it was recreated by hand or by another program",
        "fix": "redeploy it with adopt",
    },
    "configuration.changed": {
        "seen": "{differences:; }",
        "cause": "it was recreated by hand, changed with docker, or its files were edited on this host",
        "fix": "redeploy it",
    },
    "configuration.not_readable": {
        "seen": "{error}",
        "cause": "only root can read the files of a release",
        "fix": "run the task with become: true",
    },
    "disk.gone": "{what} is no longer on disk",
    "disk.replaced": "{what} was replaced on disk; the container still has the old one",
    "disk.changed": "{what} was changed on disk after the deploy",
    "disk.permissions": "the permissions of {what} on disk were changed",
    "disk.owner": "the owner of {what} on disk was changed",
    "differs": "{what} differs",
    "differs.no_record": "{directory} has no record of its options",
    "differs.record": "its record does not match its digest",
    "differs.drift": "a deploy would {action}",
    "differs.no_image": "its image is no longer on this host",
    "differs.variable": "environment variable {name} differs",
    "differs.field": "{key} is not as it was set",
    "differs.connected": "it was connected to network {network}",
    "differs.alias": "it has no alias {alias} in network {network}",
    "differs.not_connected": "it is not connected to network {network}",
    "reason.image": "image",
    "reason.configuration": "configuration",
    "reason.option": "option {option}",
    "reason.file": "file {path}",
    "reason.secret": "secret {path}",
    "reason.no_record": "no record of its options",
    "reason.limited": "{key} was changed by hand",
    "reason.network": "network {network} was recreated",
    "drift.set": "set {keys} of container {container}",
    "drift.connect": "connect container {container} to network {network}",
    "drift.own": "give {path} to {owner}",
    "written": {
        "expected": "its configuration directories are as the last deploy left them",
        "seen": "as written (directories: {directories})",
    },
    "written.by_hand": {
        "seen": "{files:; }",
        "cause": "somebody has changed them by hand, or another program has",
        "fix": "put the change into the inventory, and deploy; a deploy replaces what was changed by hand",
    },
    "written.changed": "{path} was written again",
    "written.added": "{path} is not of the deploy",
    "written.removed": "{path} is gone",
    "written.permissions": "mode or owner of {path} was changed",
    "loaded": {
        "expected": "the server at {url} runs the configuration that was deployed",
        "seen": "it says the same as after the deploy",
    },
    "loaded.other": {
        "seen": "it says something else than after the deploy, and its files are as written",
        "cause": "somebody changed them, had the server load that, and put the files back; or it was given other settings another way",
        "fix": "reload it (POST {url}/-/reload), or deploy, which compares both and reloads what differs",
    },
    "loaded.not_asked": {
        "seen": "not judged: {request}: {error}",
        "fix": "let this host reach {url} without a login, and with a certificate that it trusts",
    },
    "keys": {
        "expected": "only their owner can read the keys of the local authority",
        "seen": "so it is",
    },
    "keys.readable": {
        "seen": "{files:; }",
        "cause": "somebody has changed their mode by hand",
        "fix": "deploy (--tags traefik), which sets it; if others could read them, make the authority and the key anew",
    },
    "restarts": {
        "expected": "at most {most} restarts, none in progress, enough memory",
        "seen": "restarts: {restarts}; {also:; }",
    },
    "restarts.ok": {
        "seen": "restarts: {restarts}",
    },
    "restarts.ends": {
        "cause": "the program exits by itself",
        "fix": "read docker logs {container}",
    },
    "restarts.out_of_memory": {
        "seen": "restarts: {restarts}; out of memory; {also:; }",
        "cause": "its limit of {limit} MiB is too low, or it leaks",
        "fix": "raise memory, or fix the program",
    },
    "restarts.killed": {
        "seen": "restarts: {restarts}; killed (SIGKILL); {also:; }",
        "cause": "most likely its limit of {limit} MiB is too low, or it leaks",
        "fix": "raise memory, or fix the program",
    },
    "restarts.child_out_of_memory": {
        "seen": "restarts: {restarts}; a process beside its first one was once killed for memory (history)",
    },
    "restarts.earlier": {
        "seen": "restarts: {restarts}; the last one {since:span} ago, it runs since",
        "cause": "the program ended by itself, and Docker started it again",
        "fix": "read docker logs {container} of that time; the count begins anew with the next deploy",
    },
    "restarts.long_ago": {
        "seen": "restarts: {restarts}, the last one {since:span} ago (history)",
    },
    "settled": {
        "expected": "it stays up for {seconds:g} s after its start",
        "seen": "it did",
    },
    "settled.out_of_memory": {
        "seen": "out of memory {after:.0f} s after its start",
        "cause": "its limit of memory is too low for what it does after the first moment, or it leaks",
        "fix": "raise memory, or put the release before back",
    },
    "settled.restarted": {
        "seen": "it ended {after:.0f} s after its start, and was restarted (restarts: {restarts}, exit code {exit_code})",
        "cause": "the release becomes healthy and then dies",
        "fix": "read docker logs {container}; put the release before back",
    },
    "settled.ended": {
        "seen": "it ended {after:.0f} s after its start, exit code {exit_code}",
        "cause": "the release becomes healthy and then dies, or somebody has stopped it",
        "fix": "read docker logs {container}; put the release before back",
    },
    "settled.started_again": {
        "seen": "somebody has started it again {after:.0f} s after its start",
        "cause": "not Docker's restart policy, which counts: a command, or another program",
        "fix": "look for who restarts {container} (docker events)",
    },
    "settled.unhealthy": {
        "seen": "unhealthy {after:.0f} s after its start",
        "cause": "the release becomes healthy and does not stay so",
        "fix": "read docker logs {container}; put the release before back",
    },
    "restart_under_way": "another restart is in progress",
    "exit_code": "exit code {exit_code}",
    "exit_code.unknown": "exit code not known",
    "ports": {
        "expected": "the declared ports are published, and something listens behind each TCP port",
    },
    "ports.ok": {
        "seen": "{ports}",
    },
    "ports.not_running": {
        "seen": "it is not running",
    },
    "ports.not_declared": {
        "seen": "configured: {configured}; declared: {declared}",
        "cause": "the declared ports have changed since it was deployed, or it was recreated by hand",
        "fix": "redeploy it",
    },
    "ports.not_published": {
        "seen": "configured: {configured}; Docker publishes: {ports}",
        "cause": "the daemon could not publish them, or its network was disconnected",
        "fix": "restart it (docker restart), then check docker ps",
    },
    "ports.silent": {
        "seen": "{ports:; }",
        "cause": "the program is not configured to listen on that port, or listens on its loopback only",
        "fix": "compare the container's port with the program's configuration and log",
    },
    "no_ports": "no port published",
    "port_closed": "{port}: the connection is refused, or closed at once",
    "port_unused": "{port}: nothing listens on {inside} in the container",
    "port_on_loopback": "{port}: the program listens only on {addresses} in the container",
    "public_ports": {
        "expected": "only declared ports are published on public addresses",
        "seen": "{ports}",
    },
    "public_ports.open": {
        "cause": "published without an address, which means on all of them; Docker bypasses the host's firewall",
        "fix": "publish it on 127.0.0.1 or a private address, or add it to public_ports",
    },
    "secrets": {
        "expected": "no container has a secret in its environment",
    },
    "secrets.ok": {
        "seen": "none in {containers} containers; accepted: {accepted}",
    },
    "secrets.exposed": {
        "seen": "{variables}",
        "cause": "anyone who can run docker inspect, or who gets its output, can read them",
        "fix": "pass it as a file (*_FILE, secrets of container_release) and rotate the secret, or add {first} to accepted_secrets",
    },
}
