"""Where an address deeper than any page leads."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from pages.layers.nested import Nested


async def further(scope, receive, send):
    await PlainTextResponse("let through")(scope, receive, send)


ask = TestClient(Nested(further), follow_redirects=False)


@pytest.mark.parametrize(
    ("path", "to"),
    [("/demo/agreement", "/agreement"), ("/a/b/jury", "/jury"), ("/a/%5Cother.example", "/%5Cother.example")],
)
def test_a_browser_is_sent_to_the_last_name_here(path, to):
    answer = ask.get(path, headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (307, to)


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/jury", "text/html"), ("/media/x.zip", "text/html"), ("/_stcore/health", "*/*"), ("/demo/x", "*/*")],
)
def test_all_else_goes_on(path, accept):
    assert ask.get(path, headers={"accept": accept}).text == "let through"
