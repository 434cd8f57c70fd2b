# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway as a scrape target: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "target": {
        "expected": "o alvo de coleta do job {job} está no ar",
        "seen": "{target} está no ar",
    },
    "target.missing": {
        "seen": "nenhum alvo; existem: {jobs:some}",
        "cause": "o Prometheus não tem um job de coleta para o gateway",
        "fix": "acrescente um job de coleta {job} com honor_labels: true, e recarregue",
    },
    "target.down": {
        "seen": "{target} está fora do ar desde a última coleta: {error}",
        "cause": "o Prometheus não alcança o gateway neste endereço, ou não com estas credenciais",
        "fix": "corrija o alvo, scheme, metrics_path ou basic_auth do job de coleta",
    },
    "target.not_scraped": {
        "seen": "{target} ainda não foi coletado",
        "cause": "o Prometheus acabou de iniciar ou de ser recarregado",
        "fix": "repita a verificação",
    },
}
