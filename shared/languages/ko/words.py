"""What a judge must know of Korean words: directions, negations, predicates, and what engines say to their users."""

import re

from shared.languages.ko.anchors import ANCHORS
from shared.languages.pack import Sense, Words
from shared.text.quantity import SHORT_NUMBER

_LESS = r"""
    \b(?:decreas|reduc|declin|drop|fall|fell|lower|less|fewer|cut|diminish|shrink|shrunk|shrank|sav(?:e|ing)|minimi[sz]
    |mitigat|loss|degrad|degenerat|attenuat|allevia|slow|down|short|small|compress|curtail|suppress|eliminat|remov|weak
    |deplet|erod|erosion|narrow|collaps|contract|trim|halv|limit|prun|subtract|relie[fv]|eas(?:e|ing)\b|low\b|diminution
    |drain|worsen|deteriorat|vanish|dampen|deflat|dwindl|depress|deficien|impoverish|spars|conserv|descent|descend
    |lighten|decay|abat|wan(?:e|ing)|plummet|plung|tumbl|s[iau]nk|subsid|taper|fad(?:e|ing)|lessen|thin|minus|penali
    |go(?:es|ing)?\b|went\b|relax|dip)|less\b
"""
_MORE = r"""
    \b(?:increas|grow|grew|rise|rising|rose|more|addition|larger|scal|gain|expan|surg|escalat|enlarg|multipl|accelerat
    |boost|rais|augment|elevat|higher|amplif|prolifer|up\b|enhanc|improv|intensif|extend|great|inflat|add|swell|compound
    |accumulat|extra|bigger|longer|heighten|exceed|explo[ds]|uplift|lift|double|triple|quadruple|broaden|widen|deepen
    |soar|climb|increment|monoton|high|jump|lead|progress|ascend|ascent|widespread|popular|advanc|strengthen|further
    |spread|mount|aggravat|exacerbat|plus|balloon|skyrocket|upward|burgeon|magnif|go(?:es|ing)?\b|went\b|height|wors
    |intens|develop|acceler|upscal|fold|much|heavier|stronger|deeper|many|strength)
"""
_BETTER = r"""
    \b(?:improv|enhanc|boost|gain|better|outperform|increas|advanc|strengthen|rais|elevat|higher|lift|uplift|optimi
    |refin|progress|accelerat|sharpen|augment|empower|superior|upgrad|surpass|benefit|promot|exceed|upsampl|super|enrich
    |speed|deepen|more|up\b|rise|rising|rose|grow|bolster|foster|increment|heighten|win|facilitat|aid|help|reinforc
    |maximi|greater|over\b)
"""
_WORSE = r"""
    \b(?:degrad|declin|drop|loss|worsen|deteriorat|reduc|decreas|hurt|compromis|sacrific|impair|diminish|lower|fail
    |suffer|weaken|undermin|hinder|harm|poor|slow|regress|damag|collaps|erod|detriment|imped|penalt|fall|fell|degenerat
    |underperform|inhibit|depress|cost|low|attenuat|hamper|deficien|worse|limit|forget|affect|less|disrupt|corrupt|decay
    |obstruct|negativ|down|trade|dip|plummet|plung|tumbl|los[et]|lag|brittle|break|broke|wors|decrement|sag|weak|bad
    |sensitiv|vulnerab|error|noise|noisy|distort|bottleneck|overhead|inferior|reduct|shift|slump|spoil)
"""
_AT_LEAST = r"""
    \b(?:over|more|above|least|exce(?:ed|ss)|greater|beyond|higher|up|surpass|abnormal|anomal|larger|minimum|older|longer
    |ideal|unusual|adverse|strange|fault|failure|defect|aberrant|any|further|better|multi|several|two|plus|ill|irregular
    |deviat|weird|odd|disorder|from|superior|disturb|phase|disease|patholog|no\ longer)|[≥>+]
"""
_AT_MOST = r"""
    \b(?:under|less|below|half|halv|most|fewer|within|up\ to|lower|smaller|maximum|no\ more|sub|single|only|few|short
    |cap|limit|following|hereafter|abbreviat|called|denot|referred|termed)|[≤<(]
"""
_LITTLE = r"\b(?:minim|least|smallest|lowest|few|only|little|low|less|small|marginal|at\ a\ minimum|bare|slight|optim)"
_MUCH = r"""
    \b(?:maxim|most|up\b|largest|highest|peak|as\b|greatest|much|upper|full|best|top|extrem|over\b|whole|by\b|cap
    |within|no\ (?:more|longer|larger)|exceed|limit)
"""

