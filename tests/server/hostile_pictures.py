"""Files that harm whoever decodes them carelessly, made anew from a seed.

`hostile(seed)` yields a name, the bytes and the flaw to be found: a code, or None
where any finding will do as long as the server lives (M13).
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pillow_heif
from PIL import Image, PngImagePlugin

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
Case = tuple[str, bytes, str | None]


def drawn(size: tuple[int, int] = (64, 48), seed: int = 0) -> Image.Image:
    """A small picture with something in it."""
    noise = random.Random(seed).randbytes(size[0] * size[1] * 3)
    return Image.frombytes("RGB", size, noise)


def encoded(picture: Image.Image, form: str, **how: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def hostile(seed: int) -> Iterator[Case]:
    """All of them."""
    draw = random.Random(seed)
    honest = {form: encoded(drawn(seed=seed), form) for form in FORMATS}
    yield from nothing_like_a_picture(draw)
    yield from other_formats()
    yield from cut(honest, draw)
    yield from flipped(honest, draw)
    yield from bombs(honest)
    yield from two_in_one(honest)
    yield from moving()
    yield from lying_metadata(honest)
    yield from odd_structures(honest, draw)


def nothing_like_a_picture(draw: random.Random) -> Iterator[Case]:
    """Bytes that only claim to be one, or not even that."""
    yield "empty", b"", "not_a_picture"
    yield "one byte", b"\xff", "not_a_picture"
    yield "two bytes", b"\xff\xd8", "not_a_picture"
    yield "zeros", bytes(5000), "not_a_picture"
    for n in range(4):
        yield f"noise {n}", b"\0" + draw.randbytes(10**n), "not_a_picture"
    for name, head in {
        "jpeg": b"\xff\xd8\xff\xe0",
        "png": b"\x89PNG\r\n\x1a\n",
        "webp": b"RIFF\xff\xff\0\0WEBP",
        "heic": b"\0\0\0\x18ftypheic",
    }.items():
        yield f"noise behind a {name} head", head + draw.randbytes(3000), None
        yield f"only a {name} head", head, None


def other_formats() -> Iterator[Case]:
    """Named .jpg by whoever sent them."""
    for form in ("GIF", "TIFF", "BMP", "ICO", "PPM", "TGA", "PCX", "PDF", "EPS"):
        yield f"a {form}", encoded(drawn(), form), "not_a_picture"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    yield "an SVG", svg, "not_a_picture"
    yield "a page", b"<html><script>alert(1)</script></html>", "not_a_picture"
    yield "a PSD", b"8BPS\0\1" + bytes(200), "not_a_picture"
    yield "a script", b"push graphic-context\nviewbox 0 0 1 1", "not_a_picture"
    yield "a FITS", b"SIMPLE  =                    T".ljust(2880), "not_a_picture"
    yield "a film", b"\0\0\0\x18ftypisom" + bytes(100), "not_a_picture"


def cut(honest: dict[str, bytes], draw: random.Random) -> Iterator[Case]:
    """Files whose end did not arrive."""
    for form, data in honest.items():
        for length in (len(data) - 1, *draw.sample(range(200, len(data)), 4)):
            yield f"{form} cut at {length}", data[:length], "truncated"


def flipped(honest: dict[str, bytes], draw: random.Random) -> Iterator[Case]:
    """Single bits that changed on the way."""
    for form, data in honest.items():
        for n in range(6):
            bad = bytearray(data)
            bad[draw.randrange(20, len(data))] ^= 1 << draw.randrange(8)
            yield f"{form} with flipped bit {n}", bytes(bad), None


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png(width: int, height: int, *chunks: bytes, depth: int = 8) -> bytes:
    """A grey PNG of these chunks, whatever size it claims."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def bombs(honest: dict[str, bytes]) -> Iterator[Case]:
    """Few bytes that ask for much memory or time."""
    zeros = zlib.compress(bytes(20_000_000), 9)
    flood = "too_many_pixels"
    yield "pixel flood", png(60000, 60000, chunk(b"IDAT", zeros), depth=1), flood
    yield "real flood", png(16000, 16000, chunk(b"IDAT", zeros)), flood
    yield "widest PNG", png(2**31 - 1, 2**31 - 1, chunk(b"IDAT", zeros)), None
    yield "short PNG", png(7000, 7000, chunk(b"IDAT", zlib.compress(b"0"))), None
    jpeg = honest["JPEG"]
    at = jpeg.index(b"\xff\xc0") + 5
    yield "wide JPEG", jpeg[:at] + b"\xff\xff\xff\xff" + jpeg[at + 4 :], flood
    yield "JPEG of nothing", jpeg[:at] + bytes(4) + jpeg[at + 4 :], None
    large = b"\0" * 4 + (16382).to_bytes(3, "little") * 2
    webp = b"VP8X" + struct.pack("<I", 10) + large + honest["WEBP"][12:]
    riff = b"RIFF" + struct.pack("<I", len(webp) + 4) + b"WEBP" + webp
    yield "wide WebP", riff, None
    heif = bytearray(honest["HEIF"])
    at = heif.index(b"ispe") + 8
    heif[at : at + 8] = struct.pack(">II", 60000, 60000)
    yield "wide HEIC", bytes(heif), None
    for name, body in {
        "iTXt": b"a\0\1\0\0\0" + zeros,
        "zTXt": b"a\0\0" + zeros,
        "iCCP": b"a\0\0" + zeros,
    }.items():
        plain = chunk(b"IDAT", zlib.compress(bytes(9 * 8)))
        yield f"{name} bomb", png(8, 8, chunk(name.encode(), body), plain), None
    yield "thousands of scans", scans(3000), "too_costly"


