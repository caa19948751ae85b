"""What programs and models say in place of a translation: errors, refusals, requests, and the bodies of failed calls.

Wordings are data here, in families. Each family also says which words of the source explain it, so that the abstract of
a paper about rate limits may speak of them. What is far too short for its source is explained by nothing.

Every pattern is linear: each repetition in it has a bound.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_LONG_SOURCE = 200
"""From so many characters on, a source has a translation of some length."""
_STUB = 0.2
"""A text shorter than this share of a long source is none of it: what it says of errors needs no other sign."""
_FRAGMENT = 0.12
"""A text shorter than this share of a long source need only sound like an error."""


def error_in(source: str, text: str) -> str:
    """The words in `text` that only an error has, or "" where there are none that `source` does not explain.

    >>> error_in("We train agents.", "**번역 중 오류 발생: Connection error.**")
    '번역 중 오류'
    >>> error_in("We study translation errors of agents.", "에이전트의 번역 오류를 연구합니다.")
    ''
    """
    lines = [_plain(line) for line in text.splitlines()]
    share = len(text) / len(source) if len(source) >= _LONG_SOURCE else 1.0
    found = _found(" ".join(lines).strip(), lines, share)
    lowered, flat = source.lower(), _flat(source)
    known: set[str] = set()
    for match, explained_by in found:
        said = match.group().strip()
        if said in known:
            continue
        # A single sign, such as the brace that opens a JSON object, explains nothing.
        explained = len(_flat(said)) > 1 and _flat(said) in flat
        explained = explained or (explained_by is not None and explained_by.search(lowered) is not None)
        if share < _STUB or not explained:
            return said
        known.add(said)
    return ""


_Found = Iterator[tuple[re.Match[str], re.Pattern[str] | None]]


def _found(whole: str, lines: list[str], share: float) -> _Found:
    lowered = whole.lower()
    for wording in _ANYWHERE:
        yield from ((match, wording.explained_by) for match in wording.pattern.finditer(lowered))
    yield from ((match, None) for match in _CLASS_NAME.finditer(whole))
    for line in map(str.lower, lines):
        if match := _DATA.match(line):
            yield match, None
        line = line.strip(_AROUND)
        if match := _BARE.fullmatch(line):
            yield match, None
        for sentence in _SENTENCE_END.split(line):
            for wording in _OPENING:
                if match := wording.pattern.match(sentence.lstrip(_AROUND)):
                    yield match, wording.explained_by
            if len(sentence) <= _LONGEST_MESSAGE and _HAPPENED.search(sentence):
                yield from (
                    (match, subject.explained_by)
                    for subject in _SUBJECTS
                    if (match := subject.pattern.search(sentence))
                )
    if share < _FRAGMENT:
        yield from ((match, None) for match in _SOUNDS_LIKE_AN_ERROR.finditer(lowered))


def _plain(line: str) -> str:
    """A line without emphasis and invisible characters, with single spaces and one form for each character."""
    return " ".join(unicodedata.normalize("NFKC", line).translate(_EMPHASIS).split())


def _flat(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


_EMPHASIS = dict.fromkeys(map(ord, "*`\u200b\u200c\u200d\u2060\ufeff"))
_AROUND = " \t#>~_-–—•·|'\"“”‘’()[]{}<>「」【】※!.…⚠❌\ufe0f"
"""Marks that may stand around a message."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


@dataclass(frozen=True)
class _Wording:
    """A family of wordings, in lower case, and what in a source explains that a translation has one of them."""

    pattern: re.Pattern[str]
    explained_by: re.Pattern[str] | None


def _wording(pattern: str, explained_by: str = "") -> _Wording:
    return _Wording(re.compile(pattern, re.VERBOSE), re.compile(explained_by) if explained_by else None)


_FAULT = r"err(?:or|s\b|ing)|fail|fault|exception|mistake|outage|crash|bug|break|disrupt"
_PAST = r"(?:했|하였|되었|됐|됨|함(?![가-힣])|입니다|$|[.!:,)])"
"""How a Korean message says what has happened; a sentence about such events has another ending."""

