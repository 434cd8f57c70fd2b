# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file or folder that is not as root may trust it: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "path": {
        "expected": "só o root (ou o próprio usuário da tarefa) pode mudar {path}",
    },
    "path.link": {
        "seen": "{seen}",
        "cause": "alguém pôs ali um link, talvez para que o root escreva em outro lugar",
        "fix": "veja aonde ele leva e remova-o",
    },
    "path.owner": {
        "seen": "o dono é {seen}",
        "cause": "foi criado à mão, ou por outro programa",
        "fix": "passe-o, e os diretórios acima dele, para o root",
    },
    "path.writable": {
        "seen": "{seen}",
        "cause": "foi criado com um umask aberto, ou aberto à mão",
        "fix": "tire do grupo e dos outros o direito de escrita (chmod go-w)",
    },
    "path.kind": {
        "seen": "{seen}",
        "cause": "outra coisa foi posta ali à mão",
        "fix": "remova-a",
    },
}
