"""What a user can mend, said by key: the words stand in the locales under [errors].

Everything else that goes wrong stays an ordinary Python exception. Knows no language, no screen, no file.
"""

from __future__ import annotations


class KamError(Exception):
    """One sentence for the user: `key` is its full locale key ("errors.zero_bytes"), `facts` fill its placeholders."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.key} {self.facts}" if self.facts else self.key