_ANYWHERE = (
    # Korean: the translation did not come about.
    _wording(
        r"""
          번역\s?(?:중에?|도중에?|과정에서|하는\s중에?|처리\s중에?)\s.{0,15}?(?:오류|에러|예외|문제)
        | 번역(?:에|을|이)?\s?(?:실패|오류|에러|불가)
        | 번역(?:을\s완료)?하(?:지\s못|는\s데\s실패)
        | 번역할\s수\s?(?:가\s)?없
        | 번역\s?(?:요청|결과|응답|서비스|엔진|서버|api).{0,10}(?:실패|오류|에러|없습니다|비어)
        """,
        r"translat",
    ),
    # Korean: something went wrong.
    _wording(
        rf"""
          (?:오류|에러|예외|장애)(?:가|이)?\s?발생{_PAST}
        | (?:네트워크|서버|인터넷|통신|접속|연결|시스템|내부|게이트웨이|ssl|tls|dns|https?|api|json|파싱|런타임|인증)
          \s?(?:오류|에러|장애){_PAST}
        | (?:오류|에러)\s?[1-5]\d\d(?!\d)|(?:오류|에러)를\s반환했
        | (?:알\s수\s없는|예상치\s못한|예기치\s(?:않은|못한)|일시적인)\s(?:오류|에러|예외|장애)
        | (?:처리|실행|호출|요청|생성|변환|로드|다운로드)\s?(?:중에?|도중에?)\s.{{0,15}}?(?:오류|에러|예외)
        | 문제가\s발생(?:했습니다|하였습니다)
        """,
        _FAULT + r"|problem|issue",
    ),
    _wording(r"(?:오류|에러|상태|응답)\s?코드\s?[:=(]?\s?[a-z]{0,12}[-_]?\d", r"code"),
    _wording(r"번의\s시도\s후에도|(?:재시도|시도)\s?횟수.{0,4}초과", r"attempt|retr|trial|tries"),
    # Korean: the network, and time.
    _wording(
        rf"""
          (?:연결|접속|통신|호출|요청|로그인)(?:에|이|을)?\s?실패{_PAST}
        | (?:네트워크|서버|인터넷|api|데이터베이스|프록시)(?:에|와|로)?\s?(?:연결|접속)에?\s?(?:실패|할\s수\s없
            |하지\s못|되지\s않)
        | (?:연결|접속)(?:이|을|가)?\s?(?:거부(?:되었|됐)|끊(?:겼|어졌)|재설정되|종료되었|초기화되었|닫혔)
        """,
        r"connect|network|server|internet|call|request|login|log in|communicat",
    ),
    _wording(
        rf"""
          시간(?:이|을)?\s?초과{_PAST}
        | 타임\s?아웃(?:이|되|입|$|[.!:)])
        | 응답(?:이|을)\s(?:없습니다|받지\s못했|비어|지연되고)
        | 응답하지\s않(?:습니다|았습니다)
        | 빈\s응답(?:입|을\s받|$|[.!:)])
        """,
        r"time[sd]?[- ]?out|time limit|deadline|respon|repl|answer",
    ),
    # Korean: quotas and limits.
    _wording(
        rf"""
          (?:요청|호출|사용|이용|토큰|속도|트래픽|접속|글자|문자|일일|무료|분당|컨텍스트|문맥|길이|용량|api)
          \s?(?:량|횟수|수|길이)?(?:의|에)?\s?(?:한도|제한|할당량|쿼터|상한)(?:을|를|이|가|에)?\s?(?:모두\s)?
          (?:(?:초과|도달|소진){_PAST}|걸렸)
        | 할당량(?:을|이|를)?\s?(?:초과|소진|부족)
        | (?:쿼터|사용량|한도)(?:을|를|가|이)?\s?(?:모두\s)?(?:초과|소진){_PAST}
        | 최대\s?(?:컨텍스트|문맥|토큰|입력|글자)\s?(?:길이|수)?.{{0,20}}?초과{_PAST}
        | (?:컨텍스트|토큰|입력|문맥|텍스트|프롬프트)(?:의)?\s?(?:길이|수)(?:가|이)?\s(?:너무\s(?:깁|많)
            |.{{0,12}}?초과{_PAST})
        | 요청이\s너무\s많|너무\s많은\s요청
        | (?:크레딧|잔액|포인트)(?:이|가)?\s?(?:부족|소진|없)
        | (?:결제|구독|요금제)(?:가|를|이)?\s?(?:필요|만료|확인|업그레이드)
        """,
        r"limit|quota|exceed|too many|too long|budget|credit|balance|payment|subscri|billing|point",
    ),
    # Korean: keys, rights and settings.
    _wording(
        r"""
          (?:클라이언트|api|환경\s?변수|자격\s?증명|엔드포인트|엔진)\s?(?:키)?(?:가|이|를|을)?\s
          (?:설정|초기화|구성|정의|등록|제공)(?:되(?:어\s있)?지\s않|되지\s못|하지\s않)
        | (?:api|인증|액세스|접근|비밀|시크릿)\s?(?:키|토큰|정보)(?:가|이|를|을|는)?\s?
          (?:유효하지|올바르지|잘못|만료|없습니다|없음|찾을\s수|확인|누락)
        | (?:유효하지\s않은|잘못된)\s(?:api|인증|키|요청입니다|요청\(|요청$)
        | 인증(?:에|이|을)?\s?(?:실패(?:했|하였|$|[.!:])|필요합니다|만료)
        | 인증서(?:를|가|의)?\s?(?:검증|확인|유효|만료|신뢰|오류)
        | (?:접근|액세스|권한|사용)(?:이|가)?\s?거부(?:되었|됐|됨|$|[.!:])
        | (?:접근|액세스|사용|실행)?\s?권한이\s없(?:습니다|음)
        | (?:모듈|패키지|파일|페이지|경로|호스트|서버|요소|url|모델\s?['"`‘“(]).{0,30}?(?:찾을\s수\s없(?:습니다|음)
            |존재하지\s않(?:습니다|음))
        | (?:모델|라이브러리|패키지|데이터|페이지|내용|결과)(?:을|를|이|가)\s(?:로드|불러|가져)(?:올|오|할
            |하)(?:지\s못했|\s수\s없(?:습니다|음))
        | 설치되(?:어\s있)?지\s않(?:았습니다|음)
        """,
        r"api|key|credential|client|authenti|certificat|access|permission|deni|privilege|install|not found|load"
        r"|configur|initiali",
    ),
    _wording(
        r"""
          서비스(?:를|가|는)?\s.{0,15}?(?:이용|사용|제공|접속)(?:하실|할|될)\s수\s없
        | 서비스(?:가)?\s?(?:점검|중단|일시\s중지|불가)(?:\s?중|되었|됐|입니다|$|[.!:])
        | (?:시스템|서버|정기)\s?점검\s?중
        | 서버(?:가|에)\s.{0,12}?(?:과부하|혼잡|바쁩|다운)
        | 지원(?:하|되)지\s않는\s(?:언어|형식|모델|요청|파일)(?:입니다|$|[.!:])
        """,
        r"service|maintenance|unavailab|overload|unsupported|support|server",
    ),
    # Korean: what a chat says to the one who asked.
    _wording(
        r"""
          다시\s(?:한\s?번\s)?(?:시도|이용|입력|요청|접속|로그인|확인)(?:해|하여|하시|하십|바랍|$|[.!)])
        | (?:텍스트|내용|문장|초록|원문|본문|글|문서|논문|파일)(?:을|를|이나|의)?\s.{0,15}?
          (?:제공|입력|보내|공유|알려|붙여|첨부|업로드).{0,8}?(?:주(?:세|시|십|면)|바랍)
        | (?:관리자|고객\s?(?:센터|지원)|운영자|지원\s?팀|담당자)(?:에게|에|으로|로)?\s?(?:문의|연락)
        | (?:설정|키|연결|네트워크|상태|권한|계정|결제|로그)(?:을|를|이|가)?\s확인해\s?(?:주|보)
        """,
        r"try again|please|retry|contact|provide|upload",
    ),
    _wording(
        r"""
          (?:도와|도움을|제공해|번역해|답변해|처리해|알려|응답해|답해|안내해)\s?드릴\s수\s?(?:가\s)?없
        | 도와\s?드리(?:기\s어렵|지\s못)
        | (?:요청|질문|문의)(?:하신|을|에|에는|은|에\s대해(?:서는)?)?\s.{0,12}?
          (?:도와|응할|따를|들어\s?드릴|답변할|응답할|수행할|이행할|처리할|완료할)\s?(?:드릴\s)?수\s?(?:가\s)?없습니다
        | (?:ai|인공지능|언어)\s?(?:언어\s?)?(?:모델|어시스턴트|비서)(?:로서|이므로|이기\s때문에|입니다만)
        | (?:콘텐츠|사용|이용|안전|운영|커뮤니티|openai|당사)\s?(?:정책|가이드라인|약관|지침)(?:을|를|에|상|과
            |으로)?\s?
          (?:위반|위배|어긋|맞지|의해|허용되지|인해)
        | 안전(?:상의?)?\s?(?:이유|문제|필터|설정)(?:로|에\s의해|으로)?\s.{0,20}?(?:없습니다|차단|거부)
        | (?:요청|응답|콘텐츠|프롬프트|입력)(?:이|가)\s.{0,25}?(?:차단|거부)(?:되었|됐)습니다
        | (?:무엇을|어떻게)\s도와\s?드릴까요
        """,
        r"refus|reject|assist|\bai model|language model|apolog|sorry|polic|guideline|safety|moderat|block|comply|harm"
        r"|jailbreak|answer",
    ),
    # English: whatever the target's language, this is not the translator's.
    _wording(
        r"""
          translation\s(?:failed|error|failure|unavailable|timed?\s?out|not\savailable|request|service)
        | (?:error|exception|failure)\s(?:while|during|when|in|whilst)\s(?:the\s)?translat
        | error\stranslating|failed\sto\stranslate|(?:unable|not\sable)\sto\s(?:translate|process|complete|fulfil
            |provide|assist)
        | (?:could|can)\s?(?:not|n['’]t|t)\s(?:be\s)?translated?\b
        | error\s?(?:code|number)?\s?[:=#(]?\s?\d{3}
        | (?:an|unexpected|unknown|internal|fatal|server|network|connection|api|runtime|http|parse|proxy|ssl|dns
            |syntax)
          \s(?:internal\s|unexpected\s|unknown\s|server\s)?error(?:\s(?:has\s)?occurred|:|\.|!|$)
        | error\s(?:has\s)?occurred|something\swent\swrong
        | internal\s?server\s?error|bad\sgateway|gateway\stime-?d?\s?-?out|bad\srequest|method\snot\sallowed
        | payload\stoo\slarge|request\sentity|unprocessable\sentity|too\smany\srequests|payment\srequired
        | service\s(?:is\s)?(?:currently\s|temporarily\s)?unavailable|temporarily\sunavailable
        | rate[-_\s]?limit(?:s|ed|ing)?[-_\s]?(?:exceeded|reached|error|hit)|rate\sexceeded
        | limit\s(?:exceeded|reached)
        | throttl(?:ed|ing)\b|quota[-_\s]?(?:exceeded|reached|limit)|exceeded\s(?:your|the)\s.{0,20}?(?:quota|limit)
        | insufficient[-_\s](?:quota|credits?|funds|balance|permissions?)|usage\slimit|billing
        | (?:request|connection|read|operation|socket|gateway|deadline|server|call|session)\s?(?:has\s|was\s)?
          (?:timed?\s?-?out|timeout|deadline\sexceeded|expired)
        | time-?out\s(?:error|exceeded|expired|while|of\s\d)|deadline[-_\s]exceeded
        | connection\s(?:refused|reset|aborted|error|closed|failed|lost|was)
        | connection\sto\s.{1,60}?\s(?:failed|timed)
        | failed\sto\s(?:connect|fetch|load|parse|establish|resolve|generate|get|decode|retrieve|communicate)\b
        | (?:remote|server)\s(?:end\s)?(?:closed|disconnected)|broken\spipe|network\s(?:is\s)?unreachable
        | no\sroute\sto\shost
        | name\sor\sservice\snot\sknown|name\sresolution|getaddrinfo|\[?errno\s|econn(?:refused|reset|aborted)
        | etimedout|enotfound
        | max(?:imum)?\sretries|retries\sexceeded|httpsconnectionpool
        | (?:access|permission)\s(?:was\s|is\s)?denied|unauthori[sz]ed|not\sauthori[sz]ed|\b403\sforbidden
        | authentication\s(?:failed|error|required)
        | (?:invalid|incorrect|missing|no|expired|wrong|your)\s(?:api|auth(?:entication)?|access|security
            |bearer)[-_\s](?:key|token|credentials?)
        | invalid[-_\s](?:request|api_key|credentials|json|argument|parameter|response)|security\stoken\sincluded
        | certificate[-_\s](?:verify|verification|has|is|error|validation|expired)|self[-_\s]signed|ssl:\s|sslerror
        | handshake\sfail
        | (?:maximum|max|model['’]s)\s(?:maximum\s)?(?:context|token|input|prompt)\s?(?:length|limit|size|window)
        | context[-_\s](?:length|window)[-_\s](?:is\s)?(?:exceeded|too|limit)
        | (?:prompt|input|text|request)\s(?:is|was)\stoo\s(?:long|large)
        | too\smany\s(?:tokens|characters)|string_above_max_length|reduce\sthe\slength
        | content[-_\s](?:polic|filter|management|moderation|blocked)
        | safety\s(?:system|filter|settings?|reasons|guidelines)
        | (?:was|were|been)\s(?:blocked|flagged|rejected\sas)|usage\spolic|responsible\sai\spolic
        | (?:model|engine|server|system)\s(?:is\s|was\s)?(?:currently\s|temporarily\s)?overloaded|overloaded_error
        | model\s['"]?[\w./:-]{1,60}['"]?\s(?:does\snot\sexist|not\sfound)|model[-_\s]not[-_\s]found
        | you\sdo\snot\shave\s(?:access|permission)
        | no\ssuch\s(?:file|element|host|module|key|table|window)|no\smodule\snamed
        | (?:module|page|file|host|command)\snot\sfound
        | (?:has\sno\sattribute|object\sis\snot\s|is\snot\sdefined|cannot\sread\spropert|undefined\sis\snot
            |not\scallable|not\ssubscriptable)
        | unexpected\s(?:token|end\sof|keyword|response|status|eof)|expecting\s(?:value|property)
        | (?:not|in)\s?valid\sjson|json\s?decode
        | out\sof\smemory|segmentation\sfault|core\sdumped|resource[-_\s]?exhausted|stack\s?trace
        | traceback\s\(most\srecent
        | please\s(?:try|check|contact|retry|wait|log\s?in|sign\sin|provide|share|paste|upload|enable)\b
        | try\sagain\s(?:later|in)
        | \bapi[-_\s]?(?:error|keys?)\b|rate[-\s]limited|retry\safter|(?:credit|account)\sbalance|out\sof\scredits
        | socket\shang\sup
        | (?:unable|(?:could|can)(?:\s?not|n['’]t))\s(?:to\s)?(?:be\s)?(?:connect|reach|reached|locate|verify|access
            |load|parse|resolve|fetch|authenticate|proceed)\b
        | (?:host|server|site|service|api)\s(?:is\s)?(?:currently\s)?(?:unreachable|unavailable|down|busy
            |overloaded)|dns\slookup|under\smaintenance
        | upstream\s(?:connect|request|server)|currently\s(?:overloaded|unavailable)
        | (?:cuda|runtime|assertion)\serror:|high\sdemand
        | (?:empty|no|null|blank)\s(?:response|answer|result|output|translation|content)s?\s?(?:from|was|were
            |available|received|returned|found|$|[.!])
        | (?:text|abstract|input|content)\s(?:is|was|seems)\s(?:missing|empty)
        | (?:have|did)(?:\snot|n['’]t)\s(?:been\s)?provided?\b
        | how\s(?:can|may)\si\s(?:help|assist)|verify\s(?:that\s)?you\sare|access\sto\sthis|just\sa\smoment
        | \bas\san\s(?:ai|artificial)|\bi(?:\sam|['’]m)\s(?:really\s|very\s|so\s)?(?:sorry|unable|not\sable|afraid
            |just\san)
        | \bi\s(?:can(?:not|['’]t|\snot)|could\s?n[o'’]t|won['’]t|will\snot|do\s?n['’o]t|do\snot|am\snot)\s
          (?:assist|help|provide|translate|fulfil|comply|process|see|access|have|do|engage|continue|generate
            |complete|able)
        | sorry,?\s(?:but|i|we|the|this|your|something)|we\sapologi[sz]e|i\sapologi[sz]e|my\sapologies
        | (?:can['’]t|cannot)\s(?:help|assist)\swith
        | https?/\d(?:\.\d)?\s[1-5]\d\d|\bhttp\s?(?:status|error|code|response)?:?\s?[45]\d\d\b
        | status[-_\s]?(?:code)?\s?[:=]?\s?[45]\d\d\b
        | \b[45]\d\d\s(?:client|server)\serror|\b404\snot\sfound|request[-_\s]?id\b|\breq_[0-9a-z]{8}
        | enable\sjavascript|checking\syour\sbrowser|cloudflare|captcha|session\s(?:has\s)?expired|login\srequired
        """,
    ),
    # Bodies of answers, and traces of programs.
    _wording(
        r"""
          ['"](?:__type|errors?|message|detail|code|status|statuscode|error_?message|error_description
            |traceback)['"]\s?:
        | <!doctype|</?(?:html|head|body|title|center|h1|hr|pre|error|code|message|requestid)\b|<\?xml\s
        | \bfile\s['"][^'"\n]{1,200}['"],\sline\s\d|\bat\s[\w.$<>]{1,80}\s?\([^()\s]{1,120}:\d{1,6}(?::\d{1,6})?\)
        | \[object\sobject\]|<response\s\[
        """,
    ),
    # Other languages that a digest may be in.
    _wording(
        r"""
          エラーが発生|翻訳(?:に失敗|エラー|できません)|申し訳(?:ありません|ございません)|タイムアウトしました
        | もう一度お試し
        | 翻[译譯](?:失败|失敗|错误|錯誤|出错|出錯)|(?:请求|請求|连接|連接)(?:超时|超時|失败|失敗)|抱歉
        | (?:请|請)(?:稍后|稍後)(?:再试|再試|重试|重試)|发生错误
        | erro\s(?:ao|na|de|durante\sa)\stradu|falha\s(?:ao|na)\stradu|não\sfoi\spossível\straduzir
        | (?:ocorreu|houve)\sum\serro|tente\snovamente
        | error\s(?:al|de|en\sla|durante\sla)\stradu|no\sse\spudo\straducir|se\sprodujo\sun\serror
        | (?:intente|inténtelo)\s(?:de\snuevo|nuevamente)
        | erreur\s(?:de|lors\sde\sla)\straduction|une\serreur\s(?:est|s['’]est)|veuillez\sréessayer
        | échec\sde\sla\straduction
        | übersetzung(?:sfehler|\sfehlgeschlagen)|fehler\s(?:bei\sder|beim)\sübersetz|ein\sfehler\sist\saufgetreten
        | versuchen\ssie\ses
        | ошибка\s(?:при\s)?перевода|произошла\sошибка|повторите\sпопытку|помилка\sперекладу|сталася\sпомилка
        """,
        r"translat|apolog|sorry|time[sd]?[- ]?out",
    ),
)
"""What may stand anywhere in a text, after a right sentence too."""

