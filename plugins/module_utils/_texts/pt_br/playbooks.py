# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""O que os playbooks dizem de hosts que ficaram de fora, e no fim de um deploy: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "reach": {
        "expected": "uma resposta em até {seconds:g} s, com o usuário de que as tarefas precisam, e Python",
    },
    "reach.refused": {
        "seen": "não foi possível conectar: {message}",
        "cause": "o host está desligado, o endereço, a porta, o usuário ou a chave dele é outro, ou nada escuta lá",
        "fix": "experimente com `ansible -m ansible.builtin.ping {host}`",
    },
    "reach.silent": {
        "seen": "não responde em {seconds:g} s",
        "cause": "o host está travado ou sobrecarregado, ou o que escuta na porta dele não é o ssh",
        "fix": "entre nele, ou reinicie o host",
    },
    "reach.become": {
        "cause": "{become} pede outra senha, não permite o usuário, ou espera por um servidor que consulta",
        "fix": "experimente com `ansible -b -m ansible.builtin.raw -a true {host}` (-K pede a senha)",
    },
    "reach.become.refused": {
        "seen": "responde, mas {become} falha: {message}",
    },
    "reach.become.silent": {
        "seen": "responde, mas {become} não responde em {seconds:g} s",
    },
    "reach.python": {
        "seen": "não tem {names}",
        "cause": "o Python não está instalado, ou ansible_python_interpreter indica outro caminho",
        "fix": "instale python3 nele, ou defina ansible_python_interpreter",
    },
    "reach.lost": {
        "seen": "saiu da execução",
        "cause": "parou de responder",
        "fix": "veja o que a execução diz deste host acima",
    },
    "reach.needs": {
        "cause": "{root} não responde",
        "fix": "traga {root} de volta",
    },
    "reach.needs.gateway": {
        "seen": "ficou de fora: {roles} enviam ao gateway em {other}",
    },
    "reach.needs.ca": {
        "seen": "ficou de fora: {roles} confiam na CA que está em {other}",
    },
    "reach.needs.image": {
        "seen": "ficou de fora: {roles} usam a imagem que {other} constrói",
    },
    "traces": {
        "expected": "nada dele restou",
        "seen": "nada restou",
    },
    "traces.left": {
        "seen": "restou: {found:some; }",
        "cause": "a execução foi interrompida, ou mais alguém o usa",
        "fix": "rode o decommission de novo",
    },
    "traces.left.gateway": {
        "cause": "ele ainda envia: não foi parado, ou é outro host com este nome",
        "fix": "pare-o no host e rode o decommission de novo",
    },
    "traces.left.targets": {
        "cause": "prometheus_targets, prometheus_extra_scrape_configs ou uma configuração de outra pessoa o cita",
        "fix": "remova-o lá, faça o deploy com --tags prometheus e rode o decommission de novo",
    },
    "traces.left.rules": {
        "cause": "prometheus_rules, prometheus_expected_... ou regras de outra pessoa o citam",
        "fix": "remova-o lá, faça o deploy com --tags prometheus e rode o decommission de novo",
    },
    "traces.left.grafana": {
        "cause": "outra pessoa o criou, ou grafana_extra_... o cita",
        "fix": "remova-o lá e rode o decommission de novo",
    },
    "traces.left.dashboards": {
        "cause": "um dashboard o cita, ou foi salvo com ele como valor de uma variável",
        "fix": "escolha outro valor lá e salve o dashboard",
    },
    "unchanged": {
        "expected": "seus contêineres são os de antes",
        "seen": "{n} contêineres como antes, fora os que citavam o host: {replaced:some}",
    },
    "unchanged.differs": {
        "seen": "diferentes de antes: {names:some}",
        "cause": "outra coisa fez um deploy nesse meio-tempo, ou um contêiner foi reiniciado",
        "fix": "veja quando cada um foi iniciado: docker ps",
    },
    "left_inventory": {
        "expected": "o inventário não faz mais deploy nele",
        "seen": "não faz",
    },
    "left_inventory.named": {
        "seen": "{host} ainda está em: {groups}",
        "cause": "o decommission não muda arquivo algum do inventário",
        "fix": "mova-o para o grupo leaving, ou apague-o; senão o próximo deploy o traz de volta",
    },
    "proof": {
        "expected": "a release passa na validação antes que o próximo host seja tocado",
        "cause": "as verificações acima dizem qual é",
    },
    "proof.first": {
        "seen": "falhou, por isso nenhum outro host foi tocado. É a primeira release aqui: não há outra para onde voltar",
        "fix": "conserte o que as verificações acima dizem e faça o deploy de novo",
    },
    "proof.kept": {
        "seen": "falhou, por isso nenhum outro host foi tocado. A release nova continua rodando",
        "fix": "para voltar à anterior: {command} (um deploy com -e deploy_rollback=true faz isso sozinho)",
    },
    "proof.put_back": {
        "seen": "falhou, por isso nenhum outro host foi tocado. A release anterior voltou",
        "fix": "conserte o que as verificações acima dizem e faça o deploy de novo",
    },
    "proof.final_first": {
        "seen": "a prova final falhou. É o primeiro release aqui: não há nenhum para onde voltar",
        "fix": "corrija o que as verificações acima nomeiam e implante de novo",
    },
    "proof.final_kept": {
        "seen": "a prova final falhou. O novo release continua rodando",
        "fix": "para voltar à anterior: {command} (um deploy com -e deploy_rollback=true faz isso sozinho)",
    },
    "proof.final_put_back": {
        "seen": "a prova final falhou. O release anterior está de volta",
        "fix": "corrija o que as verificações acima nomeiam e implante de novo",
    },
    "summary.addresses": "Onde está cada coisa",
    "summary.collector": "coletor {host}",
    "summary.more": "e mais {n} coletores",
    "summary.ca": "CA a confiar",
    "summary.report": "Relatório",
    "summary.grafana_user": "{url} (usuário {user})",
    "summary.grafana_left_out": "ficou de fora: {reason}",
    "summary.left_out": "Ficou de fora",
    "summary.catch_up": "Quando isso estiver resolvido: {command}",
    "summary.next": "O que fazer agora",
    "summary.next.receiver": "ninguém é avisado dos alertas: defina alertmanager_receivers (docs/pt-BR/alerting.md) e depois {command}",
    "summary.next.drill": "veja um alerta chegar: {command}",
    "summary.next.rotate": "troque as chaves de tempos em tempos: docs/pt-BR/deploying.md, Segredos",
    "summary.next.host": "para acrescentar um host: uma linha nos grupos dele, e a região dele, e depois {command}",
}
