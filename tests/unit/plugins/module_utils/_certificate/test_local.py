# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""certificate_local, run as Ansible runs it; judged by Python's own TLS and by openssl."""

from __future__ import annotations

import os
import ssl
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.tests.processes import run_module

NAMES = ["web.example.org", "*.example.com", "192.0.2.7", "2001:db8::7"]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def run(check: bool = False, **arguments: Any) -> dict[str, Any]:
        arguments = {"path": str(tmp_path / "tls"), "names": NAMES, **arguments}
        switches = ("-W", "error::DeprecationWarning:cryptography")
        result, _output = run_module("certificate_local", arguments, check=check, switches=switches)
        assert "PRIVATE KEY" not in str(result)
        return result

    return run


@pytest.fixture
def made(run, tmp_path: Path) -> Path:
    run()
    return tmp_path / "tls"


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def handshake(path: Path, host: str, trusted: bytes = b"") -> dict[str, Any]:
    """A TLS handshake in memory, verified strictly, as a client that trusts the CA does it."""
    server, client = (
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        ssl.create_default_context(cadata=(trusted or (path / "ca.crt").read_bytes()).decode()),
    )
    server.load_cert_chain(path / "server.crt", path / "server.key")
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=host)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for _turn in range(3):
        for side in (near, far):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return near.getpeercert()


def test_makes_what_check_mode_predicts_and_then_nothing(run, tmp_path):
    path = tmp_path / "tls"
    predicted = run(check=True)
    assert not path.exists()
    first = run()
    assert predicted["changed"] is first["changed"] is True
    assert (predicted["reasons"], predicted["diff"]) == (first["reasons"], first["diff"])
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()}
    assert modes == {"ca.key": 0o600, "ca.crt": 0o644, "server.key": 0o600, "server.crt": 0o644}
    before = contents(path)
    second = run()
    assert second["changed"] is False
    assert second["diff"]["before"] == second["diff"]["after"]
    assert contents(path) == before
    assert second["days_left"] == 364
    assert second["ca_certificate"].encode() == before["ca.crt"]


@pytest.mark.parametrize("host", ["web.example.org", "a.example.com", "192.0.2.7", "2001:db8::7"])
def test_a_strict_client_accepts_every_name(made, host):
    assert handshake(made, host)["subject"]


def test_a_strict_client_refuses_another_name(made):
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(made, "other.example.org")


def test_openssl_accepts_the_chain_for_servers_only(made):
    verify = ["openssl", "verify", "-x509_strict", "-CAfile", made / "ca.crt", "-purpose"]
    assert subprocess.run([*verify, "sslserver", made / "server.crt"], check=False).returncode == 0
    assert subprocess.run([*verify, "sslclient", made / "server.crt"], check=False).returncode


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"names": ["other.example.org"]}, "the names changed"),
        ({"common_name": "other"}, "the common name changed"),
        ({"days": 800, "renew_days": 400}, "days left"),
    ],
)
def test_renews_the_server_certificate_alone(run, made, arguments, reason):
    before = contents(made)
    assert run(check=True, **arguments)["changed"]
    assert contents(made) == before
    result = run(**arguments)
    assert reason in result["reasons"][0]
    changed = {name for name, content in contents(made).items() if content != before[name]}
    assert changed == {"server.crt"}
    assert run(**arguments)["changed"] is False


def test_order_and_case_of_names_do_not_matter(run, made):
    assert run(names=[n.upper() for n in reversed(NAMES)], common_name=NAMES[0])["changed"] is False


def test_a_renewed_authority_is_the_old_one_to_its_clients(run, made):
    old = (made / "ca.crt").read_bytes()
    result = run(ca_days=5000, renew_days=3651, days=4000)
    assert [r.split(" has")[0] for r in result["reasons"]] == [
        "the certificate authority",
        "the server certificate",
    ]
    (made / "ca.crt").write_bytes(old)
    assert handshake(made, "web.example.org")


def test_a_new_authority_signs_the_server_again(run, made):
    (made / "ca.crt").unlink()
    (made / "ca.key").unlink()
    result = run()
    assert result["reasons"][1] == "the certificate authority changed"
    assert handshake(made, "web.example.org")


