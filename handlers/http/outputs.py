"""Outputs come in."""

from typing import Final

from bot.domain.outputs import Output
from bot.domain.tokens import Scope
from bot.usecases.sampling import receive_outputs
from handlers.http import reports
from handlers.http.intake import Desk

OUTPUTS: Final[Desk[Output]] = Desk(
    path="/v1/outputs",
    noun="output",
    sentence="Report one output or up to 1,000; the same one sent again is a duplicate, no fault.",
    scope=Scope.OUTPUTS_WRITE,
    form=reports.Report,
    sort=reports.sort,
    take=receive_outputs,
)
