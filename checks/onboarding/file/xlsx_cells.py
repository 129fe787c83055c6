"""From an XLSX file to its cells as text: a code stored as a number keeps all its digits and the zeros that its format shows.

The cells are read by fastexcel; what it does not tell stands in the parts of the file itself, and is looked up there: formats
of zeros only (`0000000000000` shows 12345678905 as 0012345678905), merged cells, and cells that hold an error.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as ElementTree
import fastexcel
import polars as pl
from defusedxml.common import DefusedXmlException

from checks.errors import ArticleFileError

#: Unpacked, a file of 500,000 rows x 30 is a gigabyte; one that is more is made to hurt.
_LARGEST = 2_000_000_000

#: Merged cells below are no headings.
_HEADING_LINES = 60

_ZEROS = re.compile(r'(?:\[[^\]]*\]|["@\s])*(0{2,})["\s]*(?:;.*)?')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"[^>]*\st="e"')


class Merged(NamedTuple):
    """Merged cells: lines from 1, columns from 0, both ends included."""

    first_line: int
    last_line: int
    first_column: int
    last_column: int


class Sheet(NamedTuple):
    """The cells of one sheet: every column String, row n is line n + 1."""

    cells: pl.DataFrame
    merged: tuple[Merged, ...]
    notes: tuple[str, ...]


class Workbook:
    """An open XLSX file.

    Raises:
        ArticleFileError: the bytes are no XLSX file, or one that is broken.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._parts = zipfile.ZipFile(io.BytesIO(data))
            entries = {entry.filename: entry.file_size for entry in self._parts.infolist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise self._broken(error) from error
        if "xl/workbook.xml" not in entries:
            raise ArticleFileError(
                f"{name} is a ZIP file but no XLSX workbook. Unpack it, or open it in a spreadsheet and save it as XLSX or CSV."
            )
        if sum(entries.values()) > _LARGEST:
            raise ArticleFileError(
                f"{name} unpacks to more than 2 GB. Save the sheet with the articles on its own, or as CSV."
            )
        try:
            self._reader = fastexcel.read_excel(data)
        except fastexcel.FastExcelError as error:
            raise self._broken(error) from error

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(self._reader.sheet_names)

    def top(self, sheet: str, lines: int) -> tuple[pl.DataFrame, bool]:
        """The first `lines` of a sheet, and whether a person sees the sheet."""
        loaded = self._load(sheet, lines)
        return _as_frame(loaded), loaded.visible == "visible"

    def read(self, sheet: str) -> Sheet:
        """All cells of a sheet.

        Raises:
            ArticleFileError: the sheet is broken.
        """
        cells = _as_frame(self._load(sheet, None))
        if cells.is_empty():
            return Sheet(cells, (), ())
        try:
            xml = self._sheet_xml(sheet)
            zeros = self._zero_formats()
        except (KeyError, zipfile.BadZipFile, ParseError, DefusedXmlException, ValueError, EOFError) as error:
            said = f"Formats and merged cells of the sheet could not be read ({type(error).__name__})."
            return Sheet(_tidy(cells), (), (said,))
        offset = _first_column(xml)
        merged = tuple(_merged(xml, offset))
        notes = []
        if errors := _ERROR.findall(xml):
            first = errors[0].decode()
            cells_hold = "1 cell holds" if len(errors) == 1 else f"{len(errors)} cells hold"
            notes.append(f"{cells_hold} an error such as #N/A, the first in {first}: read as empty.")
        if zeros:
            cells, restored = _padded(cells, xml, zeros, offset)
            if restored:
                notes.append(f"{restored} numbers were given the leading zeros that their format shows.")
        return Sheet(_tidy(cells), merged, tuple(notes))

    def _load(self, sheet: str, lines: int | None) -> fastexcel.ExcelSheet:
        try:
            return self._reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=lines, dtypes="string")
        except fastexcel.FastExcelError as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> ArticleFileError:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        return ArticleFileError(
            f"{self.name} cannot be read as XLSX: {said}. The file may be cut off: export or download it again."
        )

    def _xml(self, part: str) -> Element:
        root: Element = ElementTree.fromstring(self._parts.read(part))
        return root

    def _sheet_xml(self, sheet: str) -> bytes:
        """The part that holds the sheet, found by the workbook's own list."""
        wanted = ""
        for element in self._xml("xl/workbook.xml").iter():
            if _local(element) == "sheet" and element.get("name") == sheet:
                wanted = next((value for key, value in element.items() if key.endswith("}id")), "")
        for element in self._xml("xl/_rels/workbook.xml.rels").iter():
            if element.get("Id") == wanted:
                return self._parts.read(
                    posixpath.normpath(posixpath.join("/xl", element.attrib["Target"]))[1:]
                )
        raise KeyError(sheet)

    def _zero_formats(self) -> dict[int, int]:
        """Cell style -> how many digits it shows at least, for the formats that are zeros only."""
        if "xl/styles.xml" not in self._parts.namelist():
            return {}
        root = self._xml("xl/styles.xml")
        widths: dict[str | None, int] = {}
        for element in root.iter():
            if _local(element) == "numFmt":
                found = _ZEROS.fullmatch(element.get("formatCode", ""))
                if found:
                    widths[element.get("numFmtId")] = len(found[1])
        styles = next((element for element in root.iter() if _local(element) == "cellXfs"), None)
        if styles is None:
            return {}
        return {
            at: widths[style.get("numFmtId")]
            for at, style in enumerate(styles)
            if style.get("numFmtId") in widths
        }


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _as_frame(sheet: fastexcel.ExcelSheet) -> pl.DataFrame:
    frame = sheet.to_polars()
    texts: pl.DataFrame = frame.select(
        pl.col(name).cast(pl.String).alias(str(at)) for at, name in enumerate(frame.columns)
    )
    return texts


