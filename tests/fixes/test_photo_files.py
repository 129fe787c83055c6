"""What becomes of a file that is dropped as a photo: kept, made into a JPEG, or refused with the reason."""

from __future__ import annotations

import hashlib
import random
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import compress, crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from checks.fixes.photo_files import (
    LONGEST_SIDE,
    MAX_BYTES,
    SHORTEST_SIDE,
    Prepared,
    Refused,
    prepare,
)

# What Pillow mutters about half-broken TIFFs and EXIF blocks; the answer is what counts.
quietly = pytest.mark.filterwarnings("ignore::UserWarning")


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    target = BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def plain(width: int = 300, height: int = 240, colour: Any = (200, 30, 30), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), colour)


def taken(data: bytes, name: str = "A100.jpg") -> Prepared:
    result = prepare(name, data)
    assert isinstance(result, Prepared), result
    return result


def refused(data: bytes, name: str = "A100.jpg") -> str:
    result = prepare(name, data)
    assert isinstance(result, Refused), result
    assert result.name == name
    return result.reason


def pixel(result: Prepared) -> tuple[int, ...]:
    with Image.open(BytesIO(result.data)) as picture:
        found = picture.getpixel((5, 5))
    assert isinstance(found, tuple)
    return found


def near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) <= 3 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", ".jpg"), ("PNG", ".png")])
def test_a_plain_picture_is_kept_byte_for_byte(kind: str, suffix: str) -> None:
    data = encoded(plain(), kind)
    result = taken(data, "A100.JPEG")
    assert result == Prepared(
        f"A100{suffix}", data, 300, 240, kind, (), "A100.JPEG", hashlib.sha256(data).hexdigest()
    )


def test_real_photos_are_kept(shared_data: Path) -> None:
    if not (shared_data / "photos").is_dir():
        pytest.skip("the real photos (../shared/data/photos) are not on this machine")
    photos = {file.name: file.read_bytes() for file in (shared_data / "photos").glob("*.jpg")}
    results = [taken(data, name) for name, data in photos.items()]
    assert results
    assert all(one.data == photos[one.name] and not one.notes for one in results)


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_another_format_becomes_a_jpeg(kind: str) -> None:
    result = taken(encoded(plain(), kind), f"A100.{kind.lower()}")
    assert (result.name, result.format) == ("A100.jpg", "JPEG")
    assert result.notes[0] == f"It is a JPEG now; it was {kind}."
    assert near(pixel(result), (200, 30, 30))


@pytest.mark.parametrize(
    ("picture", "kind", "colour", "said"),
    [
        (plain(mode="RGBA", colour=(0, 0, 0, 0)), "PNG", (255, 255, 255), "transparent"),
        (plain(mode="LA", colour=(0, 0)), "PNG", (255, 255, 255), "transparent"),
        (plain(mode="RGBA", colour=(0, 0, 0, 128)), "WEBP", (127, 127, 127), "transparent"),
        (plain(mode="L", colour=90), "JPEG", (90, 90, 90), "greys"),
        (plain(mode="1", colour=1), "PNG", (255, 255, 255), "greys"),
        (plain().quantize(4), "PNG", (200, 30, 30), "few colours"),
        (plain(mode="CMYK", colour=(0, 255, 255, 0)), "JPEG", (255, 0, 0), "CMYK"),
        (plain(mode="I;16", colour=128 * 256), "PNG", (128, 128, 128), "16 bits"),
        (plain(mode="I;16", colour=128 * 256), "TIFF", (128, 128, 128), "16 bits"),
    ],
)
def test_colours_that_not_every_screen_shows_become_plain(
    picture: Image.Image, kind: str, colour: tuple[int, int, int], said: str
) -> None:
    result = taken(encoded(picture, kind))
    assert near(pixel(result), colour)
    assert any(said in note for note in result.notes)


def test_a_transparent_colour_in_a_png_without_alpha_is_white_too() -> None:
    result = taken(encoded(plain(), "PNG", transparency=(200, 30, 30)))
    assert near(pixel(result), (255, 255, 255))


