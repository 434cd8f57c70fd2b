# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts and groups that are no longer in the inventory: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "host": {
        "expected": "as verificações dele foram feitas",
    },
    "host.lost": {
        "seen": "ele saiu da execução antes das suas verificações",
        "cause": "ele não responde, ou uma variável dele não pode ser lida: um vault sem a senha, "
        "um nome com erro de digitação",
        "fix": "veja o que a execução diz deste host acima do relatório",
    },
    "group": {
        "expected": "um host do inventário que o envia, ou o job dele em deploy_known_groups",
        "seen": "{labels}; último envio há {age:span}",
        "cause": "um programa que o inventário não conhece o envia, ou enviava",
        "fix": "garanta que nada mais o envia, depois faça o deploy com "
        "-e deploy_remove_stale_groups=true",
    },
    "group.left": {
        "cause": "o host saiu do inventário, tem agora outro nome ou outra região, ou envia com "
        "outro nome",
    },
    "group.unknown": {},
    "group.left.removed": {
        "fix": "removido por esta execução",
    },
    "group.unknown.removed": {
        "fix": "removido por esta execução",
    },
}
