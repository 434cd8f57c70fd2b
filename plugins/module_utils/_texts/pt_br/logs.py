# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logs in Loki: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "logs": {"expected": "as linhas chegam ao Loki"},
    "logs.no_loki": {"seen": "nenhum Loki foi dado"},
    "logs_found": {
        "expected": "o Loki em {url} tem a linha enviada, encontrada pelo texto em até {wait:.0f} s",
        "seen": "não julgada",
    },
    "logs_found.ok": {"seen": "{seconds:.2f} s após o envio"},
    "logs_found.missing": {
        "seen": "não em {seconds:.0f} s, embora o Loki a tenha aceitado",
        "cause": "grava-se em outro Loki ou tenant que o lido, ou o distributor não alcança os ingesters",
        "fix": "compare as URLs de gravação e leitura e o tenant delas; veja o log do próprio Loki",
    },
    "logs_labels": {
        "expected": "ela também é encontrada pelos labels host, container, service e level",
        "seen": "não julgada",
    },
    "logs_labels.ok": {"seen": "{seconds:.2f} s após o envio"},
    "logs_labels.missing": {
        "seen": "não em {seconds:.0f} s",
        "cause": "algo antes do Loki muda ou descarta labels, ou o Loki tem um limite de labels",
        "fix": "pergunte ao Loki pelos labels da linha (consulte o texto) e procure relabelling antes dele",
    },
    "logs.check_mode": {"seen": "modo de verificação: nada é enviado"},
    "logs.not_pushed": {"seen": "não pôde ser enviada: veja a verificação logs found"},
    "logs_of": {
        "expected": "o Loki tem uma linha deste host dos últimos {age:.0f} s",
        "seen": "não julgada",
    },
    "logs_of.ok": {"seen": "a mais nova tem {seconds:.0f} s"},
    "logs_of.old": {
        "seen": "a mais nova tem {seconds:.0f} s",
        "cause": "o coletor de logs daquele host parou ou está atrasado, ou nada ali escreve linhas",
        "fix": "veja o contêiner e o log dele, e o buffer",
    },
    "logs_of.none": {
        "seen": "nenhuma nas últimas 24 horas",
        "cause": "o coletor de logs não roda ali, envia a outro lugar, ou dá outro nome ao host",
        "fix": "implante-o (--tags log_shipper) e compare log_shipper_host e log_shipper_loki_url",
    },
}
