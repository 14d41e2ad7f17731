// Places in a text: what is selected, where a phrase stands, and colouring it without touching the text.

const HIGHLIGHTS = typeof CSS !== "undefined" && CSS.highlights && typeof Highlight !== "undefined";

/** Colour `ranges` under a name that room.css knows; none takes the colour away. */
function colour(name, ranges) {
  if (!HIGHLIGHTS) return;
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
}

/** Where a point of the DOM stands in the text of `host`, in UTF-16 units. */
function placeOf(host, node, offset) {
  if (node.nodeType === Node.TEXT_NODE && node.startsAt !== undefined) return node.startsAt + offset;
  const point = document.createRange();
  point.setStart(node, offset);
  for (const text of host.book.nodes) if (point.comparePoint(text, 0) >= 0) return text.startsAt;
  return host.book.text.length;
}

/** What is selected inside `host`, trimmed to words, or null: {start, end, quote} in code points. */
function selectionIn(host) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!host.contains(range.commonAncestorContainer)) return null;
  let start = placeOf(host, range.startContainer, range.startOffset);
  let end = placeOf(host, range.endContainer, range.endOffset);
  const { text } = host.book;
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  if (end <= start) return null;
  return { start: points(text, start), end: points(text, end), quote: text.slice(start, end) };
}

const points = (text, units) => { let n = 0; for (const _ of text.slice(0, units)) n += 1; return n; };

function units(text, wanted) {
  let at = 0;
  for (let n = 0; n < wanted && at < text.length; n += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** The DOM range of text[start:end], given in code points. */
function rangeOf(host, start, end) {
  const { text } = host.book;
  return rangeOfUnits(host, units(text, start), units(text, end));
}

function rangeOfUnits(host, start, end) {
  const inside = host.book.nodes.filter((node) => node.startsAt < end && node.startsAt + node.length > start);
  if (!inside.length) return null;
  const range = document.createRange();
  const [first, last] = [inside[0], inside.at(-1)];
  range.setStart(first, Math.max(0, start - first.startsAt));
  range.setEnd(last, Math.min(last.length, end - last.startsAt));
  return range;
}

/** What can be seen in `hosts`, as one string with the node behind each stretch. */
function visible(hosts) {
  const stretches = [];
  let text = "";
  for (const host of hosts) {
    for (const node of host.book ? host.book.nodes : []) {
      if (stretches.length && node.parentNode !== stretches.at(-1).node.parentNode && !inline(node, stretches.at(-1).node)) text += "\n";
      stretches.push({ at: text.length, node });
      text += node.data;
    }
    text += "\n";
  }
  return { text, stretches };
}

const blockOf = (node) => node.parentNode.closest("p, li, td, th, pre, .heading");
const inline = (node, other) => blockOf(node) === blockOf(other);

function rangeIn(page, start, end) {
  const range = document.createRange();
  const first = stretchAt(page, start);
  const last = stretchAt(page, end - 1);
  range.setStart(first.node, Math.min(first.node.length, start - first.at));
  range.setEnd(last.node, Math.min(last.node.length, end - last.at));
  return range;
}

function stretchAt(page, place) {
  let [low, high] = [0, page.stretches.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (page.stretches[middle].at <= place) low = middle;
    else high = middle - 1;
  }
  return page.stretches[low];
}

const literal = (words) => words.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** Every range where `phrase` stands in `page`, whatever its case and white space; at most `limit`. */
function findAll(page, phrase, limit = 500) {
  const words = phrase.trim().split(/\s+/).filter(Boolean).map(literal);
  if (!words.length) return [];
  const ranges = [];
  for (const found of page.text.matchAll(new RegExp(words.join("\\s+"), "giu"))) {
    ranges.push(rangeIn(page, found.index, found.index + found[0].length));
    if (ranges.length >= limit) break;
  }
  return ranges;
}

/** Where `phrase` stands in `page` word for word, else the passage that shares most of its words. */
function findPhrase(page, phrase) {
  const exact = findAll(page, phrase.replace(/[*_`#|]+/g, " ").replace(/^[\s.,;:]+|[\s.,;:]+$/g, ""), 20);
  if (exact.length) return { exact: true, ranges: exact };
  const near = nearest(page.text, phrase);
  return near ? { exact: false, ranges: [rangeIn(page, near[0], near[1])] } : null;
}

function nearest(text, phrase) {
  const wanted = new Set(wordsIn(phrase).map((word) => word.key).filter((key) => key.length > 2));
  if (!wanted.size) return null;
  const hits = wordsIn(text).filter((word) => wanted.has(word.key));
  const reach = phrase.length * 2 + 40;
  let best = null;
  for (let a = 0, b = 0; b < hits.length; b += 1) {
    while (hits[b].end - hits[a].start > reach) a += 1;
    const shared = new Set(hits.slice(a, b + 1).map((word) => word.key)).size;
    const length = hits[b].end - hits[a].start;
    if (!best || shared > best.shared || (shared === best.shared && length < best.length)) {
      best = { shared, length, place: [hits[a].start, hits[b].end] };
    }
  }
  return best && best.shared >= Math.max(1, Math.ceil(wanted.size / 3)) ? best.place : null;
}

function wordsIn(text) {
  return Array.from(text.matchAll(/[\p{L}\p{N}]+/gu), (found) => ({
    key: found[0].toLowerCase(), start: found.index, end: found.index + found[0].length,
  }));
}

/** Scroll a pane so that `range` is in its middle, without moving anything else. */
function reveal(pane, range, frames = 6) {
  const box = range.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  const away = box.top < frame.top || box.bottom > frame.bottom;
  if (frames === 6 || away) pane.scrollTop += box.top - frame.top - frame.height / 2 + box.height / 2;
  // A paragraph has its true height only once it is near: what that pushes out of sight comes back.
  if (frames) requestAnimationFrame(() => reveal(pane, range, frames - 1));
}
