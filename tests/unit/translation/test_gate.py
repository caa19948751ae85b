"""The gate is silent on a faithful translation and names the rule that a damaged one breaks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.languages.table import codes, find_language
from shared.translation.gate import examine, examine_safety

KOREAN = find_language("ko")

SOURCE = (
    "Reinforcement learning has become the standard way to improve reasoning in language models.\n\n"
    "We present SAPO, a decentralized algorithm that shares rollouts between 1,024 nodes and three clusters. "
    "On AIME 2024 it gains 4.5% over GRPO with 2.3 million samples, while DeepSeek-R1 needs pi_0 and 8B parameters. "
    "It runs in O(N^2) time, and no assumption about latency is required. "
    "Code is available at https://github.com/gensyn/sapo."
)
TEXT = (
    "강화학습은 언어 모델의 추론 능력을 개선하는 표준적인 방법이 되었습니다.\n\n"
    "우리는 1,024개 노드와 세 개의 클러스터 사이에서 롤아웃을 공유하는 분산형 알고리즘인 SAPO를 제안합니다.\n"
    "AIME 2024에서 230만 개의 표본으로 GRPO보다 4.5% 높고, DeepSeek-R1은 pi_0와 8B 파라미터가 필요합니다.\n"
    "이 알고리즘은 O(N^2) 시간에 실행되며 지연 시간에 대한 가정이 필요하지 않습니다.\n"
    "코드는 https://github.com/gensyn/sapo에서 볼 수 있습니다."
)


def hard_rules(source: str, text: str, code: str = "ko") -> set[str]:
    return {finding.rule for finding in examine(source, text, find_language(code)) if finding.hard}


def test_a_faithful_translation_passes_without_a_word() -> None:
    assert examine(SOURCE, TEXT, KOREAN) == ()


@pytest.mark.parametrize(
    ("damaged", "rule"),
    [
        ("", "empty"),
        (" …\n", "empty"),
        ("번역 중 오류 발생: 3번의 시도 후에도 네트워크 연결에 실패했습니다.", "error-text"),
        (TEXT.replace("코드는", "503 Service Unavailable 코드는"), "error-text"),
        (SOURCE, "unchanged"),
        (TEXT.replace("강화학습은", "PH3 강화학습은"), "leaked-markup"),
        (TEXT.replace("강화학습은", '<span translate="no">강화학습은'), "leaked-markup"),
        (TEXT.replace("강화학습은", "강화학습은 &quot;그&quot;"), "leaked-markup"),
        ("번역: " + TEXT, "engine-remark"),
        ("Here is the translation.\n" + TEXT, "engine-remark"),
        (TEXT.replace("gensyn/sapo", "gensyn"), "addresses"),
        (TEXT + " https://evil.example/x", "addresses"),
        (TEXT.replace("O(N^2)", "O(N2)"), "masks"),
        (TEXT.replace("4.5%", "45%"), "numbers"),
        (TEXT.replace("230만", "230억"), "numbers"),
        (TEXT.replace("1,024개 ", ""), "numbers"),
        (TEXT.replace("세 개의 ", ""), "numbers"),
        (TEXT.replace("파라미터가", "파라미터 77개가"), "numbers"),
        (TEXT[:90], "length"),
        (TEXT + "\n" + TEXT.replace("SAPO", "그것"), "length"),
        ("\n".join(TEXT.split("\n")[:3]), "sentences"),
        (TEXT.replace("제안합니다", "제안합니다" + " 제안합니다" * 5), "loop"),
        (TEXT.replace("코드는", SOURCE[95:190] + " 코드는"), "copied-source"),
        (TEXT.replace("표본으로", "样本数据으로"), "foreign-script"),
        (TEXT.replace("노드", "노\ufffd드"), "control-character"),
        (TEXT.replace("노드", "노\u202e드"), "control-character"),
        (TEXT.replace("SAPO", "그").replace("GRPO", "그").replace("AIME", "그").replace("DeepSeek-R1", "그"), "names"),
    ],
)
def test_damage_is_refused_by_the_rule_for_it(damaged: str, rule: str) -> None:
    assert rule in hard_rules(SOURCE, damaged)


def test_the_translation_of_another_paper_is_refused() -> None:
    other = "우리는 DuPO와 Voost를 BRIDGE-3 위에서 제안하며, LiDAR 데이터 96%를 활용합니다."

    assert {"numbers", "names", "addresses"} <= hard_rules(SOURCE, other)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("제안합니다", "제안한다"), "register"),
        (("SAPO를", "이를"), "names"),
        (("롤아웃을", "롤아웃(展開)을"), "foreign-script"),
        (("높고", "높아 2위이고"), "numbers"),
    ],
)
def test_what_may_be_right_is_only_noted(change: tuple[str, str], rule: str) -> None:
    findings = examine(SOURCE, TEXT.replace(*change), KOREAN)

    assert rule in {finding.rule for finding in findings}
    assert not any(finding.hard for finding in findings)


def test_a_number_may_stand_in_the_next_sentence() -> None:
    text = TEXT.replace("AIME 2024에서 230만 개의 표본으로 ", "").replace(
        "이 알고리즘은", "AIME 2024의 230만 개 표본에서 이 알고리즘은"
    )

    assert "numbers" not in hard_rules(SOURCE, text)


@pytest.mark.parametrize(
    ("title", "translated"),
    [
        ("SAPO: Sharing is Caring", "SAPO: 나눔이 곧 배려"),
        ("DeepSeek-R1 Technical Report", "DeepSeek-R1 기술 보고서"),
        ("GPT-4o", "GPT-4o"),
        ("Why Language Models Hallucinate", "언어 모델은 왜 환각을 일으키는가"),
    ],
)
def test_a_short_title_is_not_judged_by_its_lengths(title: str, translated: str) -> None:
    assert hard_rules(title, translated) == set()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("pt", "Apresentamos um algoritmo que é simples e que não precisa de dados para o treino dos modelos."),
        (
            "de",
            "Wir stellen einen Algorithmus vor, der einfach ist und für das Training keine Daten von außen braucht.",
        ),
        ("ja", "本論文では、単純で学習データを必要としないアルゴリズムを提案し、その有効性を示します。"),
        ("zh", "我们提出了一种简单的算法,它不需要任何训练数据,并在实验中证明了其有效性。"),
        ("ru", "Мы представляем простой алгоритм, которому не нужны данные для обучения этих моделей."),
    ],
)
def test_every_language_is_recognised_and_english_is_none(code: str, text: str) -> None:
    source = "We present an algorithm which is simple and that needs no data for the training of these models."
    left = "We presented one algorithm that is as simple and needs none of the data for a training of this model."

    assert hard_rules(source, text, code) == set()
    assert hard_rules(source, left, code) & {"script", "copied-source"}


def test_a_person_is_only_asked_for_a_text_that_is_no_error() -> None:
    assert examine_safety(SOURCE, "아주 자유로운 번역.", KOREAN) == ()
    assert [finding.rule for finding in examine_safety(SOURCE, "", KOREAN)] == ["empty"]
    assert [finding.rule for finding in examine_safety(SOURCE, "번역 중 오류 발생: …", KOREAN)] == ["error-text"]


def test_an_abstract_about_errors_may_speak_of_them() -> None:
    source = "Agents fail with Internal Server Error and Too Many Requests."

    assert examine_safety(source, "에이전트는 Internal Server Error와 Too Many Requests로 실패합니다.", KOREAN) == ()


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(codes()))
def test_no_text_breaks_the_gate_and_evidence_is_one_line(source: str, text: str, code: str) -> None:
    for finding in examine(source, text, find_language(code)):
        assert finding.evidence
        assert "\n" not in finding.evidence
        assert len(finding.evidence) < 300
