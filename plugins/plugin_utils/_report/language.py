# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts around the checks of a report in each language, and its numbers and dates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timezone

# Texts with {n} come in two forms: for one, and for any other number.
TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "question": "Is it well?",
        "verdict_pass": "Yes",
        "verdict_warn": "Yes, with {n} warning|Yes, with {n} warnings",
        "verdict_fail": "No: {n} of {all} checks failed|No: {n} of {all} checks failed",
        "verdict_none": "Not known: nothing was checked",
        "verdict_pass_more": "{n} check passed|{n} checks passed",
        "not_made": "{n} did not run|{n} did not run",
        "warned_as_well": "{n} warned|{n} warned",
        "pass": "pass",
        "warn": "warn",
        "fail": "fail",
        "skip": "skip",
        "pass_many": "passed",
        "warn_many": "warned",
        "fail_many": "failed",
        "skip_many": "skipped",
        "status": "Status",
        "check": "Check",
        "expected": "Expected",
        "seen": "Seen",
        "cause": "Likely cause",
        "follows": "Follows from",
        "fix": "Next step",
        "seconds": "Seconds",
        "since": "at least since {since}",
        "since_new": "since {since}; at {before} it was not so",
        "not_passed": "What did not pass",
        "all_checks": "All checks",
        "the_rest": "The other check ({n})|The other checks ({n})",
        "show": "Show",
        "show_all": "all",
        "hops": "The path of the data",
        "hops_note": "Seconds from the push until it arrived in each place.",
        "hop": "Hop",
        "not_reached": "not reached",
        "plots": "The last hours",
        "runs": "The last published runs",
        "ended": "Ended",
        "no_data": "No data in this period",
        "not_answered": "Not answered",
        "left_out": "{n} more series is not shown|{n} more series are not shown",
        "series": "Series",
        "last": "Last",
        "least": "Min",
        "most": "Max",
        "until": "until {time}",
        "asked_from": "Asked from",
        "started": "Started",
        "duration": "Duration",
        "made_by": "Created by vya.observability, report format {format}.",
        "comparison": "Comparison",
        "before": "Before",
        "after": "After",
        "newly_failing": "Newly failing",
        "newly_warned": "Newly warned",
        "still_failing": "Still failing",
        "repaired": "Repaired",
        "gone": "No longer checked",
        "new": "Newly checked",
        "slower": "Slower",
        "faster": "Faster",
        "times": "{factor} times",
        "worse": "Worse: {n} check fails that did not before|"
        "Worse: {n} checks fail that did not before",
        "not_worse": "Not worse: nothing fails that did not before",
        "warn_now": "{n} check warns that did not before|{n} checks warn that did not before",
        "gone_now": (
            "{n} check that ran before did not run now|{n} checks that ran before did not run now"
        ),
        "no_change": "Nothing has changed.",
    },
    "pt-BR": {
        "question": "Está tudo bem?",
        "verdict_pass": "Sim",
        "verdict_warn": "Sim, com {n} aviso|Sim, com {n} avisos",
        "verdict_fail": (
            "Não: {n} de {all} verificações falhou|Não: {n} de {all} verificações falharam"
        ),
        "verdict_none": "Não se sabe: nada foi verificado",
        "verdict_pass_more": "{n} verificação passou|{n} verificações passaram",
        "not_made": "{n} não foi feita|{n} não foram feitas",
        "warned_as_well": "{n} com aviso|{n} com aviso",
        "pass": "passou",
        "warn": "aviso",
        "fail": "falhou",
        "skip": "não feita",
        "pass_many": "passaram",
        "warn_many": "com aviso",
        "fail_many": "falharam",
        "skip_many": "não feitas",
        "status": "Situação",
        "check": "Verificação",
        "expected": "Esperado",
        "seen": "Encontrado",
        "cause": "Causa provável",
        "follows": "Decorre de",
        "fix": "Próximo passo",
        "seconds": "Segundos",
        "since": "pelo menos desde {since}",
        "since_new": "desde {since}; em {before} não era assim",
        "not_passed": "O que não passou",
        "all_checks": "Todas as verificações",
        "the_rest": "A outra verificação ({n})|As outras verificações ({n})",
        "show": "Mostrar",
        "show_all": "todas",
        "hops": "O caminho dos dados",
        "hops_note": "Segundos desde o envio até a amostra ser vista em cada lugar.",
        "hop": "Etapa",
        "not_reached": "não alcançada",
        "plots": "As últimas horas",
        "runs": "As últimas execuções publicadas",
        "ended": "Fim",
        "no_data": "Sem dados neste período",
        "not_answered": "Sem resposta",
        "left_out": "Mais {n} série não é mostrada|Mais {n} séries não são mostradas",
        "series": "Série",
        "last": "Último",
        "least": "Mín.",
        "most": "Máx.",
        "until": "até {time}",
        "asked_from": "Consultado a partir de",
        "started": "Início",
        "duration": "Duração",
        "made_by": "Feito por vya.observability, formato de relatório {format}.",
        "comparison": "Comparação",
        "before": "Antes",
        "after": "Depois",
        "newly_failing": "Passaram a falhar",
        "newly_warned": "Passaram a dar aviso",
        "still_failing": "Continuam falhando",
        "repaired": "Consertadas",
        "gone": "Não são mais verificadas",
        "new": "Verificadas pela primeira vez",
        "slower": "Mais lentas",
        "faster": "Mais rápidas",
        "times": "{factor} vezes",
        "worse": "Pior: {n} verificação passou a falhar|Pior: {n} verificações passaram a falhar",
        "not_worse": "Não piorou: nada passou a falhar",
        "warn_now": "{n} verificação passou a dar aviso|{n} verificações passaram a dar aviso",
        "gone_now": (
            "{n} verificação feita antes não foi feita agora"
            "|{n} verificações feitas antes não foram feitas agora"
        ),
        "no_change": "Nada mudou.",
    },
}
LANGUAGES = tuple(TEXTS)
# What the role validate calls its report, its plots and its facts.
NAMES = {
    "pt-BR": {
        "Validation": "Validação",
        "push age": "idade do envio",
        "round trip p95": "ida e volta p95",
        "database latency p95": "latência do banco de dados p95",
        "inventory": "inventário",
        "limit": "limite",
        "not checked": "não verificados",
    }
}
MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "pt-BR": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
}
# Separators of thousands and decimals that are not the English ones.
SEPARATORS = {"en": {}, "pt-BR": str.maketrans(",.", ".,")}


