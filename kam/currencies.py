"""The currencies that exports name beside figures: their signs, codes and words, in one list for whoever looks for them.

Which currency a word means is parse_currency in SQL; tests hold both to the same list.
"""

from __future__ import annotations

SIGNS = "₽$€£¥₸"
FOREIGN = ("USD", "EUR", "GBP", "CNY", "JPY", "KZT", "BYN", "UAH", "TRY", "CHF")
ROUBLES = ("RUB", "RUR")
# As they stand beside a figure or behind a header, in small letters or capitals.
BESIDE = rf"руб(?:лей|ля|ль|\.)?|р\.?|{'|'.join((*ROUBLES, *FOREIGN)).lower()}|[{SIGNS}]"
