"""Pages as text, for the tests of working a request."""

from typing import Any

from tests.rights.screens import body, signed_in


class Screen:
    """The pages as one account sees them."""

    def __init__(self, code: str, *, language: str = "ja") -> None:
        self.client = signed_in(code, language=language)

    def see(self, path: str, *, status: int = 200) -> str:
        """The page's text."""
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code)
        return body(response)

    def file(self, path: str) -> bytes:
        """What a link hands out."""
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return bytes(response.content)

    def sent(self, path: str) -> bytes:
        """What a button hands out."""
        response = self.client.post(path)
        assert response.status_code == 200, (path, response.status_code)
        return bytes(response.content)

    def do(self, path: str, data: Any = None, *, status: int = 200) -> str:
        """Send a form; the text of the page it leads to."""
        response = self.client.post(path, data or {}, follow=True)
        assert response.status_code == status, (path, response.status_code)
        return body(response)