@dataclass(frozen=True)
class Language:
    """One of LANGUAGES."""

    code: str

    def text(self, key: str, n: int | None = None, **values: object) -> str:
        """Return a text of the report's frame; `n` chooses singular or plural."""
        forms = TEXTS[self.code][key].split("|")
        return (forms[0] if n == 1 else forms[-1]).format(n=n, **values)

    def name(self, english: object) -> str:
        """Return the translation of a name that the role validate uses; other names stay."""
        return NAMES.get(self.code, {}).get(str(english), str(english))

    def number(self, value: float, digits: int) -> str:
        """Return a number with `digits` decimals and grouped thousands."""
        text = f"{value:,.{digits}f}".replace("-", "\N{MINUS SIGN}")
        return text.translate(SEPARATORS[self.code])

    def significant(self, value: float) -> str:
        """Return a number with three significant digits, and two decimals at most."""
        if not value:
            return "0"
        digits = max(2 - math.floor(math.log10(abs(value))), 0)
        return self.number(value, min(digits, 2 if abs(value) >= 0.1 else 6))

    def round_number(self, value: float) -> str:
        """Return a round number, as an axis has them, with no more decimals than needed."""
        return self.number(value, next((d for d in range(6) if round(value, d) == value), 6))

    def moment(self, epoch_seconds: float) -> str:
        """Return date and time in UTC."""
        at = datetime.fromtimestamp(epoch_seconds, timezone.utc)
        month = MONTHS[self.code].split()[at.month - 1]
        of = " de " if self.code == "pt-BR" else " "
        return f"{at.day}{of}{month}{of}{at.year}, {at:%H:%M:%S} UTC"

    def day(self, epoch_seconds: float) -> str:
        """Return day and month in UTC."""
        at = datetime.fromtimestamp(epoch_seconds, timezone.utc)
        return f"{at.day} {MONTHS[self.code].split()[at.month - 1]}"

    def clock(self, epoch_seconds: float) -> str:
        """Return hours and minutes in UTC."""
        return f"{datetime.fromtimestamp(epoch_seconds, timezone.utc):%H:%M}"
