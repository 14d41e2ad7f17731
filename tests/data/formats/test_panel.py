"""Panels that a lead typed into a page: they open no file of the server and send no password of it."""

import pytest

from annotate.fault import Fault
from data.formats.panel import panel_names, panel_text, parse_panel, read_panel

ONE = """
[[juror]]
name = "one"
provider = "openai"
model = "m"
"""


def read(*lines, **options):
    return parse_panel("\n".join([ONE, *lines]), "panel.toml", **options)


def test_every_shipped_panel_is_read_from_its_text():
    for name in panel_names():
        assert parse_panel(panel_text(name), "panel.toml").jurors


def test_a_frame_beside_the_panel_is_read_only_where_the_panel_is_a_file(tmp_path, monkeypatch):
    frame = parse_panel(panel_text("open"), "panel.toml").jurors[0].template + "\nMine."
    (tmp_path / "mine.txt").write_text(frame)
    (tmp_path / "panel.toml").write_text(f'{ONE}template = "mine.txt"')
    assert read_panel(str(tmp_path / "panel.toml")).jurors[0].template == frame
    monkeypatch.chdir(tmp_path)
    for place in ("mine.txt", str(tmp_path / "mine.txt"), "../x"):
        with pytest.raises(Fault, match="There is no prompt frame"):
            read(f'template = "{place}"')


@pytest.fixture(autouse=True)
def no_keys_named(monkeypatch):
    monkeypatch.delenv("CONSILIUM_JUROR_KEYS", raising=False)


SECRETS = (
    "CONSILIUM_DATABASE_URL",
    "PATH",
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "STORAGE_KEY",
    "x_API_KEY",
)


@pytest.mark.parametrize("name", SECRETS)
def test_what_is_called_otherwise_than_a_jurors_key_is_sent_to_none(name):
    with pytest.raises(Fault, match=f"may not be read from '{name}'; use a name that ends in _API_KEY"):
        read('base_url = "https://llm.example/v1"', f'key_env = "{name}"')


def test_whoever_runs_the_machine_says_which_keys_panels_may_use(monkeypatch):
    monkeypatch.setenv("CONSILIUM_JUROR_KEYS", "WARD_TOKEN, OTHER_API_KEY")
    far = 'base_url = "https://llm.example/v1"'
    assert read(far, 'key_env = "WARD_TOKEN"').jurors[0].key_variable == "WARD_TOKEN"
    with pytest.raises(Fault, match="'STRIPE_API_KEY'; use one that is listed in"):
        read(far, 'key_env = "STRIPE_API_KEY"')
    # A provider's own key goes to the provider, as it would without being named.
    assert read('key_env = "OPENAI_API_KEY"').jurors[0].key_variable == "OPENAI_API_KEY"
    monkeypatch.setenv("CONSILIUM_JUROR_KEYS", "OPENAI_API_KEY")
    with pytest.raises(Fault, match=r"offered to api\.openai\.com only"):
        read(far, 'key_env = "OPENAI_API_KEY"')


@pytest.mark.parametrize("base", ["https://llm.example/v1", "http://api.openai.com/v1", "http://127.0.0.1:9"])
def test_a_providers_key_cannot_be_sent_elsewhere_by_its_name(base):
    with pytest.raises(Fault, match=r"OPENAI_API_KEY is offered to api\.openai\.com only"):
        read(f'base_url = "{base}"', 'key_env = "OPENAI_API_KEY"')


def test_a_key_of_its_own_is_allowed():
    panel = read('base_url = "https://llm.example/v1"', 'key_env = "TOGETHER_API_KEY"')
    assert panel.jurors[0].key_variable == "TOGETHER_API_KEY"
    assert read('key_env = "OPENAI_API_KEY"').jurors[0].key_variable == "OPENAI_API_KEY"


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "name"),
    [("[" * 20_000, "p.yaml"), ("a=" + "[" * 20_000, "p.toml"), (BOMB, "p.yaml"), ("", "p.yaml")],
)
def test_a_panel_that_would_grow_without_end_is_refused_in_words(text, name):
    with pytest.raises(Fault, match=r"nested|cannot be read|refers elsewhere|empty"):
        parse_panel(text, name)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("panel.toml", "max_tokens = " + "9" * 5_000),
        ("panel.yaml", "repeats: " + "9" * 5_000),
        ("panel.yaml", "repeats: 2026-13-45"),
    ],
)
def test_a_value_that_its_language_cannot_hold_gets_a_sentence(name, line):
    with pytest.raises(Fault, match="cannot be read"):
        parse_panel(ONE + line if name.endswith("toml") else line, name)
