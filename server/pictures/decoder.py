"""The child process that decodes pictures: a script that imports nothing of ours.

It reads one order after another from standard input (a line of JSON, then the
picture's bytes) and answers each on standard output (a line of JSON, then a preview's
bytes). Whatever a picture does to it, the server lives: the server replaces it.
May not enter: paths, networks, settings, any module of this project.
"""

import io
import json
import os
import resource
import sys
from typing import Any, BinaryIO

import pillow_heif
from PIL import Image, ImageCms

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# What Pillow and its plug-ins raise on bytes they cannot make sense of.
BROKEN = (OSError, SyntaxError, ValueError, RuntimeError, EOFError)
TAGS = {0x010F: "make", 0x0110: "model"}
EXIF_TAGS = {0x9003: "taken", 0x9011: "offset"}
GPS_TAGS = {1: "ns", 2: "lat", 3: "ew", 4: "lon", 7: "utc_time", 29: "utc_date"}
GREY_SIDE = 32  # of the small copy by which a picture is known again (`looks`)
SRGB = ImageCms.createProfile("sRGB")


def confine(memory_bytes: int) -> None:
    """From here on: so much memory, no new file longer than nothing, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: int) -> None:
    """So much processor time for the next picture; then the kernel ends us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def inspected(
    picture: Image.Image, order: dict[str, Any]
) -> tuple[dict[str, Any], bytes]:
    """What the picture is, after every one of its bytes was decoded; and a small grey
    copy, as rows of bytes."""
    found = described(picture)
    if too_large(picture, order):
        return found | {"failure": "too_many_pixels"}, b""
    # An eighth of a JPEG's size still decodes all of its bytes.
    width, height = (max(side // 8, 2 * GREY_SIDE) for side in picture.size)
    picture.draft(picture.mode, (width, height))
    small = b""
    try:
        picture.load()
        small = grey(picture)
    except BROKEN:
        found["failure"] = "unreadable"
    # Not sooner: to find the metadata of a PNG, Pillow decodes all of it.
    return found | {"tags": metadata(picture)}, small


def grey(picture: Image.Image) -> bytes:
    """The picture in few grey points, whatever its shape; nothing if memory is short,
    for that is no flaw of the picture."""
    try:
        if picture.mode.startswith("I"):
            picture = picture.point(lambda value: value * (1 / 256))
        side = (GREY_SIDE, GREY_SIDE)
        return picture.convert("L").resize(side, Image.Resampling.BOX).tobytes()
    except MemoryError:
        return b""


def too_large(picture: Image.Image, order: dict[str, Any]) -> bool:
    """Whether it claims more pixels than we decode."""
    return bool(picture.width * picture.height > order["max_pixels"])


def described(picture: Image.Image) -> dict[str, Any]:
    """Format, size as stored, and whether it moves."""
    return {
        "format": "JPEG" if picture.format == "MPO" else picture.format,
        "width": picture.width,
        "height": picture.height,
        "moves": bool(getattr(picture, "is_animated", False))
        and picture.format in ("PNG", "WEBP"),
    }


def metadata(picture: Image.Image) -> dict[str, Any]:
    """The few EXIF values we read; broken EXIF is no EXIF and never an error."""
    try:
        exif = picture.getexif()
        parts = (
            (exif, TAGS),
            (exif, {0x0112: "orientation"}),
            (exif.get_ifd(0x8769), EXIF_TAGS),
            (exif.get_ifd(0x8825), GPS_TAGS),
        )
        return {
            name: plain(part[tag])
            for part, names in parts
            for tag, name in names.items()
            if tag in part
        }
    except (*BROKEN, KeyError, TypeError, AttributeError, ArithmeticError, IndexError):
        return {}


def plain(value: Any) -> Any:
    """A value that JSON can carry: text, a whole number, or fractions as pairs."""
    if isinstance(value, int):
        return value if abs(value) < 2**53 else None
    if isinstance(value, tuple):
        return [plain(part) for part in value[:4]]
    if isinstance(value, str):
        return value[:100]
    if hasattr(value, "numerator") and hasattr(value, "denominator"):
        return [plain(value.numerator), plain(value.denominator)]
    return None


def shrunk(picture: Image.Image, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """An upright JPEG in sRGB that carries pixels and nothing else (X11)."""
    if too_large(picture, order):
        return {"failure": "too_many_pixels"}, b""
    profile = picture.info.get("icc_profile")
    turn = upright(picture)
    try:
        picture.thumbnail((order["longest_side"],) * 2, reducing_gap=2.0)
    except BROKEN:
        return {"failure": "unreadable"}, b""
    small = flattened(in_srgb(picture, profile))
    if turn is not None:
        small = small.transpose(turn)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82, optimize=True)
    return {}, out.getvalue()


def upright(picture: Image.Image) -> Image.Transpose | None:
    """How to turn the picture so that it stands upright."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    orientation = metadata(picture).get("orientation")
    return turns.get(orientation) if isinstance(orientation, int) else None


def in_srgb(picture: Image.Image, profile: Any) -> Image.Image:
    """The colours as a screen without colour management shows them."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    if not profile or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, *BROKEN):
        return picture
    return turned or picture


def flattened(picture: Image.Image) -> Image.Image:
    """On white paper, as a new image: comments and profiles stay behind."""
    paper = Image.new("RGB", picture.size, "white")
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA"):
        picture = picture.convert("RGBA")
        paper.paste(picture, mask=picture)
    else:
        paper.paste(picture.convert("RGB"))
    return paper


def answered(order: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """One order, answered."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        return (inspected if order["act"] == "inspect" else shrunk)(picture, order)
    except MemoryError:
        return {"failure": "too_costly"}, b""
    except BROKEN:
        return {"failure": "unreadable"}, b""


def serve(orders: BinaryIO, answers: BinaryIO, limits: dict[str, Any]) -> None:
    """Answer orders until there are no more."""
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.register_heif_opener()
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is told with its own reason
    os.nice(limits["nice"])
    confine(limits["memory_bytes"])
    answers.write(b"ready\n")
    answers.flush()
    while line := orders.readline():
        order = json.loads(line)
        data = orders.read(order["length"])
        allow_cpu(limits["cpu_s"])
        found, preview = answered(order | limits, data)
        found["length"] = len(preview)
        answers.write(json.dumps(found).encode() + b"\n" + preview)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, json.loads(sys.argv[1]))
