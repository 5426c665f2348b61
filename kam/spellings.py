"""A long column of text looked at without touching each of its cells: what letters it holds, and how its figures are spelt.

Knows Arrow columns of text alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import Struct

import pyarrow as pa
import pyarrow.compute as pc

FIGURES = b"0123456789.,:;/+- "
_ALIKE = bytes.maketrans(b"23456789", b"1" * 8)


def holds(values: pa.ChunkedArray, letters: Iterable[str]) -> bool:
    """Whether any of the letters stands in the column."""
    wanted = [letter.encode() for letter in letters]
    ascii_wanted = [letter for letter in wanted if letter.isascii()]
    return any(letter in cells for cells in texts(values) for letter in (ascii_wanted if cells.isascii() else wanted))


def holds_words(values: pa.ChunkedArray) -> bool:
    """Whether the column holds anything but figures and their marks."""
    return any(cells.translate(None, FIGURES) for cells in texts(values))


def texts(values: pa.ChunkedArray) -> Iterator[bytes]:
    """The cells of each chunk, one after the other; what stands in null cells may be among them."""
    for chunk in values.chunks:
        _, offsets, data = chunk.buffers()
        if data is not None and len(chunk):
            first, last = (Struct("=i").unpack_from(offsets, 4 * at)[0] for at in (chunk.offset, chunk.offset + len(chunk)))
            yield data.slice(first, last - first).to_pybytes()


def alike(values: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The distinct spellings of a column with 1 for every digit but 0, and how many cells are spelt so; nulls left out.

    A pattern that tells a digit from a 0 at most matches a spelling where it matches the cells.
    """
    counted = pc.value_counts(pa.chunked_array([_with_alike_digits(chunk) for chunk in values.chunks], pa.string()))
    spelt, counts = counted.field("values"), counted.field("counts")
    is_filled = pc.is_valid(spelt)
    return spelt.filter(is_filled), counts.filter(is_filled)


def _with_alike_digits(chunk: pa.StringArray) -> pa.StringArray:
    valid, offsets, data = chunk.buffers()
    if data is None:
        return chunk
    changed = pa.py_buffer(data.to_pybytes().translate(_ALIKE))
    return pa.Array.from_buffers(pa.string(), len(chunk), [valid, offsets, changed], chunk.null_count, chunk.offset)
