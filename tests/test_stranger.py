"""A stranger asks a fresh server for each page, over Streamlit's own websocket, and gets the sign-in only."""

import time
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.sync.client import connect

from tests.conftest import free_port
from tests.serving import ROOT, Server, copied

PAGES = ROOT / "pages"
# Every screen, and a piece of one that shows texts of a study: no page is registered for it.
FILES = [*PAGES.glob("clinician/*.py"), *PAGES.glob("lead/*.py"), PAGES / "lead" / "pieces" / "one_item.py"]
SCREENS = sorted(str(file.relative_to(PAGES)) for file in FILES)


@pytest.fixture
def fresh(demo_file, tmp_path):
    server = Server(copied(demo_file, tmp_path), free_port(), tmp_path, CONSILIUM_DEMO="0").start()
    yield server
    server.kill()


def ask(server, seconds=60, **rerun):
    """Ask for a page; return every message up to the end of the script run."""
    answers = []
    with connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"], max_size=None
    ) as socket:
        message = BackMsg()
        message.rerun_script.query_string = ""
        for name, value in rerun.items():
            setattr(message.rerun_script, name, value)
        socket.send(message.SerializeToString())
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            answer = ForwardMsg()
            answer.ParseFromString(socket.recv(timeout=seconds))
            answers.append(answer)
            if answer.WhichOneof("type") == "script_finished":
                break
    return "\n".join(str(answer) for answer in answers)


def test_there_are_screens_to_ask_for():
    assert {"clinician/rate.py", "lead/overview.py"} <= set(SCREENS)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_stranger_gets_the_sign_in_and_nothing_else(fresh, screen):
    file = PAGES / screen
    by_hash = ask(fresh, page_script_hash=calc_hash(str(file)))
    by_name = ask(fresh, page_name=Path(screen).stem)
    for said in (by_hash, by_name):
        assert "personal link" in said
        for secret in ("demo", "C01", "juror", "Studies", "rated"):
            assert secret not in said.replace("I have a link", "")
