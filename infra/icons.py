"""`python -m infra.icons`: the app's icon, drawn: a door, left ajar, and a check mark.

Written into `field_client/web/public/`: once as SVG and, for home screens, as PNG. A
test fails if a file there is not what would be drawn today. May not enter: words.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parents[1] / "field_client" / "web" / "public"
BLUE, WHITE, GREEN = "#0B5CAD", "#FFFFFF", "#7DDC9F"
UNIT = 64  # the drawing's own width and height
FINE = 4  # drawn so much larger, then made smaller: smooth edges

# Everything in units: the frame, the leaf that stands open, its handle, the mark.
FRAME = (18, 10, 46, 54)
LEAF = ((18, 10), (34, 15), (34, 59), (18, 54))
HANDLE = (28.5, 36, 31.5, 39)
CHECK = ((36, 44), (43, 51), (57, 34))
CHECK_WIDTH = 6

Point = tuple[float, float]


def svg() -> str:
    """The icon as a drawing."""
    left, top, right, bottom = FRAME
    hx, hy, hx2, _ = HANDLE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNIT} {UNIT}">'
        f'<rect width="{UNIT}" height="{UNIT}" rx="12" fill="{BLUE}"/>'
        f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" '
        f'fill="none" stroke="{WHITE}" stroke-width="4"/>'
        f'<polygon points="{_said(LEAF)}" fill="{WHITE}"/>'
        f'<circle cx="{(hx + hx2) / 2}" cy="{hy + 1.5}" r="1.5" fill="{BLUE}"/>'
        f'<polyline points="{_said(CHECK)}" fill="none" stroke="{BLUE}" '
        f'stroke-width="{CHECK_WIDTH + 6}" stroke-linecap="round"/>'
        f'<polyline points="{_said(CHECK)}" fill="none" stroke="{GREEN}" '
        f'stroke-width="{CHECK_WIDTH}" stroke-linecap="round" '
        f'stroke-linejoin="round"/></svg>\n'
    )


def png(side: int, *, maskable: bool = False) -> bytes:
    """The icon as a picture; a maskable one keeps its distance from every edge."""
    scale = side * FINE / UNIT * (0.72 if maskable else 1)
    inset = side * FINE * (0.14 if maskable else 0)
    paper = Image.new("RGBA", (side * FINE, side * FINE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(paper)

    def at(point: Point) -> Point:
        return point[0] * scale + inset, point[1] * scale + inset

    def box(four: tuple[float, float, float, float]) -> tuple[float, ...]:
        return *at((four[0], four[1])), *at((four[2], four[3]))

    whole = (0, 0, side * FINE, side * FINE)
    pen.rounded_rectangle(whole, 0 if maskable else 12 * scale, fill=BLUE)
    pen.rectangle(box(FRAME), outline=WHITE, width=round(4 * scale))
    pen.polygon([at(point) for point in LEAF], fill=WHITE)
    pen.ellipse(box(HANDLE), fill=BLUE)
    for colour, width in ((BLUE, CHECK_WIDTH + 6), (GREEN, CHECK_WIDTH)):
        _stroke(pen, [at(point) for point in CHECK], colour, width * scale)
    held = BytesIO()
    paper.resize((side, side), Image.Resampling.LANCZOS).save(
        held, "PNG", optimize=True
    )
    return held.getvalue()


def _stroke(
    pen: ImageDraw.ImageDraw, points: list[Point], colour: str, width: float
) -> None:
    """A line with round ends."""
    pen.line(points, fill=colour, width=round(width), joint="curve")
    for x, y in points:
        r = width / 2
        pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)


def _said(points: tuple[tuple[int, int], ...]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def drawn() -> dict[str, bytes]:
    """Every file with what belongs into it today."""
    return {
        "icon.svg": svg().encode(),
        "icon-192.png": png(192),
        "icon-512.png": png(512),
        "icon-maskable-512.png": png(512, maskable=True),
    }


def main() -> None:
    """Draw them all."""
    for name, data in drawn().items():
        (HERE / name).write_bytes(data)


if __name__ == "__main__":
    main()
