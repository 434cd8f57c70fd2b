# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles prove: who is notified of alerts, a run of the exporter: the texts in Brazilian Portuguese."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "receiver": {
        "expected": "um destinatário que notifica alguém",
    },
    "receiver.alertmanager_none": {
        "seen": "nenhum: o Alertmanager descarta os alertas que nenhuma rota recebe",
        "cause": "alertmanager_receivers ou alertmanager_default_receiver está vazio, ou os destinatários só têm um nome",
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
    "foresight": {
        "expected": "o modo de verificação pergunta a um Docker engine",
        "seen": "{engine}; módulos do Python que faltam: {modules}",
        "cause": "uma execução o instala e inicia antes",
        "fix": "não julgado: que imagens um registry tem, se os containers iniciam, se outro container ocupa uma porta "
        "ou um nome. Todo o resto, abaixo, está previsto; depois de --tags docker, tudo",
    },
    "foresight.engine": {},
    "foresight.packages": {
        "cause": "uma execução o instala e inicia antes; se os pacotes estão disponíveis não foi julgado: {packages}",
    },
}
