"""What programs and models say in place of a translation is known for what it is; what papers say of errors is not."""

import pytest

from shared.translation.error_texts import error_in

SHORT = "We show how small robots learn to walk on ice and snow."
LONG = " ".join(
    [
        "Small robots slip on ice because their feet cannot feel what lies below.",
        "We give them soles that listen, and a policy that slows down where the ground sounds hollow.",
        "Across nine winters of simulated walking, the robots stay upright twice as long as before.",
        "On a frozen lake they follow a skater for an hour without a fall, and they learn from her.",
        "The soles cost little, and every drawing of them is free to use.",
    ]
)
RIGHT = "작은 로봇이 얼음과 눈 위에서 걷는 법을 어떻게 배우는지 보여 줍니다."

ERRORS = [
    # Korean programs.
    "번역 도중 알 수 없는 오류가 발생했습니다: HTTPSConnectionPool(host='api.example.org', port=443)",
    "번역에 실패하였습니다. 나중에 다시 시도해 주십시오.",
    "번역 실패: 응답이 비어 있습니다.",
    "번역할 수 없는 텍스트입니다.",
    "번역을 완료하지 못했습니다.",
    "(번역 오류)",
    "※ 번역 불가",
    "### [오류] 내부 서버 오류",
    "오류: 요청 시간이 초과되었습니다.",
    "에러 발생 (코드 502)",
    "API 키가 유효하지 않습니다.",
    "API 키를 확인해 주세요.",
    "환경 변수가 설정되지 않았습니다: DEEPL_AUTH_KEY",
    "Anthropic 클라이언트가 초기화되지 않았습니다.",
    "요청 한도를 초과했습니다. 60초 후 다시 시도하세요.",
    "이번 달 무료 사용량을 모두 소진했습니다.",
    "일일 할당량이 초과되었습니다.",
    "크레딧이 부족합니다. 충전 후 이용해 주세요.",
    "서버와의 연결이 끊어졌습니다.",
    "네트워크 연결에 실패했습니다.",
    "서버에 연결할 수 없습니다.",
    "응답 시간이 초과되었습니다.",
    "서비스를 일시적으로 이용할 수 없습니다.",
    "시스템 점검 중입니다.",
    "접근 권한이 없습니다.",
    "인증에 실패했습니다.",
    "SSL 인증서를 검증할 수 없습니다.",
    "입력 텍스트의 길이가 최대 토큰 수를 초과했습니다.",
    "컨텍스트 길이가 너무 깁니다.",
    "페이지를 찾을 수 없습니다.",
    "모델을 불러올 수 없습니다.",
    "현재 서버가 혼잡합니다.",
    "요청이 너무 많습니다.",
    "예상치 못한 오류로 작업이 중단되었습니다.",
    "결제 수단을 등록해 주세요.",
    "계정이 일시적으로 정지되었습니다.",
    "네트워크 상태가 불안정합니다.",
    "타임아웃이 발생하여 중단했습니다.",
    "브라우저를 새로 고침하세요.",
    "번역: N/A",
    # Said in words that no wording knows: by what they are about, and by what their source is not about.
    "토큰이 바닥났습니다.",
    "잠시 뒤에 다시 눌러 주세요.",
    "서버 점검으로 이용이 제한됩니다.",
    "내부 문제로 처리가 지연되고 있습니다.",
    "민감한 내용이 포함되어 있어 답변을 드리지 않습니다.",
    "유료 회원만 이용할 수 있습니다.",
    "DeepL 사용량이 한도에 도달했습니다.",
    "502 불량 게이트웨이",
    "번역하려면 원문이 필요합니다.",
    "허용된 호출 수를 넘었습니다.",
    "엔진과 통신하지 못하고 있습니다.",
    "응답이 중간에 끊겼습니다.",
    "결과 없음(빈 문자열)",
    "시스템 오류(코드: 9999)",
    "번역 예정",
    "Err:522",
    "TODO: 번역",
    # Korean models.
    "죄송합니다. 그 내용은 번역해 드릴 수 없습니다.",
    "죄송합니다만, 저는 그 요청에 응할 수 없습니다.",
    "AI 언어 모델로서 저는 그런 내용을 다룰 수 없습니다.",
    "요청하신 내용은 OpenAI의 사용 정책에 위배됩니다.",
    "안전상의 이유로 이 콘텐츠는 번역이 차단되었습니다.",
    "번역하실 문장을 입력해 주세요.",
    "초록이 제공되지 않았습니다. 텍스트를 붙여 넣어 주시면 번역하겠습니다.",
    "무엇을 도와드릴까요?",
    # English programs.
    "Error: Rate limit reached for gpt-4o in organization org-x on tokens per min.",
    "Error 503",
    "HTTP 502 Bad Gateway",
    "HTTP/1.1 504 Gateway Timeout",
    "403 Forbidden",
    "429 - Too Many Requests",
    "ReadTimeout: The read operation timed out",
    "openai.APIConnectionError: Connection error.",
    "An error occurred (ThrottlingException) when calling the TranslateText operation: Rate exceeded",
    "You exceeded your current quota, please check your plan and billing details.",
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate",
    "Incorrect API key provided: sk-x.",
    "The security token included in the request is invalid.",
    "The model `gpt-9` does not exist or you do not have access to it.",
    "Max retries exceeded with url: /v2/translate",
    "[Errno 111] Connection refused",
    "Traceback (most recent call last):\n  File \"translate.py\", line 12, in <module>\nKeyError: 'choices'",
    "TypeError: 'NoneType' object is not subscriptable",
    "TypeError: Cannot read properties of undefined (reading 'text')\n    at translate (/srv/app.js:12:7)",
    "Expecting value: line 1 column 1 (char 0)",
    "Unexpected token < in JSON at position 0",
    "The server is overloaded. Please try again later.",
    "Something went wrong.",
    "Failed to fetch",
    "Translation service unavailable",
    "Session expired. Please log in again.",
    # English models.
    "I'm sorry, but I can't help with that.",
    "I cannot assist with this request.",
    "Unfortunately, I am not able to translate this text.",
    "As an AI language model, I do not have access to the paper.",
    "Please provide the abstract you would like me to translate.",
    "Your request was flagged by our content policy.",
    # Bodies and bare words.
    '{"error": {"code": 429, "message": "Resource has been exhausted"}}',
    '{"detail":"Not Found"}',
    "{'status': 500}",
    '[{"code": "E1"}]',
    "<!DOCTYPE html>\n<html><head><title>504 Gateway Time-out</title></head></html>",
    "<html>\r\n<head><title>502</title></head>",
    '<?xml version="1.0"?><Error><Code>SlowDown</Code></Error>',
    "null",
    "N/A",
    "undefined",
    "nan",
    "[object Object]",
    "없음",
    "번역 없음",
    "**오류**",
    "`None`",
    # Other languages.
    "翻訳に失敗しました。もう一度お試しください。",
    "翻译失败,请稍后再试。",
    "Ocorreu um erro ao traduzir o texto.",
    "Une erreur est survenue.",
]


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_known_alone_after_a_right_sentence_and_in_a_long_texts_place(error: str) -> None:
    assert error_in(SHORT, error)
    assert error_in(SHORT, f"{RIGHT}\n{error}")
    assert error_in(LONG, f"{RIGHT}\n\n**{error}**")


