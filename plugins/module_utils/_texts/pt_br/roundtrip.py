# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The marker that is followed from the gateway: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "roundtrip": {
        "expected": "{place} em {url} tem o marcador, como foi enviado",
        "seen": "não apareceu em {seconds:.0f} s",
    },
    "roundtrip.ok": {
        "seen": "{seconds:.2f} s após o envio",
    },
    "roundtrip.check_mode": {
        "seen": "modo de verificação (check mode): nada é enviado",
    },
    "roundtrip.not_on_gateway": {
        "seen": "não está no gateway: veja roundtrip gateway",
    },
    "roundtrip.dropped": {
        "seen": "o envio foi aceito, mas o grupo dele não está ali após {seconds:.0f} s",
        "cause": "o endereço leva a vários gateways, ou outra coisa aceita envios e os descarta",
        "fix": "informe o endereço de um só gateway, o que o Prometheus coleta",
    },
    "roundtrip.no_honor_labels": {
        "seen": 'só como job="{job}" exported_job="{exported_job}", {seconds:.2f} s após o envio',
        "cause": "o job de coleta {job} não tem honor_labels: true",
        "fix": "ponha honor_labels: true nesse job de coleta e recarregue o Prometheus",
    },
    "roundtrip.relabelled": {
        "seen": 'como job="{job}" instance="{instance}"',
        "cause": "o relabeling muda job ou instance no caminho até {place}",
        "fix": "procure metric_relabel_configs, write_relabel_configs e external_labels",
    },
    "roundtrip.other_gateway": {
        "seen": "não apareceu em {seconds:.0f} s; {target} está no ar, mas o processo dele não é o do gateway que recebeu o envio",
        "cause": "o Prometheus coleta outro gateway",
        "fix": "compare o endereço do alvo com o do gateway",
    },
    "roundtrip.see_prometheus": {
        "cause": "talvez também não tenha chegado ao Prometheus como foi enviado",
        "fix": "veja roundtrip Prometheus, e conserte isso primeiro",
    },
    "roundtrip.not_written": {
        "cause": "o Prometheus não tem remote_write para este VictoriaMetrics, descarta o marcador (write_relabel_configs), ou está atrasado",
        "fix": "compare o remote_write dele com a URL consultada aqui",
    },
    "roundtrip.other_source": {
        "cause": "a fonte de dados {uid} leva a outro servidor, ou a um VictoriaMetrics que esconde amostras mais novas que -search.latencyOffset (30 s)",
        "fix": "compare-o com os servidores consultados aqui",
    },
    "roundtrip_removed": {
        "expected": "o marcador sumiu de cada lugar a que chegou",
        "seen": "{places:; }",
    },
    "roundtrip_removed.not_pushed": {
        "seen": "nada foi enviado",
    },
    "roundtrip_removed.gateway": {
        "cause": "o gateway saiu do ar ou recusa DELETE, ou o endereço dele leva a vários gateways",
        "fix": "remova os grupos do job {job} com pushgateway_group, ou execute isto de novo",
    },
    "roundtrip_removed.prometheus": {
        "cause": "ele coleta com menos frequência que wait, ou outro gateway também tem o grupo",
        "fix": "deixe wait maior que o intervalo de coleta; uma série que não é coletada termina em 5 min",
    },
    "roundtrip_removed.victoriametrics": {
        "cause": "o Prometheus ainda não encerrou a série, ou outro também a grava ali",
        "fix": "execute isto de novo: apaga o que terminou nesse meio-tempo",
    },
    "roundtrip_removed.not_allowed": {
        "cause": "o VictoriaMetrics tem uma -deleteAuthKey, ou estas credenciais não podem apagar",
        "fix": "apague à mão as séries do job {job}, ou execute isto de novo",
    },
    "marker_off_gateway": "sumiu do gateway {seconds:.2f} s após o envio",
    "marker_on_gateway": "ainda no gateway",
    "marker_gateway_silent": "talvez ainda no gateway ({error})",
    "marker_ended_in_prometheus": "terminou no Prometheus {seconds:.2f} s após o envio",
    "marker_not_in_prometheus": "não está no Prometheus",
    "marker_in_prometheus": "ainda no Prometheus {seconds:.0f} s após o envio",
    "marker_prometheus_silent": "talvez ainda no Prometheus ({error})",
    "marker_deleted": "apagado no VictoriaMetrics {seconds:.2f} s após o envio",
    "marker_ended_in_store": "terminou no armazenamento {seconds:.2f} s após o envio",
    "marker_not_in_victoriametrics": "não está no VictoriaMetrics",
    "marker_in_victoriametrics": "ainda gravado no VictoriaMetrics {seconds:.0f} s após o envio",
    "marker_victoriametrics_silent": "talvez ainda no VictoriaMetrics ({request}: {error})",
    "marker_others": "com ele {n} deixados por execuções interrompidas",
    "roundtrip.not_scraped": {
        "seen": "não apareceu em {seconds:.0f} s; {target} está no ar, última coleta em {last_scrape}",
        "cause": "não decidido aqui: o Prometheus não armazena o que coleta, descarta o marcador, ou coleta mais raramente que isso",
        "fix": "veja as verificações target e storage; deixe wait maior que o intervalo de coleta",
    },
}
