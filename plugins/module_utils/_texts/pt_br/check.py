# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any check, and who answers at an address: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "separators": ".,",
    "more": "{items} e mais {n}",
    "deadline.passed": {
        "seen": "não respondeu em {deadline:.1f} s",
        "cause": "o serviço está travado, ou o prazo é menor que as esperas e os tempos limite dentro dele",
        "fix": "descubra o que trava, ou aumente deadline",
    },
    "defect.raised": {
        "seen": "{error}",
        "cause": "um defeito na própria verificação ({function}, linha {line})",
        "fix": "relate o defeito",
    },
    "defect.no_result": {
        "seen": "sem resultado",
        "cause": "um defeito na própria verificação",
        "fix": "relate o defeito",
    },
    "result": {
        "expected": "as verificações desta tarefa",
        "cause": "a tarefa falhou antes de poder verificar algo",
        "fix": "leia o erro dela acima",
    },
    "result.failed": {
        "seen": "{message}",
    },
    "result.empty": {
        "seen": "nenhuma verificação no resultado",
    },
    "address.other_service": {
        "seen": "{name} responde ali",
        "cause": "foi informado, em seu lugar, o endereço de {title}",
        "fix": "informe o host e a porta do próprio serviço, ou o caminho pelo qual o proxy o encaminha",
    },
    "address.other_service.prometheus_for_pushgateway": {
        "cause": "foi informado o endereço do Prometheus como Pushgateway; ele responde a um envio com 404 ou 405",
    },
    "address.other_service.pushgateway_for_prometheus": {
        "cause": "foi informado o endereço do Pushgateway como Prometheus; ele não guarda histórico",
    },
    "address.unknown_service": {
        "seen": "{status} de {url}: {body}",
        "cause": "outro serviço, ou a página do próprio proxy, responde neste endereço",
        "fix": "verifique host, porta e caminho",
    },
}
