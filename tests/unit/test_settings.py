"""Settings: one definition, three forms, and an error that names what makes no sense."""

import ast
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import SettingsError
from shared.settings import READ_BY, Resources, Settings
from tests.imports import modules_of

some_settings = st.builds(
    Settings,
    languages=st.lists(st.sampled_from(["ko", "pt", "ja"]), min_size=1, unique=True).map(tuple),
    top=st.integers(1, 100),
    receives=st.integers(1, 1000),
    retry_base_seconds=st.integers(0, 100),
    engines=st.sampled_from([(), ("pt=firefox-1.0",), ("ko=a=b", "pt=c")]),
    notify_email=st.sampled_from([(), ("someone@example.org", "other@example.org")]),
    embedded=st.booleans(),
)


def test_a_deployment_that_sets_nothing_publishes_the_ten_papers_of_the_week_in_korean() -> None:
    settings = Settings.from_environment({})

    assert (settings.languages, settings.top, settings.time_zone) == (("ko",), 10, "Asia/Seoul")
    assert (settings.receives, settings.source) == (10, "https://huggingface.co")
    assert [settings.to_environment(function) for function in READ_BY] == [{}, {}, {}]


@pytest.mark.parametrize("function", READ_BY)
@given(settings=some_settings)
def test_a_function_gets_the_settings_that_it_reads_and_no_others(function: str, settings: Settings) -> None:
    received = Settings.from_environment(settings.to_environment(function))

    of_the_stack = {name: getattr(settings, name) for name in READ_BY[function]}
    assert received == replace(Settings(), **of_the_stack)


@pytest.mark.parametrize("function", READ_BY)
def test_a_function_reads_no_setting_that_it_does_not_get(function: str) -> None:
    """It would read the default, whatever was deployed."""
    read = {DERIVED.get(name, name) for module in modules_of(function) for name in settings_read_in(module)}

    assert read == READ_BY[function]


DERIVED = {"zone": "time_zone", "engine": "engines"}
"""What is no setting itself, and the setting that it is made of."""


def settings_read_in(module: Path) -> Iterator[str]:
    """The names of what a module takes from something that is called `settings`."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if getattr(owner, "id", getattr(owner, "attr", "")) == "settings":
                yield node.attr


def test_variables_that_are_not_settings_are_left_alone() -> None:
    environment = {"CHOROK_TOP": "20", "CHOROK_BUCKET": "ledger", "PATH": "/bin", "TOP": "5"}

    assert Settings.from_environment(environment) == Settings(top=20)


def test_lists_are_separated_by_commas() -> None:
    assert Settings.from_texts({"languages": " ko, pt ,"}).languages == ("ko", "pt")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schedule", "hourly"),
        ("schedule", "cron(0 * * * * *)"),
        ("schedule", "at(2026-11-28T09:00:00)"),
        ("schedule", "rate(1 week)"),
        ("schedule", "cron(0 9 ? * MON *)"),
        ("time_zone", "Asia/Pyeongtaek"),
        ("time_zone", "../etc/passwd"),
        ("languages", ""),
        ("languages", "tlh"),
        ("languages", "ko,pt,ko"),
        ("top", "0"),
        ("top", "ten"),
        ("top", "1001"),
        ("source", "huggingface.co"),
        ("source", "https://huggingface.co.example.org"),
        ("settle_hours", "-1"),
        ("settle_hours", "169"),
        ("lost_after_hours", "0"),
        ("overdue_hours", "200"),
        ("receives", "0"),
        ("receives", "1001"),
        ("retry_base_seconds", "1.5"),
        ("retry_cap_seconds", "43200"),
        ("translate_concurrency", "1"),
        ("translate_concurrency", "1001"),
        ("budget_characters", "many"),
        ("budget_dollars", "25"),
        ("budget_dollars", "-1"),
        ("notify_email", "someone"),
        ("notify_email", "someone@localhost"),
        ("notify_email", "Someone <someone@example.org>"),
        ("notify_email", "a@example.org,a@example.org"),
        ("webhook_parameter", "chorok/webhook"),
        ("token_parameter", "hf_abcdefgh"),
        ("token_parameter", "a token"),
        ("name", "Chorok_dev"),
        ("name", ""),
        ("adopt_bucket", "s3://old-ledger"),
        ("site", "http://example.org/"),
        ("site", "https://example.org"),
        ("engines", "firefox"),
        ("engines", "ko=a,ko=b"),
        ("engines", "tlh=bedrock:amazon.nova-lite-v1:0"),
        ("embedded", "perhaps"),
    ],
)
def test_a_setting_that_makes_no_sense_is_an_error_of_one_line_about_it(name: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({f"CHOROK_{name.upper()}": text})

    message = str(caught.value)
    assert name in message or text in message
    assert "\n" not in message


def test_a_misspelt_setting_is_an_error_that_lists_the_right_ones() -> None:
    with pytest.raises(SettingsError, match=r"no setting 'tops'.*top"):
        Settings.from_texts({"tops": "5"})


def test_each_language_has_its_engine() -> None:
    settings = Settings(engines=("pt=firefox=1.0",))

    assert settings.engine("pt") == "firefox=1.0"
    assert settings.engine("ko") == "amazon-translate"


def test_a_function_finds_what_the_stack_made_for_it() -> None:
    resources = Resources("ledger", papers_queue="https://sqs/papers")

    assert resources.to_environment() == {"CHOROK_BUCKET": "ledger", "CHOROK_PAPERS_QUEUE": "https://sqs/papers"}
    assert Resources.from_environment(resources.to_environment()) == resources


def test_a_function_that_the_stack_did_not_deploy_says_so() -> None:
    with pytest.raises(SettingsError, match="CHOROK_BUCKET is not set"):
        Resources.from_environment({})


def test_no_setting_has_the_name_of_a_resource() -> None:
    assert {field.name for field in fields(Settings)}.isdisjoint(field.name for field in fields(Resources))
