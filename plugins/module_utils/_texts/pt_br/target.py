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
        "seen": "{target} está fora do ar; a última coleta falhou: {error}",
        "cause": "o erro acima é o que o Prometheus diz dele",
        "fix": "corrija o alvo, scheme, metrics_path ou basic_auth do job de coleta",
    },
    "target.not_scraped": {
        "seen": "{target} ainda não foi coletado",
        "cause": "o Prometheus acabou de iniciar ou de ser recarregado",
        "fix": "repita a verificação",
    },
    "target.down.timeout": {
        "cause": "o gateway responde devagar demais para o scrape_timeout, ou um firewall descarta os pacotes",
        "fix": "aumente o scrape_timeout do job de coleta; veja a carga do gateway e o firewall",
    },
    "target.down.limit": {
        "cause": "um limite do job de coleta recusa a coleta inteira: o erro diz qual",
        "fix": "aumente esse limite (sample_limit, label_limit, body_size_limit, target_limit), ou envie menos",
    },
    "target.down.refused": {
        "cause": "nada escuta ali: o gateway está parado, ou tem outra porta",
        "fix": "inicie o gateway, ou corrija o endereço do alvo",
    },
    "target.down.dns": {
        "cause": "o resolvedor do Prometheus não conhece o nome do alvo",
        "fix": "corrija o alvo, ou crie o registro DNS; no Docker, ponha os dois na mesma rede",
    },
    "target.down.status": {
        "cause": "o alvo responde com esse status: 401 ou 403 por credenciais, 404 por metrics_path, 5xx por falha própria",
        "fix": "corrija basic_auth ou metrics_path do job de coleta, ou leia o log do alvo",
    },
    "target.down.tls": {
        "cause": "o TLS falha entre o Prometheus e o alvo: scheme, CA ou certificado",
        "fix": "corrija scheme e tls_config do job de coleta",
    },
    "target.down.unreachable": {
        "cause": "não há rota do Prometheus até o alvo",
        "fix": "verifique a rede e o firewall entre os dois",
    },
    "target.down.format": {
        "cause": "outro serviço responde ali, ou a página do alvo está corrompida",
        "fix": "corrija o alvo e metrics_path do job de coleta",
    },
    "target.twice": {
        "seen": "{target} está no ar, e o mesmo gateway também é coletado como {jobs:some}",
        "cause": "vários jobs ou alvos de coleta levam a este gateway: suas séries são gravadas duas vezes",
        "fix": "remova todos menos um, e recarregue o Prometheus",
    },
}
