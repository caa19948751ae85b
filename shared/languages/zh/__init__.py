"""What is special about Chinese: its numbers."""

import re

from shared.languages.error_words import says
from shared.languages.pack import Pack
from shared.languages.scales import Scales, sino_value
from shared.text.quantity import forms

UNITS = {
    "percent": "% ％",
    "times": "倍 x ×",
    "occasion": "次 回",
    "millisecond": "ms 毫秒 ミリ秒",
    "second": "秒 s",
    "minute": "分钟 分",
    "hour": "小时 時間",
    "day": "天 日",
    "week": "周 週間",
    "month": "个月 月 か月 ヶ月",
    "year": "年",
    "megabyte": "MB",
    "gigabyte": "GB",
    "terabyte": "TB",
    "dollar": "美元 ドル",
}
"""Units as Chinese and Japanese write them."""
SCALES = Scales(
    powers={
        **dict.fromkeys("十", 1),
        **dict.fromkeys("百", 2),
        **dict.fromkeys("千", 3),
        **dict.fromkeys("万萬", 4),
        **dict.fromkeys("億亿", 8),
        **dict.fromkeys("兆", 12),
    },
    units=forms(UNITS),
    spaced="万萬億亿兆",
    out_of="分之",
    # `GPT-4 十分`, `3 百分点`: words that begin like a scale.
    other_words=r"十(?:分|足|字)|百(?:分|科|度)|千(?:米|克|兆|字|葉)|万(?:一|能|物|维)|兆(?:字|赫|候)",
    counters="个|個|次|人|张|張|条|種|种|件|枚|倍|年|天|小时|時間|秒|美元|元|円|ドル|以上|以下|余|多|名|篇|台|本|亿|億|万",
    particles=r"[\u4e00-\u9fff]",
    not_units=(
        r"\ ?(?:分(?:类|布|析|割|之|類|別|子|野)|日(?:本|语|常)|年(?:龄|度)|月(?:球)"
        r"|秒(?:杀)|回(?:归|答|帰)|次(?:元|の|优))"
    ),
)
_DIGITS = {digit: float(value) for value, digit in enumerate("一二三四五六七八九", 1)} | dict.fromkeys("两兩両", 2.0)
_NUMERAL = re.compile(f"[{''.join((*_DIGITS, *SCALES.powers))}]{{1,12}}")


def worded(text: str) -> set[float]:
    """What Chinese numerals in a text may say; other words hold them too.

    >>> sorted(worded("三百人使用五个数据集"))
    [5.0, 300.0]
    """
    return {sino_value(match.group(), _DIGITS, SCALES.powers) for match in _NUMERAL.finditer(text)}


PACK = Pack(quantities=SCALES.quantities, worded=worded)
ERRORS = says(
    r"""翻[译譯](?:失败|失敗|错误|錯誤|出错|出錯)|(?:请求|請求|连接|連接)(?:超时|超時|失败|失敗)|抱歉
        | (?:请|請)(?:稍后|稍後)(?:再试|再試|重试|重試)|发生错误""",
    "失败|错误|錯誤|失敗",
)
