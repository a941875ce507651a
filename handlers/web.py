"""Posting JSON to one address of the web, and to no other that it may point to."""

import json
from collections.abc import Mapping
from email.message import Message
from typing import IO
from urllib.request import HTTPRedirectHandler, Request, build_opener


def post_json(address: str, body: Mapping[str, object], timeout: float) -> None:
    """Post an object; a yes of the other side ends it, and a redirect is no yes.

    Raises HTTPError for any other answer, OSError or HTTPException if there was none.
    """
    request = Request(  # noqa: S310 -- the caller has looked at the address
        address, json.dumps(body).encode(), {"Content-Type": "application/json;charset=utf-8"}
    )
    with build_opener(_NoDetours).open(request, timeout=timeout):
        return


class _NoDetours(HTTPRedirectHandler):
    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Follow no redirect: what is said would go to whoever set it up."""
