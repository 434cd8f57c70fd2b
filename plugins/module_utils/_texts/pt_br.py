# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks say, in the Portuguese of Brazil."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "separators": ".,",
    "more": "{items} e mais {n}",
    # --- any check
    "deadline.passed": {
        "seen": "não respondeu em {deadline:.1f} s",
        "cause": "o serviço está travado, ou o prazo é menor que as esperas e os tempos limite dentro dele",
        "fix": "descubra o que trava, ou aumente deadline",
    },
    "defect.raised": {
        "seen": "{error}",
        "cause": "um defeito na própria verificação ({function}, linha {line})",
        "fix": "relate o defeito",
    },
    "defect.no_result": {
        "seen": "sem resultado",
        "cause": "um defeito na própria verificação",
        "fix": "relate o defeito",
    },
    "result": {
        "expected": "as verificações desta tarefa",
        "cause": "a tarefa falhou antes de poder verificar algo",
        "fix": "leia o erro dela acima",
    },
    "result.failed": {
        "seen": "{message}",
    },
    "result.empty": {
        "seen": "nenhuma verificação no resultado",
    },
    # --- who answers at an address
    "address.other_service": {
        "seen": "{name} responde ali",
        "cause": "foi informado, em seu lugar, o endereço de {title}",
        "fix": "informe o host e a porta do próprio serviço, ou o caminho pelo qual o proxy o encaminha",
    },
    "address.other_service.prometheus_for_pushgateway": {
        "cause": "foi informado o endereço do Prometheus como Pushgateway; ele responde a um envio com 404 ou 405",
    },
    "address.other_service.pushgateway_for_prometheus": {
        "cause": "foi informado o endereço do Pushgateway como Prometheus; ele não guarda histórico",
    },
    "address.unknown_service": {
        "seen": "{status} de {url}: {body}",
        "cause": "outro serviço, ou a página do próprio proxy, responde neste endereço",
        "fix": "verifique host, porta e caminho",
    },
    # --- services
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
    # --- ping
    "ping": {
        "expected": "200 a {count} pings, cada um com o seu id e todos os campos",
        "seen": "{count} de {count}, processamento {processing:ms}",
    },
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
    # --- scrape target of the gateway
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
    # --- metrics, as a part of the validation
    "metrics": {
        "expected": "as métricas dos coletores chegam",
    },
    # --- roundtrip
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
        "seen": "não apareceu em {seconds:.0f} s; {target} está no ar, última coleta em {last_scrape}",
        "cause": "o Prometheus coleta um gateway diferente do que recebeu o envio, ou com menos frequência que isso",
        "fix": "compare o endereço do alvo com o do gateway; deixe wait maior que o intervalo",
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
    "marker_not_in_victoriametrics": "não está no VictoriaMetrics",
    "marker_in_victoriametrics": "ainda gravado no VictoriaMetrics {seconds:.0f} s após o envio",
    "marker_victoriametrics_silent": "talvez ainda no VictoriaMetrics ({request}: {error})",
    "marker_others": "com ele {n} deixados por execuções interrompidas",
    # --- the inventory
    "host": {
        "expected": "as verificações dele foram feitas",
    },
    "host.lost": {
        "seen": "ele saiu da execução antes das suas verificações",
        "cause": "ele não responde, ou uma variável dele não pode ser lida: um vault sem a senha, "
        "um nome com erro de digitação",
        "fix": "veja o que a execução diz deste host acima do relatório",
    },
    "group": {
        "expected": "um host do inventário que o envia, ou o job dele em deploy_known_groups",
        "seen": "{labels}; último envio há {age:span}",
        "cause": "um programa que o inventário não conhece o envia, ou enviava",
        "fix": "garanta que nada mais o envia, depois faça o deploy com "
        "-e deploy_remove_stale_groups=true",
    },
    "group.left": {
        "cause": "o host saiu do inventário, tem agora outro nome ou outra região, ou envia com "
        "outro nome",
    },
    "group.unknown": {},
    "group.left.removed": {
        "fix": "removido por esta execução",
    },
    "group.unknown.removed": {
        "fix": "removido por esta execução",
    },
    # --- releases
    "unknown_date": "uma data desconhecida",
    "nothing": "nada",
    "running_container": "{name} (em execução)",
    "container.state": "{reason}{after}",
    "left_by_swap": "sobrou de uma troca interrompida: {containers}",
    "log_lines": "últimas linhas do log: {lines: / }",
    "log_hidden": "o log dele não é mostrado, pois os segredos dele não são conhecidos",
    "docker": {
        "expected": "um daemon Docker em {docker_host}",
    },
    "docker.no_socket": {
        "seen": "nenhum socket em {docker_host}",
        "cause": "o Docker não está instalado ou não foi iniciado",
        "fix": "instale-o ou inicie-o: systemctl status docker",
    },
    "docker.no_permission": {
        "seen": "acesso negado em {docker_host}",
        "cause": "este usuário não pode usar o socket do daemon",
        "fix": "execute a tarefa com become: true",
    },
    "docker.not_running": {
        "seen": "conexão recusada em {docker_host}",
        "cause": "o daemon não está em execução",
        "fix": "inicie-o: systemctl status docker; journalctl -u docker",
    },
    "docker.no_answer": {
        "seen": "{error}",
        "cause": "o daemon em {docker_host} está travado, terminou ou recusa a requisição",
        "fix": "veja systemctl status docker; journalctl -u docker",
    },
    "releases": {
        "expected": "toda release é verificada",
    },
    "releases.none": {
        "seen": "container_release não implantou nada aqui",
    },
    "running": {
        "expected": "em execução e saudável",
        "seen": "{also:; }",
    },
    "running.ok": {
        "seen": "em execução desde {since}Z, saudável",
    },
    "running.interrupted": {
        "seen": "nenhum contêiner com esse nome; sobrou: {left}",
        "cause": "um deploy foi interrompido, ou está em andamento",
        "fix": "faça o deploy de novo: isso o conserta",
    },
    "running.removed": {
        "seen": "nenhum contêiner com esse nome",
        "cause": "foi removido à mão: os arquivos dele ainda estão neste host",
        "fix": "faça o deploy dele",
    },
    "running.never_deployed": {
        "seen": "nenhum contêiner com esse nome",
        "cause": "nunca implantado neste host, ou com outro nome; implantados aqui: {here}",
        "fix": "faça o deploy dele",
    },
    "running.paused": {
        "cause": "alguém executou docker pause",
        "fix": "execute docker unpause",
    },
    "paused": "está pausado",
    "running.no_healthcheck": {
        "cause": "foi feito sem healthcheck, o que container_release recusa",
        "fix": "implante-o de novo",
    },
    "running.stopped": {
        "cause": "alguém o parou",
        "fix": "execute docker start, ou implante-o de novo",
    },
    "running.unhealthy": {
        "cause": "o programa, ou aquilo de que ele depende, está quebrado",
        "fix": "veja docker logs {container}; faça rollback se começou com um deploy",
    },
    "running.left": {
        "seen": "em execução desde {since}Z, saudável; {also:; }",
        "cause": "um deploy foi morto, ou está em andamento agora",
        "fix": "implante-o de novo: isso o conserta",
    },
    "image": {
        "expected": "imagem {deployed}, como implantada e como {named} a nomeia agora",
    },
    "image.ok": {
        "seen": "executa {runs} ({names}) de {made}",
    },
    "image.recreated": {
        "seen": "executa {runs}, {deployed} foi implantado",
        "cause": "o contêiner foi recriado à mão ou por outro programa",
        "fix": "implante-o de novo",
    },
    "image.no_such_name": {
        "seen": "executa {runs}; nenhuma imagem se chama {reference} aqui",
        "cause": "o nome foi removido, ou a imagem nunca foi construída ou baixada neste host",
        "fix": "construa-a ou baixe-a, e faça o deploy",
    },
    "image.rolled_back": {
        "seen": "executa {runs} de {made}; hoje {reference} aponta para {now} de {now_made}",
        "cause": "houve rollback da release",
        "fix": "faça o deploy quando estiver consertado",
    },
    "image.rolled_back.without_name": {
        "seen": "executa {runs}, que não tem mais nome",
    },
    "image.tag_moved": {
        "seen": "executa {runs} de {made}; hoje {reference} aponta para {now} de {now_made}",
        "cause": "a tag aponta para outra imagem: foi baixada ou construída desde então, e não implantada",
        "fix": "implante-o de novo: docker restart continua com a imagem antiga",
    },
    "image.other_reference": {
        "seen": "executa {runs} de {made}; hoje {reference} aponta para {now} de {now_made}",
        "cause": "foi implantado a partir de {deployed_from}",
        "fix": "implante-o de novo: docker restart continua com a imagem antiga",
    },
    "image.name_taken": {
        "seen": "executa {runs}, que não tem mais nome",
        "cause": "outra imagem foi construída com o nome dela desde então, e não foi implantada",
        "fix": "implante-o de novo",
    },
    "image.other_digest": {
        "seen": "foi implantado {digest}, os digests da imagem são {digests}",
        "cause": "a imagem foi carregada ou enviada de novo com outro digest",
        "fix": "implante-o de novo",
    },
    "image.only_latest": {
        "seen": "executa {runs} ({names}) de {made}",
        "cause": "latest nomeia o que foi baixado por último: não há para onde voltar pelo nome",
        "fix": "implante a tag de uma versão ou um digest",
    },
    "source": {
        "expected": "construída a partir do código-fonte atual, {today}",
        "seen": "uma imagem de {made}, construída a partir de {source}",
    },
    "source.ok": {
        "seen": "construída em {made} a partir dele",
    },
    "source.unknown": {
        "seen": "uma imagem de {made} que não diz a partir de que foi construída",
        "cause": "não foi construída por image_build",
        "fix": "construa-a, e faça o deploy",
    },
    "source.rolled_back": {
        "cause": "houve rollback da release",
        "fix": "faça o deploy quando estiver consertado",
    },
    "source.not_rebuilt": {
        "cause": "a imagem não foi reconstruída desde que o código mudou",
        "fix": "construa-a, e faça o deploy",
    },
    "source.not_deployed": {
        "cause": "a imagem foi reconstruída desde que o código mudou, e não implantada",
        "fix": "faça o deploy dela",
    },
    "configuration": {
        "expected": "como implantado: opções, limites, redes, arquivos e segredos",
    },
    "configuration.ok": {
        "seen": "como implantado; um segredo conta assim enquanto o arquivo dele não é tocado",
    },
    "configuration.adopted": {
        "seen": "não foi criado por container_release, mas adotado, e um rollback voltou a ele",
        "cause": "houve rollback da release que o substituiu",
        "fix": "faça o deploy outra vez",
    },
    "configuration.recreated": {
        "seen": "não tem nenhum dos labels de um deploy",
        "cause": "foi recriado à mão ou por outro programa",
        "fix": "implante-o de novo, com adopt",
    },
    "configuration.changed": {
        "seen": "{differences:; }",
        "cause": "foi recriado à mão, alterado com docker, ou os arquivos dele foram editados neste host",
        "fix": "implante-o de novo",
    },
    "configuration.not_readable": {
        "seen": "{error}",
        "cause": "só root pode ler os arquivos de uma release",
        "fix": "execute a tarefa com become: true",
    },
    "disk.gone": "{what} não está mais no disco",
    "disk.replaced": "{what} foi trocado no disco: o contêiner tem o antigo",
    "disk.changed": "{what} foi alterado no disco depois do deploy",
    "disk.permissions": "{what} tem no disco permissões diferentes das que recebeu",
    "differs": "{what} difere",
    "differs.no_record": "não há registro das opções dele em {directory}",
    "differs.record": "o registro dele não é aquele de que o digest foi feito",
    "differs.drift": "um deploy faria: {action}",
    "differs.no_image": "a imagem dele não está mais neste host",
    "differs.variable": "a variável de ambiente {name} difere",
    "differs.field": "{key} não está como foi definido",
    "differs.connected": "foi conectado à rede {network}",
    "differs.alias": "não tem o nome {alias} na rede {network}",
    "differs.not_connected": "não está conectado à rede {network}",
    "reason.image": "imagem",
    "reason.configuration": "configuração",
    "reason.option": "opção {option}",
    "reason.file": "arquivo {path}",
    "reason.secret": "segredo {path}",
    "reason.no_record": "nenhum registro das opções dele",
    "reason.limited": "{key} foi limitado à mão",
    "reason.network": "a rede {network} foi recriada",
    "drift.set": "definir {keys} do contêiner {container}",
    "drift.connect": "conectar o contêiner {container} à rede {network}",
    "drift.own": "dar {path} a {owner}",
    "restarts": {
        "expected": "no máximo {most} reinícios, nenhum em andamento, memória suficiente",
        "seen": "reinícios: {restarts}; {also:; }",
    },
    "restarts.ok": {
        "seen": "reinícios: {restarts}",
    },
    "restarts.ends": {
        "cause": "o programa encerra sozinho",
        "fix": "veja docker logs {container}",
    },
    "restarts.out_of_memory": {
        "seen": "reinícios: {restarts}; sem memória; {also:; }",
        "cause": "o limite de {limit} MiB é baixo demais, ou há vazamento de memória",
        "fix": "aumente memory, ou conserte o programa",
    },
    "restarts.killed": {
        "seen": "reinícios: {restarts}; morto (SIGKILL); {also:; }",
        "cause": "muito provavelmente o limite de {limit} MiB é baixo demais, ou há vazamento de memória",
        "fix": "aumente memory, ou conserte o programa",
    },
    "restart_under_way": "outro está em andamento",
    "exit_code": "código de saída {exit_code}",
    "exit_code.unknown": "código de saída não guardado",
    "ports": {
        "expected": "as portas declaradas são publicadas, e algo escuta atrás de cada porta TCP",
    },
    "ports.ok": {
        "seen": "{ports}",
    },
    "ports.not_running": {
        "seen": "não está em execução",
    },
    "ports.not_declared": {
        "seen": "configurado: {configured}; declarado: {declared}",
        "cause": "foi implantado com portas diferentes das declaradas agora, ou recriado à mão",
        "fix": "implante-o de novo",
    },
    "ports.not_published": {
        "seen": "configurado: {configured}; o Docker publica: {ports}",
        "cause": "o daemon não pôde publicá-las, ou a rede dele foi desconectada",
        "fix": "reinicie-o com docker restart; veja docker ps",
    },
    "ports.silent": {
        "seen": "{ports:; }",
        "cause": "o programa não está configurado para escutar nessa porta, ou escuta só no próprio loopback",
        "fix": "compare a porta de dentro com o que dizem a configuração e o log do programa",
    },
    "no_ports": "nenhuma porta publicada",
    "port_closed": "{port}: a conexão é recusada, ou fechada de imediato, sem nenhum byte",
    "port_unused": "{port}: nada escuta em {inside} no contêiner",
    "port_on_loopback": "{port}: o programa escuta só em {addresses} no contêiner",
    "public_ports": {
        "expected": "só portas declaradas são publicadas em endereços públicos",
        "seen": "{ports}",
    },
    "public_ports.open": {
        "cause": "publicada sem endereço, o que significa todos; o Docker publica por fora do firewall",
        "fix": "publique-a em 127.0.0.1 ou num endereço privado, ou acrescente-a a public_ports",
    },
    "secrets": {
        "expected": "nenhum contêiner tem um segredo no ambiente",
    },
    "secrets.ok": {
        "seen": "nenhum em {containers} contêineres; aceitos: {accepted}",
    },
    "secrets.exposed": {
        "seen": "{variables}",
        "cause": "todos os que podem executar docker inspect os leem, e também quem recebe a saída dele",
        "fix": "dê ao programa um arquivo (*_FILE, secrets do container_release) e troque o segredo, ou acrescente {first} a accepted_secrets",
    },
    # --- drills of alerts
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
    # --- who is notified of alerts
    "receiver": {
        "expected": "um destinatário que notifica alguém",
    },
    "receiver.alertmanager_none": {
        "seen": "nenhum: o Alertmanager descarta os alertas que nenhuma rota recebe",
        "cause": "alertmanager_receivers está vazio, ou alertmanager_default_receiver está",
        "fix": "configure um webhook, um endereço de e-mail, um canal do Slack ou do Telegram (docs/alerting.md)",
    },
    "receiver.grafana_nobody": {
        "seen": "{names}: ninguém é notificado",
        "cause": "nenhum ponto de contato foi configurado ainda",
        "fix": "defina grafana_alerts_to_alertmanager, ou grafana_contact_points e grafana_notification_policy (docs/grafana.md)",
    },
    "exporter_run": {
        "expected": "uma execução que lê do n8n e entrega",
        "seen": "leu e entregou",
    },
    "exporter_run.failed": {
        "seen": "código de saída {exit_code}",
        "cause": "{error}",
        "fix": "conserte e faça o deploy de novo; {directory}/run-{exporter} nesse host mostra uma execução inteira. Até lá o cron mantém os jobs",
    },
    "exporter_run.failed.silent": {
        "cause": "a execução não disse nada",
    },
    # --- requests that failed
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
    "http.tls_name": {
        "cause": "{address}:{port} apresenta um certificado que não é para {host}",
        "fix": "verifique host e porta; emita o certificado para {host} (subject alternative name)",
    },
    "http.tls_expired": {
        "cause": "a renovação do certificado parou",
        "fix": "renove o certificado de {host}",
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
    "http.tls": {
        "cause": "o handshake TLS falhou",
        "fix": "compare as versões do protocolo e as cifras dos dois lados",
    },
    "http.not_json": {
        "cause": "outro serviço, ou a página de erro ou de login de um proxy, responde neste endereço",
        "fix": "verifique host, porta e caminho",
    },
    "path": {
        "expected": "só o root (ou o próprio usuário da tarefa) pode mudar {path}",
    },
    "path.link": {
        "seen": "{seen}",
        "cause": "alguém pôs ali um link, talvez para que o root escreva em outro lugar",
        "fix": "veja aonde ele leva e remova-o",
    },
    "path.owner": {
        "seen": "o dono é {seen}",
        "cause": "foi criado à mão, ou por outro programa",
        "fix": "passe-o, e os diretórios acima dele, para o root",
    },
    "path.writable": {
        "seen": "{seen}",
        "cause": "foi criado com um umask aberto, ou aberto à mão",
        "fix": "tire do grupo e dos outros o direito de escrita (chmod go-w)",
    },
    "path.kind": {
        "seen": "{seen}",
        "cause": "outra coisa foi posta ali à mão",
        "fix": "remova-a",
    },
    "http.too_large": {
        "cause": "outro serviço responde aqui",
        "fix": "verifique host, porta e caminho",
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
    # --- contêineres
    "container": {
        "seen": "{reason}{after}",
    },
    "container.after": ", depois de ter ficado saudável por {seconds:.1f} s",
    "container.check_failed": "o healthcheck dele falhou {failures} vezes",
    "container.check_output": "; o healthcheck dele disse: {output}",
    "container.exited": "encerrou com o código {exit_code}{error}",
    "container.killed": "foi morto (SIGKILL, código de saída 137): faltou memória{limit}, ou alguém executou docker kill ou docker stop",
    "container.limit": " (limite de {megabytes} MiB)",
    "container.no_healthcheck": "não tem healthcheck, e isso nunca conta como saudável",
    "container.not_ended": "não tinha terminado depois de {timeout:g} s",
    "container.out_of_memory": "foi morto porque faltou memória{limit}",
    "container.restarts": "reinicia sem parar",
    "container.restarts_after": "reinicia sem parar ({end})",
    "container.timeout": "não ficou saudável em {timeout:g} s{check}",
    "container.unhealthy": "o Docker o considera unhealthy{check}",
    # --- metrics
    "all": "tudo",
    "group.missing": {
        "seen": "nenhum grupo no gateway",
        "cause": "veja a verificação do envio",
        "fix": "conserte isso primeiro",
    },
    "series.missing": {
        "seen": "nenhuma série",
        "cause": "veja as verificações do envio e da coleta",
        "fix": "conserte essas primeiro",
    },
    "push": {
        "expected": "o coletor envia quando solicitado",
    },
    "push.ok": {
        "seen": "enviado em {seconds:.2f} s",
    },
    "push.wrong_key": {
        "seen": "401",
        "cause": "o coletor tem outra chave",
        "fix": "faça o deploy dele, ou informe a chave que ele tem",
    },
    "push.refused": {
        "seen": "{status}: {error}",
        "cause": "o coletor não consegue enviar ao seu gateway, pelo motivo encontrado",
        "fix": "corrija o endereço, a CA ou as credenciais do gateway na configuração do coletor",
    },
    "pushed": {
        "expected": "{group} no gateway, com no máximo {oldest:g} s, último envio bem-sucedido",
        "seen": "{families} famílias, de {age:.0f} s atrás",
        "fix": "{look}",
    },
    "look.health": "consulte o /health do coletor: o último envio e o erro dele",
    "look.log": "leia o log dele no host dele, e verifique o que o inicia",
    "pushed.refused": {
        "seen": "{families} famílias, de {age:.0f} s atrás, mas o último envio, há {failed:.0f} s, falhou",
        "cause": "o gateway o recusou: amostras com timestamp, ou um tipo diferente do de outro grupo",
        "fix": "leia o log do gateway, e compare os tipos das famílias com os de outros grupos",
    },
    "pushed.future": {
        "seen": "{families} famílias, enviadas {ahead:.0f} s no futuro",
        "cause": "o relógio do host do gateway foi atrasado, e não houve envio desde então",
    },
    "pushed.elsewhere": {
        "cause": "o coletor diz que acabou de enviar: ele envia a outro gateway",
        "fix": "compare a url do pushgateway no coletor com a que foi verificada",
    },
    "pushed.old": {
        "cause": "não envia mais: parou, ou não alcança o gateway, que continua mostrando os últimos valores dele",
    },
    "pushed.seldom": {
        "seen": "{families} famílias, de {age:.0f} s atrás; antes da solicitação, o último envio tinha {before:.0f} s",
        "cause": "ele envia com menos frequência do que se espera aqui, ou não conseguia até agora",
        "fix": "compare o intervalo de envio dele com o do inventário; procure no log dele os envios que falharam",
    },
    "pushed.seldom.never": {
        "seen": "{families} famílias, de {age:.0f} s atrás; antes da solicitação, ele não havia enviado nada",
    },
    "pushed.other_name": {
        "seen": "não há esse grupo, mas {near:some; }",
        "cause": "envia com outro job ou outra instance",
        "fix": "compare host e region na configuração dele com o que se espera aqui",
    },
    "pushed.missing": {
        "seen": "não está entre {groups} grupos",
        "cause": "não envia, ou envia a outro gateway",
    },
    "pushers": {
        "expected": "nenhum grupo no gateway de um programa desconhecido",
        "fix": "pare-o, ou nomeie o job dele em known_jobs; apague um grupo morto com pushgateway_group",
    },
    "pushers.ok": {
        "seen": "{count} grupos, todos conhecidos",
    },
    "pushers.unknown": {
        "seen": "{groups:some; }",
        "cause": "um programa que o inventário não conhece envia para cá",
    },
    "pushers.dead": {
        "seen": "{groups:some; }",
        "cause": "o programa que enviava sumiu; o gateway continua mostrando os últimos valores dele",
    },
    "pushed_group": "{labels}, enviado há {age:span}",
    "pushgateway": {
        "expected": "o Pushgateway responde",
    },
    "prometheus": {
        "expected": "o Prometheus responde, e tem o envio que o gateway mostra",
    },
    "prometheus.ok": {
        "seen": "push_time_seconds {pushed:.3f}",
    },
    "prometheus.not_arrived": {
        "seen": "não em {wait:.0f} s",
        "cause": "o Prometheus coleta outro gateway, ou a coleta dele falha",
        "fix": "compare o endereço do alvo de coleta com o gateway que foi verificado",
    },
    "prometheus.not_arrived.older": {
        "seen": "não em {wait:.0f} s; o mais novo que há ali é {age:.0f} s mais antigo",
    },
    "victoriametrics": {
        "expected": "o VictoriaMetrics responde, e tem o envio que o gateway mostra",
    },
    "victoriametrics.ok": {
        "seen": "push_time_seconds {pushed:.3f}",
    },
    "victoriametrics.not_arrived": {
        "seen": "não em {wait:.0f} s",
        "cause": "o Prometheus não grava ali (remote_write), ou está atrasado",
        "fix": "leia prometheus_remote_storage_* do Prometheus, e o log dele",
    },
    "victoriametrics.not_arrived.older": {
        "seen": "não em {wait:.0f} s; o mais novo que há ali é {age:.0f} s mais antigo",
    },
    "deduplication": {
        "expected": "o VictoriaMetrics guarda uma só de várias amostras com o mesmo tempo",
    },
    "deduplication.ok": {
        "seen": "-dedup.minScrapeInterval={interval}",
    },
    "deduplication.off": {
        "seen": "ele guarda todas",
        "cause": "o VictoriaMetrics roda sem -dedup.minScrapeInterval: um lote de pings enviado de novo fica gravado duas vezes",
        "fix": "inicie-o com -dedup.minScrapeInterval=1ms",
    },
    "deduplication.hidden": {
        "seen": "não avaliado: {seen} não mostram as flags dele",
        "cause": "um proxy não tem rota para /flags e /metrics, ou eles pedem uma chave",
        "fix": "procure -dedup.minScrapeInterval=1ms na linha de comando dele",
    },
    "families": {
        "expected": "todas as famílias enviadas e as do catálogo, em {where}, com todas as suas partes",
    },
    "families.ok": {
        "seen": "todas as {families} famílias",
    },
    "families.not_pushed": {
        "seen": "faltam {count}: {missing:some}",
        "cause": "o coletor não envia {never:some}",
        "fix": "compare a versão do coletor com o catálogo esperado",
    },
    "families.dropped": {
        "seen": "faltam {count}: {missing:some}",
        "cause": "{where} as descarta no caminho (relabeling, um limite), ou ainda não tem este envio",
        "fix": "procure metric_relabel_configs, write_relabel_configs e sample_limit",
    },
    "labels": {
        "expected": "só {group}, nenhum exported_*, e os labels de cada métrica como no catálogo",
    },
    "labels.ok": {
        "seen": "{series} séries",
    },
    "labels.no_honor_labels": {
        "seen": "{series} séries com exported_job ou exported_instance, do job de coleta {jobs:some}",
        "cause": "o job de coleta {jobs:some} não tem honor_labels: true",
        "fix": "ponha honor_labels: true nesse job de coleta e recarregue o Prometheus",
    },
    "labels.bind_address": {
        "seen": "também a instance {instances:some}",
        "cause": "um endereço de bind foi enviado como instance; é o mesmo em todos os hosts",
        "fix": "pare o programa que o envia, e apague o grupo do gateway",
    },
    "labels.other_instance": {
        "seen": "também a instance {instances:some}",
        "cause": "o grupo foi enviado antes com outra instance, ou por um segundo coletor",
        "fix": "pare o programa que o envia, e apague o grupo do gateway",
    },
    "labels.not_of_catalogue": {
        "seen": "{count} métricas com um label a mais ou a menos: {metrics:some; }",
        "cause": "outra versão do coletor, ou relabeling no caminho",
        "fix": "compare a versão do coletor; procure metric_relabel_configs",
    },
    "metric_labels": "{metric}: {labels}",
    "once": {
        "expected": "cada família só por {group}",
    },
    "once.ok": {
        "seen": "{names} nomes por um só caminho",
    },
    "once.twice": {
        "seen": "{ways:; }",
        "cause": "o mesmo registry é coletado duas vezes: somas e alertas o contam em dobro",
        "fix": "remova o segundo job de coleta, ou pare o segundo programa que envia e apague o grupo dele",
    },
    "way.pushed": "{names} de {of} nomes também enviados como {labels}",
    "way.scraped": "{names} de {of} nomes também coletados como {labels}",
    "targets": {
        "expected": "todos os alvos de coleta estão no ar",
    },
    "targets.ok": {
        "seen": "{total} de {total}, há {seconds:span}",
    },
    "targets.none": {
        "seen": "nenhum alvo",
        "cause": "o Prometheus não tem configuração de coleta",
        "fix": "crie uma, e recarregue",
    },
    "targets.down": {
        "seen": "{down} de {total} fora do ar; {targets:some; }",
        "cause": "o alvo sumiu, mudou de lugar ou não deixa o Prometheus entrar; as séries dele terminam ali",
        "fix": "conserte-o, ou remova o alvo; uma lacuna num gráfico é isto, não uma retenção curta",
    },
    "down_target": "{job} {instance}, fora do ar há {seconds:span}: {error}",
    "down_target.ever": "{job} {instance}, fora do ar há {days:g} d ou mais: {error}",
    "ages": {
        "expected": "envios com no máximo {push_seconds:g} s, pings de cada origem com no máximo {ping_seconds:g} s",
    },
    "ages.ok": {
        "seen": "envios a {targets:some}; pings de: {sources:some}",
    },
    "ages.undelivered": {
        "seen": "envios bem-sucedidos: {targets:; }",
        "cause": "o coletor não consegue entregar ali; faltam dados ali, não em outros lugares",
        "fix": "consulte o /health do coletor: o erro desse destino",
    },
    "last_push": "nenhum a {target} há {age:span}",
    "last_push.never": "nenhum a {target} até hoje",
    "ages.silent": {
        "seen": "calado: {sources}",
        "cause": "esse serviço de ping parou, não tem caminho até aqui, ou é recusado (o log dele diz)",
        "fix": "leia o log dele; se saiu de vez, faça DELETE /api/ping/stats?location=... na API",
    },
    "silent_source": "{source} {age:span}",
    "ages.wrong_key": {
        "seen": "{refused:.0f} pings foram respondidos com 401 em {minutes} min",
        "cause": "um remetente tem uma chave diferente da deste coletor",
        "fix": "faça o deploy daquele dos dois que tem a chave antiga; o log do coletor tem o endereço",
    },
    "run": {
        "expected": "a última execução bem-sucedida dele terminou há no máximo {limit:g} s",
        "seen": "{last}",
        "cause": "o n8n ou o banco de dados dele não responde, ou recusa as credenciais",
        "fix": "leia o log da última execução dele, em n8n_exporter_logs no host dele",
    },
    "run.failed": {
        "seen": "{last}; erros da última execução: {errors:some}",
    },
    "run.overdue": {
        "cause": "o agendamento (cron) dele sumiu, ou as execuções demoram demais",
    },
    "last_run": "a última execução bem-sucedida terminou há {age:span}",
    "last_run.never": "nenhuma execução teve sucesso até hoje",
    "ping_sources": {
        "expected": "um ping de cada serviço de ping em até {seconds:g} s",
    },
    "ping_sources.ok": {
        "seen": "{sources:some}",
    },
    "ping_sources.silent": {
        "seen": "nenhum de {sources:some}",
        "cause": "ele não está em execução, não tem caminho até os coletores, ou a chave dele é recusada",
        "fix": "leia o log dele; veja nas verificações ages os pings respondidos com 401",
    },
    "ping_service": {
        "expected": "pelas próprias métricas, ele roda, pings dos últimos {seconds:g} s são respondidos, nenhum espera nem se perde",
    },
    "ping_service.ok": {
        "seen": "respondem: {targets:some}; {waiting:.0f} pings esperam",
    },
    "ping_service.not_scraped": {
        "seen": "não avaliado: o Prometheus não tem agora nenhuma métrica dele",
        "cause": "ele não está em execução, ou o Prometheus não tem job de coleta para a porta 9101 dele",
        "fix": "veja as verificações targets e ping sources; acrescente o job ping a um Prometheus existente",
    },
    "ping_service.told": {
        "seen": "não avaliado: os pings dele não chegam, o que outra verificação relata; {waiting:.0f} esperam; erros: {errors:some}",
        "cause": "veja as verificações ages e ping sources",
        "fix": "repare isso primeiro",
    },
    "ping_service.unanswered": {
        "seen": "nenhum ping respondido por {targets:some}; {waiting:.0f} esperam; erros: {errors:some}",
        "cause": "o caminho até esse coletor está interrompido, ou o coletor recusa os pings",
        "fix": "leia last_error desse destino no /health do serviço de ping",
    },
    "ping_service.circuit": {
        "seen": "pings para {targets:some} estão retidos; {waiting:.0f} esperam; erros: {errors:some}",
        "cause": "vários pings seguidos falharam: o coletor esteve ausente, ou ainda está",
        "fix": "valide de novo em dois minutos; se continuar, leia last_error no /health do serviço de ping",
    },
    "ping_service.dropped": {
        "seen": "{count:.0f} pings para {targets:some} perdidos em {minutes} min",
        "cause": "o buffer está cheio ou não pode ser gravado, ou o coletor recusou os pings de vez",
        "fix": "o log do serviço de ping diz pings dropped, e por quê",
    },
    "ping_service.growing": {
        "seen": "{waiting:.0f} pings esperam, e cada vez mais para {targets:some}",
        "cause": "o coletor responde devagar, ou com 429 ou 503",
        "fix": "leia last_error desse destino no /health do serviço de ping",
    },
    "ping_service.no_rtt": {
        "seen": "os pings dele chegam, mas nenhum coletor tem uma ida e volta dele",
        "cause": "um proxy ou um coletor mais antigo descarta o campo previous dos pings",
        "fix": "compare as versões dos dois, e olhe network_latency_rtt_seconds",
    },
    "rules": {
        "expected": "toda regra é avaliada, e as métricas de que precisa ainda existem",
    },
    "rules.ok": {
        "seen": "{rules} regras",
    },
    "rules.broken": {
        "seen": "{count} de {rules} falham: {errors:some; }",
        "cause": "a expressão dela seleciona séries que não consegue combinar, muito provavelmente duplicatas",
        "fix": "avalie a expressão no Prometheus; até lá o alerta dela não pode disparar",
    },
    "broken_rule": "{rule}: {error}",
    "rules.not_loaded": {
        "seen": "não carregados: {groups:some}",
        "cause": "não foram implantados, ou rule_files do Prometheus não os nomeia",
        "fix": "faça o deploy do Prometheus; até lá nenhum alerta deles pode disparar",
    },
    "rules.metric_gone": {
        "seen": "{metrics:some; }",
        "cause": "uma atualização do exportador dela a tirou ou renomeou, ou o exportador não roda mais",
        "fix": "leia as notas de versão do exportador, e mude as regras para o que substitui a métrica",
    },
    "gone_metric": "{metric}, usada por {rules:some}, sumiu há {age:span}",
    "alerts": {
        "expected": "nenhum alerta dispara",
    },
    "alerts.ok": {
        "seen": "{rules} regras, nenhuma dispara",
    },
    "alerts.firing": {
        "seen": "{count} disparando; {alerts:some; }",
        "cause": "o que o alerta diz: estas verificações talvez vejam só uma parte",
        "fix": "abra o runbook dele (docs/runbooks); silencie no Alertmanager o que é conhecido",
    },
    "firing_alert": "{alert} há {seconds:span}: {labels}",
    "alerts_sent": {
        "expected": "nenhum alerta se perdeu no caminho até o Alertmanager em {minutes} min",
    },
    "alerts_sent.ok": {
        "seen": "nenhum perdido",
    },
    "alerts_sent.lost": {
        "seen": "perdidos: {alertmanagers}",
        "cause": "esse Alertmanager está fora do ar ou os recusa, ou outro serviço responde no endereço dele",
        "fix": "leia o log do Prometheus; corrija alertmanagers na configuração dele",
    },
    "lost_alerts": "{alerts:.0f} a {alertmanager}",
    # --- what grafana_bundle proves
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
        "seen": "sem dados: a consulta {ref} de {source} não está na resposta do Grafana: {query}",
        "cause": "o Grafana não executa esta consulta: está oculta, ou é de um tipo que o navegador faz",
        "fix": "execute-a no Explore do Grafana",
    },
    "panel.failed": {
        "seen": "{reason}; consulta {ref} de {source}: {query}",
        "cause": "a consulta está errada, ou a fonte de dados a recusa",
        "fix": "execute-a no Explore do Grafana",
    },
    "panel.invalid": {
        "seen": "não pôde ser interpretada: {reason}; consulta {ref} de {source}: {query}",
        "cause": "a consulta está errada",
        "fix": "corrija a consulta",
    },
    "panel.source_down": {
        "seen": "fonte de dados {source}: {reason}; consulta {ref}: {query}",
        "cause": "a fonte de dados não responde ao Grafana",
        "fix": "veja primeiro a verificação da fonte de dados",
    },
}
