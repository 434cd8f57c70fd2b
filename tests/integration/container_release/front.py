# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Traefik in front of a release, and clients that do not wait for each other."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .tools import Request, free_port, get

IMAGE = "vya-observability/traefik:packages"


@contextmanager
def traefik(client: Any, directory: Path, network: str, url: str) -> Iterator[int]:
    """Yield the port on which it answers with what is at the URL."""
    service = {"loadBalancer": {"servers": [{"url": url}]}}
    http = {
        "routers": {"all": {"rule": "PathPrefix(`/`)", "service": "release"}},
        "services": {"release": service},
    }
    directory.chmod(0o755)
    (directory / "routes.json").write_text(json.dumps({"http": http}))
    port = free_port()
    container = client.containers.run(
        IMAGE,
        ["--providers.file.filename=/routes.yml", "--entrypoints.web.address=:8080"],
        volumes={str(directory / "routes.json"): {"bind": "/routes.yml", "mode": "ro"}},
        ports={"8080/tcp": ("127.0.0.1", port)},
        network=network,
        detach=True,
    )
    try:
        yield port
    finally:
        container.remove(force=True)


class Load:
    """Requests at a rate, each on a connection of its own, whatever becomes of the others."""

    def __init__(self, port: int, rate: float) -> None:
        self.port = port
        self.rate = rate
        self.requests: list[Request] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(64) as pool:
            for number in range(1 << 30):
                if self._end.wait(max(0.0, began + number / self.rate - time.monotonic())):
                    return
                pool.submit(lambda: self.requests.append(get(self.port)))

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def failed(self, answers: set[str]) -> list[Request]:
        """Return the requests with another answer, such as Traefik's own."""
        return [request for request in self.requests if request.answer not in answers]

    @property
    def slowest(self) -> float:
        """The longest time of a request, in seconds."""
        return max(request.ended - request.began for request in self.requests)
