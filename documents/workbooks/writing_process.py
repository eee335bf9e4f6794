"""In the documents' process: a pickled book in, an .xlsx out."""

import io

from documents.workbooks.writer import unpacked
from documents.workbooks.writing import write


def answer(body: bytes) -> bytes:
    """The workbook of a packed book."""
    return write(unpacked(io.BytesIO(body)))
