# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""PgBouncer before a PostgreSQL: each transaction may get another connection of the server."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import docker

from .conftest import free_port, wait_until

IMAGE = "vya-observability/test-pooler:latest"


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def pooler(
    client: docker.DockerClient,
    base: str,
    directory: Path,
    server: int,
    users: Mapping[str, str],
    **settings: str,
) -> Iterator[int]:
    """Start one that pools transactions; its port on loopback.

    Args:
        base: The image that it is installed in.
        server: The port of PostgreSQL on loopback.
        users: Passwords by user.
        settings: Further settings of its own.
    """
    client.images.build(
        path=str(Path(__file__).with_name("pooler")),
        tag=IMAGE,
        buildargs={"BASE_IMAGE": base},
        rm=True,
    )
    port = free_port()
    lines = {
        "listen_addr": "127.0.0.1",
        "listen_port": str(port),
        "auth_type": "scram-sha-256",
        "auth_file": "/etc/pooler/users.txt",
        "pool_mode": "transaction",
        "default_pool_size": "2",
        **settings,
    }
    directory.mkdir()
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    databases = f"[databases]\n* = host=127.0.0.1 port={server}\n"
    (directory / "pgbouncer.ini").write_text(f"{databases}[pgbouncer]\n{text}")
    (directory / "users.txt").write_text(
        "".join(f'"{user}" "{password}"\n' for user, password in users.items())
    )
    directory.chmod(0o755)
    container = client.containers.run(
        IMAGE,
        "/etc/pooler/pgbouncer.ini",
        detach=True,
        network_mode="host",
        labels={"vya.observability.test": "1"},
        volumes=[f"{directory}:/etc/pooler:ro"],
    )
    try:
        wait_until(lambda: _answers(port), 20, "the pooler")
        yield port
    finally:
        container.remove(force=True, v=True)
