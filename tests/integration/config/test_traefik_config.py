# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""traefik_config against a real Traefik in Docker."""

from __future__ import annotations

import copy
import hashlib
import socket
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.vya.observability.plugins.module_utils._certificate import sign
from ansible_collections.vya.observability.plugins.module_utils._certificate.x509 import load_key

ROUTES = {
    "http": {
        "routers": {
            "web": {
                "rule": "Host(`web.example.org`) && PathPrefix(`/metrics`)",
                "entryPoints": ["websecure"],
                "service": "web",
                "middlewares": ["strip", "auth"],
                "tls": {},
            }
        },
        "services": {"web": {"loadBalancer": {"servers": [{"url": "http://192.0.2.1:9091"}]}}},
        "middlewares": {
            "strip": {"stripPrefix": {"prefixes": ["/metrics"]}},
            "auth": {"basicAuth": {"users": ["reader:$apr1$AAAAAAAA$hash"]}},
        },
    },
    "tls": {
        "certificates": [
            {
                "certFile": "/etc/traefik/dynamic/tls/web.crt",
                "keyFile": "/etc/traefik/dynamic/tls/web.key",
            }
        ]
    },
}


@dataclass
class Traefik:
    url: str
    tls_port: int
    container: Any

    def routers(self) -> dict[str, Any]:
        routers = requests.get(f"{self.url}/api/rawdata", timeout=5).json()["routers"]
        return {name: body for name, body in routers.items() if name.endswith("@file")}

    def presented(self, name: str) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.tls_port), 5)
        with plain, context.wrap_socket(plain, server_hostname=name) as secure:
            return hashlib.sha256(secure.getpeercert(binary_form=True)).hexdigest()


class Client(threading.Thread):
    """Shakes hands with a server, over and over while it is a context, as one that trusts a CA."""

    def __init__(self, authority: str, port: int) -> None:
        super().__init__()
        self._context, self._port = ssl.create_default_context(cadata=authority), port
        self._context.verify_flags |= ssl.VERIFY_X509_STRICT
        self._ended, self.refused = threading.Event(), list[str]()

    def __enter__(self) -> Client:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ended.set()
        self.join()

    def shakes_hands(self) -> bool:
        plain = socket.create_connection(("127.0.0.1", self._port), 5)
        with plain, self._context.wrap_socket(plain, server_hostname="web.example.org") as secure:
            return bool(secure.version())

    def run(self) -> None:
        while not self._ended.wait(0.02):
            try:
                self.shakes_hands()
            except ssl.SSLCertVerificationError as error:
                self.refused.append(str(error))
            except OSError:  # a connection that is closed meanwhile distrusts nobody
                continue


@pytest.fixture
def certificate(module, tmp_path):
    """Make a certificate; C(tmp_path / name) holds it."""

    def make(name: str = "tls", *names: str, **options: Any) -> dict[str, Any]:
        options |= {"path": str(tmp_path / name), "names": list(names or ["web.example.org"])}
        result = module("certificate_local", **options)
        assert not result.failed, result
        return result

    return make


@pytest.fixture
def arguments(directory: Path, free_port: int, certificate, service_image) -> dict[str, Any]:
    pair = certificate()
    return {
        "path": str(directory),
        "image": service_image("traefik"),
        "url": f"http://127.0.0.1:{free_port}",
        "wait_timeout": 30,
        "files": {"routes.yml": copy.deepcopy(ROUTES)},
        "secrets": [
            {"path": "tls/web.crt", "src": pair["certificate_path"]},
            {"path": "tls/web.key", "src": pair["key_path"]},
        ],
    }


