"""A person corrects a translation, and every digest that holds the text says it, on the embedded cloud."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.e2e.conftest import Chorok
from tests.fakes.translate import FakeTranslate

RUN = "2025-W37"


def test_a_correction_reaches_the_digest_and_stays(
    chorok: Chorok, hugging_face: str, engine: FakeTranslate, tmp_path: Path
) -> None:
    asked = ("--week", RUN, "--source", hugging_face, "--top", "2")
    file = tmp_path / "memory.tmx"
    chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    first, second = translations(chorok)

    exported = chorok("memory", "export", str(file))
    file.write_text(file.read_text().replace(escape(first["text"]), "사람이 고쳐 쓴 초록입니다."))
    imported = chorok("memory", "import", str(file), "--out", str(chorok.out))
    after = translations(chorok)
    paper = json.loads(chorok.file(RUN, "ko", "digest.json"))["papers"][0]["id"]
    again = chorok.run(*asked, "--again", paper, AWS_ENDPOINT_URL_TRANSLATE=engine.address)

    codes = [command.returncode for command in (exported, imported, again)]
    assert codes == [0, 0, 0], exported.stderr + imported.stderr + again.stderr
    assert f"{RUN} ko: corrected {paper}" in imported.stdout
    corrected = first | {"text": "사람이 고쳐 쓴 초록입니다.", "engine": "person"}
    assert [translation | {"notes": []} for translation in after] == [corrected | {"notes": []}, second | {"notes": []}]
    assert "사람이 고쳐 쓴 초록입니다." in chorok.file(RUN, "ko", "digest.txt").decode()
    assert translations(chorok)[0]["text"] == "사람이 고쳐 쓴 초록입니다."


def test_an_error_is_refused_by_name_and_the_other_texts_go_in(
    chorok: Chorok, hugging_face: str, engine: FakeTranslate, tmp_path: Path
) -> None:
    file = tmp_path / "memory.tmx"
    asked = ("--week", RUN, "--source", hugging_face, "--top", "2")
    chorok.run(*asked, AWS_ENDPOINT_URL_TRANSLATE=engine.address)
    first, second = translations(chorok)
    chorok("memory", "export", str(file))
    exported = file.read_text().replace(escape(first["text"]), "번역 서버가 응답하지 않습니다.")
    file.write_text(exported.replace(escape(second["text"]), "사람이 고쳐 쓴 초록입니다."))

    imported = chorok("memory", "import", str(file), "--out", str(chorok.out))

    assert imported.returncode == 1, imported.stderr
    assert "refused: the ko text for" in imported.stdout
    assert "error-text" in imported.stdout
    texts = [translation["text"] for translation in translations(chorok)]
    assert texts == [first["text"], "사람이 고쳐 쓴 초록입니다."]


def test_without_a_run_there_is_nothing_to_correct(chorok: Chorok, tmp_path: Path) -> None:
    refused = chorok("memory", "export", str(tmp_path / "memory.tmx"))

    assert refused.returncode == 2
    assert "chorok run" in refused.stderr
    assert not (tmp_path / "memory.tmx").exists()


def translations(chorok: Chorok) -> list[dict[str, Any]]:
    papers = json.loads(chorok.file(RUN, "ko", "digest.json"))["papers"]
    return [paper["translation"] for paper in papers]
