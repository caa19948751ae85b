"""Papers to search, and queries with what must come first: for the query's own tests and for those in a browser."""

from shared.digest.model import Digest
from shared.papers import Paper
from tests.unit.digest.digests import digest_of, translated

NEWEST, OLDEST = "2026-W10", "2019-W20"
"""A run of the newest quarter, and one older than what is searched unasked."""


def _paper(
    number: str, title: str, abstract: str, keywords: tuple[str, ...] = (), authors: tuple[str, ...] = ()
) -> Paper:
    return Paper(number, title, abstract, keywords=keywords, authors=authors, summary="One line on it.")


_PAPERS = {
    "rl": (
        _paper("2603.00001", "Reinforcement Learning at Scale", "We study rewards and policies in large worlds."),
        ("대규모 강화 학습", "넓은 세계에서 보상과 정책을 연구합니다.", "강화 학습을 크게 키웁니다."),
    ),
    "rl-joined": (
        _paper("2603.00002", "Policy Gradients for Robots", "Robots learn to walk by trial and error."),
        (
            "로봇을 위한 정책 경사",
            "로봇이 강화학습으로 걷는 법을 익힙니다. 화학 반응은 다루지 않습니다.",
            "로봇이 걷습니다.",
        ),
    ),
    "chemistry": (
        _paper("2603.00003", "Catalysts by Search", "Reactions become stronger with study."),
        ("촉매 탐색", "반응을 강화하는 화학, 그리고 학습 자료를 다룹니다.", "촉매를 찾습니다."),
    ),
    "transformer": (
        _paper("2603.00004", "A Small Transformer", "It reads long texts.", authors=("Ada Vaswani",)),
        ("작은 트랜스포머", "긴 글을 읽습니다. 트랜스포머 기반 구조입니다.", "긴 글을 읽는 작은 구조입니다."),
    ),
    "tuning": (
        _paper("2603.00005", "Cheap Fine-Tuning", "Adapters are cheap to tune."),
        ("값싼 미세 조정", "어댑터를 적은 비용으로 조정합니다.", "비용을 줄입니다."),
    ),
    "diffusion": (
        _paper("2603.00006", "Diffusion in Pixels", "A diffusion model draws pictures."),
        ("픽셀에서의 확산", "확산 모델이 그림을 그립니다.", "그림을 그립니다."),
    ),
    "cot": (
        _paper("2603.00007", "Thinking in Steps", "A chain of thought makes answers better."),
        ("단계별로 생각하기", "생각의 사슬이 답을 더 낫게 합니다.", "답이 나아집니다."),
    ),
    "evaluation": (
        _paper("2603.00008", "Measuring Judges", "We measure how judges score answers."),
        ("심판 평가", "심판이 답을 채점하는 평가를 합니다. 평가를 되풀이합니다.", "심판을 잽니다."),
    ),
    "flat": (
        _paper("2603.00009", "Flat Minima", "Flat regions of the loss."),
        ("평평한 최소점", "손실의 평평한 곳을 봅니다.", "평평한 곳입니다."),
    ),
    "accuracy": (
        _paper("2603.00010", "Counting Hits", "Accuracy grows by 3 points."),
        ("맞힌 수 세기", "정확도가 3점 오르고 정확도를 다시 잽니다.", "점수가 오릅니다."),
    ),
    "exact": (
        _paper("2603.00011", "Exact Clocks", "Exact clocks tick evenly."),
        ("정확한 시계", "정확한 시계가 고르게 갑니다.", "시계가 갑니다."),
    ),
    "transfer": (
        _paper("2603.00012", "Moving Skills", "Skills transfer between robots."),
        ("기술 옮기기", "한 로봇의 기술을 다른 로봇으로 전이합니다. 전이가 잘됩니다.", "기술을 옮깁니다."),
    ),
    "growth": (
        _paper("2603.00013", "The Growth of Chips", "Chips grow ever denser."),
        ("반도체의 발전", "반도체의 발전이 빠릅니다.", "발전을 봅니다."),
    ),
    "cpp": (
        _paper("2602.00014", "Translating C++ to Rust", "Programs in C++ become programs in Rust."),
        ("C++를 Rust로 옮기기", "C++ 프로그램을 Rust 프로그램으로 바꿉니다.", "코드를 옮깁니다."),
    ),
    "c": (
        _paper("2602.00015", "Vitamin C and Sleep", "Grade C evidence on sleep."),
        ("비타민 C와 잠", "잠에 관한 C등급 증거입니다.", "잠을 봅니다."),
    ),
    "gpt": (
        _paper("2602.00016", "What GPT-4o Hears", "GPT-4o hears tones."),
        ("GPT-4o가 듣는 것", "GPT-4o는 음높이를 듣습니다.", "소리를 듣습니다."),
    ),
    "tau": (
        _paper("2602.00017", "Beyond τ-bench", "We extend τ-bench to phones."),
        ("τ-bench를 넘어", "τ-bench를 전화로 넓힙니다.", "전화로 넓힙니다."),
    ),
    "bench": (
        _paper("2602.00018", "A Bench for Gardens", "Gardens need a bench."),
        ("정원의 의자", "정원에는 의자가 필요합니다.", "의자를 둡니다."),
    ),
    "near": (
        _paper("2512.00019", "A World Model of Kitchens", "The world model predicts kitchens."),
        ("부엌의 월드 모델", "월드 모델이 부엌을 예측합니다.", "부엌을 예측합니다."),
    ),
    "far": (
        _paper("2512.00020", "A Model of the World's Rivers", "A model for every river of the world we know."),
        ("강의 모형", "월드 전역의 강을 하나의 모델로 다룹니다.", "강을 다룹니다."),
    ),
    "hallucinate": (
        _paper("2512.00021", "Why Assistants Hallucinate", "They hallucinate when they guess."),
        ("왜 지어내는가", "짐작할 때 지어냅니다.", "짐작이 까닭입니다."),
    ),
    "shown": (
        _paper("2512.00022", "Attention Is Needed", "Attention alone is enough.", keywords=("token pruning",)),
        ("필요한 것은 어텐션", "어텐션만으로 충분합니다.", "어텐션을 봅니다."),
    ),
    "old": (
        _paper("1905.00023", "Old Gardens", "The heliotrope of old gardens turns to light."),
        ("오래된 정원", "오래된 정원의 헬리오트로프가 빛을 향합니다.", "정원을 봅니다."),
    ),
}
_RUNS = {
    NEWEST: list(_PAPERS)[:13],
    "2026-02": ["rl", *list(_PAPERS)[13:18]],
    "2025-W50": list(_PAPERS)[18:20],
    "2025-W30": ["hallucinate"],
    "2025-W20": ["shown"],
    OLDEST: ["old"],
}