def test_a_png_of_16_bits_a_colour_is_not_kept() -> None:
    data = bytearray(encoded(plain(220, 200), "PNG"))
    assert data[24] == 8  # bits a colour, in the header
    rows = compress((b"\0" + bytes([200, 0, 30, 0, 30, 0]) * 220) * 200)
    header = data[12:24] + b"\x10" + data[25:29]
    chunks = (bytes(header), b"IDAT" + rows, b"IEND")
    deep = data[:8] + b"".join(
        (len(chunk) - 4).to_bytes(4, "big") + chunk + crc32(chunk).to_bytes(4, "big") for chunk in chunks
    )
    result = taken(bytes(deep))
    assert result.notes == (
        "It is a JPEG now; it was PNG.",
        "It had 16 bits a colour, more than screens show; now it has 8.",
    )
    assert near(pixel(result), (200, 30, 30))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_on_its_side_is_put_upright_and_what_the_camera_wrote_goes(kind: str) -> None:
    half = plain()
    half.paste((20, 20, 220), (150, 0, 300, 240))  # right half blue
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # a quarter turn to the right shows it upright
    exif[ExifTags.Base.Make] = "Acme"
    result = taken(encoded(half, kind, exif=exif))
    assert (result.width, result.height) == (240, 300)
    assert any("upright" in note for note in result.notes)
    with Image.open(BytesIO(result.data)) as picture:
        assert near(picture.getpixel((120, 20)), (200, 30, 30))  # type: ignore[arg-type]
        assert near(picture.getpixel((120, 280)), (20, 20, 220))  # type: ignore[arg-type]
        assert not picture.getexif()
    assert b"Acme" not in result.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_where_it_was_made_does_not_go_to_the_shop(kind: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (51.0, 3.0, 12.0),
    }
    data = encoded(plain(), kind, exif=exif)
    with Image.open(BytesIO(data)) as picture:
        assert picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    result = taken(data)
    assert any("its place (GPS) was taken out" in note for note in result.notes)
    with Image.open(BytesIO(result.data)) as picture:
        assert not picture.getexif()
    assert near(pixel(result), (200, 30, 30))


def test_no_comment_or_profile_is_taken_along() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    result = taken(encoded(plain(2400, 300), "JPEG", comment=b"by J. Janssens", icc_profile=profile))
    with Image.open(BytesIO(result.data)) as picture:
        assert not {"comment", "icc_profile", "exif"} & set(picture.info)


def test_a_colour_profile_is_obeyed() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    result = taken(encoded(plain(2400, 300), "JPEG", icc_profile=swapped))  # its first number means green
    assert near(pixel(result), (30, 200, 30))


def test_a_colour_profile_that_does_not_fit_or_is_broken_is_left_out() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert near(pixel(taken(encoded(plain(2400, 300), "JPEG", icc_profile=lab))), (200, 30, 30))
    broken = taken(encoded(plain(2400, 300), "JPEG", icc_profile=b"no profile"))
    assert near(pixel(broken), (200, 30, 30))
    assert any("profile cannot be read" in note for note in broken.notes)


