# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services, their health and certificates: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "service": {
        "expected": "{wanted}",
        "seen": "{name}, em {seconds:ms}",
    },
    "service_ready": "{title} em {url}, pronto",
    "service_answers": "{url} responde {statuses:/}",
    "service_contains": '{url} responde {statuses:/} com o texto "{contains}"',
    "service.slow": {
        "seen": "{name}, em {seconds:ms}; o limite é {limit:g} s",
        "cause": "o serviço, o proxy à frente dele ou a rede está sobrecarregada",
        "fix": "compare com a latência no próprio host do serviço",
    },
    "service.not_ready": {
        "seen": "{name}, não pronto: {path} responde {status} {body}",
        "cause": "está iniciando ou parando, ou falta algo de que precisa",
        "fix": "leia o log de {title}",
    },
    "service.login_page": {
        "seen": "{status}, uma página que pede uma senha",
        "cause": "é uma página de login; o que há atrás dela não foi verificado",
        "fix": "informe contains: um texto que só a resposta certa tem",
    },
    "route": {
        "expected": "uma rota até ele",
        "seen": "há uma",
    },
    "route.missing": {
        "seen": "{request}: o proxy na frente de {host} responde 404 page not found em todos os caminhos, também sem verificar o certificado",
        "cause": "o Traefik não tem rota para {host}, ou só para outros caminhos ou entry points; sem uma, apresenta o seu certificado padrão",
        "fix": "inclua {host} em traefik_routes e faça o deploy com --tags traefik; num Traefik existente, leia o /api/http/routers dele",
    },
    "route.missing.told": {
        "cause": "o Traefik em {api} não tem router para {host}",
    },
    "health": {
        "expected": "todo banco de dados está no ar, todo destino de envio aceita o que recebe",
        "seen": "bancos de dados: {databases}; destinos de envio: {targets}",
    },
    "health.part_down": {
        "seen": "{parts:; }",
        "cause": "essa parte está fora do ar, ou o coletor tem um endereço ou uma senha errada para ela",
        "fix": "verifique {names} a partir do host do coletor; {url} tem os detalhes",
    },
    "health_database": "banco de dados {name}: {error}",
    "health_target": "envio a {name}: {error}",
    "health_task": "tarefa {name}: {error}",
    "not_yet": "ainda não",
    "untold": "ele só diz a quem tem a chave dele",
    "none": "nenhum",
    "health.no_target": {
        "seen": "não tem destino de envio",
        "cause": "a configuração dele não nomeia pushgateway nem victoriametrics",
        "fix": "faça o deploy dele com um destino de envio",
    },
    "health.not_probed": {
        "seen": "ele não sonda {missing}; ele sonda: {databases}",
        "cause": "não foi feito deploy dele desde que os bancos de dados do inventário mudaram, ou foi feito a partir de outro inventário",
        "fix": "faça o deploy do coletor",
    },
    "health.not_expected": {
        "seen": "ele também sonda {more}, que não está no inventário",
        "cause": "não foi feito deploy dele desde que os bancos de dados do inventário mudaram, ou foi feito a partir de outro inventário",
        "fix": "faça o deploy do coletor",
    },
    "certificate": {
        "expected": "confiável, para {host}, com pelo menos {days:g} dias restantes, TLS 1.2 ou mais novo",
        "seen": "{left:.1f} dias restantes, {protocol}, emitido por {issuer}",
    },
    "issuer_no_name": "um emissor sem nome",
    "certificate_refused": "{seen}; certificado para {names}, emitido por {issuer}, válido até {until} UTC",
    "certificate_unread": "{seen}; não foi possível ler o certificado ({error})",
    "certificate_no_name": "nenhum nome ({subject})",
    "certificate.not_verified": {
        "seen": "não verificado",
        "cause": "a opção validate_certs está desligada",
        "fix": "ligue-a, com a CA em ca_path",
    },
    "certificate.expires_soon": {
        "cause": "o certificado não é renovado a tempo",
        "fix": "renove o certificado de {host}, e descubra por que não foi renovado automaticamente",
    },
    "certificate.old_protocol": {
        "seen": "{left:.1f} dias restantes, {protocol}, emitido por {issuer}; {old} também é aceito",
        "cause": "o servidor, ou o proxy diante dele, aceita protocolos que já não são seguros",
        "fix": "permita apenas TLS 1.2 e mais novos (no Traefik: tls.options, minVersion VersionTLS12)",
    },
    "certificate.only_old_protocol": {
        "seen": "{error}; nada mais novo que {old} é aceito",
        "cause": "o servidor, ou o proxy diante dele, está configurado para protocolos que já não são seguros",
        "fix": "permita apenas TLS 1.2 e mais novos (no Traefik: tls.options, minVersion VersionTLS12)",
    },
}
