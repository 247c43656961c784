/**
 * Runs in the page: texts whose contrast is too low to be read by everybody, after WCAG 2.2, 1.4.3.
 */
(() => {
  const LEAST = 4.5;

  /** Red, green, blue and alpha, 0 to 1, of a computed colour. */
  function parse(text) {
    const numbers = text.match(/[\d.]+(?:e-?\d+)?/g).map(Number);
    const scale = text.startsWith("rgb") ? 255 : 1;
    const [red, green, blue, alpha = 1] = numbers;
    return [red / scale, green / scale, blue / scale, alpha];
  }

  function over([red, green, blue, alpha], below) {
    return [red, green, blue].map((part, at) => part * alpha + below[at] * (1 - alpha));
  }

  /** What is behind a text, the bars of the order book included. */
  function behind(element) {
    const layers = [];
    for (let each = element; each !== null; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== "none") layers.push(barOf(each));
      layers.push(parse(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [1, 1, 1]);
  }

  function barOf(row) {
    const probe = document.body.appendChild(document.createElement("span"));
    probe.style.color = getComputedStyle(row).getPropertyValue("--bar");
    const colour = parse(getComputedStyle(probe).color);
    probe.remove();
    return colour;
  }

  function luminance(colour) {
    const [red, green, blue] = colour.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = { texts: 0, low: [] };
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.textContent.trim() === "" || !element.checkVisibility()) continue;
    // A control that cannot be used need not be read.
    if (element.closest(":disabled")) continue;
    const back = behind(element);
    const front = over(parse(getComputedStyle(element).color), back);
    const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    found.texts++;
    if (ratio < LEAST) found.low.push(`${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
  }
  return JSON.stringify(found);
})();
