"""A file that somebody drops on the photo page: is it a picture, and may it go to the shop as it is?

What the shop and every browser take (JPEG or PNG, plain colours, not huge, no place in it) is kept byte for byte. Another
picture becomes a JPEG, and the notes say what was done to it. What is no picture, or too poor a one, is refused with what
to do about it. Only the bytes count, never the file's name. Pure: bytes in, bytes out.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from checks.fixes.photo_names import photo_name

#: No picture of more pixels is decoded: a file of some kilobytes can unpack to gigabytes.
MAX_PIXELS = 60_000_000
#: A longer side is scaled down to this: no product page shows more.
LONGEST_SIDE = 2000
#: Below this, customers see a blur.
SHORTEST_SIDE = 200
#: A larger file is written again; a JPEG of `LONGEST_SIDE` squared never gets there, not even of pure noise.
MAX_BYTES = 5_000_000
QUALITY = 90

#: What is read at all. The names are Pillow's; a JPEG of several pictures is "MPO" once it is open.
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png"}

#: How Pillow says that bytes are damaged; it depends on the format and on where it stumbles.
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)

_AGAIN = "Copy or download it once more, or make a new one."
_EMPTY = f"The file is empty; it was probably not copied in full. {_AGAIN}"
_BROKEN = f"The picture is damaged or cut off; it was probably not copied in full. {_AGAIN}"
_AS_JPEG = "Open it in a picture program and save it as JPEG."
_UNKNOWN = f"It is no picture that can be read (JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF), or it is damaged. {_AS_JPEG}"
_BOMB = f"It has more than {MAX_PIXELS // 1_000_000} million pixels. Scale it down to {LONGEST_SIDE:,} on the longer side first."

#: How a file begins (small letters), and what is said about it.
_OTHERS = (
    (b"%pdf-", f"It is a PDF, no picture. {_AS_JPEG}"),
    (b"<svg", "It is an SVG drawing, which the shop cannot show. Export it as PNG."),
    (
        b"<!doctype html",
        "It is a web page, no picture: the site gave a page instead. Save the picture itself.",
    ),
    (b"<html", "It is a web page, no picture: the site gave a page instead. Save the picture itself."),
    (b"pk\x03\x04", "It is a zip file or a document, no picture. Unpack it and take the pictures out of it."),
    (b"8bps", f"It is a Photoshop file. {_AS_JPEG}"),
    (b"%!ps", f"It is a PostScript drawing. {_AS_JPEG}"),
)
_HEIC = (
    "It is a HEIC photo, which an iPhone makes and most browsers cannot show. Export it as JPEG, "
    'or set the camera to "Most compatible".'
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photo that may go to the shop.

    Attributes:
        name: for the shop: stem of the original with the right suffix, no folders.
        format: "JPEG" or "PNG".
        notes: sentences about what was changed; empty when not a byte was.
        sha256: of `data`, in hexadecimal.
    """

    name: str
    data: bytes
    width: int
    height: int
    format: str
    notes: tuple[str, ...]
    original_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken. `reason`: sentences, what is wrong and what to do."""

    name: str
    reason: str


def prepare(name: str, data: bytes) -> Prepared | Refused:
    """The photo as the shop may get it, or why not. Bad bytes never raise."""
    if not data:
        return Refused(name, _EMPTY)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            if reason := _wrong_size(*picture.size) or _odd(picture.mode):
                return Refused(name, reason)
            picture.verify()
        with Image.open(
            BytesIO(data), formats=FORMATS
        ) as picture:  # after verify() it cannot be read any more
            return _prepared(name, data, picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Refused(name, _BOMB)
    except UnidentifiedImageError:
        return Refused(name, _what_it_is(data))
    except _DAMAGED:
        return Refused(name, _BROKEN)


def _wrong_size(width: int, height: int) -> str | None:
    if width * height > MAX_PIXELS:
        return _BOMB
    least = f"{SHORTEST_SIDE} on the shorter side are needed: take a larger picture."
    if min(width, height) < SHORTEST_SIDE:
        return f"It is too small, {width:,} x {height:,} pixels: customers would see a blur. {least}"
    if min(_fitted(width, height)) < SHORTEST_SIDE:
        return f"It is too narrow, {width:,} x {height:,} pixels: as large as the shop shows it, a strip. Cut it to what it shows."
    return None


def _odd(mode: str) -> str | None:
    if mode in ("I", "F", "LAB", "HSV"):  # 32 bits a pixel; colours that only a printer's program reads
        return f"Its pixels are of a kind ({mode}) that does not say which colour a screen has to show. {_AS_JPEG}"
    return None


def _fitted(width: int, height: int) -> tuple[int, int]:
    """The size with the longer side `LONGEST_SIDE` at most."""
    factor = min(1.0, LONGEST_SIDE / max(width, height, 1))
    return round(width * factor), round(height * factor)


def _what_it_is(data: bytes) -> str:
    """What to say about bytes that Pillow does not know."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:8] == b"ftyp" and data[8:12] != b"avif":
        return (
            _HEIC if data[8:12] in _HEIC_BRANDS else "It is a film, no picture. Take a photo of the product."
        )
    if start.startswith(b"<?xml") and b"<svg" in start:
        start = b"<svg"
    return next((reason for begin, reason in _OTHERS if start.startswith(begin)), _UNKNOWN)