def test_a_large_picture_is_scaled_down() -> None:
    result = taken(encoded(plain(3000, 1500), "JPEG"))
    assert (result.width, result.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert result.notes == ("It was 3,000 x 1,500 pixels; the longer side is 2,000 now.",)


def test_a_heavy_picture_is_written_more_closely() -> None:
    noise = Image.frombytes("RGB", (1400, 1300), random.Random(3).randbytes(1400 * 1300 * 3))
    data = encoded(noise, "PNG")
    assert len(data) > MAX_BYTES
    result = taken(data)
    assert len(result.data) < MAX_BYTES
    assert result.notes == ("It is a JPEG now; it was PNG.", "It was 5.5 MB; it is written more closely now.")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP", "MPO"])
def test_of_several_pictures_the_first_is_kept(kind: str) -> None:
    second = plain(colour=(20, 20, 220))
    result = taken(encoded(plain(), kind, save_all=True, append_images=[second]))
    assert near(pixel(result), (200, 30, 30))
    assert any("only the first picture is kept" in note for note in result.notes)


@quietly
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_half_a_file_is_refused(kind: str) -> None:
    data = encoded(Image.effect_noise((300, 240), 60).convert("RGB"), kind)
    for part in (data[: len(data) // 2], data[:-9], data[:40]):
        assert "damaged" in refused(part)


def test_a_jpeg_that_lacks_its_last_byte_is_refused() -> None:
    assert "damaged or cut off" in refused(encoded(plain(), "JPEG")[:-1])


def test_an_avif_with_damaged_pixels_is_refused() -> None:
    data = encoded(Image.effect_noise((300, 240), 60).convert("RGB"), "AVIF")
    pixels = data.index(b"mdat") + 4
    assert "damaged or cut off" in refused(data[:pixels] + b"\xff" * (len(data) - pixels))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "web page"),
        (b"<HTML><body>404</body></HTML>", "web page"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<svg/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "film"),
        (b"PK\x03\x04", "zip"),
        (b"8BPS\0\x01", "Photoshop"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"A100;5400000000003\n", "no picture"),
        (encoded(plain(), "ICO"), "no picture"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(data: bytes, said: str) -> None:
    reason = refused(data, "A100.jpg")
    assert said in reason
    assert reason.count(". ") + reason.count("; ") + reason.count(": ") >= 1  # and what to do


def test_too_small_too_narrow_and_just_large_enough() -> None:
    least = SHORTEST_SIDE
    assert "199 x 400 pixels" in refused(encoded(plain(least - 1, 400), "PNG"))
    assert "too narrow" in refused(encoded(plain(6000, 400), "PNG"))
    assert taken(encoded(plain(least, least), "PNG")).notes == ()


@pytest.mark.parametrize("side", [8_000, 10_000, 20_000])  # 64, 100 and 400 million pixels
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_decompression_bomb_is_not_decoded(side: int, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"compression": "group4"} if kind == "TIFF" else {}
    with monkeypatch.context() as unlimited:
        unlimited.setattr(Image, "MAX_IMAGE_PIXELS", None)
        bomb = encoded(plain(side, side, 0, "1"), kind, **options)
    assert len(bomb) < 200_000
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("it was decoded"))
    assert "more than 60 million pixels" in refused(bomb)


@pytest.mark.parametrize(("mode", "colour"), [("F", 0.5), ("I", 70_000), ("LAB", (50, 10, 10))])
def test_pixels_that_do_not_say_their_colour_are_refused(mode: str, colour: Any) -> None:
    assert "save it as JPEG" in refused(encoded(plain(mode=mode, colour=colour), "TIFF"))


@cache
def samples() -> tuple[bytes, ...]:
    """Small files of every format and many kinds of colour."""
    picture = Image.effect_noise((210, 200), 12).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 8
    return (
        encoded(picture, "JPEG", quality=20, exif=exif),
        encoded(picture, "JPEG", quality=20, progressive=True),
        encoded(picture.convert("CMYK"), "JPEG", quality=20),
        encoded(plain(210, 200), "PNG", exif=exif),
        encoded(plain(210, 200).convert("P"), "PNG", transparency=0),
        encoded(plain(210, 200, 40_000, "I;16"), "PNG"),
        encoded(plain(210, 200), "PNG", save_all=True, append_images=[picture]),
        encoded(plain(210, 200), "GIF", save_all=True, append_images=[picture.convert("P")]),
        encoded(plain(210, 200), "TIFF", compression="tiff_lzw", exif=exif),
        encoded(plain(210, 200), "TIFF", compression="tiff_deflate"),
        encoded(plain(210, 200).convert("P"), "BMP"),
        encoded(picture, "WEBP", quality=10, exif=exif),
        encoded(picture, "WEBP", lossless=True),
        encoded(picture, "AVIF", quality=10),
        encoded(picture, "MPO", quality=20, save_all=True, append_images=[picture]),
    )


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real picture with some bytes changed, most of them near its beginning, and perhaps its end cut off."""
    data = bytearray(draw(st.sampled_from(samples())))
    within = st.one_of(st.integers(0, min(400, len(data) - 1)), st.integers(0, len(data) - 1))
    for place, byte in draw(st.lists(st.tuples(within, st.integers(0, 255)), max_size=12)):
        data[place] = byte
    return bytes(data[: draw(st.one_of(st.none(), st.integers(0, len(data))))])


@quietly
@given(data=st.one_of(damaged(), st.binary(max_size=200)), name=st.text(max_size=20))
@example(data=b"GIF89a", name="")
def test_whatever_the_bytes_it_is_taken_or_refused(data: bytes, name: str) -> None:
    result = prepare(name, data)
    if isinstance(result, Refused):
        assert result.name == name
        assert result.reason.endswith((".", '".'))
        return
    with Image.open(BytesIO(result.data), formats=[result.format]) as picture:
        picture.load()
        assert (picture.size, picture.mode) == ((result.width, result.height), "RGB")
    assert result.sha256 == hashlib.sha256(result.data).hexdigest()
    assert (result.data == data) == (not result.notes)


@quietly
@given(data=st.sampled_from(samples()))
def test_what_was_prepared_is_kept_when_it_is_dropped_again(data: bytes) -> None:
    once = taken(data)
    again = taken(once.data, once.name)
    assert (again.name, again.data, again.notes) == (once.name, once.data, ())
