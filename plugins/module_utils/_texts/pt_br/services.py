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
    "clocks": {
        "expected": "os relógios de todos os servidores e desta máquina diferem no máximo {limit:g} s",
        "seen": "{clocks:some; }",
    },
    "server_clock": "{name}: {offset:+.1f} s, ±{uncertainty:.1f} s",
    "clocks.none": {
        "seen": "nenhuma resposta tem data",
    },
    "clocks.apart": {
        "seen": "{off:; }",
        "cause": "o relógio da máquina de {names} não está sincronizado (NTP): o que ela grava tem hora errada",
        "fix": "timedatectl lá; depois chronyc tracking, ou systemctl status systemd-timesyncd",
    },
    "clocks.controller": {
        "seen": "{off:some; }",
        "cause": "todos os servidores concordam: o relógio desta máquina está errado, ou todos estão em uma máquina cujo relógio está",
        "fix": "timedatectl nesta máquina e depois na deles",
    },
    "under_way": {
        "expected": "nada é reiniciado nem substituído durante a validação",
    },
    "under_way.passed": {
        "seen": "não julgado: {checks:some; } falhou ({codes:, }) e passa agora, {seconds:.0f} s depois",
        "cause": "um servidor foi reiniciado ou substituído nesse momento; se ninguém fez isso, algo vai e volta",
        "fix": "valide de novo; se falhar às vezes, veja os reinícios e o log dos servidores citados",
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
        "cause": "cada parte tem o seu próprio erro acima",
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
    "certificate_accepted": "aceito aqui, {protocol}",
    "certificate.intermediate_expired": {
        "seen": "{seen}; o intermediário {link}, que o servidor envia, terminou em {until} UTC",
        "cause": "o intermediário expirou, não o certificado de {host}: a autoridade o substituiu, e o servidor ainda envia o antigo",
        "fix": "coloque o intermediário atual da autoridade abaixo do certificado no arquivo do servidor; só um certificado novo não muda nada",
    },
    "certificate.authority_expired": {
        "seen": "{seen}; a autoridade {link} terminou em {until} UTC",
        "cause": "a própria autoridade expirou, e nada que ela assinou é mais confiável",
        "fix": "renove a autoridade e dê o novo certificado dela a todos que confiam nela (observability_ca_path)",
    },
    "certificate.intermediate_not_yet_valid": {
        "seen": "{seen}; o intermediário {link} só vale a partir de {since} UTC",
        "cause": "o intermediário ainda não vale, ou o relógio desta máquina está atrasado",
        "fix": "verifique os relógios (NTP) e depois qual intermediário o servidor envia",
    },
    "certificate.authority_not_yet_valid": {
        "seen": "{seen}; a autoridade {link} só vale a partir de {since} UTC",
        "cause": "a autoridade ainda não vale, ou o relógio desta máquina está atrasado",
        "fix": "verifique os relógios (NTP)",
    },
    "certificate.no_name": {
        "seen": "{seen}; o certificado {link} não tem nome alternativo (subject alternative name)",
        "cause": "ele foi emitido só com o nome comum, que navegadores, Go e Python não leem mais",
        "fix": "emita-o de novo com {host} como nome alternativo (subject alternative name)",
    },
    "certificate.not_for_servers": {
        "seen": "{seen}; o uso estendido da chave de {link} não tem serverAuth",
        "cause": "ele foi emitido para um cliente ou para assinatura, não para um servidor; um intermediário com tal limite tampouco assina servidores",
        "fix": "emita um certificado para servidores (serverAuth), por uma autoridade de servidores",
    },
    "certificate.too_long": {
        "seen": "{seen}; {link} permite {most} intermediários abaixo dele, e há {below}",
        "cause": "uma autoridade que só pode assinar servidores assinou outra autoridade (pathLenConstraint)",
        "fix": "faça o próprio {link} assinar o certificado de {host}, ou uma autoridade que o permita assinar o intermediário",
    },
    "certificate.not_an_authority": {
        "seen": "{seen}; {link} assinou o elo anterior e não pode assinar",
        "cause": "o certificado no lugar do intermediário não é de uma autoridade (basicConstraints, ou keyUsage sem keyCertSign)",
        "fix": "envie o intermediário da autoridade e emita o certificado por uma autoridade",
    },
    "certificate.weak_key": {
        "seen": "{seen}; a chave de {link} tem {bits} bits, são necessários pelo menos {least}",
        "cause": "uma chave curta demais para ser confiável; clientes com os padrões de hoje a recusam",
        "fix": "emita {link} de novo com uma chave mais longa",
    },
    "certificate.weak_signature": {
        "seen": "{seen}; {link} está assinado com {digest}",
        "cause": "uma assinatura que pode ser forjada; clientes com os padrões de hoje a recusam",
        "fix": "peça que {link} seja assinado de novo, com SHA-256",
    },
    "certificate.wrong_intermediate": {
        "seen": "{seen}; {link} foi emitido por {issuer}, e o servidor envia {sent:; } no lugar dele",
        "cause": "o intermediário no arquivo do servidor é de outro certificado, ou é um antigo de mesmo nome com outra chave",
        "fix": "troque-o pelo certificado de {issuer}, que a autoridade entregou com o de {host}",
    },
    "certificate.issuer_missing": {
        "seen": "{seen}; {link} foi emitido por {issuer}, que o servidor não envia e que não é confiável aqui",
        "cause": "ou {issuer} é um intermediário, que o servidor tem de enviar, ou é uma autoridade, que não é confiável aqui",
        "fix": "leia o certificado de {issuer}: se outro o emitiu, coloque-o no arquivo do servidor; se emitiu a si mesmo, aponte ca_path para ele",
    },
    "certificate.intermediate_not_sent": {
        "seen": "{seen}; o intermediário {link} só está entre as autoridades desta máquina, o servidor não o envia",
        "cause": "o arquivo do servidor não tem o intermediário: clientes que só têm a autoridade recusam {host}",
        "fix": "coloque {link} abaixo do certificado no arquivo que o servidor apresenta",
    },
    "certificate.other_authority": {
        "seen": "{seen}; {link} foi emitido por {issuer}, e a autoridade desse nome que é confiável aqui tem outra chave",
        "cause": "a autoridade foi refeita e esta máquina ainda tem a antiga, ou o contrário",
        "fix": "dê a esta máquina o certificado atual da autoridade (ca_path), ou emita de novo o certificado de {host}",
    },
    "certificate.self_signed": {
        "seen": "{seen}; {link} assinou a si mesmo e não é confiável aqui",
        "cause": "um servidor sem certificado de uma autoridade apresenta um que ele mesmo fez",
        "fix": "dê ao servidor de {host} o certificado dele; se ele deve mesmo assinar a si, aponte a opção ca_path para ele",
    },
    "certificate.proxy_default": {
        "seen": "{seen}; o Traefik apresenta o certificado padrão dele",
        "cause": "o Traefik não tem um certificado para {host} que possa usar: não há nenhum, o arquivo não pode ser lido, ou a chave não é a dele",
        "fix": "leia o log do Traefik desde a última partida (Unable to append certificate) e compare certificado e chave no diretório de configuração dele",
    },
    "certificate.wrong_order": {
        "seen": "{seen}; o primeiro certificado que o servidor envia é {link}, o de {host} vem depois",
        "cause": "os certificados no arquivo do servidor estão na ordem errada",
        "fix": "coloque o certificado de {host} primeiro e depois o emissor de cada um",
    },
    "certificate.unread": {
        "seen": "confiável ({protocol}); o fim e os elos dele não foram lidos",
        "cause": "falta a biblioteca Python cryptography onde as verificações rodam",
        "fix": "apt-get install python3-cryptography lá",
    },
    "certificate.intermediate_expires_soon": {
        "seen": "{left:.1f} dias restantes do intermediário {link}, {protocol}, emitido por {issuer}",
        "cause": "o intermediário que o servidor envia termina antes do certificado de {host}",
        "fix": "coloque o intermediário atual da autoridade abaixo do certificado no arquivo do servidor; só um certificado novo não muda nada",
    },
    "certificate.authority_expires_soon": {
        "seen": "{left:.1f} dias restantes da autoridade {link}, {protocol}, emitido por {issuer}",
        "cause": "a própria autoridade termina em breve, e com ela tudo o que ela assinou",
        "fix": "renove a autoridade (uma local: implante com --tags traefik) e dê o novo certificado dela a todos que confiam nela",
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
    "database_error": "{type}: {meaning}",
    "database_error.code": "{type} ({code}): {meaning}",
    "health.part_down.timeout": {
        "cause": "o banco está travado ou sobrecarregado, ou um firewall descarta os pacotes",
        "fix": "tente a conexão a partir do host do coletor; veja a carga do servidor",
    },
    "health.part_down.connection_refused": {
        "cause": "nada escuta ali: o banco está parado, ou host ou porta está errado",
        "fix": "inicie o banco, ou corrija host e porta nos bancos do coletor",
    },
    "health.part_down.dns": {
        "cause": "o resolvedor do coletor não conhece o nome do banco",
        "fix": "corrija o host nos bancos do coletor, ou crie o registro DNS",
    },
    "health.part_down.authentication": {
        "cause": "o banco recusa o usuário, a senha dele, ou o endereço de onde vem",
        "fix": "compare user e password_file com os do banco; veja as regras de acesso (pg_hba.conf, o host do usuário)",
    },
    "health.part_down.permission": {
        "cause": "o usuário é conhecido ali, mas não pode conectar a este banco",
        "fix": "conceda: GRANT CONNECT ON DATABASE no PostgreSQL, direitos no banco no MySQL",
    },
    "health.part_down.too_many_connections": {
        "cause": "todas as conexões que o servidor, ou o usuário, pode ter estão em uso",
        "fix": "ache quem as mantém (pg_stat_activity, SHOW PROCESSLIST); aumente max_connections",
    },
    "health.part_down.database_missing": {
        "cause": "o servidor não tem banco com esse nome: foi apagado ou renomeado, ou é outro servidor",
        "fix": "corrija o nome nos bancos do coletor, ou restaure o banco",
    },
    "health.part_down.starting": {
        "cause": "o servidor está iniciando, parando ou se recuperando",
        "fix": "espere por ele, e valide de novo; leia o log se continuar assim",
    },
    "health.part_down.tls": {
        "cause": "o TLS com o banco falha, ou é preciso para a senha",
        "fix": "corrija tls e ca_file nos bancos do coletor",
    },
    "health.part_down.query": {
        "cause": "o banco aceita a conexão, mas não a consulta",
        "fix": "leia o log do banco, e o do coletor",
    },
    "health.part_down.other": {
        "cause": "não se sabe aqui: o log do coletor tem as palavras do driver",
        "fix": "leia o log do coletor (database probe failed)",
    },
    "health.part_down.push": {
        "cause": "o coletor não consegue entregar ali, pela razão acima",
        "fix": "verifique esse destino a partir do host do coletor; corrija endereço, CA ou credenciais nas configurações dele",
    },
    "service.other_collector": {
        "seen": "quem responde é o coletor de {found}, não o de {host}",
        "cause": "os nomes públicos de dois coletores estão trocados, ou ambos levam a um só host",
        "fix": "corrija o registro DNS, ou a rota do proxy, deste nome",
    },
}
