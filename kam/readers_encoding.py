"""Which encoding a text is in, and the text itself: told by marks, by what is valid utf-8, else by what reads like words.

Knows bytes alone; must not know cells.
"""

from __future__ import annotations

import io
from collections import Counter
from itertools import pairwise
from typing import BinaryIO

from kam import guard

SAMPLE_BYTES = 64 * 1024
SCANNED_BYTES = 1024 * 1024
SINGLE_BYTE = ("cp1251", "cp866", "koi8_r", "cp1252", "mac_cyrillic")  # of equals the earlier
_WORDS = bytes(byte if byte >= 0x80 or chr(byte).isalpha() else 32 for byte in range(256))  # what is no letter parts words
SIGNS = "©®™°±§€£–“”„…"  # stand alone in any text


def decode(content: bytes) -> tuple[str, str, int]:
    """Text, the encoding it was in, and how many characters could not be read (they become U+FFFD)."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return _tidy(content[len(mark) :].decode(encoding, "replace"), encoding)
    if (wide := guard.looks_utf16(content)) is not None:
        return _tidy(content.decode(wide, "replace"), wide)
    try:
        return _tidy(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        encoding = _around(io.BytesIO(content), error.start)
    return _tidy(content.decode(encoding, "replace"), encoding)


def encoding_of(stream: BinaryIO) -> str:
    """The encoding that `decode` would tell, from the first letters beyond ASCII; of a text with a mark or in two-byte
    units it is not asked. "utf-8" is not yet proven by them: what follows may still be broken.
    """
    stream.seek(0)
    at = 0
    while part := stream.read(SCANNED_BYTES):
        if not part.isascii():
            try:
                part.decode("utf-8")
            except UnicodeDecodeError as error:
                # The last letter of a part may be cut in two.
                if not (error.reason == "unexpected end of data" and len(part) == SCANNED_BYTES):
                    return _around(stream, at + error.start)
            return "utf-8"
        at += len(part)
    return "utf-8"


def _around(stream: BinaryIO, at: int) -> str:
    """The encoding of a text that is no clean utf-8, by what stands around its first broken byte."""
    start = max(at - SAMPLE_BYTES // 2, 0)
    stream.seek(start)
    sample = stream.read(at + SAMPLE_BYTES // 2 - start)
    return "utf-8" if _is_mostly_utf8(sample) else single_byte_encoding(sample)


def _is_mostly_utf8(sample: bytes) -> bool:
    # A few spoilt bytes in a long utf-8 text do not make it another encoding.
    text = sample.decode("utf-8", "replace")
    spoilt = text.count("\ufffd")
    readable = len(text) - len(text.encode("ascii", "ignore")) - spoilt
    return spoilt * 20 < readable


def _tidy(text: str, encoding: str) -> tuple[str, str, int]:
    if "\x00" in text or "\x1a" in text:
        text = text.replace("\x00", "").replace("\x1a", "")
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    return text, encoding, text.count("\ufffd")


def single_byte_encoding(content: bytes) -> str:
    """Which of the one-byte encodings of Russian and western texts reads most like words."""
    words = content[:SAMPLE_BYTES].translate(_WORDS)
    return max(SINGLE_BYTE, key=lambda encoding: _likeness(words.decode(encoding, "replace")))


def _likeness(text: str) -> float:
    return sum(count * _likely(before, letter) for (before, letter), count in Counter(pairwise(" " + text)).items())


def _likely(before: str, letter: str) -> float:
    # Words are one alphabet and one case after the first letter; а о е и н т are half of Russian.
    if "а" <= letter.lower() <= "я" or letter in "ёЁ№«»—":
        is_odd = (before.islower() and letter.isupper()) + (before.isascii() and before.isalpha())
        is_first = not before.isalpha() and letter.isalpha()  # alone it may be a sign of another encoding
        return (0.2 if is_first else 1.0) + (letter.lower() in "аоеинтср") * 0.5 * (not is_first) - 2.0 * is_odd
    if letter in SIGNS:
        return 0.3
    if not letter.isascii():
        return 0.4 if letter.isalpha() and before.isascii() and before.isalpha() else -0.5 if letter.isalpha() else -1.0
    return 0.0
