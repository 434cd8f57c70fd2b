# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services, their health and certificates: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "service": {
        "expected": "{wanted}",
        "seen": "{name}, in {seconds:ms}",
    },
    "service_ready": "{title} at {url}, ready",
    "service_answers": "{url} answers {statuses:/}",
    "service_contains": '{url} answers {statuses:/} with the text "{contains}"',
    "service.slow": {
        "seen": "{name}, in {seconds:ms}; the limit is {limit:g} s",
        "cause": "the service, the proxy before it or the network is overloaded",
        "fix": "compare with the latency on the service's own host",
    },
    "service.not_ready": {
        "seen": "{name}, not ready: {path} answers {status} {body}",
        "cause": "it is starting or stopping, or a dependency is missing",
        "fix": "read the log of {title}",
    },
    "service.login_page": {
        "seen": "{status}, a page that asks for a password",
        "cause": "a login page answers; the service behind it was not checked",
        "fix": "set contains to a text that only the right page has",
    },
    "clocks": {
        "expected": "the clocks of all servers and of this host are at most {limit:g} s apart",
        "seen": "{clocks:some; }",
    },
    "server_clock": "{name}: {offset:+.1f} s, ±{uncertainty:.1f} s",
    "clocks.none": {
        "seen": "no answer has a date",
    },
    "clocks.apart": {
        "seen": "{off:; }",
        "cause": "the clock of the machine of {names} is not synchronised (NTP): what it writes has a wrong time",
        "fix": "timedatectl there; then chronyc tracking, or systemctl status systemd-timesyncd",
    },
    "clocks.controller": {
        "seen": "{off:some; }",
        "cause": "all servers agree: the clock of this host is wrong, or all of them are on one machine whose clock is",
        "fix": "timedatectl on this host, then on theirs",
    },
    "under_way": {
        "expected": "nothing is restarted or replaced during the validation",
    },
    "under_way.passed": {
        "seen": "not judged: {checks:some; } failed ({codes:, }), and pass now, {seconds:.0f} s later",
        "cause": "a server was restarted or replaced at that moment; if nobody did that, something comes and goes",
        "fix": "validate again; if it fails at times, look at the restarts and the log of the servers that are named",
    },
    "route": {
        "expected": "a route to it",
        "seen": "it has one",
    },
    "route.missing": {
        "seen": "{request}: the proxy before {host} answers 404 page not found on each path, also where its certificate is not verified",
        "cause": "Traefik has no route for {host}, or only for other paths or entry points; without one it presents its default certificate",
        "fix": "add {host} to traefik_routes and deploy with --tags traefik; for an existing Traefik, read its /api/http/routers",
    },
    "route.missing.told": {
        "cause": "Traefik at {api} has no router for {host}",
    },
    "health": {
        "expected": "every database is up, and every push target accepts pushes",
        "seen": "databases: {databases}; push targets: {targets}",
    },
    "health.part_down": {
        "seen": "{parts:; }",
        "cause": "each part has its own error above",
        "fix": "check {names} from the collector's host; {url} has the details",
    },
    "health_database": "database {name}: {error}",
    "health_target": "push to {name}: {error}",
    "health_task": "task {name}: {error}",
    "not_yet": "not yet",
    "untold": "it tells only who has its key",
    "none": "none",
    "health.no_target": {
        "seen": "it has no push target",
        "cause": "its settings name neither pushgateway nor victoriametrics",
        "fix": "deploy it with a push target",
    },
    "health.not_probed": {
        "seen": "it does not probe {missing}; it probes: {databases}",
        "cause": "it has not been deployed since the inventory's databases changed, or was deployed from another inventory",
        "fix": "deploy the collector",
    },
    "health.not_expected": {
        "seen": "it also probes {more}, which is not in the inventory",
        "cause": "it has not been deployed since the inventory's databases changed, or was deployed from another inventory",
        "fix": "deploy the collector",
    },
    "certificate": {
        "expected": "trusted, for {host}, at least {days:g} days left, TLS 1.2 or newer",
        "seen": "{left:.1f} days left, {protocol}, issued by {issuer}",
    },
    "issuer_no_name": "an issuer without a name",
    "certificate_refused": "{seen}; certificate for {names}, issued by {issuer}, valid until {until} UTC",
    "certificate_unread": "{seen}; the certificate could not be read ({error})",
    "certificate_no_name": "no name ({subject})",
    "certificate.not_verified": {
        "seen": "not verified",
        "cause": "the option validate_certs is off",
        "fix": "turn it on, with the CA in ca_path",
    },
    "certificate.expires_soon": {
        "cause": "the certificate has not been renewed in time",
        "fix": "renew the certificate of {host}, and find out why automatic renewal failed",
    },
    "certificate_accepted": "accepted here, {protocol}",
    "certificate.intermediate_expired": {
        "seen": "{seen}; the intermediate {link}, which the server sends, ended on {until} UTC",
        "cause": "the intermediate has expired, not the certificate of {host}: the authority has replaced it, and the server still sends the old one",
        "fix": "put the authority's current intermediate below the certificate in the server's file; a new certificate alone changes nothing",
    },
    "certificate.authority_expired": {
        "seen": "{seen}; the authority {link} ended on {until} UTC",
        "cause": "the authority itself has expired, so that nothing that it has signed is trusted any more",
        "fix": "renew the authority, and give its new certificate to all that trust it (observability_ca_path)",
    },
    "certificate.intermediate_not_yet_valid": {
        "seen": "{seen}; the intermediate {link} is valid from {since} UTC on",
        "cause": "the intermediate is not valid yet, or this host's clock is behind",
        "fix": "check the clocks (NTP), then which intermediate the server sends",
    },
    "certificate.authority_not_yet_valid": {
        "seen": "{seen}; the authority {link} is valid from {since} UTC on",
        "cause": "the authority is not valid yet, or this host's clock is behind",
        "fix": "check the clocks (NTP)",
    },
    "certificate.no_name": {
        "seen": "{seen}; the certificate {link} has no subject alternative name",
        "cause": "it was issued with a common name alone, which browsers, Go and Python no longer read",
        "fix": "issue it again with {host} as a subject alternative name",
    },
    "certificate.not_for_servers": {
        "seen": "{seen}; the extended key usage of {link} does not have serverAuth",
        "cause": "it was issued for a client or for signing, not for a server; an intermediate with such a limit signs no servers either",
        "fix": "issue a certificate for servers (serverAuth), by an authority for servers",
    },
    "certificate.too_long": {
        "seen": "{seen}; {link} allows {most} intermediates below it, and there are {below}",
        "cause": "an authority that may sign servers only has signed another authority (pathLenConstraint)",
        "fix": "have the certificate of {host} signed by {link} itself, or the intermediate by an authority that allows it",
    },
    "certificate.not_an_authority": {
        "seen": "{seen}; {link} has signed the link before it, and may not sign",
        "cause": "the certificate in the place of the intermediate is none of an authority (basicConstraints, or keyUsage without keyCertSign)",
        "fix": "send the authority's intermediate, and issue the certificate by an authority",
    },
    "certificate.weak_key": {
        "seen": "{seen}; the key of {link} has {bits} bits, at least {least} are needed",
        "cause": "a key that is too short to be trusted; clients with today's defaults refuse it",
        "fix": "issue {link} again with a longer key",
    },
    "certificate.weak_signature": {
        "seen": "{seen}; {link} is signed with {digest}",
        "cause": "a signature that can be forged; clients with today's defaults refuse it",
        "fix": "have {link} signed again, with SHA-256",
    },
    "certificate.wrong_intermediate": {
        "seen": "{seen}; {link} was issued by {issuer}, and the server sends {sent:; } instead",
        "cause": "the intermediate in the server's file belongs to another certificate, or is an older one of the same name with another key",
        "fix": "replace it by the certificate of {issuer}, which the authority delivered with that of {host}",
    },
    "certificate.issuer_missing": {
        "seen": "{seen}; {link} was issued by {issuer}, which the server does not send and which is not trusted here",
        "cause": "either {issuer} is an intermediate, which the server must send, or it is an authority, which is not trusted here",
        "fix": "read the certificate of {issuer}: if another has issued it, put it into the server's file; if it has issued itself, set ca_path to it",
    },
    "certificate.intermediate_not_sent": {
        "seen": "{seen}; the intermediate {link} is only in the trust store of this host, the server does not send it",
        "cause": "the server's file has no intermediate: clients that have only the authority refuse {host}",
        "fix": "put {link} below the certificate in the file that the server presents",
    },
    "certificate.other_authority": {
        "seen": "{seen}; {link} was issued by {issuer}, and the authority of this name that is trusted here has another key",
        "cause": "the authority was made anew, and this host still has the old one, or the other way round",
        "fix": "give the authority's current certificate to this host (ca_path), or issue the certificate of {host} again",
    },
    "certificate.self_signed": {
        "seen": "{seen}; {link} has signed itself and is not trusted here",
        "cause": "a server without a certificate of an authority presents one that it made itself",
        "fix": "give the server of {host} its certificate; if it is meant to sign itself, set the option ca_path to it",
    },
    "certificate.proxy_default": {
        "seen": "{seen}; Traefik presents its own default certificate",
        "cause": "Traefik has no certificate for {host} that it can use: there is none, its file cannot be read, or its key does not match it",
        "fix": "read Traefik's log from its last start on (Unable to append certificate), then compare certificate and key in its configuration directory",
    },
    "certificate.wrong_order": {
        "seen": "{seen}; the first certificate that the server sends is {link}, that of {host} comes later",
        "cause": "the certificates in the server's file are in the wrong order",
        "fix": "put the certificate of {host} first, then each one's issuer",
    },
    "certificate.unread": {
        "seen": "trusted ({protocol}); its end and its links were not read",
        "cause": "the Python library cryptography is missing where the checks run",
        "fix": "apt-get install python3-cryptography there",
    },
    "certificate.intermediate_expires_soon": {
        "seen": "{left:.1f} days left of the intermediate {link}, {protocol}, issued by {issuer}",
        "cause": "the intermediate that the server sends ends before the certificate of {host}",
        "fix": "put the authority's current intermediate below the certificate in the server's file; a new certificate alone changes nothing",
    },
    "certificate.authority_expires_soon": {
        "seen": "{left:.1f} days left of the authority {link}, {protocol}, issued by {issuer}",
        "cause": "the authority itself ends soon, and with it all that it has signed",
        "fix": "renew the authority (a local one: deploy --tags traefik), and give its new certificate to all that trust it",
    },
    "certificate.old_protocol": {
        "seen": "{left:.1f} days left, {protocol}, issued by {issuer}; {old} is accepted too",
        "cause": "the server, or the proxy before it, accepts protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
    "certificate.only_old_protocol": {
        "seen": "{error}; nothing newer than {old} is accepted",
        "cause": "the server, or the proxy before it, only allows protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
    "database_error": "{type}: {meaning}",
    "database_error.code": "{type} ({code}): {meaning}",
    "health.part_down.timeout": {
        "cause": "the database hangs or is overloaded, or a firewall drops the packets",
        "fix": "try the connection from the collector's host; look at the server's load",
    },
    "health.part_down.connection_refused": {
        "cause": "nothing listens there: the database is stopped, or host or port is wrong",
        "fix": "start the database, or correct host and port in the collector's databases",
    },
    "health.part_down.dns": {
        "cause": "the collector's resolver does not know the database's name",
        "fix": "correct the host in the collector's databases, or create the DNS record",
    },
    "health.part_down.authentication": {
        "cause": "the database refuses the user, its password, or the address that it comes from",
        "fix": "compare user and password_file with the database's; look at its access rules (pg_hba.conf, the user's host)",
    },
    "health.part_down.permission": {
        "cause": "the user is known there, but may not connect to this database",
        "fix": "grant it: GRANT CONNECT ON DATABASE in PostgreSQL, rights on the database in MySQL",
    },
    "health.part_down.too_many_connections": {
        "cause": "all connections that the server, or the user, may have are in use",
        "fix": "find who holds them (pg_stat_activity, SHOW PROCESSLIST); raise max_connections",
    },
    "health.part_down.database_missing": {
        "cause": "the server has no database of that name: it was dropped or renamed, or it is another server",
        "fix": "correct the name in the collector's databases, or restore the database",
    },
    "health.part_down.starting": {
        "cause": "the server is starting, stopping or recovering",
        "fix": "wait for it, and validate again; read its log if it stays so",
    },
    "health.part_down.tls": {
        "cause": "TLS with the database fails, or is needed for the password",
        "fix": "correct tls and ca_file in the collector's databases",
    },
    "health.part_down.query": {
        "cause": "the database accepts the connection, but not the query",
        "fix": "read the database's log, and the collector's",
    },
    "health.part_down.other": {
        "cause": "not known here: the collector's log has the driver's own words",
        "fix": "read the collector's log (database probe failed)",
    },
    "health.part_down.push": {
        "cause": "the collector cannot deliver there, for the reason above",
        "fix": "check that target from the collector's host; correct its address, CA or credentials in the collector's settings",
    },
    "service.other_collector": {
        "seen": "the collector of {found} answers, not the one of {host}",
        "cause": "the public names of two collectors are swapped, or both lead to one host",
        "fix": "correct the DNS record, or the route of the proxy, of this name",
    },
}
