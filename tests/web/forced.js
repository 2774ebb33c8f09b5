// What cannot be read, or is no longer seen to be a button, where the reader's own colours
// stand in place of ours; one line for each. What is disabled may be faint.
() => {
  const found = [];
  const within = document.querySelector("dialog[open]") ?? document.getElementById("app");
  const shown = (one) => one.checkVisibility() && one.closest(".unseen, :disabled") === null;
  const named = (one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 24)}`;
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const ground = (one) => {
    if (one === null) return [255, 255, 255];
    const [red, green, blue, alpha = 1] = channels(getComputedStyle(one).backgroundColor);
    return alpha > 0.5 ? [red, green, blue] : ground(one.parentElement);
  };
  const light = (colour) => {
    const [red, green, blue] = colour.map((one) => one / 255)
      .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const one = text.parentElement;
    if (text.data.trim() === "" || !shown(one)) continue;
    const [ink, paper] = [light(channels(getComputedStyle(one).color)), light(ground(one))];
    const ratio = Math.max(ink, paper) / Math.min(ink, paper);
    if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(1)} ${named(one)}`);
  }
  for (const one of within.querySelectorAll("button, .button")) {
    const { borderTopWidth, borderTopStyle } = getComputedStyle(one);
    const framed = borderTopStyle !== "none" && parseFloat(borderTopWidth) >= 1;
    if (shown(one) && !framed) found.push(`no border ${named(one)}`);
  }
  return found;
}
