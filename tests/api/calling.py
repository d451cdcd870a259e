"""A program that calls the API."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

BASE = "/api/v1"


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    raw: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        """The code of a problem; the answer must be one."""
        assert self.headers["Content-Type"] == "application/problem+json", (self.status, self.raw[:300])
        said = self.said
        assert said["status"] == self.status
        for text in (said["message"], said["advice"], *(one["message"] for one in said["problems"])):
            assert text["ja"] != text["en"]
        return str(said["code"])


@dataclass(slots=True)
class Caller:
    """Holds a token and sends it."""

    token: str
    ref: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: Any) -> Answer:
        return self._answer(self.client.get(BASE + path, query, headers=self._headers()))

    def post(self, path: str, said: Any = None, *, key: str = "", raw: bytes | None = None, **headers: str) -> Answer:
        sent = self._headers() | headers | ({"Idempotency-Key": key} if key else {})
        body = raw if raw is not None else json.dumps({} if said is None else said, ensure_ascii=False).encode()
        kind = sent.pop("Content-Type", "application/json")
        return self._answer(self.client.generic("POST", BASE + path, body, kind, headers=sent))

    def upload(self, path: str, content: bytes, *, name: str = "file", key: str = "", **fields: str) -> Answer:
        """A form with one file."""
        sent = self._headers() | ({"Idempotency-Key": key} if key else {})
        file = SimpleUploadedFile(name, content)
        return self._answer(self.client.post(BASE + path, {**fields, "file": file}, headers=sent))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @staticmethod
    def _answer(response: Any) -> Answer:
        return Answer(response.status_code, response.headers, response.content)
