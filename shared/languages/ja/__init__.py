"""What is special about Japanese: its numbers, which it writes as Chinese does."""

from dataclasses import replace

from shared.languages.error_words import says
from shared.languages.pack import Pack
from shared.languages.zh import SCALES, worded

PACK = Pack(quantities=replace(SCALES, out_of="分の").quantities, worded=worded)
ERRORS = says(
    r"""エラーが発生|翻訳(?:に失敗|エラー|できません)|申し訳(?:ありません|ございません)|タイムアウトしました
        | もう一度お試し""",
    "エラー|失敗",
)
