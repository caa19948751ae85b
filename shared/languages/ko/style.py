"""Korean style: what a reader stumbles over, and a rule can mend without understanding the sentence.

합쇼체 at the end of a sentence, quotes “ ” and ‘ ’, brackets close to their word, and the spaces that neural models set
wrongly (10 년, 할 수있는, 를위한, 수행 한 후). Each rule leaves text that is right as it is.
"""

import re
from itertools import zip_longest

from shared.text.mask import segments


def formal(sentence: str) -> str:
    """A Korean sentence with its last predicate in 합쇼체, where it is in 해라체: 제안한다. → 제안합니다.

    >>> formal("새 방법을 제안한다.")
    '새 방법을 제안합니다.'
    """
    match = _PLAIN_END.search(sentence)
    predicate = _formal_stem(match["stem"]) if match else None
    return sentence if match is None or predicate is None else sentence[: match.start()] + predicate + match["end"]


def polish(paragraph: str) -> str:
    """One paragraph with its spaces and punctuation mended; masks (URLs, code, math) in it are not touched.

    >>> polish("10 년 동안 학습 할 수있는 모델 (LLM)")
    '10년 동안 학습할 수 있는 모델(LLM)'
    """
    parts = tuple(segments(paragraph.replace(_MASK, "")))
    text = "".join(_MASK if masked else part for part, masked in parts)
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    if text.count('"') % 2 == 0 and '""' not in text:
        text = _QUOTED.sub(r"“\1”", text)
    between = text.split(_MASK)
    masks = [part for part, masked in parts if masked]
    return "".join(piece for pair in zip_longest(between, masks, fillvalue="") for piece in pair)


_MASK = "\ue000"
"""Stands for a mask meanwhile: a character for private use, without a meaning in any text."""
_QUOTED = re.compile(r"\"([^\"]+)\"")
_PLAIN_END = re.compile(r"(?P<stem>[가-힣]{1,4})다(?P<end>[.!]?[\"”'’)]{0,8})$")
_VOWEL_STEMS = ("하", "이", "되", "르", "크", "쁘", "프", "아니", "뛰어나", "비싸", "느리", "어리")
"""Predicates whose stem ends in a vowel: after any other vowel 다 may belong to a noun (람다) or follow one (2위다)."""
_FIRST_SYLLABLE = ord("가")
_FINALS = 28
"""Hangul syllables stand in Unicode by initial, vowel and final consonant, the final changing fastest."""
_NO_FINAL, _FINAL_NIEUN, _FINAL_RIEUL, _FINAL_BIEUP = 0, 4, 8, 17


def _formal_stem(stem: str) -> str | None:
    """하 → 합니다, 한 → 합니다, 했 → 했습니다, 않는 → 않습니다, 높 → 높습니다; None where it may be no predicate."""
    before, last = stem[:-1], stem[-1]
    final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
    if final == _NO_FINAL:
        return before + chr(ord(last) + _FINAL_BIEUP) + "니다" if stem.endswith(_VOWEL_STEMS) else None
    if last == "는" and before:
        return before + "습니다"
    if final in (_FINAL_NIEUN, _FINAL_RIEUL):
        return before + chr(ord(last) - final + _FINAL_BIEUP) + "니다"
    return None if last in "람판" else stem + "습니다"


_COUNTERS = (
    "년대?|개월|개|월|일|시간|시|분|초|주년?|명|마리|번째|번|배|회|차례|차원|위|점|세기|세|살|쪽|종|건|편|권|곳|가지|단계|층|퍼센트"
    "|만|억|조|천|달러|유로|원|마일|미터|킬로미터|포인트|토큰|비트"
)
_AFTER_COUNTER = (
    "의|이|은|는|을|를|에|간|동안|전|후|도|만|까지|부터|로|째|쯤|경|당|에서|으로|마다|이상|이하|입니다|보다"
)
_ADVERBS = (
    "각각|거의|결국|계속|그대로|다시|대부분|더욱|동시에|따로|또는|모두|반드시|별도로|서로|스스로|실제|아직|오직|이미|자주|전부|전혀|점점"
    "|조금|직접|처음|최근|최소|특히|함께|항상|현재|혹은"
)
_LAST_SYLLABLES_OF_PARTICLES_AND_VERBS = (
    "가고과까께나는도들라로만며면서야에와요은을의이지히게를대할한된될인있없록긴려어케린"
)
_NOUN = rf"(?<![가-힣0-9])(?!(?:{_ADVERBS}) )[가-힣]+[가-힣](?<![{_LAST_SYLLABLES_OF_PARTICLES_AND_VERBS}])(?<!고자)"
"""A word of two syllables or more that ends in no particle: what 하다, 되다 and 이다 make verbs of."""
_FORMS_OF_HADA = "하는|하여|하고|하며|하지|하기|하면|하도록|합니다|했습니다|했으며|했고|한 (?:후|뒤|것|바)"
_FORMS_OF_DOEDA = "된|되는|되어|되고|되며|됩니다|되었|됐"

_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Punctuation.
        (r"(?<=[가-힣]) +(?=[.,!?:;](?:\s|$))", ""),
        (r"。", "."),
        (r"(?<=[가-힣])、 ?", ", "),
        (r"(?<=[가-힣A-Za-z0-9%]) +\((?![0-9ivx]{1,3}\)|[A-Za-z가-힣]\))", "("),
        (r"(?<![\w'’])'([^'\n]{1,80})'(?![A-Za-z])", r"‘\1’"),
        # Spaces.
        (rf"(?<=\d) (?=(?:{_COUNTERS})(?:{_AFTER_COUNTER})?(?![가-힣]))", ""),
        (r"(?<=[을를])(?=(?:위한|위해|위하여|통한|통해|가진)(?![가-힣]))", " "),
        (r"(?<=[가-힣]에)(?=(?:대한|대해|관한|따른|따라|의한|의해)(?![가-힣]))", " "),
        (r"(?<=[할될을] )수(?=[있없])", "수 "),
        (r"(?<=[할될])수 ?(?=[있없])", " 수 "),
        (rf"({_NOUN}) (?={_FORMS_OF_HADA}|{_FORMS_OF_DOEDA})", r"\1"),
        (rf"({_NOUN}) (?=[할될] 수|인 [가-힣A-Z])", r"\1"),
    )
)
