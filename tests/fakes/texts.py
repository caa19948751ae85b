"""Papers, and translations of them that the judge lets through, for tests that need a week but not its meaning."""

from shared.errors import SourceRefused
from shared.papers import Paper

_TEXTS = {
    "2509.00001": (
        ("Learning to Listen", "We study how small models learn to listen. They learn faster when they rest."),
        ("듣는 법을 배우기", "작은 모델이 듣는 법을 어떻게 배우는지 연구합니다. 모델은 쉬어 갈 때 더 빨리 배웁니다."),
        (
            "Aprender a ouvir",
            "Estudamos como os modelos pequenos aprendem a ouvir. Eles aprendem mais depressa quando descansam.",
        ),
    ),
    "2509.00002": (
        (
            "The Quiet Garden of Data",
            "A garden of data needs patient hands. We show which weeds should be pulled first.",
        ),
        (
            "데이터의 조용한 정원",
            "데이터의 정원에는 참을성 있는 손길이 필요합니다. 어떤 잡초부터 뽑아야 하는지 보여 줍니다.",
        ),
        (
            "O jardim silencioso dos dados",
            "Um jardim de dados precisa de mãos pacientes. Mostramos que ervas daninhas arrancar primeiro.",
        ),
    ),
    "2509.00003": (
        ("Why Maps Forget", "Maps forget the places that nobody visits. We give them a memory that lasts."),
        ("지도는 왜 잊는가", "지도는 아무도 찾지 않는 곳을 잊습니다. 우리는 오래가는 기억을 지도에 더합니다."),
        (
            "Por que os mapas esquecem",
            "Os mapas esquecem os lugares que ninguém visita. Nós lhes damos uma memória que dura.",
        ),
    ),
    "2509.00004": (
        ("Bridges Made of Words", "Words carry more than we ask of them. We build bridges and watch who crosses."),
        (
            "말로 놓은 다리",
            "말은 우리가 바라는 것보다 더 많은 것을 나릅니다. 우리는 다리를 놓고 누가 건너는지 지켜봅니다.",
        ),
        (
            "Pontes feitas de palavras",
            "As palavras levam mais do que lhes pedimos. Construímos pontes e observamos quem as atravessa.",
        ),
    ),
    "2509.00005": (
        ("A Clock for Slow Thoughts", "Slow thoughts need their own clock. Ours waits until a thought is done."),
        (
            "느린 생각을 위한 시계",
            "느린 생각에는 고유한 시계가 필요합니다. 우리의 시계는 생각이 끝날 때까지 기다립니다.",
        ),
        (
            "Um relógio para pensamentos lentos",
            "Os pensamentos lentos precisam de um relógio próprio. O nosso espera até que um pensamento termine.",
        ),
    ),
}

PAPERS = tuple(
    Paper(paper, *original, authors=("Ada Lovelace",), upvotes=100) for paper, (original, _, _) in _TEXTS.items()
)
"""Five papers, best first."""

TRANSLATIONS = {
    (target, source): text
    for original, korean, portuguese in _TEXTS.values()
    for target, texts in (("ko", korean), ("pt", portuguese))
    for source, text in zip(original, texts, strict=True)
}
"""What Amazon Translate makes of each title and each abstract, by target language and text."""

SENTENCES = {
    "We give 12 robots a map of the old town and watch them find the baker.": (
        "로봇 12대에게 구시가지 지도를 주고 빵집을 찾는 모습을 지켜봅니다."
    ),
    "Each robot learns from 340 walks that people recorded with a camera.": (
        "각 로봇은 사람들이 카메라로 기록한 340번의 산책에서 학습합니다."
    ),
    "The walks cover 7 streets and last 25 minutes on average.": "산책은 거리 7곳을 지나며 평균 25분 동안 이어집니다.",
    "Our method finds the baker in 91% of all trials.": "우리의 방법은 전체 시도의 91%에서 빵집을 찾습니다.",
    "Robots without a map need 4 times as many steps.": "지도가 없는 로봇은 4배 많은 걸음이 필요합니다.",
    "We release the walks and the code for further research.": "후속 연구를 위해 산책 데이터와 코드를 공개합니다.",
}
"""An abstract, sentence by sentence, in which every sentence is told from every other by its numbers and words."""


def no_paper(base: str, paper: str) -> Paper:
    """What stands in for Hugging Face where nothing is looked up by its id."""
    raise SourceRefused(f"{base} has no paper {paper}.")