@pytest.fixture
def server(module, arguments, directory, container, wait_for, certificate, eventually):
    first = module("traefik_config", **arguments)
    assert first["changed"], first
    assert not first["proven"]
    port = int(arguments["url"].rpartition(":")[2])
    started = container(
        "traefik",
        command=[
            "--providers.file.directory=/etc/traefik/dynamic",
            "--entrypoints.websecure.address=:8443",
            "--entrypoints.traefik.address=:8081",
            "--api.insecure=true",
        ],
        volumes={str(directory): {"bind": "/etc/traefik/dynamic", "mode": "ro"}},
        ports={"8081/tcp": ("127.0.0.1", port), "8443/tcp": ("127.0.0.1", None)},
    )
    wait_for(f"{arguments['url']}/api/version", started)
    started.reload()
    tls_port = int(started.ports["8443/tcp"][0]["HostPort"])
    arguments |= {
        "container": started.name,
        "reload": "required",
        "tls_address": f"127.0.0.1:{tls_port}",
    }
    traefik = Traefik(arguments["url"], tls_port, started)
    # Its API answers before the certificate is loaded.
    expected = certificate()["fingerprint"]
    eventually(lambda: traefik.presented("web.example.org") == expected, what="its certificate")
    return traefik


def routes(arguments: dict[str, Any]) -> dict[str, Any]:
    return arguments["files"]["routes.yml"]["http"]


def on_disk(directory: Path) -> dict[str, bytes]:
    return {
        p.relative_to(directory).as_posix(): p.read_bytes()
        for p in directory.rglob("*")
        if p.is_file()
    }


def test_first_deployment_and_proof(module, arguments, server, directory, certificate):
    result = module("traefik_config", **arguments)
    assert (result["changed"], result["proven"], result["reloaded"]) == (False, True, False), result
    assert result["loaded"]["routers"] == ["web"]
    assert result["loaded"]["middlewares"] == ["auth", "strip"]
    assert result["loaded"]["certificates"] == [certificate()["fingerprint"]]
    assert server.presented("web.example.org") == certificate()["fingerprint"]
    assert (directory / "tls" / "web.key").stat().st_mode & 0o777 == 0o440


def test_a_changed_and_a_removed_route_are_proven(module, arguments, server):
    routes(arguments)["routers"]["other"] = {"rule": "Host(`web.example.org`)", "service": "web"}
    arguments["files"]["extra.yml"] = {
        "http": {"routers": {"extra": {"rule": "Path(`/x`)", "service": "web"}}}
    }
    assert module("traefik_config", **arguments)["proven"]
    assert set(server.routers()) == {"web@file", "other@file", "extra@file"}
    del arguments["files"]["extra.yml"]
    rule = "Host(`web.example.org`) && PathPrefix(`/push`)"
    routes(arguments)["routers"]["web"]["rule"] = rule
    predicted = module("traefik_config", check=True, **arguments)
    result = module("traefik_config", **arguments)
    for key in ("changed", "written", "removed", "reloaded", "diff"):
        assert result[key] == predicted[key], key
    assert result["proven"], result
    assert (result["written"], result["removed"]) == (["routes.yml"], ["extra.yml"])
    assert set(server.routers()) == {"web@file", "other@file"}
    assert server.routers()["web@file"]["rule"] == rule
    assert module("traefik_config", **arguments)["changed"] is False


def test_a_rotated_certificate_is_presented(module, arguments, server, certificate):
    old = server.presented("web.example.org")
    new = certificate("tls", "web.example.org", "more.example.org")["fingerprint"]
    result = module("traefik_config", **arguments)
    assert result["written"] == ["tls/web.crt"]
    assert result["proven"], result
    assert server.presented("web.example.org") == new != old


def test_clients_of_a_replaced_authority_trust_the_server(
    module, arguments, server, certificate, tmp_path
):
    """Those of the old one all the time, those of the new one from its certificate on."""
    path = tmp_path / "tls" / "ca.crt"
    clients = [Client(path.read_text(), server.tls_port)]
    assert clients[0].shakes_hands()
    before = server.presented("web.example.org")
    certificate(replace_ca=True)
    with clients[0]:
        assert module("traefik_config", **arguments)["proven"]
    assert clients[0].refused == []
    assert server.presented("web.example.org") != before
    clients.append(Client(path.read_text(), server.tls_port))
    for client in clients:
        assert client.shakes_hands()


def key_of_another(arguments, tmp_path, certificate) -> None:
    arguments["secrets"][1]["src"] = certificate("other")["key_path"]


def swapped(arguments, tmp_path, certificate) -> None:
    one, other = arguments["secrets"]
    one["src"], other["src"] = other["src"], one["src"]


