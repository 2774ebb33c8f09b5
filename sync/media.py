"""What a picture's first bytes claim that it is; whoever decodes it looks closer."""

_STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"RIFF": "image/webp",
}  # fmt: skip


def picture_type(data: bytes) -> str:
    """The media type that these bytes begin like."""
    if data[4:8] == b"ftyp":
        return "image/heic"
    found = (kind for start, kind in _STARTS.items() if data.startswith(start))
    return next(found, "application/octet-stream")