_NOT = r"""
    \bnot\b|n['’]t\b|\bno(?:body|thing|where)?\b|\bnor\b|\bnone\b|\bnever\b|\bneither\b|\bwithout\b|\bcannot\b|\bnon-?\w
  | \bun(?!i[a-z]|der|til\b|cle\b|it)[a-z-]+
  | \b(?:in|im|ir|il)(?:ab|adeq|suff|capab|access|accur|compl|compat|consis|depend|effic|effect|feas|flex|valid|visib
    |appropri|significan|sens|stab|sec|vari|discrim|distinguish|tractab|divid|corr|poss|practic|perf|percept|relev
    |regular|revers|logic|leg)[a-z]*
  | \bunder-?(?:explor|util|us|spec|perf|stud|represent|examin|serv|dev|appreciat|fit|est|report|invest)[a-z]*
  | \black|\bfail|\bfree\b|[a-z]less\b|\bavoid|\brather\b|\binstead\b|agnostic|oblivious|\bblind|\bregardless
  | \birrespective|\babsen|\bmissing|\bignor|\bneglect|\bnegligib|\boverlook|\brare|\bseldom|\bhardly|\bscarce|\bbarely
  | \bpoor|\blimit|\bpreclud|\bpreven|\bshort\b|\blittle\b|\bfew\b|\bmis[a-z]|\bremov|\beliminat|\bomit|\bexclu
  | \bdis(?:regard|card|allow|agree|connect|joint)|\bdifficult|\btoo\b|\bonly\b|\bopen\b|\bzero\b|\bsub-?optimal
  | \botherwise|\bout-of-|\bfewer|\bless\ than|\bbad|\bfar\ from|\bhidden|\bresist|\brefus|\bden(?:y|ied)|\brefrain
  | \bstop|\bopt\ out|\bexcept|\bmere|\bdefici|\bwrong
  | \bfrozen|\bfixed|\bkee?p|\bpreserv|\bstable|\bstay|\bsaturat|\bplateau|\banonym|\bpersist|\boffline|\bunder\ (?=\d)
"""
_STEMS = """
    떨어지 잃 쉬 쉽 뒤지 뒤처지 그치 멈추 머물 벗어나 흔들리 밀리 끊기 사라지 해치 놓치 좋 크 작 많 적 높 낮 늦 옳 다르
    지나 렇
"""
"""What with 않 says something good, or what English says in a word of its own: 떨어지지 않는다 for `stable`."""
_DENYING = "".join(f"(?<!{stem})" for stem in _STEMS.split())


def _sense(name: str, said: str, explained: str) -> Sense:
    return Sense(name, re.compile(said, re.VERBOSE), re.compile(explained, re.VERBOSE | re.IGNORECASE))


_SENSES = (
    _sense("감소", "감소", _LESS),
    _sense("증가", "증가", _MORE),
    _sense("향상", "향상", _BETTER),
    _sense("저하", "저하", _WORSE),
    _sense(
        "이상",
        r"(?<=[\d%])\ ?이상|(?<=[\d%][개명배초분점회건])\ ?이상"
        r"|(?<![그더]\ )이상(?!적|화|형|치|점|향|징후|탐지|현상|행동|값|\ (?:탐지|징후|감지|현상|데이터|행동|거래|검출)"
        r"|[을이]\ |을$|의\ (?:검|탐))",
        _AT_LEAST,
    ),
    _sense("이하", r"(?<=[\s\d%개배명초분도점위원건회단])이하", _AT_MOST),
    _sense("초과", r"(?<=[\s\d%개배명초분도점위원건회단])초과(?!하)", _AT_LEAST + "|" + _BETTER + r"|\btime-?outs?\b"),
    _sense("미만", r"미만", _AT_MOST),
    _sense("최소", r"최소(?!화)(?:한)?\s(?=\S{0,12}\s?\d|[두세네다])", _LITTLE),
    _sense("최대", r"최대(?!화)\s(?=\S{0,12}\s?\d|[두세네다])", _MUCH),
    _sense("않", _DENYING + r"지(?:는|도|만|를)?\s?(?:않|못)", _NOT),
)
_DENIED = re.compile(r"(?<!if )(?<!or )\bnot\b(?! only)|n['’]t\b|\bcannot\b|\bnever\b|\bwithout\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"않|아닙|아닌|아니|없|못|안\ |안[되된될돼하한할했]|모르|몰라|꼭|불가|[불비무미][가-힣]|부족|어려|어렵|실패|만|뿐"
    r"|금지|거부|제외|방지|대신|넘|달리|제한|부재|결여|벗어|외에|배제|말고|덜|반대|거의"
)