_OPENING = (
    _wording(
        r"""
          (?:자동\s|서버|인터넷|응답\s|최대\s|json|api\s|gpu\s|디스크\s|현재\s|해당\s|이\s|입력\s|데이터베이스\s
            |컨텍스트\s|콘텐츠\s|토큰\s|분당\s|네트워크\s)?
          (?:번역기?|데이터|초록|결과|내용|응답|연결|접속|요청|서버|파일|페이지|모델|입력|텍스트|프롬프트|메모리
            |공간|json|로그인|세션|토큰|키|필터|형식|서비스|길이|윈도우|문서|원문|글|작업|계정|시간|사용자|엔진)
          (?:이|가|을|를|은|는|에|에서|할|의|되|도)?\s?(?:\S{1,10}\s){0,4}?\S{0,8}?
          (?:수\s없(?:습니다|음|어요)|지\s못(?:했습니다|함)|지\s?않(?:았습니다|습니다|음)|[이가]\s없(?:습니다|음)
            |실패(?:했습니다|하였습니다|함)?|부족(?:합니다|함)|깁니다|초과(?:했습니다|하였습니다|됨)?
            |(?:만료|취소|차단|중단|거부|종료|초기화|삭제)(?:되었습니다|됐습니다|됨)
            |(?:확인|문의)(?:하세요|하십시오|해\s주세요)|건너뜀|생략(?:됨)?|불가(?:능합니다)?)
          [.!…]{0,3}$
        """,
        r"\bno[tnr]?\b|n['’]t\b|cannot|without|lack|never|neither|nothing|scarc|sparse|short|limit|miss|exceed|surpass|over"
        r"|above|beat|better|long|fail|error|problem|expire|block|hard|difficult|avoid|ignore|instead|rather|only|few|less"
        r"|free|\b(?:un|in|im|dis|non|ir)-?[a-z]{4}",
    ),
    _wording(
        r"(?:오류|에러|문제)(?:가|이)?\s(?:있|났|생겼)습니다[.!…]{0,3}$|로그인(?:이)?\s필요",
        _FAULT + r"|problem|issue|log",
    ),
    _wording(
        r"""
          (?:죄송|미안|유감스럽|송구|양해\s?부탁|사과(?:드|의\s말))
        | (?:오류|에러|예외|경고|실패)(?:\s?(?:발생|메시지|내용|원인|코드))?\s?(?:\([^()\n]{1,40}\)\s?)?[:#]
        | (?:오류|에러)\s?(?:발생|코드)
        | (?:번역|로딩|준비|처리|대기|로드)\s?(?:준비\s|대기\s)?중(?:입니다)?(?:$|[.…!])
        | 잠시만\s(?:기다려|대기)
        | .{0,30}?(?:도움을\s드리기|도와드리기)\s(?:어렵|힘들)|.{0,40}?드릴까요
        | 저는\s.{0,60}?(?:수\s(?:가\s)?없|못합니다|못했습니다|모델입니다|비서입니다|어시스턴트입니다)
        | (?:알겠습니다|네,\s|물론(?:입니다|이죠))
        | (?:요청하신|해당\s요청|이\s요청|귀하의\s요청)\S{0,2}\s
        """,
        r"err(?:or|s)?:|failures?:|apolog|sorry|\brequest",
    ),
    _wording(
        r"""
          (?:errors?|exception|failure|failed|fatal|warning|oops|api\serror
            |http\serror)\s?(?:\([^()\n]{1,40}\)\s?)?[:#!]
        | (?:error|err|exception)\s?[-_]?\d
        | failed\s|(?:sorry|apologies|unfortunately|aborted|cancelled|canceled)\b
        | (?:command|operation|request|job|task|process)\s(?:failed|aborted|cancell?ed|timed\sout)
        | exit\s(?:status|code)
        | (?:hello|hi|sure|certainly|of\scourse)[!,.]
        | [45]\d\d\s?(?::|-)\s?[a-z]|[45]\d\d\s(?:[a-z]+\s){0,3}(?:error|request|required|found|forbidden
            |unauthorized|timeout|conflict|gateway|unavailable)\b
        """,
        r"err(?:or|s)?:|failures?:",
    ),
)
"""What only a message begins with: a line, or a sentence in it."""