def test_clients_of_an_authority_that_was_replaced_trust_the_server(run, made):
    times = [contents(made)]
    for _again in range(2):
        assert run(check=True, replace_ca=True)["changed"]
        assert contents(made) == times[-1]
        assert run(replace_ca=True)["reasons"] == [
            "the certificate authority is replaced",
            "the certificate authority changed",
        ]
        assert run()["changed"] is False
        times.append(contents(made))
        for each in times:
            assert handshake(made, "web.example.org", each["ca.crt"])
    for name in ("ca.key", "ca.crt", "server.key", "server.crt"):
        assert len({each[name] for each in times}) == len(times), name
    # Also after the next certificate, but not with another authority of this name.
    assert run(names=["other.example.org"])["changed"]
    assert handshake(made, "other.example.org", times[0]["ca.crt"])
    (made / "ca.crt").unlink()
    (made / "ca.key").unlink()
    assert run()["changed"]
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(made, "web.example.org", times[-1]["ca.crt"])


@pytest.mark.parametrize(
    "lost",
    [[], ["server.crt"], ["server.crt", "server.key"], ["server.crt", "server.key", "ca.crt"]],
)
@pytest.mark.parametrize("key", ["old", "new"])
def test_a_replacement_that_was_killed_is_finished(run, made, lost, key):
    before = contents(made)
    run(replace_ca=True)
    if key == "old":  # before.crt is the first file that is written
        for name in before:
            (made / name).write_bytes(before[name])
    for name in lost:
        (made / name).unlink()
    for end in (run, lambda: run(replace_ca=True)):
        end()
        assert handshake(made, "web.example.org", before["ca.crt"])
        assert handshake(made, "web.example.org")


@pytest.mark.parametrize(
    "left", [["ca.key"], ["ca.key", "ca.crt"], ["ca.key", "ca.crt", "server.key"]]
)
def test_a_killed_run_is_finished(run, made, left):
    for file in made.iterdir():
        if file.name not in left:
            file.unlink()
    assert run()["changed"]
    assert handshake(made, "web.example.org")


def test_modes_are_put_right(run, made):
    (made / "server.key").chmod(0o644)
    assert run(check=True)["changed"]
    result = run()
    assert result["reasons"][0].startswith("server.key: mode 0600")
    assert stat.S_IMODE((made / "server.key").stat().st_mode) == 0o600
    assert run()["changed"] is False


def broken(name: str) -> Callable[[Path], None]:
    return lambda path: (path / name).write_text("broken")


def foreign_server(path: Path) -> None:
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=foreign"
    )
    files = ["-keyout", path / "server.key", "-out", path / "server.crt"]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)


def foreign_authority(path: Path) -> None:
    for end in ("key", "crt"):
        (path / f"server.{end}").replace(path / f"ca.{end}")


@pytest.mark.parametrize(
    ("spoil", "code", "file"),
    [
        (broken("ca.key"), "certificate.no_key", "ca.key"),
        (broken("ca.crt"), "certificate.no_certificate", "ca.crt"),
        (broken("server.crt"), "certificate.no_certificate", "server.crt"),
        (lambda path: (path / "ca.key").unlink(), "certificate.key_missing", "ca.crt"),
        (lambda path: (path / "server.key").unlink(), "certificate.key_missing", "server.crt"),
        (
            lambda path: (path / "server.key").write_bytes((path / "ca.key").read_bytes()),
            "certificate.other_key",
            "server.crt",
        ),
        (foreign_server, "certificate.other_issuer", "server.crt"),
        (foreign_authority, "certificate.no_authority", "ca.crt"),
    ],
)
def test_broken_and_foreign_files_are_left_alone(run, made, spoil, code, file):
    spoil(made)
    before = contents(made)
    result = run()
    assert result["failed"]
    assert (result["code"], result["values"]["name"]) == (code, str(made / file))
    assert contents(made) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
def test_a_directory_that_others_can_change_is_refused(run, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("kept")
    directory = tmp_path / "theirs"
    directory.mkdir()
    os.chown(directory, 65534, 65534)
    assert run(path=str(directory))["code"] == "path.owner"
    assert run(path=str(directory / "below"))["code"] == "path.owner"
    os.chown(directory, 0, 0)
    (directory / "ca.key").symlink_to(victim)
    assert run(path=str(directory))["code"] == "path.link"
    assert victim.read_text() == "kept"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"names": []}, "certificate.names"),
        ({"names": ["not a name"]}, "certificate.names"),
        ({"names": ["a..b"]}, "certificate.names"),
        ({"renew_days": 365}, "certificate.renew_days"),
        ({"renew_days": 0}, "certificate.renew_days"),
        ({"common_name": "x" * 65}, "certificate.common_name"),
    ],
)
def test_wrong_options_are_named(run, tmp_path, arguments, code):
    result = run(**arguments)
    assert result["failed"]
    assert result["code"] == code
    assert not (tmp_path / "tls").exists()
