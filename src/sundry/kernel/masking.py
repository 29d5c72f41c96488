"""What is left of a text when the people in it and the keys to their things are covered.

Problem: logs are read by many, copied into messages and kept for long, and they fill with e-mail addresses, telephone
numbers and links that open somebody's papers without sign-in. Nobody remembers at each line of code to leave them out.
Therefore what is written down goes through `mask`, which covers by form and leaves enough to tell two apart:

    li.na@example.com wrote from +86 138 0013 8000 about /ship/Xq3vT8LmZr0aW5yKcB7dNg?code=481516
    l...@example.com wrote from +...00 about /ship/Xq3v...?code=...

It covers rather too much than too little. What it leaves: dates, amounts, our own ids (UUIDv7: they name a thing and
open nothing), HS codes, container numbers, names of files.
"""

from __future__ import annotations

import re

_NAMED = r"[\w-]{0,40}(?:token|secret|passw(?:or)?d|signature|session(?:id)?|csrf\w{0,40}|api[_-]?key)"
_UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])"
_RANDOM = r"(?=(?:[\w-]{0,30}?\d){3}|[\w-]{0,30}?(?:[a-z][\w-]{0,30}?[A-Z]|[A-Z][\w-]{0,30}?[a-z]))"

# Every repetition has an end: a long line that almost fits must not take for ever.
_RULES = (
    # postgresql://user:password@host: before e-mail addresses, which it would look like.
    (re.compile(r"(\w://[^/:@\s]{0,99}):[^\s/]{0,999}@"), r"\1:...@"),
    (re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]{0,99}@([\w-]{1,99}(?:\.[\w-]{1,99})+)"), r"\1...@\2"),
    # Named secrets in addresses, cookies, headers, and pairs as Python and JSON write them.
    (re.compile(rf"""\b({_NAMED}["']?\s?[=:]\s?["']?)[^\s&;,"')}}]+""", re.IGNORECASE), r"\1..."),
    (re.compile(r"([?&](?:code|key|sig)=)[^\s&;,\"')}]+", re.IGNORECASE), r"\1..."),
    (re.compile(r"(\bcode\W{1,3})\d{4,8}\b", re.IGNORECASE), r"\1..."),
    (re.compile(r"\b((?:Bearer|Basic)\s+)[\w.+/=~-]{8,}", re.IGNORECASE), r"\1..."),
    # A Chinese mobile number or landline. The last two digits tell two apart.
    (re.compile(r"(?<![\w.:+-])(?:1[3-9]\d[ -]?\d{4}|0[1-9]\d{1,2}[ -]?\d{3,4})[ -]?\d{2}(\d{2})(?![\w-])"), r"...\1"),
    # +33 6 12 34 56 78, 0086-579-8555-0000.
    (re.compile(r"(?<![\w.+-])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){5,12}[ .-]?(\d[ .-]?\d)(?![\w-])"), r"+...\1"),
    # What is long and random in an address opens something.
    (re.compile(rf"(?<=[/=])(?!{_UUID7}){_RANDOM}([\w-]{{4}})[\w-]{{14,}}+(?!\.\w)"), r"\1..."),
)


def mask(text: str) -> str:
    """`text` with e-mail addresses, telephone numbers, passwords, tokens and unguessable parts of addresses covered.

    Masking twice changes nothing more.
    """
    for pattern, left in _RULES:
        text = pattern.sub(left, text)
    return text
