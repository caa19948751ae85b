"""What programs and models say in Korean in place of a translation, and what in an English source explains it."""

import re

from shared.languages.error_words import FAULT, ErrorWords, wording

_PAST = r"(?:했|하였|되었|됐|됨|함(?![가-힣])|입니다|$|[.!:,)])"
"""How a message says what has happened; a sentence about such events has another ending."""

_ANYWHERE = (
    # the translation did not come about.
    wording(
        r"""
          번역\s?(?:중에?|도중에?|과정에서|하는\s중에?|처리\s중에?)\s.{0,15}?(?:오류|에러|예외|문제)
        | 번역(?:에|을|이)?\s?(?:실패|오류|에러|불가)
        | 번역(?:을\s완료)?하(?:지\s못|는\s데\s실패)
        | 번역할\s수\s?(?:가\s)?없
        | 번역\s?(?:요청|결과|응답|서비스|엔진|서버|api).{0,10}(?:실패|오류|에러|없습니다|비어)
        """,
        r"translat",
    ),
    # something went wrong.
    wording(
        rf"""
          (?:오류|에러|예외|장애)(?:가|이)?\s?발생{_PAST}
        | (?:네트워크|서버|인터넷|통신|접속|연결|시스템|내부|게이트웨이|ssl|tls|dns|https?|api|json|파싱|런타임|인증)
          \s?(?:오류|에러|장애){_PAST}
        | (?:오류|에러)\s?[1-5]\d\d(?!\d)|(?:오류|에러)를\s반환했
        | (?:알\s수\s없는|예상치\s못한|예기치\s(?:않은|못한)|일시적인)\s(?:오류|에러|예외|장애)
        | (?:처리|실행|호출|요청|생성|변환|로드|다운로드)\s?(?:중에?|도중에?)\s.{{0,15}}?(?:오류|에러|예외)
        | 문제가\s발생(?:했습니다|하였습니다)
        """,
        FAULT + r"|problem|issue",
    ),
    wording(r"(?:오류|에러|상태|응답)[\s(]{0,2}코드\s?[:=(]?\s?[a-z]{0,12}[-_]?\d", r"code"),
    wording(r"번의\s시도\s후에도|(?:재시도|시도)\s?횟수.{0,4}초과", r"attempt|retr|trial|tries"),
    # the network, and time.
    wording(
        rf"""
          (?:연결|접속|통신|호출|요청|로그인)(?:에|이|을)?\s?실패{_PAST}
        | (?:네트워크|서버|인터넷|api|데이터베이스|프록시)(?:에|와|로)?\s?(?:연결|접속)에?\s?(?:실패|할\s수\s없
            |하지\s못|되지\s않)
        | (?:연결|접속)(?:이|을|가)?\s?(?:거부(?:되었|됐)|끊(?:겼|어졌)|재설정되|종료되었|초기화되었|닫혔)
        """,
        r"connect|network|server|internet|o[nf]f?line|call|request|login|log in|communicat",
    ),
    wording(
        rf"""
          시간(?:이|을)?\s?초과{_PAST}
        | 타임\s?아웃(?:이|되|입|$|[.!:)])
        | 응답(?:이|을)\s(?:없습니다|받지\s못했|비어|지연되고)
        | 응답하지\s않(?:습니다|았습니다)
        | 빈\s응답(?:입|을\s받|$|[.!:)])
        """,
        r"time[sd]?[- ]?out|time limit|deadline|respon|repl|answer",
    ),
    # quotas and limits.
    wording(
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
    # keys, rights and settings.
    wording(
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
    wording(
        r"""
          서비스(?:를|가|는)?\s.{0,15}?(?:이용|사용|제공|접속)(?:하실|할|될)\s수\s없
        | 서비스(?:가)?\s?(?:점검|중단|일시\s중지|불가)(?:\s?중|되었|됐|입니다|$|[.!:])
        | (?:시스템|서버|정기)\s?점검\s?중
        | 서버(?:가|에)\s.{0,12}?(?:과부하|혼잡|바쁩|다운)
        | 지원(?:하|되)지\s않는\s(?:언어|형식|모델|요청|파일)(?:입니다|$|[.!:])
        """,
        r"service|maintenance|unavailab|overload|unsupported|support|server",
    ),
    # what a chat says to the one who asked.
    wording(
        r"""
          다시\s(?:한\s?번\s)?(?:시도|이용|입력|요청|접속|로그인|확인)(?:해|하여|하시|하십|바랍|$|[.!)])
        | (?:텍스트|내용|문장|초록|원문|본문|글|문서|논문|파일)(?:을|를|이나|의)?\s.{0,15}?
          (?:제공|입력|보내|공유|알려|붙여|첨부|업로드).{0,8}?(?:주(?:세|시|십|면)|바랍)
        | (?:관리자|고객\s?(?:센터|지원)|운영자|지원\s?팀|담당자)(?:에게|에|으로|로)?\s?(?:문의|연락)
        | (?:설정|키|연결|네트워크|상태|권한|계정|결제|로그)(?:을|를|이|가)?\s확인해\s?(?:주|보)
        """,
        r"try again|please|retry|contact|provide|upload",
    ),
    wording(
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
)

_OPENING = (
    wording(
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
        weak=True,
    ),
    wording(
        r"(?:오류|에러|문제)(?:가|이)?\s(?:있|났|생겼)습니다[.!…]{0,3}$|로그인(?:이)?\s필요"
        r"|[45]\d\d\s(?:불량|잘못된|내부|금지|서비스|게이트웨이|찾을|너무)",
        FAULT + r"|problem|issue|log",
    ),
    wording(
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
        r"err(?:or|s)?:|failures?:|apolog|sorry|\brequest|\bmoment\b|\bwait\b",
    ),
)

_COMPLAINT = re.compile(
    r"""
    (?: 오류|에러|실패|없음|없습니다|부족|초과|만료|정지|소진|거절|거부|차단|불안정|잘못|문제가\s|발생|주세요
      | 바닥|생겼|끝났|끝냈|끝내|넘었|꺼져|꺼졌|끊겼|끊어|잘렸|받았습|비었
      | 할까요|증명이\s|모자라|모자랍|썼습|포기|과다|제한|지연|손상|장애|밖의?\s일|반환했
      | 주십시오|하세요|하십시오|못했|않았|않습니다|않음|너무\s|비어\s?|죄송|누락|중단|불가|종료
    )
    [가-힣]{0,8}(?:\s[가-힣]{1,5})?[^가-힣]{0,12}$
    """,
    re.VERBOSE,
)

_TOPICS = tuple(
    wording(topic, explained_by)
    for topic, explained_by in (
        (r"번역", r"translat|multilingual|language|interpret"),
        (r"요청|부탁", r"request|quer|prompt|demand|\bask|call|instruct|ticket|please"),
        (r"서버|게이트웨이|프록시|호스트", r"server|gateway|proxy|host|cloud|serv"),
        (r"(?<![a-z])api", r"\bapi"),
        (r"계정|로그인|세션|사용자\s이름|비밀번호|회원", r"account|log|session|user|password|member"),
        (
            r"결제|요금|구독|크레딧|무료\s|유료|잔액|충전",
            r"pay|bill|fee|subscri|credit|free|cost|pric|econom|charg|recharg",
        ),
        (r"네트워크|인터넷|접속|연결\s?(?:상태|이|을|에)", r"network|internet|web|online|connect|link|access"),
        (r"브라우저|자바스크립트|쿠키|새로\s?고침", r"brows|script|cookie|web"),
        (r"페이지|사이트", r"page|site|web"),
        (r"서비스", r"serv"),
        (
            r"타임\s?아웃|시간\s?초과|대기(?:\s?중|열|하)|지연되|오래\s걸",
            r"time|deadline|latenc|wait|delay|slow|long|idle|stand",
        ),
        (r"응답|답변|대답|답할", r"respon|answer|repl|output|generat|refus"),
        (
            r"쿼터|할당량|한도|횟수|빈도|사용량|글자\s?수|\d자[를가]?\s",
            r"quota|limit|number|count|frequen|often|quarter|rate|usage|budget|rare"
            r"|charact|times|length",
        ),
        (r"인증|권한|접근이|액세스|키[가를]\s", r"authen|certif|author|access|permission|priv|verif|credential|key"),
        (r"메모리|디스크|용량|\bgpu", r"memor|disk|capacit|storage|size|volume|vram|gpu"),
        (r"토큰", r"token"),
        (r"엔진", r"engine"),
        (r"호출", r"call|invo"),
        (r"작업", r"task|job|work|operat"),
        (r"체험|갱신", r"trial|experienc|renew|updat|refresh"),
        (r"자격\s?증명", r"credential|certif|qualif"),
        (r"(?<!그\s)결과(?:를|가|는)?\s", r"result|outcome|find|output|consequen|conclu"),
        (r"출력", r"output|print|generat|power"),
        (r"시스템|통신", r"system|communicat"),
        (r"주제", r"topic|subject|theme|issue"),
        (r"무엇을|문제가", r"what|which|problem|issue|question|trouble|concern|fault|wrong"),
        (r"지원(?:하|되)지", r"support|allow|provid|handl|aid|help|assist"),
        (
            r"json|\bdns|\bssl|\btls|https?\b|\burl|웹\s?소켓|파싱",
            r"json|dns|ssl|tls|http|url|socket|format|structured|pars",
        ),
        (r"재시도|시도했|포기", r"retr|attempt|tr(?:y|ied|ial)|effort|seek|sought|aim|give up|abandon"),
        (
            r"(?:초록|원문|본문|텍스트|내용|문서|파일)(?:이|가|을|를|은|는|의)?\s",
            r"abstract|text|body|document|passage|language|caption|content|file|paper|original|source|information|material",
        ),
        (
            r"콘텐츠|처리|민감한|부적절|약관",
            r"content|process|handl|deal|treat|material|sensitiv|inappropriate|unsafe|toxic|harm",
        ),
        (r"\b값이|항목", r"value|item|entr|categor|field"),
        (r"입력|붙여|보내\s?주|올려\s?주", r"input|enter|insert|type|send|upload|feed|fed\b|given"),
        (r"오류|에러|예외|실패|장애", FAULT + r"|except|barrier|obstacle|disab|disorder|inaccura|\bwrong"),
        (
            r"점검|중단|종료|취소|만료|차단|거절|거부|제한|생략|건너(?:뛰|뜀)",
            r"maint|check|inspect|stop|halt|interrup|terminat|end|cancel|expir|block|reject|refus|limit|restrict|constrain|bound|skip"
            r"|omit|deni|deny|abort|shut|clos|cut|prevent|ceas",
        ),
        (
            r"(?<![가-힣])(?:제\s능력|저는|제가|드리|드릴)|(?:도와|해)\s?드[리릴]|죄송|미안|유감|양해",
            r"apolog|sorry|\bi\b|\bmy\b|regret|please",
        ),
        (
            r"이용|사용할\s수|사용\s가능",
            r"avail|\bus(?:e|ing)|util|exploit|leverag|access|with|by|via|appl|take|rel(?:y|ies)|tak",
        ),
        (
            r"잠시|나중에|다시|지금은|오늘은",
            r"again|\bre-?[a-z]|later|moment|temporar|wait|brief|now|current|today|back|pause|another",
        ),
        (r"눌러|클릭|선택해", r"click|press|select|choos|push|tap"),
        (
            r"손상|감지되|올바르지|형식이",
            r"damag|corrupt|detect|correct|wrong|mistak|error|format|sens|invalid|impair|degrad|hurt|harm|compromis|proper",
        ),
        (r"로딩|로드|다운로드|가져오|불러오", r"load|fetch|retriev|bring|import|get|obtain|download|collect|draw"),
        (r"todo|예정[.!]?$|준비\s?중", r"todo|will|schedul|plan|future|prepar|soon|expect|due|intend"),
    )
)

KOREAN_ERRORS = ErrorWords(
    anywhere=_ANYWHERE,
    opening=_OPENING,
    topics=_TOPICS,
    complaint=_COMPLAINT,
    bare=wording(
        r"""
          (?:번역|초록|결과|내용|제목|응답)\s?:\s?(?:none|null|nil|nan|n/?a|undefined|empty|없음)
        | (?:번역|응답|결과|내용|데이터|초록|출력|텍스트)\s?
          (?:없음|실패|오류|불가|누락|대기\s?중?|안\s?됨|안됨|생략|예정)(?:\s?\([^()]{1,30}\)?)?
        | (?:번역|처리)(?:되지\s않음|\s?건너뜀|\s?생략)|[1-5]\d\d\s[가-힣][가-힣\s]{0,20}
        | 없음|해당\s?(?:사항\s?)?없음|알\s수\s없음|미번역|미정|오류|에러|실패|널|거부됨?|차단됨|시간\s?초과
        | 연결\s?(?:실패|거부|끊김)
        """,
        r"\bnone\b|not applicable|time-?out|\bunknown",
    ),
    fragment=re.compile(
        r"오류|에러|실패|불가|예외|거부|초과|만료|죄송|요청|시도해|없습니다|못했습니다|못합니다|않았습니다|않습니다|드릴"
        r"|주세요|주십시오|바랍니다|점검"
    ),
)
