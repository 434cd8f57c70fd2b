# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that are pushed, and rules and alerts on them: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "metrics": {
        "expected": "as métricas dos coletores chegam",
    },
    "metrics.no_collectors": {"seen": "nenhum coletor foi dado"},
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
        "cause": "ele envia com menos frequência do que se espera aqui, ou ficou parado até agora: nenhum envio falhou",
        "fix": "compare o intervalo de envio dele com o do inventário; veja o log dele e a carga do host",
    },
    "pushed.recovered": {
        "seen": "{families} famílias, de {age:.0f} s atrás; nos {before:.0f} s antes da solicitação {failures:.0f} envios falharam, e agora ele consegue",
    },
    "pushed.seldom.never": {
        "seen": "{families} famílias, de {age:.0f} s atrás; antes da solicitação, ele não havia enviado nada",
    },
    "pushed.meanwhile": {
        "seen": "não avaliado: o grupo tinha sumido, num gateway que roda há {gateway:span}, e o coletor enviou desde então",
        "cause": "o gateway foi reiniciado sem os grupos, ou alguém apagou o grupo: ambos servem; outra validação pediu aquele envio",
        "fix": "o envio refez o grupo; valide de novo em dois minutos: o que for apagado outra vez é dito então",
    },
    "pushed.lost": {
        "seen": "{families} famílias, de {age:.0f} s atrás; não julgado: ele enviou {own:.0f} s antes, e o grupo dele não estava lá",
        "cause": "o gateway foi reiniciado sem seus grupos, ou alguém apagou o grupo; o /metrics dele, que diria qual, está oculto",
        "fix": "compare o início do gateway com esse momento; deixe as verificações alcançar o /metrics dele",
    },
    "pushed.restarted": {
        "seen": "{families} famílias, de {age:.0f} s atrás; o gateway foi reiniciado sem seus grupos há {gateway:span}, antes do próximo envio",
    },
    "pushed.removed": {
        "seen": "{families} famílias, de {age:.0f} s atrás; ele enviou {own:.0f} s antes, e o grupo não estava lá, em um gateway em execução há {gateway:span}",
        "cause": "alguém apagou o grupo no gateway; o envio que esta validação pediu o criou de novo",
        "fix": "descubra quem apaga grupos lá: um script, pushgateway_group, a página do gateway; até o próximo envio de cada um faltam dados",
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
    "drills": {
        "expected": "nenhum grupo de um simulado ficou",
    },
    "drills.under_way": {
        "seen": "um simulado está em andamento, último push há {age:span}: {groups:; }",
    },
    "drills.left": {
        "seen": "{groups:; }, último push há {age:span}",
        "cause": "um simulado foi morto antes de poder remover os grupos dele",
        "fix": "rode o próximo simulado, que os remove; ou pushgateway_group com job: (collector_api_)?drill_.+",
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
        "cause": "não decidido aqui: o Prometheus não armazena o que coleta, descarta (metric_relabel_configs), ou coleta mais raramente que isso",
        "fix": "veja as verificações target e storage, depois o intervalo e o relabeling do job de coleta",
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
        "cause": "o Prometheus não grava neste VictoriaMetrics, é recusado ali, ou está atrasado: as verificações remote write dizem qual, se falham",
        "fix": "compare a url de remote_write com a que foi verificada aqui; leia o log do Prometheus",
    },
    "victoriametrics.not_arrived.older": {
        "seen": "não em {wait:.0f} s; o mais novo que há ali é {age:.0f} s mais antigo",
    },
    "deduplication": {
        "expected": "o VictoriaMetrics guarda uma só de várias amostras com o mesmo tempo, e todas as de tempos diferentes",
    },
    "deduplication.ok": {
        "seen": "-dedup.minScrapeInterval={interval}",
    },
    "deduplication.off": {
        "seen": "ele guarda todas",
        "cause": "o VictoriaMetrics roda sem -dedup.minScrapeInterval: um lote de pings enviado de novo fica gravado duas vezes",
        "fix": "inicie-o com -dedup.minScrapeInterval=1ms",
    },
    "deduplication.coarse": {
        "seen": "-dedup.minScrapeInterval={interval}, e um ping a cada {pings:g} s",
        "cause": "ele guarda uma amostra de cada {interval}: os outros pings desse tempo são descartados",
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
        "cause": "este envio está em {where} sem elas: o relabeling as descarta no caminho",
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
    "ages.left": {
        "seen": "envios a {targets:some}; pings de: {sources:some}; não mais de: {left}, que faz ping em outros",
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
    "prometheus.seldom": {
        "seen": "não em {wait:.0f} s: o Prometheus coleta o gateway a cada {every:span}",
        "cause": "scrape_interval do job de coleta é maior que o tempo que um envio pode levar",
        "fix": "encurte scrape_interval, ou dê mais tempo aos envios (wait, validate_wait_seconds)",
    },
    "prometheus.relabelled": {
        "seen": "não com estes rótulos; o envio está lá como {labels:some; }",
        "cause": "metric_relabel_configs do job de coleta mudam job ou instance",
        "fix": "corrija metric_relabel_configs, e recarregue o Prometheus",
    },
    "prometheus.other_gateway": {
        "seen": "não em {wait:.0f} s; o gateway que o job {job} coleta é outro processo, não o que recebeu o envio",
        "cause": "o Prometheus coleta outro gateway",
        "fix": "compare o endereço do alvo de coleta com o do gateway",
    },
    "families.not_arrived": {
        "seen": "não avaliado: este envio não chegou a {where}; faltam {count}",
        "cause": "veja a verificação do envio em {where}",
        "fix": "corrija essa primeiro",
    },
    "labels.no_instance": {
        "seen": "também um grupo do job {job} sem o rótulo instance",
        "cause": "outro programa envia com este job e sem instance, ou enviava",
        "fix": "pare esse programa, e apague o grupo do gateway",
    },
    "pushed.refused.never": {
        "seen": "nenhum envio jamais foi aceito; o último, há {failed:.0f} s, foi recusado",
    },
    "pushed_group.never": "{labels}, cujos envios foram todos recusados, o último há {age:span}",
    "evaluated": {
        "expected": "toda regra é avaliada no seu tempo",
    },
    "evaluated.ok": {
        "seen": "{rules} regras, ao menos a cada {seconds:g} s",
    },
    "evaluated.late": {
        "seen": "{groups:some; }",
        "cause": "o intervalo do grupo, ou evaluation_interval, é longo demais para alertas, ou o Prometheus está ocupado demais para avaliá-lo",
        "fix": "corrija o intervalo e recarregue o Prometheus; até lá estes alertas não disparam",
    },
    "late_group": "{group}, avaliado pela última vez há {seconds:span} (intervalo {interval:g} s)",
    "late_group.never": "{group}, carregado há {seconds:span} e nunca avaliado (intervalo {interval:g} s)",
    "evaluated.slow": {
        "seen": "{groups:some; }",
        "cause": "uma avaliação demora mais que o intervalo, e avaliações são puladas",
        "fix": "aumente o intervalo, ou simplifique as expressões",
    },
    "slow_group": "{group} levou {seconds:.1f} s (intervalo {interval:g} s)",
    "rules_deployed": {
        "expected": "as regras carregadas são as que foram implantadas",
    },
    "rules_deployed.ok": {
        "seen": "{groups} grupos, palavra por palavra",
    },
    "rules_deployed.differ": {
        "seen": "{count} diferem; {rules:some; }",
        "cause": "alguém as mudou à mão, ou o inventário mudou e o Prometheus não foi implantado desde então",
        "fix": "implante o Prometheus; leve ao inventário o que foi mudado à mão",
    },
    "rules_deployed.unformatted": {
        "seen": "não avaliado: o Prometheus não escreve as expressões numa só forma ({error})",
        "cause": "um Prometheus mais antigo, ou um proxy sem rota para /api/v1/format_query",
        "fix": "deixe as verificações alcançarem toda a API do Prometheus",
    },
    "differing_rule": "{group} {rule}: {parts}",
    "alertmanagers": {
        "expected": "o Prometheus envia os alertas ao Alertmanager em {url}",
    },
    "alertmanagers.ok": {
        "seen": "{active:some}",
    },
    "alertmanagers.none": {
        "seen": "não os envia a lugar nenhum",
        "cause": "o Prometheus não tem Alertmanager: alerting não está configurado, ou a descoberta não acha nenhum",
        "fix": "ponha alerting.alertmanagers na configuração dele, e recarregue",
    },
    "alertmanagers.other": {
        "seen": "ele os envia a {active:some}; esperado: {wanted:some}",
        "cause": "o Prometheus envia os alertas a outro Alertmanager, não ao que é verificado",
        "fix": "corrija alerting.alertmanagers na configuração dele, ou a URL verificada",
    },
    "alertmanagers.also": {
        "seen": "ele os envia também a {active:some}",
        "cause": "o Prometheus tem um segundo Alertmanager, que ninguém verifica",
        "fix": "remova-o, ou faça dele um membro do mesmo cluster",
    },
    "alertmanagers.hidden": {
        "seen": "não avaliado: ele os envia a {active:some}, e daqui não se sabe se é o mesmo processo",
        "cause": "o Prometheus não coleta esse Alertmanager, ou o /metrics dele está escondido",
        "fix": "acrescente um job de coleta do Alertmanager no endereço a que os alertas são enviados",
    },
    "told": {
        "expected": "alguém é avisado dos alertas pelo Alertmanager em {url}",
    },
    "told.ok": {
        "seen": "de {count} de {alerts} alertas, por {receivers:some}",
    },
    "told.no_alerts": {
        "seen": "o Prometheus não tem alertas",
        "cause": "nenhuma regra está carregada",
        "fix": "veja a verificação rules",
    },
    "told.unread": {
        "seen": "não avaliado: {part} na configuração não é entendido aqui",
        "cause": "um Alertmanager mais novo, ou falta PyYAML onde as verificações rodam",
        "fix": "pergunte a amtool config routes test aonde um alerta vai",
    },
    "told.nobody": {
        "seen": "de nenhum de {count} alertas: eles terminam em {by:some}",
        "cause": "as rotas levam a um receptor sem integração",
        "fix": "dê uma integração a esse receptor, ou corrija as rotas, e recarregue o Alertmanager",
    },
    "told.nobody.deployed": {
        "cause": "foi implantado assim: alertmanager_default_receiver está vazio",
        "fix": "defina alertmanager_receivers e alertmanager_default_receiver, e implante o Alertmanager",
    },
    "told.dropped": {
        "seen": "de nenhum de {count} alertas: o Prometheus os descarta antes de enviar",
        "cause": "alert_relabel_configs na configuração do Prometheus",
        "fix": "corrija alerting.alert_relabel_configs, e recarregue o Prometheus",
    },
    "told.muted": {
        "seen": "de nenhum de {count} alertas: são silenciados o tempo todo por {by:some}",
        "cause": "os intervalos de tempo das rotas não deixam nenhum momento do próximo mês",
        "fix": "corrija esses intervalos, e recarregue o Alertmanager",
    },
    "told.silenced": {
        "seen": "de nenhum de {count} alertas: {silences:some; }",
        "cause": "um silêncio esconde todos",
        "fix": "encerre esse silêncio (amtool silence expire), ou restrinja os matchers",
    },
    "told.inhibited": {
        "seen": "de nenhum de {count} alertas: são inibidos por {by:some}",
        "cause": "uma inibição sem rótulos que devam ser iguais deixa um alerta esconder os outros",
        "fix": "corrija inhibit_rules, e recarregue o Alertmanager; repare o que esse alerta diz",
    },
    "told.not_there": {
        "seen": "de nenhum de {count} que disparam: este Alertmanager não tem {alerts:some}",
        "cause": "o que o Prometheus envia não chega lá: caminho ou credenciais errados, ou outro Alertmanager o recebe",
        "fix": "leia o log do Prometheus (Error sending alert), e compare alerting.alertmanagers com a URL verificada",
    },
    "told.late": {
        "seen": "de nenhum de {count} alertas dentro de uma hora: um novo espera {by:some}",
        "cause": "group_wait das rotas",
        "fix": "encurte group_wait, e recarregue o Alertmanager",
    },
    "told.aside": {
        "seen": "de outros alertas, e de nenhum de {of:some}: {by:some}",
        "cause": "uma rota, ou um passo de alert_relabel_configs, desvia os alertas de um só lugar",
        "fix": "corrija, e recarregue; amtool config routes test diz aonde vão alertas com esses rótulos",
    },
    "told_dropped": "o Prometheus os descarta",
    "told.for_ever": {
        "seen": "{silences} esconde {alerts:some}",
        "cause": "um silêncio que termina daqui a mais de um mês",
        "fix": "encerre-o, ou remova os alertas que ninguém quer",
    },
    "silence": "silêncio {id} de {createdBy} até {endsAt} ({matchers}): {comment}",
    "notified": {
        "expected": "os receptores aceitam o que o Alertmanager em {url} lhes envia",
    },
    "notified.ok": {
        "seen": "{sent:.0f} tentativas, nenhuma falhou ({within})",
    },
    "notified.refused": {
        "seen": "falharam {within}: {integrations:; }",
        "cause": "o receptor está fora do ar, recusa a mensagem, ou o endereço ou as credenciais estão errados",
        "fix": "leia o log do Alertmanager: ele tem a resposta do receptor",
    },
    "notified.partly": {
        "seen": "falharam {within}: {integrations:; }",
        "cause": "um de vários receptores deste tipo recusa as mensagens, ou o faz de vez em quando",
        "fix": "leia o log do Alertmanager: ele tem o receptor e a resposta",
    },
    "notified.before": {
        "seen": "não avaliado: tentativas falharam {within} ({integrations:; }), e nenhuma feita depois diz se ainda falham",
        "cause": "um receptor recusou mensagens; se ainda recusa, o próximo alerta mostra",
        "fix": "execute um drill, que envia um alerta pelo caminho todo",
    },
    "notified.hidden": {
        "seen": "não avaliado: o /metrics dele não diz",
        "cause": "um proxy não tem rota para /metrics, ou pede credenciais",
        "fix": "deixe as verificações alcançarem o /metrics do Alertmanager",
    },
    "failed_notifications": "{failed:.0f} de {sent:.0f} para {kind}",
    "this_run": "durante esta validação",
    "within": "em {seconds:span}",
    "since_start": "desde o início dele",
    "own_metrics": {
        "expected": "ele fala de si em /metrics",
    },
    "own_metrics.ok": {
        "seen": "fala",
    },
    "own_metrics.hidden": {
        "seen": "não avaliado: o /metrics dele não é mostrado",
        "cause": "um proxy não tem rota para /metrics, ou pede credenciais",
        "fix": "deixe as verificações alcançarem /metrics, que fala de dados perdidos e de configuração recusada",
    },
    "storage": {
        "expected": "ele grava seus arquivos, e não perdeu nenhum",
    },
    "storage.ok": {
        "seen": "nenhuma falha durante esta validação, nada corrompido no início",
    },
    "storage.not_written": {
        "seen": "durante esta validação: {metrics:some; }",
        "cause": "ele não consegue gravar no seu diretório: o disco está cheio, só de leitura, acima da cota, ou com outro dono",
        "fix": "veja o espaço e o dono do volume (df, docker inspect), e o log",
    },
    "storage.read_only": {
        "seen": "{free:.0f} MiB livres, e ele para em {limit:.0f} MiB: não aceita mais amostras",
        "cause": "o disco dele está cheio",
        "fix": "libere espaço no disco, ou encurte a retenção; ele volta a aceitar sozinho",
    },
    "storage.corrupt": {
        "seen": "quando iniciou, há {age:span}: {metrics:some; }",
        "cause": "arquivos foram danificados: foi morto enquanto gravava, o disco falhou, ou alguém os mudou; o que veio depois do dano se perdeu",
        "fix": "leia o log desse início, verifique o disco, e restaure um backup se a lacuna importar",
    },
    "risen": "{metric}{labels} em {count:.0f}",
    "limits": {
        "expected": "nenhum limite da configuração descarta dados, e ele não recusa nenhum",
    },
    "limits.ok": {
        "seen": "nenhum durante esta validação",
    },
    "limits.exceeded": {
        "seen": "durante esta validação: {metrics:some; }",
        "cause": "um limite da configuração dele descarta dados",
        "fix": "aumente o limite que a métrica nomeia, ou envie menos",
    },
    "limits.refused": {
        "seen": "durante esta validação: {metrics:some; }",
        "cause": "amostras ou alertas que ele não pode aceitar: duas fontes de uma série, relógios errados, ou rótulos ruins",
        "fix": "leia o log dele: diz a coleta ou o emissor",
    },
    "reload": {
        "expected": "ele roda a configuração que está no disco",
    },
    "reload.ok": {
        "seen": "a última carga deu certo",
    },
    "reload.refused": {
        "seen": "ele recusou a última carga",
        "cause": "a configuração tem um erro, então ele segue com uma mais antiga e não voltará a iniciar",
        "fix": "verifique com promtool ou amtool check-config; o log tem a linha; implante de novo",
    },
    "remote_write": {
        "expected": "o que o Prometheus grava em outros armazenamentos é aceito ali",
    },
    "remote_write.ok": {
        "seen": "{sent:.0f} amostras durante esta validação, nenhuma recusada; {pending:.0f} esperam",
    },
    "remote_write.none": {
        "seen": "o Prometheus não grava em lugar nenhum",
        "cause": "a configuração dele não tem remote_write",
        "fix": "acrescente remote_write à configuração do Prometheus, e recarregue",
    },
    "remote_write.refused": {
        "seen": "{failed:.0f} amostras foram recusadas de vez durante esta validação, e se perderam",
        "cause": "o armazenamento ou um proxy responde 4xx: 400 pelo conteúdo, 401 ou 403 por credenciais, 404 ou 405 pelo caminho, 413 pelo tamanho",
        "fix": "leia o status no log do Prometheus (non-recoverable error), depois corrija a url ou as credenciais de remote_write",
    },
    "remote_write.refused_before": {
        "seen": "nenhuma durante esta validação, mas cerca de {recent:.0f} amostras em {minutes} min antes foram recusadas e se perderam",
        "cause": "o armazenamento, ou um proxy antes dele, respondeu com um status 4xx até então",
        "fix": "leia o status no log do Prometheus (non-recoverable error), e valide de novo",
    },
    "remote_write.dropped": {
        "seen": "{dropped:.0f} amostras foram descartadas durante esta validação, antes do envio",
        "cause": "eram velhas demais: o armazenamento ficou fora por mais tempo do que o Prometheus guarda o seu log, ou sample_age_limit é curto",
        "fix": "veja o armazenamento, e sample_age_limit de remote_write",
    },
    "remote_write.retried": {
        "seen": "{retried:.0f} amostras são enviadas repetidamente; {pending:.0f} esperam, {behind:.0f} s de atraso",
        "cause": "o armazenamento não é alcançado, ou responde com 5xx ou 429",
        "fix": "verifique o armazenamento nesta URL a partir do host ou contêiner do Prometheus; o log do Prometheus tem a resposta",
    },
    "remote_write.stuck": {
        "seen": "{pending:.0f} amostras esperam, e nenhuma resposta veio desde o início desta validação",
        "cause": "o armazenamento aceita a conexão, ou nem isso, e não responde: está travado, ou um firewall descarta os pacotes",
        "fix": "consulte o armazenamento nesta URL a partir do host ou contêiner do Prometheus (curl); veja o que está no caminho",
    },
    "remote_write.nothing": {
        "seen": "nada jamais foi enviado; {relabelled:.0f} amostras foram descartadas antes",
        "cause": "write_relabel_configs descarta tudo o que o Prometheus tem",
        "fix": "corrija write_relabel_configs, e recarregue o Prometheus",
    },
    "remote_write.behind": {
        "seen": "{behind:.0f} s de atraso, {pending:.0f} amostras esperam",
        "cause": "o armazenamento, ou o caminho até ele, é lento demais, ou ficou fora",
        "fix": "veja a carga do armazenamento; prometheus_remote_storage_shards mostra se o Prometheus dá conta",
    },
    "remote_write.off": {
        "seen": "o Prometheus não grava em lugar nenhum, nem precisa",
    },
}
