"""What the first page is made of: Streamlit's own files, sent compressed, at once and once."""

import gzip
import re
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from pages.layers import bundle
from tests.rating_studies import make_study


def fetched(base, path, **headers):
    request = urllib.request.Request(base + path, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers, answer.read()


@pytest.fixture(scope="module")
def scripts(app_on_demo):
    page = fetched(app_on_demo.base, "/")[1].decode()
    return ["/" + path for path in re.findall(r"static/js/[\w.-]+\.js", page)]


def test_each_script_is_streamlits_own_and_travels_compressed(app_on_demo, scripts):
    assert len(scripts) > 30
    for path in scripts:
        headers, plain = fetched(app_on_demo.base, path)
        assert headers["content-encoding"] is None
        told, small = fetched(app_on_demo.base, path, **{"Accept-Encoding": "gzip"})
        assert (gzip.decompress(small) if told["content-encoding"] == "gzip" else small) == plain
        assert "immutable" in told["cache-control"]
    total = [sum(len(fetched(app_on_demo.base, path, **{"Accept-Encoding": how})[1]) for path in scripts)
             for how in ("identity", "gzip")]  # fmt: skip
    assert total[1] < total[0] / 2


def test_only_files_of_the_bundle_are_answered_from_it(app_on_demo):
    assert "/static/../index.html" not in bundle._files()
    _, body = fetched(app_on_demo.base, "/static/js/nothing-of-this-name.js")
    assert b"<title>" in body


def test_no_answer_waits_for_a_confirmation_of_its_first_piece(app_on_demo, scripts):
    """Nagle's algorithm against delayed confirmations: each answer on a kept connection would take 40 ms."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", app_on_demo.port, timeout=60)
    took = []
    for path in [*scripts, *scripts][:60]:
        begun = time.perf_counter()
        connection.request("GET", path)
        connection.getresponse().read()
        took.append(time.perf_counter() - begun)
    connection.close()
    # A quarter of them, as a busy machine holds up the others; with the fault one in ten is quicker.
    assert sorted(took)[len(took) // 4] < 0.035


def test_a_second_visit_asks_for_no_script_again(app_on_demo, page):
    token, _ = make_study(app_on_demo.url)
    page.goto(f"{app_on_demo.base}/enter#{token}")
    expect(page.locator(".room")).to_be_visible()
    page.reload()
    expect(page.locator(".room")).to_be_visible()
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('/static/js/'))"
        ".map(e => e.transferSize)"
    )
    assert len(sizes) > 30
    assert sum(sizes) == 0
