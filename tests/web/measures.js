// What is too small, too tight, cut off or beyond the edge of the page as it is shown; one
// line for each, empty if all is well (U25). Text for screen readers alone takes no room.
({ least_px, main_px, text_px, line }) => {
  const found = [];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true })
    && one.closest(".unseen") === null;
  const named = (one) => {
    const words = one.textContent.trim().slice(0, 24) || one.getAttribute("aria-label") || "";
    return `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className} "${words}"`;
  };
  const within = document.querySelector("dialog[open]") ?? document.getElementById("app");

  const touched = "a[href], button, input, select, textarea, summary, label.button, [tabindex='0']";
  for (const one of within.querySelectorAll(touched)) {
    if (!shown(one) || one.matches("label.button input")) continue;
    const { width, height } = (one.closest("label.button") ?? one).getBoundingClientRect();
    const main = one.matches(".primary, .foot .button, .owner .button, .owner .chip");
    const high = main ? main_px : least_px;
    if (width < least_px - 0.5 || height < high - 0.5) {
      found.push(`small ${Math.round(width)}×${Math.round(height)} ${named(one)}`);
    }
  }

  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const one = text.parentElement;
    if (text.data.trim().length < 2 || !shown(one)) continue;
    const style = getComputedStyle(one);
    const size = parseFloat(style.fontSize);
    if (size < text_px - 0.01) found.push(`letters ${size} px ${named(one)}`);
    const high = parseFloat(style.lineHeight) / size;
    if (!(high >= line - 0.01)) found.push(`lines ${style.lineHeight} of ${size} ${named(one)}`);
  }

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`wide ${scrollWidth} of ${clientWidth}`);
  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX);
  for (const one of within.querySelectorAll("*")) {
    if (!shown(one) || one.clientWidth === 0 || one.matches("svg *, label.button input")) continue;
    if (one.scrollWidth > one.clientWidth + 1 && !scrolls(one)) {
      found.push(`cut off ${one.scrollWidth} of ${one.clientWidth} ${named(one)}`);
    }
    const hides = /hidden|clip/.test(getComputedStyle(one).overflowY);
    if (hides && one.scrollHeight > one.clientHeight + 1) {
      found.push(`cut off below ${one.scrollHeight} of ${one.clientHeight} ${named(one)}`);
    }
  }
  return [...new Set(found)];
}
