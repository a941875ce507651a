"""The gate as pipelines ask it: OpenFeature's remote evaluation protocol (OFREP 0.3), from memory.

A client takes most of what it does not expect for an error and quietly uses its own default. So
`variant` and `metadata` are always there, `reason` is one of the protocol's, and nobody is ever
told to slow down (429), because a client would then stop asking.
"""

from hashlib import sha256
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.domain.gate import GateState, may_act
from bot.domain.tokens import Scope, Token
from bot.usecases.gate import BoardRow
from handlers.http.auth import WAYS_IN, Door
from handlers.http.board import View
from handlers.http.bodies import parse_json, read_body
from handlers.http.drills import Hearings
from handlers.http.problems import PROBLEMS, Problem, shown

MODE: Final = ".mode"
MAX_BODY: Final = 64 * 1024
FLAG_NOT_FOUND: Final = "FLAG_NOT_FOUND"
INVALID_CONTEXT: Final = "INVALID_CONTEXT"

_BODY: Final = {
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"context": {"type": "object"}},
                    "description": "The gate looks at the workflow alone; a context is accepted.",
                }
            }
        }
    }
}

Flag = dict[str, object]


def register(app: FastAPI, door: Door, hearings: Hearings) -> None:
    @app.post(
        "/ofrep/v1/evaluate/flags",
        dependencies=WAYS_IN,
        responses={304: {"description": "As the ETag says."}, **PROBLEMS},
        openapi_extra=_BODY,
    )
    async def evaluate_all(request: Request) -> Response:
        """Give both flags of the token's workflow, or 304 if they are as the ETag says."""
        token = await _admitted(door, request)
        view = door.view()
        flags = [evaluated(token, view, key) for key in (token.workflow, token.workflow + MODE)]
        hearings.note(view.gates[token.workflow], token)
        return _tagged(JSONResponse({"flags": flags}), request.headers.get("if-none-match", ""))

    # A key with a slash is a key nobody has: it is answered as one, not as a lost address.
    @app.post(
        "/ofrep/v1/evaluate/flags/{key:path}",
        dependencies=WAYS_IN,
        responses=PROBLEMS,
        openapi_extra=_BODY,
    )
    async def evaluate(request: Request, key: str) -> Response:
        """Say whether `<workflow>` may act, or in what state `<workflow>.mode` is."""
        token = await _admitted(door, request)
        view = door.view()
        flag = evaluated(token, view, key)
        hearings.note(view.gates[token.workflow], token)
        return JSONResponse(flag)


async def _admitted(door: Door, request: Request) -> Token:
    token = await door.admit(request, Scope.GATE_READ)
    _require_context(await read_body(request, MAX_BODY))
    return token


def evaluated(token: Token, view: View, key: str) -> Flag:
    """Give one flag's evaluation; a flag of another workflow is as unknown as one of none."""
    workflow = key.removesuffix(MODE)
    row = view.gates.get(workflow)
    if row is None or not token.allows(Scope.GATE_READ, workflow):
        raise Problem(
            404, f"workflow {shown(workflow)} is not known to this token", code=FLAG_NOT_FOUND
        )
    state = row.gate.state
    value = state.value if key.endswith(MODE) else may_act(state, runs_degraded=row.runs_degraded)
    return {
        "key": key,
        "value": value,
        "reason": "DISABLED" if state is GateState.RETIRED else "STATIC",
        "variant": state.value,
        "metadata": _metadata(row),
    }


def _metadata(row: BoardRow) -> Flag:
    """Say why, in scalars: which record set the gate when, and who answers. No words of people."""
    gate = row.gate
    return {
        "workflow": row.key,
        "state": gate.state.value,
        "owner": row.owner,
        "since": gate.since.isoformat().replace("+00:00", "Z"),
        **({"record": gate.entry} if gate.entry >= 0 else {}),
    }


def _require_context(body: bytes) -> None:
    sent = parse_json(body) if body.strip() else {}
    if not isinstance(sent, dict):
        raise Problem(400, "The body must be a JSON object.", code=INVALID_CONTEXT)
    if not isinstance(sent.get("context"), dict | None):
        raise Problem(400, "The context must be a JSON object.", code=INVALID_CONTEXT)


def _tagged(response: Response, known: str) -> Response:
    tag = f'"{sha256(response.body).hexdigest()[:32]}"'
    tags = {each.strip().removeprefix("W/") for each in known.split(",")}
    if tag in tags:  # and not for `*`: whoever is answered has to know what the state is
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return response
