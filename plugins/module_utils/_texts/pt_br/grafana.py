# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What grafana_bundle proves: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "data_source": {
        "expected": "{type} em {address} responde ao Grafana",
    },
    "data_source.its_address": "seu próprio endereço",
    "data_source.ok": {
        "seen": "{answer}",
    },
    "data_source.down": {
        "seen": "{answer}",
        "cause": "a URL ou as credenciais estão erradas, ou ela está fora do ar, vista do próprio host do Grafana",
        "fix": "consulte {address} a partir do host ou do contêiner do Grafana",
    },
    "data_source.no_health": {
        "seen": "este servidor não tem healthcheck para o tipo {type}",
    },
    "panel": {
        "expected": "dados nos últimos {window:g} s",
    },
    "panel.ok": {
        "seen": "dados",
    },
    "panel.library": {
        "seen": "um painel de biblioteca: as consultas dele ficam lá",
    },
    "panel.valueless": {
        "seen": "as variáveis {variables} não têm valor: só o navegador o encontra",
    },
    "panel.browser": {
        "seen": "consulta {ref} de {source}: o servidor do Grafana não a faz, só o navegador",
    },
    "panel.empty": {
        "seen": "sem dados: nenhuma série corresponde na janela; consulta {ref} de {source}: {query}",
        "cause": "nada exporta esse nome, ou ainda não, ou os labels não correspondem a nada",
        "fix": "procure o nome na fonte de dados; informe prove.wait para dados que ainda virão",
    },
    "panel.no_number": {
        "seen": "sem dados: só valores que não são números (NaN); consulta {ref} de {source}: {query}",
        "cause": "a consulta divide por nada, ou aquilo pelo que ela divide é 0",
        "fix": "execute-a no Explore do Grafana",
    },
    "panel.unanswered": {
        "seen": "não avaliado: a consulta {ref} de {source} não está na resposta do Grafana: {query}",
        "cause": "o Grafana não executa esta consulta: está oculta, ou é de um tipo que o navegador faz",
        "fix": "execute-a no Explore do Grafana",
    },
    "panel.unasked": {
        "seen": "não avaliado: o Grafana não respondeu, nem a esta consulta sozinha: {reason}; "
        "consulta {ref} de {source}: {query}",
        "cause": "o Grafana ou a fonte de dados está sobrecarregado ou fora do ar, outra coisa responde "
        "no lugar dele, ou a consulta demora mais do que o módulo espera",
        "fix": "execute-a no Explore do Grafana e veja quanto demora",
    },
    "panel.failed": {
        "seen": "{reason}; consulta {ref} de {source}: {query}",
        "cause": "a consulta está errada, ou a fonte de dados a recusa ou não responde a tempo",
        "fix": "execute-a no Explore do Grafana",
    },
    "panel.invalid": {
        "seen": "não pôde ser interpretada: {reason}; consulta {ref} de {source}: {query}",
        "cause": "a consulta está errada",
        "fix": "corrija a consulta",
    },
    "panel.no_source": {
        "seen": "a variável {variable} não representa nenhuma fonte de dados: nenhuma serve ao tipo e ao padrão",
        "cause": "falta a fonte de dados nesta organização, ou o padrão da variável é estreito demais",
        "fix": "acrescente uma fonte deste tipo a grafana_extra_datasources, ou alargue o padrão",
    },
    "panel.source_down": {
        "seen": "fonte de dados {source}: {reason}; consulta {ref}: {query}",
        "cause": "a fonte de dados não responde ao Grafana",
        "fix": "veja primeiro a verificação da fonte de dados",
    },
}