QUERIES = (
    ("강화학습", "rl rl-joined"),
    ("강화 학습", "rl rl-joined"),
    ("강화학습을", "rl rl-joined"),
    ("reinforcement learning", "rl rl-joined"),
    ("RL", "rl rl-joined"),
    ("강화ㅎ", "rl"),
    ("트랜스포머", "transformer"),
    ("트랜스포머를", "transformer"),
    ("트랜스포머의", "transformer"),
    ("transformers", "transformer"),
    ("확산 모델과", "diffusion"),
    ("정책과", "rl-joined"),
    ("평가", "evaluation"),
    ("평가를", "evaluation"),
    ("정확도", "accuracy"),
    ("전이", "transfer"),
    ("파인튜닝", "tuning"),
    ("미세조정", "tuning"),
    ("미세 조정을", "tuning"),
    ("fine tuning", "tuning"),
    ("finetuning", "tuning"),
    ("디퓨전", "diffusion"),
    ("디퓨전 모델", "diffusion"),
    ("CoT", "cot"),
    ("사고의 사슬", "cot"),
    ("C++", "cpp"),
    ("c++를", "cpp"),
    ("gpt4o", "gpt"),
    ("GPT-4o는", "gpt"),
    ("τ-bench", "tau"),
    ("2602.00017", "tau"),
    ("https://arxiv.org/abs/2602.00017v2", "tau"),
    ("https://huggingface.co/papers/2603.00006", "diffusion"),
    ("arXiv:2512.00019", "near"),
    ("월드 모델", "near"),
    ("world model", "near"),
    ('"world model"', "near"),
    ('"모델이 부엌을"', "near"),
    ('"model world"', ""),
    ("hallucinte", "hallucinate"),
    ("Vaswani", "transformer"),
    ("token pruning", "shown"),
    ("attention alone", "shown"),
    ("trial and error", "rl-joined"),
    ("ㄱ", ""),
    ("zzzzzz", ""),
)
"""What a reader types, and the papers that come first, in any order; "" is none at all."""
ONLY = {
    "평가": "flat",
    "정확도": "exact",
    "C++": "c",
    "τ-bench": "bench",
    '"world model"': "far",
    "강화학습": "chemistry",
}
"""Queries, and a paper that they must not find."""


def ids(names: str) -> list[str]:
    """The arXiv ids of these papers."""
    return [_PAPERS[name][0].id for name in names.split()]


def digests() -> list[Digest]:
    """A digest a run."""
    return [
        digest_of(
            [_PAPERS[name][0] for name in names],
            [translated(paper, text, title, summary=line) for paper, (title, text, line) in map(_PAPERS.get, names)],  # type: ignore[misc]
            run=run,
        )
        for run, names in _RUNS.items()
    ]