_LONGEST_MESSAGE = 45
_HAPPENED = re.compile(
    r"""
    (?: 오류|에러|실패|없음|없습니다|부족|초과|만료|정지|소진|거절|거부|차단|불안정|잘못|문제가\s|발생|주세요
      | 주십시오|하세요|하십시오|못했|않았|않습니다|않음|너무\s|비어\s?|죄송|누락|중단|불가|종료
    )
    [가-힣]{0,8}[^가-힣]{0,12}$
    """,
    re.VERBOSE,
)
"""What a short Korean message says of its subject, and ends with."""

_SUBJECTS = tuple(
    _wording(subject, explained_by)
    for subject, explained_by in (
        (r"번역", r"translat|multilingual|language"),
        (r"요청", r"request|quer|prompt|demand|\bask|call|instruct|ticket"),
        (r"서버|게이트웨이|프록시|호스트", r"server|gateway|proxy|host|cloud|serv"),
        (r"(?<![a-z])api", r"\bapi"),
        (r"계정|로그인|세션|사용자\s이름|비밀번호", r"account|log|session|user|password"),
        (r"결제|요금|구독|크레딧|무료\s|잔액", r"pay|bill|fee|subscri|credit|free|cost|pric|econom"),
        (r"네트워크|인터넷", r"network|internet|web|online"),
        (r"브라우저|자바스크립트|쿠키", r"brows|script|cookie|web"),
        (r"페이지|사이트", r"page|site|web"),
        (r"서비스", r"serv"),
        (r"타임\s?아웃|시간\s?초과|대기\s?시간", r"time|deadline|latenc|wait"),
        (r"응답", r"respon|answer|repl|output|generat|refus"),
        (r"쿼터|할당량|한도|호출\s?횟수|빈도|사용량", r"quota|limit|number|count|frequen|rate|usage|budget|rare"),
        (r"인증|권한|접근이|액세스", r"authen|certif|author|access|permission|priv|verif|credential"),
        (r"메모리|디스크|용량", r"memor|disk|capacit|storage|size|volume|vram"),
        (r"json|\bdns|\bssl|\btls|https?\b|\burl|웹\s?소켓", r"json|dns|ssl|tls|http|url|socket|format|structured"),
        (r"재시도|시도했", r"retr|attempt|tr(?:y|ied|ial)|effort|seek|sought|aim"),
        (
            r"(?:초록|원문|본문|텍스트)(?:이|가|을|를|은|는|의)?\s",
            r"abstract|text|body|document|passage|language|caption",
        ),
        (r"콘텐츠|처리\s?(?:실패|중|에)", r"content|process|handl|deal|treat|material"),
        (r"\b값이|항목", r"value|item|entr|categor|field"),
    )
)
"""What messages are about and abstracts hardly ever, each with what a source says that does speak of it."""

