# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drills of alerts: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "drill": {
        "expected": "em até {timeout:g} s",
        "seen": "após {took:.1f} s",
    },
    "drill.no_scenario": {
        "seen": "nenhum simulado conhecido para ela",
    },
    "drill.no_rule": {
        "seen": "o Prometheus não tem essa regra carregada",
    },
    "drill.not_expected": {
        "seen": "a regra só cobre o que é esperado; a consulta dela não tem {missing}",
    },
    "drill.too_short": {
        "seen": "ela leva pelo menos {least:g} s para disparar; timeout_hops é {timeout:g}",
    },
    "drill.missed": {
        "seen": "não nesse prazo",
        "fix": "veja o alerta no Prometheus e no Alertmanager, ou aumente timeout_hops",
    },
    "drill.missed.settled": {
        "cause": "já disparava antes, ou o Prometheus não coleta o gateway",
    },
    "drill.missed.pending": {
        "cause": "a regra não vê o que foi enviado: o Prometheus não coleta o gateway, ou coleta sem honor_labels",
    },
    "drill.missed.firing": {
        "cause": "a condição não se manteve pelo tempo do seu `for`",
    },
    "drill.missed.in_alertmanager": {
        "cause": "o Prometheus não tem Alertmanager, ou não o alcança",
    },
    "drill.missed.told": {
        "cause": "não há destinatário para a rota, o destinatário recusa, ou há um silêncio ou uma inibição",
    },
    "drill.missed.cleared": {
        "cause": "a regra consulta uma janela maior que timeout_hops",
    },
    "drill.missed.cleared_in_alertmanager": {
        "cause": "o Prometheus não o alcança mais",
    },
    "drill.missed.told_of_its_end": {
        "cause": "send_resolved está desligado, ou group_interval é maior que timeout_hops",
    },
    "receivers": {
        "expected": "nenhuma notificação falha",
        "seen": "nenhuma falhou",
    },
    "receivers.failed": {
        "seen": "{receivers:; }",
        "cause": "um destinatário desse tipo está fora do ar ou recusa: verifique endereço, credenciais e limites; outros podem ter sido notificados",
        "fix": "leia o log do Alertmanager, que nomeia o destinatário e o erro",
    },
    "failed_receiver": "{receiver}: {n} falharam",
    "drill_waits": "{alert} espera por `{hop}` desde {since}, até {until} no máximo",
    "drill_progress": "{waits:some; }",
    "drill_away": "{waits:some; } ({request} falha, e é repetido)",
}
