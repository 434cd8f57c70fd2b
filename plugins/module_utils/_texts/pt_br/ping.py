# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "ping": {
        "expected": "200 a {count} pings, cada um com o seu id e todos os campos",
        "seen": "{count} de {count}, processamento {processing:ms}",
    },
    "ping.no_collectors": {"seen": "nenhum coletor foi dado"},
    "ping.bad_answer": {
        "cause": "outra versão da API, ou outro serviço, responde neste endereço",
        "fix": "compare a versão em / com a que foi implantada",
    },
    "ping.bad_answer.no_object": {
        "seen": "a resposta não é um objeto JSON",
    },
    "ping.bad_answer.fields_missing": {
        "seen": "falta na resposta: {missing}",
    },
    "ping.bad_answer.other_ping": {
        "seen": "a resposta é de outro ping: {other}, não {ping_id}",
    },
    "ping.bad_answer.no_time": {
        "seen": "não é um instante ISO-8601 em UTC: {time}",
    },
    "ping.bad_answer.times_reversed": {
        "seen": "processado antes de ser recebido",
    },
    "ping.key_refused": {
        "seen": "{answer}",
        "cause": "o coletor tem outra chave: não houve deploy dele desde que a chave mudou",
        "fix": "faça o deploy do coletor, ou informe a esta verificação a chave implantada",
    },
    "ping.other_version": {
        "seen": "{answer}",
        "cause": "outra versão da API",
        "fix": "compare a versão em / com a que foi implantada",
    },
    "ping.not_protected": {
        "seen": "200 {body}",
        "cause": "a API não confere chaves: qualquer um pode enviar pings",
        "fix": "tire o coletor da rede, depois verifique o keys_file dele",
    },
    "ping.lost": {
        "seen": "o próprio coletor conta {known} de {count} pings",
        "cause": "foi reiniciado nesse meio-tempo, ou vários coletores respondem neste endereço",
        "fix": "consulte cada coletor pela URL própria dele",
    },
    "rtt": {
        "expected": "o p95 das idas e voltas é de no máximo {limit:g} s",
        "seen": "p50 {p50:ms}, p95 {p95:ms}",
    },
    "rtt.slow": {
        "cause": "o coletor ou a rede está sobrecarregada, ou o coletor fica longe",
        "fix": "compare com um ping no próprio host dele",
    },
    "clock": {
        "expected": "os relógios diferem em no máximo {limit:g} s",
        "seen": "{offset:+.3f} s, ±{uncertainty:.3f} s",
    },
    "clock.apart": {
        "cause": "o relógio do host do coletor, ou deste, não é sincronizado (NTP)",
        "fix": "verifique timedatectl nos dois hosts",
    },
    "key": {
        "expected": "um ping com a chave {number} é respondido com 200",
        "seen": "200",
    },
    "wrong_key": {
        "expected": "um ping com uma chave errada é respondido com 401",
        "seen": "401",
    },
    "no_key": {
        "expected": "um ping sem chave é respondido com 401",
        "seen": "401",
    },
    "counted": {
        "expected": '{metric} de instance="{instance}" no Prometheus é a do último ping',
        "seen": "{pings} pings, no Prometheus após {seconds:.1f} s",
    },
    "counted.another_run": {
        "seen": "não avaliado: o coletor tinha esquecido os pings ({seconds:.0f} s): outra validação os remove, ou ele foi reiniciado",
        "fix": "valide de novo, quando nenhuma outra validação estiver em andamento; veja se o coletor foi reiniciado",
    },
    "counted.missing": {
        "seen": "não apareceu em {seconds:.0f} s",
        "cause": "os envios do coletor não chegam a este Prometheus, ou chegam com outra instance",
        "fix": "veja as verificações do envio e da coleta",
    },
    "counted.missing.older": {
        "seen": "não apareceu em {seconds:.0f} s; o que há ali é {behind:span} mais antigo",
    },
    "sampled": {
        "expected": '{metric} de host="{host}" no VictoriaMetrics, destes pings',
        "seen": "nenhuma em {seconds:.0f} s",
    },
    "sampled.ok": {
        "seen": "após {seconds:.1f} s",
    },
    "sampled.another_run": {
        "seen": "não avaliado: o coletor tinha esquecido os pings ({seconds:.0f} s): outra validação os remove, ou ele foi reiniciado",
        "fix": "valide de novo, quando nenhuma outra validação estiver em andamento; veja se o coletor foi reiniciado",
    },
    "sampled.off": {
        "seen": "não enviado: collector_victoriametrics_url deste coletor está vazio",
    },
    "sampled.not_sent": {
        "cause": "o coletor não tem victoriametrics na configuração, por isso não envia amostras",
        "fix": "faça o deploy do coletor com a URL do VictoriaMetrics",
    },
    "sampled.queued": {
        "cause": "o coletor não consegue entregar: {error}",
        "fix": "leia o /health dele: {samples} amostras estão na fila",
    },
    "samples_queued": "as amostras dele estão na fila",
    "sampled.elsewhere": {
        "cause": "o coletor envia a outro VictoriaMetrics",
        "fix": "compare victoriametrics.url na configuração do coletor com o que foi consultado",
    },
    "forgotten": {
        "expected": "não resta nenhuma série da validação",
        "seen": "restam: {left:; }",
    },
    "forgotten.ok": {
        "seen": "removida",
    },
    "forgotten.another_run": {
        "seen": "removida; outra validação está em andamento",
    },
    "forgotten.left": {
        "cause": "o gateway ou o VictoriaMetrics não aceitou a remoção",
        "fix": "valide de novo",
    },
    "forgotten.not_able": {
        "cause": "o coletor é mais antigo que esta verificação: não sabe esquecer uma origem",
        "fix": "faça o deploy do coletor",
    },
    "forgotten.not_done": {
        "cause": "o coletor recebeu os pings, mas agora falha ou não responde",
        "fix": "reinicie o coletor: o próximo envio dele é sem elas",
    },
    "left_on_collector": "séries no coletor e no gateway (DELETE {path}: {error})",
    "left_on_gateway": "séries no gateway, já que o coletor não consegue enviar",
    "left_in_victoriametrics": "amostras no VictoriaMetrics",
}