def scans(times: int) -> bytes:
    """A progressive JPEG that refines the same coefficients again and again."""
    plain = Image.new("RGB", (4000, 4000), "grey")
    jpeg = encoded(plain, "JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * times + jpeg[-2:]


def archive() -> bytes:
    """A small ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("run.sh", "echo")
    return out.getvalue()


def two_in_one(honest: dict[str, bytes]) -> Iterator[Case]:
    """Pictures that are something else as well."""
    tails = {
        "ZIP": archive(),
        "RAR": b"Rar!\x1a\x07\0",
        "7z": b"7z\xbc\xaf\x27\x1c\0",
        "page": b"<html><body>",
        "script": b"<script src=x></script>",
        "PHP": b"<?php system($_GET[0]);",
        "PDF": b"%PDF-1.4\n",
        "program": b"\x7fELF\2",
    }
    for form, data in honest.items():
        for name, tail in tails.items():
            yield f"{form} and {name}", data + tail, "polyglot"
    page = b"<script>alert(1)</script>"
    jpeg = encoded(drawn(), "JPEG", comment=page)
    yield "a page in a JPEG's comment", jpeg, "polyglot"
    zipped = encoded(drawn(), "JPEG", comment=b"%PDF-1.7 " + archive())
    yield "a document in a JPEG's comment", zipped, "polyglot"
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", page.decode())
    yield "a page in a PNG", encoded(drawn(), "PNG", pnginfo=note), "polyglot"


def moving() -> Iterator[Case]:
    """Pictures that are several."""
    films: dict[str, object] = {"save_all": True, "append_images": [drawn(seed=1)]}
    for form in ("PNG", "WEBP"):
        yield f"a film as {form}", encoded(drawn(), form, **films), "animated"


def with_exif(jpeg: bytes, body: bytes) -> bytes:
    """The JPEG with this as its EXIF block."""
    block = b"Exif\0\0" + body
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def lying_metadata(honest: dict[str, bytes]) -> Iterator[Case]:
    """Broken EXIF in sound pictures: the picture is fine."""
    jpeg, tiff = honest["JPEG"], b"MM\0*\0\0\0\x08"
    entry = struct.pack
    for name, body in {
        "nothing": b"",
        "noise": b"\x99" * 300,
        "a cut head": b"MM\0",
        "an IFD outside": b"MM\0*\xff\xff\xff\xf0",
        "a loop": tiff + entry(">HHHII", 1, 0x8769, 4, 1, 8) + entry(">I", 8),
        "a huge count": tiff + entry(">HHHII", 1, 0x010F, 2, 2**32 - 1, 8) + bytes(4),
        "65535 entries": tiff + b"\xff\xff" + b"\1\x12\0\3\0\0\0\1\0\6\0\0" * 50,
        "orientation 99": tiff + entry(">HHHIHH", 1, 0x112, 3, 1, 99, 0) + bytes(4),
        "orientation in words": tiff + entry(">HHHI4s", 1, 0x112, 2, 4, b"top") * 2,
    }.items():
        yield f"EXIF: {name}", with_exif(jpeg, body), "sound"


def odd_structures(honest: dict[str, bytes], draw: random.Random) -> Iterator[Case]:
    """Structures that no camera writes."""
    jpeg, plain = honest["JPEG"], chunk(b"IDAT", zlib.compress(bytes(9 * 8)))
    yield "JPEG of 60000 comments", jpeg[:2] + b"\xff\xfe\0\2" * 60000 + jpeg[2:], None
    yield "JPEG of empty lengths", b"\xff\xd8" + b"\xff\xe0\0\0" * 9999, None
    yield "JPEG of 0xFF", b"\xff\xd8" + b"\xff" * 2_000_000, None
    start = jpeg[: jpeg.index(b"\xff\xda") + 14]
    yield "scan of 0xFF", start + b"\xff" * 2_000_000 + b"\0", "truncated"
    yield "scan of restarts", start + b"\xff\xd0" * 1_100_000, "too_costly"
    yield "JPEG of segments", b"\xff\xd8" + b"\xff\xfe\0\2" * 1_100_000, "too_costly"
    yield "PNG of 60000 chunks", png(8, 8, chunk(b"aaAa", b"") * 60000, plain), None
    yield "PNG of wrong sums", png(8, 8, plain).replace(b"IDAT", b"IDBT"), None
    yield "HEIC of 100000 boxes", honest["HEIF"] + b"\0\0\0\x08free" * 100_000, None
    yield "HEIC of itself", honest["HEIF"][:24] * 400, None
    at = draw.randrange(len(jpeg) - 900, len(jpeg) - 100)
    stopped = jpeg[:at] + b"\xff\x1f" + jpeg[at + 2 :]
    yield "a marker inside the only scan", stopped, "unreadable"
    fresh = encoded(drawn(), "JPEG", restart_marker_rows=1)
    at = fresh.index(b"\xff\xd1") - 40
    yield "a scan that goes on", fresh[:at] + b"\xff\x1f" + fresh[at + 2 :], "damaged"
    yield "a lost restart", fresh.replace(b"\xff\xd1", b"\x11\x11"), "damaged"
