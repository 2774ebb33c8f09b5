"""Every refusal, with its stable code and the sentence that says what to do.

A code is for programs and never changes its meaning; the sentence is for people.
Which HTTP status a code has is decided in `server/problems.py`, nowhere else.
May not enter: anything about HTTP, screens or logging.
"""

from sync.words import N_


class Refused(Exception):
    """No, and repeating the same thing will not help. `facts` fill the sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return SENTENCES.get(self.code, self.code).format_map(_Gaps(self.facts))


class _Gaps(dict[str, object]):
    """A sentence with a value missing still reads."""

    def __missing__(self, key: str) -> str:
        return "…"


SENTENCES: dict[str, str] = {
    # reading a fact
    "body_not_text": N_("记录正文不是文本，请用原样的 JSON 文本重新提交。"),
    "body_too_long": N_("记录正文超过 {limit} 字节，请把长文字分成几条记录。"),
}
