"""The main job as its user runs it, from the week's page to the digest's files, on the embedded cloud."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from shared.digest.formats import DIGEST
from tests.e2e.conftest import Chorok
from tests.fakes.chat import FakeChat
from tests.fakes.faults import Rule
from tests.fakes.translate import FakeTranslate, korean
from tests.processes import listening, processes_with


def titles_of(old_digest: Path) -> list[str]:
    return re.findall(r"^--- \d+\. (.*?) ---$", old_digest.read_text(), re.MULTILINE | re.DOTALL)


def test_the_sample_week_needs_no_network_at_all(chorok: Chorok) -> None:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")

    done = chorok.run("--or-sample", **nowhere)

    assert done.returncode == 0, done.stderr
    assert "SAMPLE" in done.stdout
    digest = json.loads(chorok.file("sample", "ko", "digest.json"))
    assert digest["state"] == "complete"
    assert len(digest["papers"]) == 10
    assert "견본" in chorok.file("sample", "ko", "digest.html").decode()


def test_a_real_week_is_really_translated_in_the_users_own_order(
    chorok: Chorok, hugging_face: str, portuguese_models: Path, shared_data: Path
) -> None:
    asked = ("--week", "2025-W37", "--lang", "pt", "--source", hugging_face)

    done = chorok.run(*asked, CHOROK_MODELS=str(portuguese_models))

    assert done.returncode == 0, done.stderr
    digest = json.loads(chorok.file("2025-W37", "pt", "digest.json"))
    old = titles_of(shared_data / "digests" / "huggingface_top_10_papers_2025-W37_translated.txt")
    assert [paper["title"] for paper in digest["papers"]] == old
    assert {paper["translation"]["status"] for paper in digest["papers"]} == {"translated"}
    assert "aprendizado" in digest["papers"][0]["translation"]["text"]
    assert digest["papers"][0]["translation"]["engine"].startswith("firefox-translations/en-pt")


def test_a_chat_model_of_the_readers_own_translates_the_week(chorok: Chorok, hugging_face: str) -> None:
    asked = ("--week", "2025-W37", "--source", hugging_face, "--top", "2", "--engine", "chat")
    with FakeChat() as chat:
        mine = {"CHOROK_CHAT_URL": chat.address, "CHOROK_CHAT_MODEL": "qwen2.5:7b", "CHOROK_CHAT_KEY": "sk-secret"}
        done = chorok.run(*asked, **mine)
        questions = len(chat.questions)
        again = chorok.run(*asked, **mine)

    assert (done.returncode, again.returncode) == (0, 0), done.stderr + again.stderr
    digest = json.loads(chorok.file("2025-W37", "ko", "digest.json"))
    assert digest["state"] == "complete"
    assert {paper["translation"]["engine"] for paper in digest["papers"]} == {"chat:qwen2.5:7b"}
    assert "qwen2.5:7b" in chorok.file("2025-W37", "ko", "digest.html").decode()
    assert len(chat.questions) == questions >= 2, "the second run remembers"
    assert set(chat.authorizations) == {"Bearer sk-secret"}
    kept = [path for path in chorok.state.rglob("*") if path.is_file() and b"sk-secret" in path.read_bytes()]
    assert kept == []


def test_a_second_engine_mends_what_the_first_could_not_and_what_it_has_left_before(
    chorok: Chorok, hugging_face: str
) -> None:
    week, loop = (
        ("--week", "2025-W37", "--source", hugging_face, "--top", "3"),
        "모델 과제 모델 과제 모델 과제 모델 과제.",
    )

    def limping(sentence: str, pair: str) -> str:
        return loop if sentence.endswith(".") and len(sentence) % 4 == 0 else korean(sentence, pair)

    def marks() -> int:
        translations = [paper["translation"] for paper in json.loads(chorok.file("2025-W37", "ko", DIGEST))["papers"]]
        return sum(len(found.get(kind, ())) for found in translations for kind in ("doubts", "kept"))

    with FakeTranslate(limping) as first, FakeChat() as chat:
        mine = {"CHOROK_CHAT_URL": chat.address, "CHOROK_CHAT_MODEL": "qwen2.5:7b", "CHOROK_CHAT_KEY": "sk-secret"}
        environment = mine | {"AWS_ENDPOINT_URL_TRANSLATE": first.address}
        alone = chorok.run(*week, **environment)
        left, asked = marks(), len(chat.questions)
        redrive = ("redrive", "--doubtful", "--second-engine", "chat", "--out", str(chorok.out))
        done = chorok(*redrive, **environment)
        questions, calls = len(chat.questions), len(first.calls)
        again = chorok(*redrive, **environment)

    assert (alone.returncode, done.returncode, again.returncode) == (0, 0, 0), alone.stderr + done.stderr
    assert (left > 0, asked) == (True, 0)
    assert marks() < left
    assert questions > 0
    assert "asked for once more" in done.stdout
    assert (len(chat.questions), len(first.calls)) == (questions, calls), "nothing is paid for twice"
    kept = [path for path in chorok.state.rglob("*") if path.is_file() and b"sk-secret" in path.read_bytes()]
    assert kept == []


def test_a_chat_model_that_nobody_named_is_asked_for(chorok: Chorok) -> None:
    done = chorok.run("--week", "2025-W37", "--engine", "chat")

    assert done.returncode == 2
    assert "CHOROK_CHAT_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_was_paid_for_is_not_paid_for_again(chorok: Chorok, hugging_face: str, engine: FakeTranslate) -> None:
    asked = ("--week", "2025-W37", "--source", hugging_face)
    first = chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    paid = engine.outcomes()["translated"]
    calls = len(engine.calls)

    again = chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert paid == 10
    assert len(engine.calls) == calls


def test_without_an_engine_the_digest_says_what_the_users_script_said(
    chorok: Chorok, hugging_face: str, shared_data: Path
) -> None:
    asked = ("--week", "2025-W37", "--source", hugging_face, "--receives", "3")

    done = chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE="http://127.0.0.1:9")

    old = shared_data / "digests" / "huggingface_top_10_papers_2025-W37_translated.txt"
    assert done.returncode == 3, done.stderr
    assert "10 failed" in done.stdout
    assert chorok.file("2025-W37", "ko", "digest.txt") == old.read_bytes()
    papers = json.loads(chorok.file("2025-W37", "ko", "digest.json"))["papers"]
    assert not any("text" in paper["translation"] for paper in papers)


def test_a_killed_run_leaves_nothing_alive_and_is_finished_by_the_next(
    chorok: Chorok, hugging_face: str, engine: FakeTranslate
) -> None:
    asked = ("run", "--out", str(chorok.out), "--week", "2025-W37", "--source", hugging_face)
    engine.fail(Rule(fault="hang", share=0.6))
    process = chorok.start(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    assert process.stdout is not None
    next(line for line in process.stdout if re.search(r"done [1-9]", line))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    stored = len(chorok.stored("results/2025-W37/ko/"))

    # Another engine, since calls of those that were killed may still come to their end at the first.
    with FakeTranslate() as healed:
        done = chorok(*asked, AWS_ENDPOINT_URL_TRANSLATE=healed.address)

    later = [call for call in healed.calls if call.outcome == "translated"]
    assert done.returncode == 0, done.stderr
    assert 0 < stored < 10
    assert len(later) <= 10 - stored
    assert processes_with(str(chorok.state)) == {}


def test_other_papers_than_the_run_holds_are_refused(chorok: Chorok, hugging_face: str, engine: FakeTranslate) -> None:
    asked = ("--week", "2025-W37", "--source", hugging_face)
    chorok.run(*asked, "--top", "2", AWS_ENDPOINT_URL_TRANSLATE=engine.address)

    refused = chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)

    assert refused.returncode == 2
    assert "2025-W37 already holds the top 2" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_cloud_that_is_up_serves_the_aws_cli_on_loopback_alone(
    chorok: Chorok, hugging_face: str, engine: FakeTranslate
) -> None:
    up = chorok("up", AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    exports = dict(re.findall(r"^export (\w+)=(.*)$", up.stdout, re.MULTILINE))
    done = chorok.run("--week", "2025-W37", "--source", hugging_face, "--top", "3")
    bucket = re.search(r"^Bucket +(\S+)$", up.stdout, re.MULTILINE)
    assert bucket is not None
    running = processes_with(str(chorok.state))
    key = "digests/2025-W37/ko/digest.txt"
    fetched = subprocess.run(
        [sys.executable, "-m", "awscli", "s3", "cp", f"s3://{bucket[1]}/{key}", "-"],
        env=os.environ | exports,
        capture_output=True,
        check=False,
    )
    addresses = listening(set(running))
    down = chorok("down")

    assert (up.returncode, done.returncode, down.returncode) == (0, 0, 0), up.stderr + done.stderr + down.stderr
    assert fetched.stdout == chorok.file("2025-W37", "ko", "digest.txt"), fetched.stderr
    assert addresses == {"0100007F"}
    assert processes_with(str(chorok.state)) == {}
