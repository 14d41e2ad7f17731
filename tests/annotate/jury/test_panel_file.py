"""Panel files are read strictly: what is wrong with one is a sentence, and nothing is guessed."""

import pytest

from annotate.fault import Fault
from annotate.jury.consent import check_open
from annotate.jury.providers.wire import barred
from data.formats.panel import open_endpoints, panel_names, parse_panel, read_panel
from tests.annotate.jury.conftest import juror_of
from tests.jury_server import JuryServer

JUROR = '[[juror]]\nprovider = "openai"\nmodel = "m"\nbase_url = "http://127.0.0.1:1/v1"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "names no jurors"),
        ("juror = 3", "names no jurors"),
        ("[[juror]]\nmodel = 'm'", "has no provider"),
        ("[[juror]]\nprovider = 'openai'", "has no model"),
        ("[[juror]]\nprovider = 'gemini'\nmodel = 'm'", "'anthropic' or 'openai'"),
        (JUROR + "temperature = 0", "'temperature' means nothing here"),
        (JUROR + "samples = 0", "samples is 0"),
        (JUROR + "samples = true", "samples is True"),
        (JUROR + "timeout = -1", "timeout is -1"),
        (JUROR + "timeout = inf", "timeout is inf"),
        (JUROR + "timeout = '9'", "type float"),
        (JUROR + "parameters = { stream = true }", "'stream' is set elsewhere"),
        (JUROR + "parameters = { x = nan }", "JSON cannot say"),
        (JUROR + "parameters = { x = 2026-01-01 }", "JSON cannot say"),
        (JUROR + "price = { input = 1 }", "`input` and `output`"),
        (JUROR + "price = { input = -1, output = 1 }", "price.input is -1"),
        (JUROR + "name = 'a@b'", "is not a name"),
        (JUROR + "template = 'no such'", "no prompt frame"),
        (JUROR + JUROR, "twice"),
        (JUROR + JUROR + "name = 'other'", "under two names"),
        ("need = 2\n" + JUROR, "from 1 to 1"),
        ("need = 'most'\n" + JUROR, "'all', 'any'"),
        (JUROR + "[controls]\npadding = 1", "'padding' means nothing"),
        (JUROR + "[controls]\npadded = -1", "padded is -1"),
        ("[[juror", "cannot be read"),
    ],
)
def test_a_wrong_panel_is_a_sentence(text, sentence):
    with pytest.raises(Fault, match=None) as fault:
        parse_panel(text, "p.toml")
    assert sentence in str(fault.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://h/v1",
        "http://user@h",
        "http://h?x=1",
        "http://h#x",
        "http:///v1",
        "h/v1",
        "http://h:x",
        "http://é.org",
    ],
)
def test_an_address_has_one_meaning(url):
    with pytest.raises(Fault, match="not a plain address"):
        parse_panel(f'[[juror]]\nprovider = "openai"\nmodel = "m"\nbase_url = "{url}"\n', "p.toml")


@pytest.mark.parametrize("listed", [None, "", "api.openai.com, 127.0.0.1:80"])
def test_a_panel_from_the_browser_asks_only_what_the_operator_opened(listed, monkeypatch):
    monkeypatch.delenv("CONSILIUM_JURY_ENDPOINTS", raising=False)
    if listed is not None:
        monkeypatch.setenv("CONSILIUM_JURY_ENDPOINTS", listed)
    with pytest.raises(Fault, match="CONSILIUM_JURY_ENDPOINTS"):
        check_open(parse_panel(JUROR, "p.toml"), open_endpoints())
    monkeypatch.setenv("CONSILIUM_JURY_ENDPOINTS", f"{listed or ''} 127.0.0.1:1")
    check_open(parse_panel(JUROR, "p.toml"), open_endpoints())


@pytest.mark.parametrize(
    ("address", "own", "no"),
    [
        ("169.254.169.254", False, True), ("fe80::1%eth0", False, True), ("fd00:ec2::254", False, True),
        ("::ffff:169.254.169.254", False, True), ("0.0.0.0", False, True), ("::", True, True),
        ("224.0.0.1", False, True), ("127.0.0.1", False, True), ("::1", False, True),
        ("::ffff:127.0.0.1", False, True), ("127.0.0.1", True, False), ("::1", True, False),
        ("10.1.2.3", True, True), ("10.1.2.3", False, False), ("2606:4700::1", False, False),
    ],
)  # fmt: skip
def test_where_no_name_may_lead(address, own, no):
    assert barred(address, own=own) is no


@pytest.mark.parametrize("url", ["http://2130706433", "http://0x7f.1", "http://0.0.0.0", "http://127.1"])
def test_this_machine_is_not_reached_under_another_name(url, bench):
    with JuryServer() as server:
        court = bench(juror_of(f"{url}:{server.url.rpartition(':')[2]}"))
        for endpoint in court.outside():
            court.allow(endpoint, "lead")
        court.run()
        assert server.asks == []
    assert [row["outcome"] for row in court.ledger.verdicts()] == ["failed"]


def test_yaml_and_toml_say_the_same():
    yaml = "juror:\n- provider: openai\n  model: m\n  base_url: http://127.0.0.1:1/v1\n"
    assert parse_panel(yaml, "p.yaml") == parse_panel(JUROR, "p.toml")


@pytest.mark.parametrize("name", panel_names())
def test_shipped_panels_stand(name):
    panel = read_panel(name, samples=2)
    assert len(panel.jurors) == 3
    assert len({juror.family for juror in panel.jurors}) == 3
    assert {juror.samples for juror in panel.jurors} == {2}


def test_an_identity_is_all_that_changes_answers_and_nothing_else():
    base = juror_of("http://127.0.0.1:1")
    same = [juror_of("http://127.0.0.1:1", samples=3), juror_of("http://127.0.0.1:1", in_flight=2, name="x")]
    other = [
        juror_of("http://127.0.0.1:1", model="model-2"),
        juror_of("http://127.0.0.1:2"),
        juror_of("http://127.0.0.1:1", parameters={"temperature": 0}),
        juror_of("http://127.0.0.1:1", max_tokens=1),
        juror_of("http://127.0.0.1:1", template=base.template + " "),
        juror_of("http://127.0.0.1:1", may_abstain=True),
        juror_of("http://127.0.0.1:1", structure="prompt"),
    ]
    assert {juror.identity for juror in same} == {base.identity}
    assert len({juror.identity for juror in [base, *other]}) == len(other) + 1