def expired(arguments, tmp_path, certificate) -> None:
    path = tmp_path / "tls"
    key, ca_key = (load_key((path / f"{n}.key").read_bytes(), n) for n in ("server", "ca"))
    name = sign.name_of("web.example.org")
    leaf = sign.sign_server(name, ["web.example.org"], key, 0, name, ca_key)
    (path / "server.crt").write_bytes(sign.certificate_pem(leaf))


def another_host(arguments, tmp_path, certificate) -> None:
    routes(arguments)["routers"]["web"]["rule"] = "Host(`other.example.org`)"


def not_in_the_set(arguments, tmp_path, certificate) -> None:
    del arguments["secrets"][1]


def no_service(arguments, tmp_path, certificate) -> None:
    routes(arguments)["routers"]["web"]["service"] = "nothing"


def no_middleware(arguments, tmp_path, certificate) -> None:
    routes(arguments)["routers"]["web"]["middlewares"] = ["nothing"]


def no_entry_point(arguments, tmp_path, certificate) -> None:
    routes(arguments)["routers"]["web"]["entryPoints"] = ["nothing"]


def broken_rule(arguments, tmp_path, certificate) -> None:
    routes(arguments)["routers"]["web"]["rule"] = "Host(`web.example.org`) &&"


def unknown_field(arguments, tmp_path, certificate) -> None:
    routes(arguments)["routers"]["web"]["rulle"] = "Host(`web.example.org`)"


def twice(arguments, tmp_path, certificate) -> None:
    arguments["files"]["again.yml"] = {"http": {"services": routes(arguments)["services"]}}


def broken_yaml(arguments, tmp_path, certificate) -> None:
    arguments["files"]["again.yml"] = "http:\n  routers: ["


def broken_template(arguments, tmp_path, certificate) -> None:
    arguments["files"]["again.yml"] = (
        "{{ if true }}\nhttp: {middlewares: {m: {addPrefixx: {}}}}\n{{ end }}\n"
    )


@pytest.mark.parametrize(
    ("spoil", "code", "values"),
    [
        (key_of_another, "certificate.other_key", {"name": "tls/web.crt", "key": "tls/web.key"}),
        (swapped, "certificate.no_certificate", {"name": "tls/web.crt"}),
        (expired, "certificate.expired", {"name": "tls/web.crt"}),
        (another_host, "certificate.other_names", {"host": "other.example.org"}),
        (not_in_the_set, "certificate.file_missing", {"option": "keyfile"}),
        (no_service, "config.refused", 'routers.web: the service "nothing@file"'),
        (no_middleware, "config.refused", 'routers.web: middleware "nothing@file"'),
        (no_entry_point, "config.refused", 'routers.web: entryPoint "nothing"'),
        (broken_rule, "config.refused", "routers.web: "),
        (unknown_field, "config.refused", "rulle"),
        (twice, "config.twice", {"name": "http.services.web"}),
        (broken_yaml, "config.refused", "again.yml"),
        (broken_template, "config.refused", "addPrefixx"),
    ],
)
def test_what_cannot_work_is_refused_before_it_is_written(
    module, arguments, directory, tmp_path, certificate, spoil, code, values
):
    spoil(arguments, tmp_path, certificate)
    for check in (True, False):
        result = module("traefik_config", check=check, **arguments)
        if code == "config.refused":
            # Traefik itself names the object, or the field that it does not know.
            result.fails(code, program="traefik")
            assert values in result["values"]["output"]
            # Ours is told only of YAML whose line Traefik does not tell; it is none before a
            # template is rendered.
            assert "line" not in result["values"]
        else:
            result.fails(code, **values)
        assert not directory.exists()
        assert "PRIVATE KEY" not in result.output


def test_objects_of_other_providers_are_left_to_the_server(module, arguments, server, directory):
    """The trial knows no Docker provider, so only the running server can say that this fails."""
    before = on_disk(directory)
    routes(arguments)["routers"]["web"]["service"] = "nothing@docker"
    result = module("traefik_config", **arguments)
    result.fails("server.faults", undone="restored")
    assert "nothing@docker" in str(result["values"]["faults"])
    assert on_disk(directory) == before
    assert not (directory.parent / f".{directory.name}.previous").exists()


