"""Signing in with the console's token."""

from __future__ import annotations

import asyncio
from hmac import compare_digest
from typing import Final

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel

from fifthwheel.console.auth import COOKIE, session_of

_REFUSAL_DELAY_S: Final = 0.5


class Credential(BaseModel):
    """The token, as somebody typed it."""

    token: str


def routes(token: str) -> APIRouter:
    """Path ``/session``."""
    router = APIRouter(tags=["session"])

    @router.post("/session", status_code=204)
    async def sign_in(credential: Credential, request: Request, response: Response) -> None:
        """Set the session cookie when the token is right."""
        if not token:
            return
        if not compare_digest(credential.token.encode(), token.encode()):
            await asyncio.sleep(_REFUSAL_DELAY_S)
            raise HTTPException(401, "this is not the console's token")
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, session_of(token), httponly=True, samesite="strict", secure=secure, max_age=30 * 86_400)

    return router
