# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that failed: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "http": {
        "seen": "{request}: {seen}",
    },
    "request_refused": "conexão recusada",
    "request_no_answer": "sem resposta",
    "request_no_answer_in": "sem resposta em {timeout:g} s",
    "request_too_large": "mais de {limit} bytes",
    "request_too_slow": "{received} bytes em {seconds:g} s, e ainda faltava mais",
    "request_checked_against": "{seen} (verificado com {ca_path})",
    "http.dns": {
        "cause": "falta o registro DNS de {host}, ou o resolvedor deste host não o conhece",
        "fix": "crie o registro, ou informe o endereço na opção resolve",
    },
    "http.refused": {
        "cause": "nada escuta na porta {port} de {address}: serviço parado, porta errada ou host errado",
        "fix": "compare a porta com a que o serviço publica (docker ps, ss -ltn)",
    },
    "http.unreachable": {
        "cause": "não há rota até {address}, ou um firewall rejeita",
        "fix": "verifique a rota e o firewall entre este host e {address}",
    },
    "http.timeout": {
        "cause": "o serviço está travado ou sobrecarregado, ou um firewall descarta pacotes para {address}:{port}",
        "fix": "consulte-o do próprio host dele; aumente a opção timeout se ele for apenas lento",
    },
    "http.closed": {
        "cause": "o servidor fechou a conexão sem resposta: queda, reinício, ou ele espera TLS",
        "fix": "leia o log do serviço; confira http:// ou https://",
    },
    "http.tls_untrusted": {
        "cause": "o certificado de {host} foi assinado por uma autoridade que não é confiável aqui",
        "fix": "informe o bundle de CA correto na opção ca_path, ou sirva a cadeia completa",
    },
    "http.tls_strict": {
        "cause": "o Python 3.13 e os mais novos são rigorosos: ao certificado de {host}, ou à CA dele, faltam extensões que a RFC 5280 pede",
        "fix": "emita-o de novo por uma CA com key usage e identificadores de chave, como faz certificate_local",
    },
    "http.tls_rule": {
        "cause": "uma autoridade da cadeia de {host} limita o que assina, ou um dos certificados tem uma extensão crítica desconhecida",
        "fix": "peça à autoridade um certificado dentro dos limites dela; a verificação certificate diz qual elo é, quando isso é certo",
    },
    "http.tls_name": {
        "cause": "{address}:{port} apresenta um certificado que não é para {host}",
        "fix": "verifique host e porta; emita o certificado para {host} (subject alternative name)",
    },
    "http.tls_expired": {
        "cause": "um certificado que {host} apresenta expirou: o dele, um intermediário ou a autoridade",
        "fix": "veja qual é (a verificação certificate, ou openssl s_client -showcerts) e renove esse",
    },
    "http.tls_not_yet_valid": {
        "cause": "o certificado é do futuro, ou o relógio deste host está atrasado",
        "fix": "verifique os relógios (NTP)",
    },
    "http.tls_not_spoken": {
        "cause": "a porta {port} de {address} não fala TLS",
        "fix": "use http://, ou a porta que atende TLS",
    },
    "http.tls_client": {
        "cause": "o servidor exige um certificado de cliente, ou recusa o que recebeu",
        "fix": "informe client_cert e client_key",
    },
    "http.tls_other_key": {
        "cause": "a chave privada do servidor em {address}:{port} não é a do certificado que ele apresenta",
        "fix": "um dos dois foi renovado e o outro não: dê ao servidor o par que combina e reinicie ou recarregue-o",
    },
    "http.tls_no_certificate": {
        "cause": "o servidor em {address}:{port} diz que não tem certificado para {host} (unrecognized name)",
        "fix": "dê a ele um para {host}, ou consulte-o por um nome que ele tem",
    },
    "http.tls_weak": {
        "cause": "uma chave ou assinatura dos certificados de {host} é fraca demais para o OpenSSL desta máquina",
        "fix": "mande emitir de novo: RSA com 2048 bits ou EC, assinado com SHA-256; a verificação certificate diz qual é",
    },
    "http.tls": {
        "cause": "um dos lados encerrou o handshake sem dizer por quê: sem versão ou cifra em comum, falta um certificado de cliente, ou um erro do servidor",
        "fix": "leia o log do servidor deste momento; depois compare versões e cifras (openssl s_client)",
    },
    "http.not_json": {
        "cause": "outro serviço, ou a página de erro ou de login de um proxy, responde neste endereço",
        "fix": "verifique host, porta e caminho",
    },
    "http.too_large": {
        "cause": "não decidido aqui: outro serviço responde, ou este tem tanto assim (um gateway com muitíssimos grupos)",
        "fix": "verifique host, porta e caminho; veja o tamanho da resposta e remova o que ninguém usa",
    },
    "http.redirect": {
        "cause": "um proxy manda para outro esquema, caminho ou página de login",
        "fix": "use a URL final",
    },
    "http.login": {
        "cause": "o serviço, ou um proxy diante dele, pede antes um login",
        "fix": "informe credenciais, ou uma URL que responda sem login",
    },
    "http.other": {
        "cause": "veja o que foi encontrado",
        "fix": "repita a requisição à mão a partir deste host",
    },
    "http.status": {
        "cause": "um erro dentro do serviço",
        "fix": "leia o log do serviço",
    },
    "http.status.400": {
        "cause": "o servidor recusa o conteúdo da requisição",
        "fix": "leia a resposta dele acima",
    },
    "http.status.401": {
        "cause": "sem credenciais, ou credenciais erradas",
        "fix": "verifique url_username/url_password ou bearer_token",
    },
    "http.status.403": {
        "cause": "estas credenciais não permitem isto",
        "fix": "verifique as permissões do usuário",
    },
    "http.status.404": {
        "cause": "caminho ou prefixo errado, ou outro serviço neste endereço",
        "fix": "verifique host, porta e caminho",
    },
    "http.status.405": {
        "cause": "outro serviço neste endereço",
        "fix": "verifique host, porta e caminho",
    },
    "http.status.429": {
        "cause": "requisições demais",
        "fix": "espere, ou aumente o limite do servidor",
    },
    "http.status.502": {
        "cause": "o proxy está no ar, o serviço atrás dele não",
        "fix": "verifique o serviço e a rota",
    },
    "http.status.503": {
        "cause": "o serviço está iniciando, parando ou sobrecarregado",
        "fix": "leia o log do serviço",
    },
    "http.status.504": {
        "cause": "o serviço atrás do proxy não responde a tempo",
        "fix": "leia o log do serviço",
    },
    "http.encoded_path": {
        "cause": "um proxy diante do Grafana recusa ou decodifica caracteres codificados no caminho (%2F é / em um nome)",
        "fix": "faça o proxy repassá-los como são (Traefik: encodedCharacters; Apache: AllowEncodedSlashes NoDecode), ou escolha um nome sem eles",
    },
    "http.grafana_organization": {
        "cause": "a organização {org_id} não existe lá, ou estas credenciais não têm direito a ela",
        "fix": "verifique org_id; um token pertence a uma só organização e precisa nela do papel Admin",
    },
    "http.grafana_source": {
        "cause": "o endereço ou as credenciais da fonte de dados estão errados, ou o destino está fora do ar",
        "fix": "teste a fonte de dados no Grafana; consulte o endereço dela a partir do host ou do contêiner do Grafana",
    },
    "http.grafana_source_unknown": {
        "cause": "nenhuma fonte de dados tem o uid {uid}",
        "fix": "compare o uid com as fontes de dados desse Grafana e dessa organização",
    },
    "http.query": {
        "cause": "um erro em {query}",
        "fix": "corrija a consulta",
    },
    "http.stopped": {
        "cause": "a execução foi interrompida, ou o prazo terminou",
        "fix": "execute de novo",
    },
    "http.option": {
        "cause": "o valor dado ao módulo",
        "fix": "corrija a variável que o define",
    },
}