@pytest.mark.parametrize(
    "error",
    [
        "네트워크가 불안정하여 요청을 처리하지 못했습니다.",
        "Das hat leider nicht funktioniert (Fehler 7).",
        "지금은 답할 내용이 없습니다.",
    ],
)
def test_an_unknown_wording_is_known_where_it_stands_for_a_whole_abstract(error: str) -> None:
    assert error_in(LONG, error)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("We study API errors of web agents.", "웹 에이전트의 API 오류를 연구합니다."),
        (
            "Agents stop with Too Many Requests when a rate limit is exceeded, and retry later.",
            "에이전트는 속도 제한이 초과되면 Too Many Requests로 멈추고 나중에 다시 시도합니다.",
        ),
        (
            "We find that refusals such as 'I cannot help with that' are brittle. Models reject harmful requests.",
            "'도와드릴 수 없습니다'와 같은 거부 응답이 취약하다는 것을 발견했습니다. 모델은 유해한 요청을 거부합니다.",
        ),
        ("Translation errors and how to find them", "번역 오류와 그 탐지 방법"),
        ("We fix errors that occur during translation.", "번역 중 오류가 발생하는 문장을 고칩니다."),
        ("A taxonomy of HTTP error 404 pages", "HTTP 오류 404 페이지의 분류 체계"),
        ("Type errors in generated Python", "생성된 파이썬의 TypeError 분석"),
        ("Sorry, Not Sorry: Apologies of Chatbots", "죄송하지만 죄송하지 않습니다: 챗봇의 사과"),
        ("Unknown Errors: A Survey of Silent Failures", "알 수 없는 오류: 조용한 실패에 대한 개관"),
        ("Timeouts in distributed training", "분산 학습의 시간 초과"),
        ("Certificate verification in the wild", "실제 환경의 인증서 검증"),
        ("Earlier models cannot process long contexts.", "기존 모델은 긴 문맥을 처리할 수 없습니다."),
        ("A policy that is trained without reward fails.", "보상 없이 학습한 정책은 실패합니다."),
        ("Face authentication fails in the dark.", "얼굴 인증은 어둠 속에서 실패합니다."),
        ("The context limit is exceeded by books.", "책은 컨텍스트 제한을 초과합니다."),
        ("Please visit the project page for videos.", "영상은 프로젝트 페이지를 참조해 주세요."),
        ("500 robots were trained. 404 of them walk.", "500대의 로봇을 학습했습니다. 404대가 걷습니다."),
        ("BERT", "BERT"),
        ("Small models fail on long books.", "작은 모델은 긴 책에서 실패합니다."),
        ("Out-of-memory crashes of caches", "메모리가 부족하면 멈추는 캐시"),
        ("Agents time out on slow pages.", "에이전트는 느린 페이지에서 시간 초과로 실패합니다."),
        ("A server that drops no request", "요청을 하나도 누락하지 않는 서버"),
        ("The model keeps its accuracy.", "모델은 정확도를 잃지 않습니다."),
        ("Type I and Type II errors are bounded.", "제1종 오류와 제2종 오류를 제한합니다."),
        ("Both teams are set to return.", "두 팀 모두 복귀할 예정입니다."),
        ("Hitting the panes did not help.", "유리창을 두드려도 소용이 없었습니다."),
        ("A cache that answers in constant time", "일정한 시간에 응답하는 캐시"),
        ("The Long Wait: Idle Time in Clusters", "긴 기다림: 클러스터의 유휴 시간"),
        ("The memory of the agent never fills up.", "에이전트의 메모리는 결코 부족해지지 않습니다."),
        ("When Models Say No: A Study of Refusals", "모델이 거절할 때: 거부에 대한 연구"),
        ("Please Try Again: Retries of Tools", "다시 시도해 주세요: 도구의 재시도"),
        ("A Moment, Please", "잠시만 기다려 주세요"),
        ("None of the Above", "해당 없음"),
        ("Access Denied: Permissions of Agents", "접근 거부: 에이전트의 권한"),
        ("Retry: Agents That Learn From Failed Attempts", "Retry: 실패한 시도에서 배우는 에이전트"),
    ],
)
def test_what_a_paper_says_of_errors_is_its_own(source: str, text: str) -> None:
    assert error_in(source, text) == ""


def test_the_source_explains_no_text_that_is_far_too_short_for_it() -> None:
    about_limits = f"Every API has a rate limit, and agents that exceed it get errors. {LONG}"

    assert error_in(about_limits, "요청 한도를 초과했습니다.")
    assert error_in(about_limits, f"{RIGHT * 4} 한도를 넘으면 요청 한도를 초과했습니다라는 답을 받습니다.") == ""