def test_a_server_that_serves_something_else_is_found(module, arguments, server, directory):
    """Its directory was replaced, so the container looks at the one that is gone."""
    directory.rename(directory.parent / "gone")
    result = module("traefik_config", **{**arguments, "container": None})
    assert result["proven"]  # same content: nobody could tell
    routes(arguments)["routers"]["web"]["rule"] = "Host(`web.example.org`)"
    result = module("traefik_config", **{**arguments, "container": None})
    result.fails("server.other_config")
    assert "routers.web.rule" in result["values"]["differences"]


def test_no_secret_is_shown(module, arguments, server, tmp_path):
    key = (tmp_path / "tls" / "server.key").read_text().splitlines()[1]
    routes(arguments)["middlewares"]["auth"]["basicAuth"]["users"] = ["reader:$apr1$BBBB$other"]
    for check in (True, False):
        result = module("traefik_config", check=check, **arguments)
        assert result["changed"], result
        for secret in (key, "$apr1$AAAAAAAA$hash", "$apr1$BBBB$other"):
            assert secret not in result.output


TEMPLATES = {
    "in quotes": """
http:
  routers: {r: {rule: 'Host(`{{ env "NAME" | default "web" }}.example.org`)', service: web}}
""",
    "between lines": """
http:
  routers:
{{ range $name := list "a" "b" }}
    {{ $name }}: {rule: 'Host(`{{ $name }}.example.org`)', service: web}
{{ end }}
""",
}


@pytest.mark.parametrize("text", TEMPLATES.values(), ids=TEMPLATES)
def test_go_templates_are_traefiks_to_read(module, arguments, server, text):
    arguments["files"]["more.yml"] = text
    result = module("traefik_config", **arguments)
    assert (result.failed, result.get("proven")) == (False, True), result
    assert len(result["loaded"]["routers"]) > 1
    again = module("traefik_config", **arguments)
    assert (again["changed"], again["proven"]) == (False, True), again


def test_toml_is_traefiks_to_read(module, arguments, server):
    text = "[http.routers.toml]\nrule = 'Host(`web.example.org`)'\nservice = 'web'\n"
    arguments["files"]["more.toml"] = text
    result = module("traefik_config", **arguments)
    assert (result.failed, result.get("proven")) == (False, True), result
    assert result["loaded"]["routers"] == ["toml", "web"]


SPELLINGS = {
    "a list as a text": {"middlewares": "strip,auth"},
    "another case": {"ENTRYPOINTS": ["websecure"], "Service": "web"},
    "texts for numbers": {"priority": "12"},
    "a provider in a name": {"service": "web@file"},
}


@pytest.mark.parametrize("more", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_that_traefik_takes_is_proven(module, arguments, server, more):
    wrong = {key.lower() for key in more}
    web = routes(arguments)["routers"]["web"]
    routes(arguments)["routers"]["web"] = {
        **{key: value for key, value in web.items() if key.lower() not in wrong},
        **more,
    }
    result = module("traefik_config", **arguments)
    assert (result.failed, result.get("proven")) == (False, True), result
    again = module("traefik_config", **arguments)
    assert (again["changed"], again["proven"]) == (False, True), again


def test_a_certificate_elsewhere_in_the_container_is_not_ours_to_judge(module, arguments):
    pair = {"certFile": "/run/certs/web.crt", "keyFile": "/run/certs/web.key"}
    arguments["files"]["routes.yml"]["tls"]["certificates"] = [pair]
    arguments["secrets"] = []
    result = module("traefik_config", **arguments)
    assert (result.failed, result.get("changed")) == (False, True), result


def test_what_was_proven_is_proven_again_without_starting_anything(module, arguments, server):
    assert module("traefik_config", **arguments)["proven"]
    without = {**arguments, "container": None, "docker_host": "unix:///nowhere.sock"}
    result = module("traefik_config", **without)
    assert (result["changed"], result["proven"]) == (False, True), result


def test_a_source_that_an_earlier_task_would_make_is_no_error_in_check_mode(module, arguments):
    arguments["secrets"][1]["src"] += ".missing"
    result = module("traefik_config", check=True, **arguments)
    assert result["changed"]
    assert "server.key.missing" in str(result["warnings"])
    result = module("traefik_config", **arguments)
    result.fails("config.source_missing", source=arguments["secrets"][1]["src"])
