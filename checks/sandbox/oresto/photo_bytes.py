"""Draws the sandbox's own product photos: small, real pictures, another one for each product.

Sixteen pictures are drawn once; each product's own bytes are one of them with the article number in the comment that
both formats allow. So a photo that was put back can be told from its neighbour's, and twenty thousand cost nothing.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

_COLOURS = ("#c0392b", "#d35400", "#f39c12", "#27ae60", "#16a085", "#2980b9", "#8e44ad", "#7f8c8d")


#: Pixels of a side: small ones cost little; a supplier's are large enough to be shown.
SMALL, LARGE = 96, 480


@cache
def _drawing(number: int, side: int) -> bytes:
    picture = Image.new("RGB", (96, 96), "white")
    draw = ImageDraw.Draw(picture)
    colour = _COLOURS[number % 8]
    if number < 8:
        draw.rounded_rectangle((18, 26, 78, 84), 8, fill=colour)
        draw.rectangle((30, 44, 66, 62), fill="white")
    else:
        draw.ellipse((20, 18, 76, 34), fill=colour)
        draw.rectangle((20, 26, 76, 78), fill=colour)
        draw.rectangle((20, 42, 76, 60), fill="white")
    if side != 96:
        picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    target = BytesIO()
    picture.save(target, "PNG" if number % 4 == 3 else "JPEG")
    return target.getvalue()


def draw_photo(label: str, side: int = SMALL) -> bytes:
    """A square JPEG or PNG of `side` pixels that is the same for the same label and differs for another."""
    data, comment = _drawing(zlib.crc32(label.encode()) % 16, side), label.encode()
    if data.startswith(b"\x89PNG"):
        chunk = b"tEXtComment\0" + comment
        block = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        return data[:33] + block + data[33:]  # behind the signature and the IHDR chunk
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]


def media_type(data: bytes) -> str:
    """What the picture is, by its first bytes."""
    for start, kind in (
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"RIFF", "image/webp"),
    ):
        if data.startswith(start):
            return kind
    return "application/octet-stream"
