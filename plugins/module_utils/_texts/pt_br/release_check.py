# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases: what runs is what was deployed: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
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
    "releases.of_others": {
        "seen": "{releases:, }: não há arquivos delas em {directory}; são de outro diretório de estado, que é de outro "
        "inventário",
    },
    "wanted": {
        "expected": "uma role deste host, ou observability_services, que rode {release}",
    },
    "wanted.nobody": {
        "seen": "uma release dele, de antes",
        "cause": "o host saiu do grupo, o grupo está vazio, ou a entrada foi apagada",
        "fix": "ansible-playbook vya.observability.remove --limit {host} (os volumes ficam); se outra coisa faz o "
        "deploy dele, cite-o em observability_other_releases",
    },
    "wanted.nobody.removed": {
        "fix": "removida por esta execução; os volumes ficam, a não ser com remove_volumes verdadeiro",
    },
    "running": {
        "expected": "em execução e saudável",
        "seen": "{also:; }",
    },
    "running.ok": {
        "seen": "em execução desde {since}Z, saudável",
    },
    "running.under_way": {
        "seen": "não julgado: um deploy trabalha nele desde {since} (processo {process})",
        "cause": "está sendo substituído",
        "fix": "valide de novo quando isso tiver terminado",
    },
    "running.interrupted": {
        "seen": "nenhum contêiner com esse nome; sobrou: {left}",
        "cause": "um deploy foi interrompido",
        "fix": "faça o deploy de novo: isso o conserta",
    },
    "running.renamed": {
        "seen": "nenhum contêiner com esse nome; implantado como ele, e com outro nome: {names:, }",
        "cause": "foi renomeado à mão",
        "fix": "docker rename {names:, } {container}, ou faça o deploy dele",
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
    "running.memory_full": {
        "cause": "o limite de memória é baixo demais: o programa não cabe nele, e lê os próprios arquivos sem parar",
        "fix": "aumente memory, e faça o deploy",
    },
    "running.stopped": {
        "cause": "alguém o parou",
        "fix": "execute docker start, ou implante-o de novo",
    },
    "running.unhealthy": {
        "cause": "o programa, ou aquilo de que ele depende, está quebrado",
        "fix": "veja docker logs {container}",
    },
    "running.unhealthy.replaced": {
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
    "disk.owner": "o dono de {what} no disco foi alterado",
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
    "written": {
        "expected": "os diretórios de configuração estão como o último deploy os deixou",
        "seen": "como foram gravados (diretórios: {directories})",
    },
    "written.by_hand": {
        "seen": "{files:; }",
        "cause": "alguém os alterou à mão, ou outro programa o fez",
        "fix": "ponha a mudança no inventário e implante; um deploy substitui o que foi alterado à mão",
    },
    "written.changed": "{path} foi gravado de novo",
    "written.added": "{path} não é do deploy",
    "written.removed": "{path} sumiu",
    "written.permissions": "modo ou dono de {path} foi alterado",
    "loaded": {
        "expected": "o servidor em {url} usa a configuração que foi implantada",
        "seen": "ele diz o mesmo que depois da implantação",
    },
    "loaded.other": {
        "seen": "ele diz outra coisa que depois da implantação, e os arquivos estão como foram escritos",
        "cause": "alguém os mudou, fez o servidor carregá-los e pôs os arquivos de volta; ou ele recebeu outra configuração de outro modo",
        "fix": "recarregue-o (POST {url}/-/reload), ou implante: isso compara os dois e recarrega o que difere",
    },
    "loaded.not_asked": {
        "seen": "não julgado: {request}: {error}",
        "fix": "deixe este host alcançar {url} sem login, e com um certificado em que ele confie",
    },
    "keys": {
        "expected": "só o dono pode ler as chaves da autoridade local",
        "seen": "é assim",
    },
    "keys.readable": {
        "seen": "{files:; }",
        "cause": "alguém alterou o modo delas à mão",
        "fix": "implante (--tags traefik), que o corrige; se outros puderam lê-las, refaça a autoridade e a chave",
    },
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
    "restarts.child_out_of_memory": {
        "seen": "reinícios: {restarts}; um processo além do primeiro foi morto uma vez por memória (histórico)",
    },
    "restarts.earlier": {
        "seen": "reinícios: {restarts}; o último há {since:span}, e roda desde então",
        "cause": "o programa terminou por si, e o Docker o iniciou de novo",
        "fix": "leia docker logs {container} desse momento; a contagem recomeça no próximo deploy",
    },
    "restarts.long_ago": {
        "seen": "reinícios: {restarts}, o último há {since:span} (histórico)",
    },
    "settled": {
        "expected": "ele fica de pé por {seconds:g} s depois da partida",
        "seen": "ficou",
    },
    "settled.out_of_memory": {
        "seen": "sem memória {after:.0f} s depois da partida",
        "cause": "o limite de memória é baixo demais para o que ele faz depois do primeiro momento, ou há um vazamento",
        "fix": "aumente memory, ou volte ao release anterior",
    },
    "settled.restarted": {
        "seen": "terminou {after:.0f} s depois da partida e foi reiniciado (reinícios: {restarts}, código de saída {exit_code})",
        "cause": "o release fica saudável e depois morre",
        "fix": "leia docker logs {container}; volte ao release anterior",
    },
    "settled.ended": {
        "seen": "terminou {after:.0f} s depois da partida, código de saída {exit_code}",
        "cause": "o release fica saudável e depois morre, ou alguém o parou",
        "fix": "leia docker logs {container}; volte ao release anterior",
    },
    "settled.started_again": {
        "seen": "alguém o iniciou de novo {after:.0f} s depois da partida",
        "cause": "não foi a política de reinício do Docker, que conta: um comando ou outro programa",
        "fix": "procure quem reinicia {container} (docker events)",
    },
    "settled.unhealthy": {
        "seen": "não saudável {after:.0f} s depois da partida",
        "cause": "o release fica saudável e não continua assim",
        "fix": "leia docker logs {container}; volte ao release anterior",
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
}
