"""What programs and models say in English, whatever the target's language, and the bodies of failed calls."""

import re

from shared.languages.error_words import ErrorWords, wording

_ANYWHERE = (
    wording(
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
    wording(
        r"""
          ['"](?:__type|errors?|message|detail|code|status|statuscode|error_?message|error_description
            |traceback)['"]\s?:
        | <!doctype|</?(?:html|head|body|title|center|h1|hr|pre|error|code|message|requestid)\b|<\?xml\s
        | \bfile\s['"][^'"\n]{1,200}['"],\sline\s\d|\bat\s[\w.$<>]{1,80}\s?\([^()\s]{1,120}:\d{1,6}(?::\d{1,6})?\)
        | \[object\sobject\]|<response\s\[
        """,
    ),
)

_OPENING = (
    wording(
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

ENGLISH_ERRORS = ErrorWords(
    anywhere=_ANYWHERE,
    opening=_OPENING,
    bare=wording(
        r"""
          (?:(?:translation|abstract|result)\s?:\s?)?(?:none|null|nil|nan|n/?a|undefined|empty)
        | void|errors?|fail(?:ed|ure)?|unknown|todo|tbd|true|false|ok|timed?[-\s]?out
        | skipped|pending|loading|aborted|cancelled|killed|untranslated|nonetype|[45]\d\d
        | (?:not|un)[-_\s]?(?:yet\s)?translated(?:\syet)?|todo\s?:.{0,30}|err(?:or)?\s?[:#-]\s?\d{1,6}|-?\d{1,6}
        | translation[-_\s](?:failed|error|unavailable)
        | (?:invalid|empty|unexpected|bad|no|missing)\s(?:input|response|request|output|value|text|answer)
        | (?:input|text|prompt)\stoo\s(?:long|large)
        | (?:undefined|null|none)(?:\s(?:undefined|null|none))
        | forbidden|unauthorized|not\sfound|bad\srequest|no\s(?:result|response|content|translation|output|data|text)s?
        """,
    ),
    fragment=re.compile(
        r"error|fail|sorry|cannot|can['’]?t|unable|unavailable|invalid|denied|limit|exceed|expired|refuse|retry|timeout"
        r"|timed|warning|not\s"
    ),
)
