"""The judge is silent on a faithful translation, and names the rule that a damaged one breaks, and the sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.languages.table import codes, find_language
from shared.text.finding import Finding, Verdict
from shared.translation.judge import MOST_CHARACTERS, examine_safety, judge

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
SENTENCES = [line for line in TEXT.split("\n") if line]


def found(source: str, text: str, code: str = "ko") -> set[tuple[str, str]]:
    """Rules with their verdicts."""
    return {(finding.rule, finding.verdict.value) for finding in judge(source, text, find_language(code)).findings}


def without(index: int) -> str:
    return "\n".join(sentence for place, sentence in enumerate(SENTENCES) if place != index)


def test_a_faithful_translation_passes_without_a_word() -> None:
    judgement = judge(SOURCE, TEXT, KOREAN)

    assert (judgement.verdict, judgement.findings) == (Verdict.PASSED, ())
    assert [(bead.source, bead.text) for bead in judgement.beads] == [(index, index) for index in range(5)]


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
        (TEXT.replace("노드", "노\ufffd드"), "control-character"),
        (TEXT.replace("노드", "노\u202e드"), "control-character"),
        ("번역: " + TEXT, "remark"),
        ("## 국문 초록\n" + TEXT, "wrapper"),
        ("**우리말 번역** " + TEXT, "wrapper"),
        ("<think>먼저 용어를 정합니다.</think> " + TEXT, "wrapper"),
        ("```\n" + TEXT + "\n```", "wrapper"),
        ('{"korean": "' + TEXT + '"}', "error-text"),
        ("Here is the translation:\n" + TEXT, "wrapper"),
        (TEXT + "\n(역주: 고유 명사는 그대로 두었습니다.)", "remark"),
        (TEXT + "\n여기까지 요청하신 번역입니다.", "remark"),
        (TEXT + "\n어색한 부분이 있으면 말씀해 주세요.", "remark"),
        (TEXT.replace("제안합니다", "제안합니다" + " 제안합니다" * 5), "loop"),
        (TEXT.replace("코드는", SOURCE[95:190] + " 코드는"), "copied-source"),
        (TEXT.replace(SENTENCES[3], "It runs in O(N^2) time, and no assumption about latency."), "copied-source"),
        (TEXT.replace("표본으로", "样本数据으로"), "foreign-script"),
        (TEXT + "\n" + SENTENCES[1], "twice"),
        (TEXT[:-16], "unfinished"),
        (TEXT[:-20] + "에서", "unfinished"),
        (TEXT[: TEXT.index("있습니다")] + "있으", "unfinished"),
        (TEXT[:45], "length"),
    ],
)  # fmt: skip
def test_what_is_certain_refuses(damaged: str, rule: str) -> None:
    assert (rule, "refused") in found(SOURCE, damaged)
    assert judge(SOURCE, damaged, KOREAN).verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("change", "rule", "sentence"),
    [
        (("4.5%", "45%"), "number", 2),
        (("230만", "230억"), "number", 2),
        (("1,024개 ", ""), "number", 1),
        (("세 개의 ", ""), "number", 1),
        (("세 개의 ", "다섯 개의 "), "number", 1),
        (("파라미터가", "파라미터 77개가"), "number", 2),
        (("4.5% 높고", "4.5배 높고"), "unit", 2),
        (("4.5% 높고", "4.5 높고"), "unit", 2),
        (("GRPO보다", "DPO보다"), "unknown-name", 2),
        (("https://github.com/gensyn/sapo", "https://github.com/gensyn"), "address", 4),
        (("O(N^2)", "O(N2)"), "mask", 3),
        (("롤아웃을", "롤아웃(展開)을"), "foreign-script", 1),
        (("되었습니다", "되지 않았습니다"), "direction", 0),
        (("개선하는", "저하시키는"), "direction", 0),
    ],
)
def test_what_is_likely_makes_its_sentence_doubtful(change: tuple[str, str], rule: str, sentence: int | None) -> None:
    judgement = judge(SOURCE, TEXT.replace(*change), KOREAN)

    assert judgement.verdict is Verdict.DOUBTFUL
    assert (rule, sentence) in {(finding.rule, finding.sentence) for finding in judgement.findings}


@pytest.mark.parametrize("index", range(5))
def test_a_sentence_that_is_missing_is_named_by_its_place_in_the_source(index: int) -> None:
    findings = judge(SOURCE, without(index), KOREAN).findings

    assert [finding.sentence for finding in findings if finding.rule == "missing" and finding.missing] == [index]


def test_a_sentence_of_another_paper_is_named_by_its_place_in_the_text() -> None:
    stranger = "환자의 영상에서 종양의 경계를 분할하고 임상 진단을 지원하는 도구를 개발했습니다."
    lines = [*SENTENCES[:3], stranger, *SENTENCES[3:]]

    findings = judge(SOURCE, "\n".join(lines), KOREAN).findings

    assert ("surplus", 3) in {(finding.rule, finding.sentence) for finding in findings}


def test_the_translation_of_another_paper_is_refused_as_a_whole() -> None:
    other = (
        "의료 영상에서 종양을 분할하는 것은 임상 진단에 중요합니다.\n"
        "환자의 개인 정보를 보호하는 연합 학습을 사용합니다.\n"
        "BraTS 데이터셋에서 실험을 수행하여 정밀도가 3.1% 향상되었습니다.\n로봇 수술에 대한 응용도 논의합니다."
    )

    [finding] = [finding for finding in judge(SOURCE, other, KOREAN).findings if finding.rule == "other-paper"]

    assert (finding.verdict, finding.sentence) == (Verdict.REFUSED, None)


def test_enumerations_do_not_shift_the_sentences() -> None:
    source = (
        "Our study makes three contributions: (1) a benchmark of 40 tasks; (2) a method for training agents; and "
        "(3) an analysis of errors. The benchmark is public. The method halves the cost. The analysis covers 9 models."
    )
    text = (
        "본 연구는 세 가지 기여를 합니다.\n(1) 40개 과제의 벤치마크.\n(2) 에이전트를 훈련하는 방법.\n"
        "(3) 오류에 대한 분석입니다.\n"
        "벤치마크는 공개되어 있습니다.\n이 방법은 비용을 절반으로 줄입니다.\n분석은 9개의 모델을 다룹니다."
    )

    assert judge(source, text, KOREAN).findings == ()
    [finding] = judge(source, text.replace("\n벤치마크는 공개되어 있습니다.", ""), KOREAN).findings
    assert (finding.rule, finding.sentence, finding.missing) == ("missing", 1, True)


def test_a_number_may_stand_in_the_next_sentence() -> None:
    text = TEXT.replace("AIME 2024에서 230만 개의 표본으로 ", "").replace(
        "이 알고리즘은", "AIME 2024의 230만 개 표본에서 이 알고리즘은"
    )

    assert "number" not in {rule for rule, _ in found(SOURCE, text)}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Errors drop from 40% to 8%.", "오류가 8%에서 40%로 줄어듭니다."),
        ("It needs at most 5 samples.", "최소 5개의 샘플이 필요합니다."),
        ("Over 70% of the agents fail.", "에이전트의 70% 미만이 실패합니다."),
        ("A 4x speedup at 20% of the cost.", "비용의 20배로 4% 빨라집니다."),
        ("It costs $8.", "비용은 8원입니다."),
        ("Training takes 6 hours.", "훈련에 6분이 걸립니다."),
        ("It does not use any labels.", "레이블을 사용합니다."),
        ("LLM agents plan.", "법학 석사 에이전트가 계획합니다."),
    ],
)
def test_a_sentence_that_says_something_else_is_caught(source: str, text: str) -> None:
    assert judge(source, text, KOREAN).verdict is not Verdict.PASSED


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("We train a ViT-16 backbone and 5 adapters.", "ViT-16 백본과 5 어댑터를 훈련합니다."),
        ("Only Gemma 2 passes, by 2 points.", "Gemma 2만 통과하며, 2점만큼 앞섭니다."),
        ("We use only the top 20 samples.", "상위 20만 사용합니다."),
        ("The 90th percentile of 4 conditions.", "4 조건의 90 백분위수입니다."),
        ("A corpus of 300 M words and 2.1-3.4 million images.", "3억 단어와 210만-340만 장의 이미지입니다."),
        ("It holds 70 000 clips of eight hundred thousand.", "80만 개 중 7만 개의 클립을 담고 있습니다."),
        ("We evaluate on fourteen tasks of the twenty-third workshop.", "제23회 워크숍의 열네 개 과제에서 평가합니다."),
        ("Type II errors fall by three orders of magnitude.", "제2종 오류가 1000배 줄어듭니다."),
        ("The service runs 24/7 with 0-shot and 4-shot prompts.", "제로샷과 4샷 프롬프트로 24시간 실행됩니다."),
        ("3/4 of the runs take 150 minutes.", "실행의 75%가 2시간 30분이 걸립니다."),
        ("A tenth of the data suffices for 1/5 of users.", "사용자의 20%에는 데이터의 0.1이면 충분합니다."),
        ("Errors drop from 40% to 8%.", "오류가 40%에서 8%로 줄어듭니다."),
        ("It falls from 40% for Qwen-3 to 8%.", "Qwen-3의 40%에서 8%로 떨어집니다."),
        ("It needs at most 5 samples.", "최대 5개의 샘플이 필요합니다."),
    ],
)  # fmt: skip
def test_numbers_may_be_written_in_other_ways(source: str, text: str) -> None:
    assert judge(source, text, KOREAN).findings == ()


@pytest.mark.parametrize(
    ("title", "translated"),
    [
        ("SAPO: Sharing is Caring", "SAPO: 나눔이 곧 배려"),
        ("DeepSeek-R1 Technical Report", "DeepSeek-R1 기술 보고서"),
        ("Why Language Models Hallucinate", "언어 모델은 왜 환각을 일으키는가"),
    ],
)
def test_a_short_title_is_not_judged_by_its_lengths(title: str, translated: str) -> None:
    assert judge(title, translated, KOREAN).findings == ()


def test_a_title_that_is_a_name_may_stay() -> None:
    assert judge("GPT-4o", "GPT-4o", KOREAN).verdict is Verdict.DOUBTFUL


def test_a_structured_abstract_may_have_its_labels() -> None:
    source = "Background: Agents fail. Results: Our method helps."

    assert judge(source, "배경: 에이전트가 실패합니다. 결과: 우리의 방법이 도움이 됩니다.", KOREAN).findings == ()


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
def test_every_language_is_recognised_and_english_is_not_one(code: str, text: str) -> None:
    source = "We present an algorithm which is simple and that needs no data for the training of these models."
    left = "We presented one algorithm that is as simple and needs none of the data for a training of this model."

    assert found(source, text, code) == set()
    assert found(source, left, code) & {("script", "refused"), ("copied-source", "refused")}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("zh", "GPT-4 十分强大,支持 3.5 万个词元和 12 个任务。"),
        ("ja", "GPT-4 は十分に強力で、3.5万のトークンと12のタスクを扱います。"),
        ("pt", "O GPT-4 é forte e trata 35 mil tokens e 12 tarefas de uma vez só."),
    ],
)
def test_numbers_of_other_languages_are_read_as_far_as_they_are_known(code: str, text: str) -> None:
    source = "GPT-4 is powerful and handles 35 thousand tokens and 12 tasks."

    assert not {finding for finding in found(source, text, code) if finding[0] in ("number", "unit")}
    assert ("number", "doubtful") in found(source, text.replace("12", "21"), code)


def test_a_person_is_only_asked_for_a_text_that_is_not_an_error() -> None:
    assert examine_safety(SOURCE, "아주 자유로운 번역.", KOREAN) == ()
    assert [finding.rule for finding in examine_safety(SOURCE, "", KOREAN)] == ["empty"]
    assert [finding.rule for finding in examine_safety(SOURCE, "번역 중 오류 발생: …", KOREAN)] == ["error-text"]


def test_an_abstract_about_errors_may_speak_of_them() -> None:
    source = "Agents fail with Internal Server Error and Too Many Requests."

    assert examine_safety(source, "에이전트는 Internal Server Error와 Too Many Requests로 실패합니다.", KOREAN) == ()


@pytest.mark.parametrize(
    ("source", "text"), [("We train. " * MOST_CHARACTERS, "훈련합니다."), ("We train.", "훈련합니다. " * 200)]
)
def test_what_no_engine_would_be_asked_for_is_not_read(source: str, text: str) -> None:
    [finding] = judge(source, text, KOREAN).findings

    assert (finding.rule, finding.verdict, finding.sentence) == ("length", Verdict.REFUSED, None)


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(codes()))
def test_no_text_breaks_the_judge_and_evidence_is_one_line(source: str, text: str, code: str) -> None:
    judgement = judge(source, text, find_language(code))

    assert (judgement.verdict is Verdict.PASSED) == (not judgement.findings)
    for finding in judgement.findings:
        assert finding.evidence
        assert "\n" not in str(finding)
        assert len(str(finding)) < 200


def test_a_long_evidence_is_shown_in_part() -> None:
    assert str(Finding("name", Verdict.DOUBTFUL, "x" * 500)) == f"name ({'x' * 120}…)"