def _prepared(name: str, data: bytes, opened: ImageFile.ImageFile) -> Prepared:
    was = "JPEG" if opened.format == "MPO" else str(opened.format)
    changes = list(_changes(opened, len(data)))
    opened.load()
    picture: Image.Image = opened
    if changes or was not in _SUFFIXES:
        picture = _plain(opened, changes)
        data = _jpeg(picture)
        if was != "JPEG":
            changes.insert(0, f"It is a JPEG now; it was {was}.")
        was = "JPEG"
    return Prepared(
        name=photo_name(name, _SUFFIXES[was]),
        data=data,
        width=picture.width,
        height=picture.height,
        format=was,
        notes=tuple(changes),
        original_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _changes(picture: ImageFile.ImageFile, size: int) -> Iterator[str]:
    """What has to be done to it, in sentences; nothing for a plain picture. Asked before it is loaded."""
    if getattr(picture, "is_animated", False):
        yield "It moves or has several pages: only the first picture is kept."
    if any(";16" in str(tile) for tile in picture.tile):
        yield "It had 16 bits a colour, more than screens show; now it has 8."
    if picture.has_transparency_data and not picture.mode.startswith("I;16"):
        yield "What was transparent is white now."
    elif picture.mode == "CMYK":
        yield "Its colours were made for printing (CMYK); they are a screen's now, and may look a little different."
    elif picture.mode != "RGB":
        yield "Its greys or few colours are written as full colours now."
    if picture.getexif().get(ExifTags.Base.Orientation) in range(2, 9):
        yield "It lay on its side or its head for the camera; it is upright now."
    if ExifTags.IFD.GPSInfo in picture.getexif():  # the shop is public, and the photo may be of a home
        yield "It said where it was made; its place (GPS) was taken out."
    if _fitted(*picture.size) != picture.size:
        wide, high = picture.size
        yield f"It was {wide:,} x {high:,} pixels; the longer side is {LONGEST_SIDE:,} now."
    if size > MAX_BYTES:
        yield f"It was {size / 1_000_000:,.1f} MB; it is written more closely now."


def _plain(picture: Image.Image, changes: list[str]) -> Image.Image:
    """First picture, upright, scaled, in the colours of a screen, on white; nothing but pixels is taken along."""
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value * (1 / 256)).convert(
            "L"
        )  # convert alone makes it all white
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "CMYK"):
        picture = picture.convert("RGB")
    profile = picture.info.get("icc_profile")
    if "exif" in picture.info:
        changes.append("What the camera wrote beside it (time, perhaps the place) is left out.")
    picture = ImageOps.exif_transpose(picture)
    picture = picture.resize(_fitted(*picture.size), Image.Resampling.LANCZOS)
    mask = picture.getchannel("A") if picture.mode == "RGBA" else None
    if mask is not None:
        picture = picture.convert("RGB")
    white = Image.new("RGB", picture.size, "white")
    white.paste(_on_screen(picture, profile, changes), mask=mask)
    return white


def _on_screen(picture: Image.Image, icc: bytes | None, changes: list[str]) -> Image.Image:
    """In sRGB: by the profile that says what its numbers mean, if it has one that fits, else by plain arithmetic."""
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(BytesIO(icc))
            if profile.profile.xcolor_space.strip() == picture.mode:
                screen = ImageCms.createProfile("sRGB")
                changed = ImageCms.profileToProfile(picture, profile, screen, outputMode="RGB")
                if changed is not None:
                    return changed
        except (ImageCms.PyCMSError, OSError):
            changes.append("Its colour profile cannot be read, so its colours may look a little different.")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()
