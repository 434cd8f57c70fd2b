# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers that are not healthy: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "container": {
        "seen": "{reason}{after}",
    },
    "container.after": ", depois de ter ficado saudável por {seconds:.1f} s",
    "container.check_failed": "o healthcheck dele falhou {failures} vezes",
    "container.check_output": "; o healthcheck dele disse: {output}",
    "container.exited": "encerrou com o código {exit_code}{error}",
    "container.killed": "foi morto (SIGKILL, código de saída 137): faltou memória{limit}, ou alguém executou docker kill ou docker stop",
    "container.limit": " (limite de {megabytes} MiB)",
    "container.memory_full": "{reason}; a memória está no limite de {megabytes} MiB, e {faults:.0f} páginas por segundo são lidas de novo do disco",
    "container.no_healthcheck": "não tem healthcheck, e isso nunca conta como saudável",
    "container.not_ended": "não tinha terminado depois de {timeout:g} s",
    "container.out_of_memory": "foi morto porque faltou memória{limit}",
    "container.restarts": "reinicia sem parar",
    "container.restarts_after": "reinicia sem parar ({end})",
    "container.timeout": "não ficou saudável em {timeout:g} s{check}",
    "container.unhealthy": "o Docker o considera unhealthy{check}",
}