def _tidy(cells: pl.DataFrame) -> pl.DataFrame:
    """A day without its midnight, a time without the day that Excel counts from, line breaks as line breaks."""
    return cells.with_columns(
        pl.all()
        .str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1")
        .str.replace(r"^(?:1899-12-3[01]|1900-01-00) (\d\d:\d\d:\d\d)$", "$1")
        .str.replace_all("_x000D_", "", literal=True)
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _letters(column: int) -> bytes:
    letters = b""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def _first_column(xml: bytes) -> int:
    """The first column that holds anything: the cells are counted from there."""
    for column in range(50):
        filled = rb'<(?:\w+:)?c r="' + _letters(column) + rb'\d+"[^>]*[^/>]>\s*<(?:\w+:)?(?:v|is|f)\b'
        if re.search(filled, xml):
            return column
    return 0


def _merged(xml: bytes, offset: int) -> Iterator[Merged]:
    for left, top, right, bottom in _MERGED.findall(xml):
        if int(top) <= _HEADING_LINES:
            first, last = _column(left) - offset, _column(right) - offset
            yield Merged(int(top), int(bottom), max(first, 0), last)


def _padded(cells: pl.DataFrame, xml: bytes, zeros: dict[int, int], offset: int) -> tuple[pl.DataFrame, int]:
    """The cells with the zeros of their format in front, and how many there are such."""
    styles = "|".join(map(str, zeros)).encode()
    pattern = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"((?: [^>]*?)? s="(' + styles + rb')"[^>]*)>')
    columns: dict[bytes, tuple[list[int], list[int]]] = {}
    for letters, line, attributes, style in pattern.findall(xml):
        if b't="' not in attributes or b't="n"' in attributes:  # a text is shown as it is
            rows, widths = columns.setdefault(letters, ([], []))
            rows.append(int(line) - 1)
            widths.append(zeros[int(style)])
    restored = 0
    for letters, (rows, widths) in columns.items():
        at = _column(letters) - offset
        if not 0 <= at < cells.width:
            continue
        name = cells.columns[at]
        formats = pl.DataFrame(
            {"row": rows, "width": widths}, schema={"row": pl.UInt32, "width": pl.UInt32}
        ).unique("row")
        marked = (
            cells.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), pl.col(name).alias("cell"))
            .join(formats, on="row", how="left", maintain_order="left")
            .with_columns(
                shown=pl.when(pl.col("width").is_not_null() & pl.col("cell").str.contains(r"^\d+$"))
                .then(pl.col("cell").str.zfill(pl.col("width")))
                .otherwise("cell")
            )
        )
        restored += marked.filter(pl.col("shown") != pl.col("cell")).height
        cells = cells.with_columns(marked["shown"].alias(name))
    return cells, restored