_REMARKS = re.compile(
    r"""
      ^[\s*#>\[【(「<]{0,6}
      (?:번역(?:문|본|\ ?결과)?|한국어(?:\ ?번역(?:문|본)?)?|국문(?:\ ?초록)?|우리말(?:\ ?번역)?|한글(?:\ ?번역|본)?
        |초록|제목|요약|본문|답변|출력|결과)
      (?:\ ?\((?:korean|한국어|ko)\))?[\s*#]{0,4}(?:[\]】)」>*:：]|$)
    | (?:다음은|아래는|여기)\ [^.\n]{0,40}(?:번역|옮긴)
    | (?:번역하|옮기)(?:면|자면)\ (?:다음|아래)과|(?:다음|아래)과\ 같이\ (?:번역|옮)
    | 위\ (?:글|텍스트|문장|내용|초록)을\ (?:번역|옮)
    | 번역해\ ?(?:드리|드렸|보았)|옮겨\ ?(?:드리|드렸|보았|봤)|제가\ 번역|요청하신\ [^.\n]{0,20}번역
    | (?:이상|여기까지)[이가]?\ [^.\n]{0,12}번역(?:문|본)?입니다|번역을\ (?:마칩|마쳤|완료)
    | 번역(?:은|이)\ (?:다음|아래)과\ 같|번역이\ 마음에
    | ^(?:네|예|알겠습니다|물론(?:입니다|이죠)|좋습니다|죄송(?:합니다|하지만)|그럼)[,.!]\s
    | (?:AI|인공지능)\ (?:언어\ )?모델로서
    | [(（\[※*]\s?(?:참고|주의?|역주|역자\ ?주|주석|비고)(?:\ ?사항)?\s?[:：]|역자\ ?주\s?[:：]|※
    | (?:궁금한|필요한|수정할|어색한)\ (?:점|부분|것|사항)[이을]?\ ?(?:있으시?면|있다면)
    | 도움이\ 되(?:셨|시|었)(?:기를|길|으면)|(?:말씀|알려|질문)해?\ ?(?:주세요|주십시오|주시기)
    | 추가로\ [^.\n]{0,20}(?:주세요|드리겠)
    | 번역할\ (?:텍스트|내용|문장|글|초록)[이을]
    | (?:텍스트|내용|초록)[을를]\ (?:입력|제공|붙여)[^.\n]{0,6}(?:주세요|주십시오)
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)

_ACRONYMS = {
    name: tuple(said.split("|"))
    for name, said in {
        "llm": "언어 모델",
        "vlm": "언어 모델",
        "mllm": "언어 모델",
        "rag": "검색 증강",
        "rlhf": "피드백",
        "nlp": "자연어 처리",
        "gan": "적대",
        "cnn": "합성곱",
        "gnn": "그래프 신경망",
        "rnn": "순환 신경망",
        "dnn": "심층 신경망",
        "mlp": "퍼셉트론",
        "svm": "서포트 벡터",
        "vae": "오토인코더",
        "vqa": "질의응답|질의 응답|질문 응답",
        "asr": "음성 인식",
        "tts": "음성 합성",
        "ocr": "문자 인식",
        "ner": "개체명",
        "mdp": "마르코프",
        "pde": "편미분",
        "ode": "상미분",
        "sgd": "경사",
        "mri": "자기공명|자기 공명",
        "fmri": "자기공명|자기 공명",
        "eeg": "뇌파|뇌전도",
        "ecg": "심전도",
        "ehr": "전자 건강|전자건강|의무기록|의무 기록",
        "iot": "사물인터넷|사물 인터넷",
        "uav": "무인|드론",
        "covid": "코로나",
        "usa": "미국",
        "bce": "기원전",
    }.items()
}

WORDS = Words(
    anchors=ANCHORS,
    senses=_SENSES,
    denied=_DENIED,
    denial=_DENIAL,
    predicate=re.compile(r"다[\"'”’)\]*]*$"),
    remarks=_REMARKS,
    from_to=re.compile(
        rf"({SHORT_NUMBER})[^\d\s]{{0,8}}에서\s(?:최대\s|약\s)?({SHORT_NUMBER})[^\d\s]{{0,8}}(?:로|까지)", re.ASCII
    ),
    acronyms=_ACRONYMS,
)