_BARE = re.compile(
    r"""
      (?:(?:번역|초록|결과|내용|제목|응답|translation|abstract|result)\s?:\s?)?(?:none|null|nil|nan|n/?a|undefined|empty)
    | none|null|nil|nan|n/?a|undefined|void|empty|errors?|fail(?:ed|ure)?|unknown|todo|tbd|true|false|ok
    | timed?[-\s]?out
    | skipped|pending|loading|aborted|cancelled|killed|untranslated|nonetype|[45]\d\d|(?:not|un)[-_\s]?translated
    | translation[-_\s](?:failed|error|unavailable)
    | (?:invalid|empty|unexpected|bad|no|missing)\s(?:input|response|request|output|value|text|answer)
    | (?:input|text|prompt)\stoo\s(?:long|large)
    | (?:undefined|null|none)(?:\s(?:undefined|null|none))
    | forbidden|unauthorized|not\sfound|bad\srequest|no\s(?:result|response|content|translation|output|data|text)s?
    | (?:번역|응답|결과|내용|데이터|초록|출력|텍스트)\s?(?:없음|실패|오류|불가|누락|대기\s?중?|안\s?됨|안됨)
    | (?:번역|처리)(?:되지\s않음|\s?건너뜀|\s?생략)|[45]\d\d\s찾을\s수\s없음
    | 없음|해당\s?(?:사항\s?)?없음|알\s수\s없음|미번역|미정|오류|에러|실패|널|거부됨?|차단됨|시간\s?초과
    | 연결\s?(?:실패|거부|끊김)
    """,
    re.VERBOSE,
)
"""A line that says nothing else."""

_DATA = re.compile(r"[\[{]\s?(?:[\[{]\s?)?['\"][^'\"\n]{1,60}['\"]\s?:")
"""A line that begins as JSON, or as what Python shows of it."""

_CLASS_NAME = re.compile(r"\b[A-Z][A-Za-z0-9]{1,60}(?:Exception|Error|Timeout)\b")

_SOUNDS_LIKE_AN_ERROR = re.compile(
    r"""
      오류|에러|실패|불가|예외|거부|초과|만료|죄송|요청|시도해|없습니다|못했습니다|못합니다|않았습니다|않습니다|드릴
    | 주세요|주십시오|바랍니다|점검
    | error|fail|sorry|cannot|can['’]?t|unable|unavailable|invalid|denied|limit|exceed|expired|refuse|retry|timeout
    | timed|warning|not\s
    | erro|falha|fehler|erreur|ошибк|помилк|エラー|失敗|失败|错误|錯誤
    """,
    re.VERBOSE,
)
