// What stands inside a line of Markdown: emphasis, code, links shown as words; every node an exact slice.

const INLINE = new RegExp(
  [
    "\\\\([\\\\`*_{}\\[\\]()#+.!|>~-])", // 1: an escaped sign
    "(`{1,3})([^`\\n]{1,400})\\2", // 2, 3: code
    "(\\*\\*|__)(?=\\S)((?:[^*_\\n]|[*_](?![*_])){1,600}?)\\4", // 4, 5: strong
    "~~(?=\\S)([^~\\n]{1,400})~~", // 6: struck out
    "\\*(?=[^\\s*])([^*\\n]{1,400})\\*", // 7: emphasis
    "(?<![\\p{L}\\p{N}])_(?=[^\\s_])([^_\\n]{1,400})_(?![\\p{L}\\p{N}])", // 8: emphasis
    "!?\\[([^\\]\\n]{1,300})\\]\\(([^)\\n]{0,1000})\\)", // 9, 10: a link or image, shown as words
    "<br\\s*/?>", // a line break in a table cell
  ].join("|"),
  "dgu",
);

/** Append text[start:end] to `parent`, with emphasis and the like; `depth` bounds nesting. */
function showInline(book, parent, start, end, depth = 0) {
  const words = book.text.slice(start, end);
  let done = 0;
  if (depth < 4) {
    for (const found of words.matchAll(INLINE)) {
      slice(book, parent, start + done, start + found.index);
      showSign(book, parent, start, found, depth);
      done = found.index + found[0].length;
    }
  }
  slice(book, parent, start + done, end);
}

const INLINE_TAGS = { 3: "code", 5: "strong", 6: "s", 7: "em", 8: "em" };

function showSign(book, parent, start, found, depth) {
  const [group] = [1, 3, 5, 6, 7, 8, 9].filter((k) => found[k] !== undefined);
  if (!group) { parent.append(make("br")); return; }
  const [from, to] = found.indices[group].map((place) => start + place);
  if (group === 1 || group === 9) slice(book, parent, from, to);
  if (group === 9 && found[10]) {
    const address = make("span", { class: "address" }, " (");
    slice(book, address, start + found.indices[10][0], start + found.indices[10][1]);
    address.append(")");
    parent.append(address);
  }
  if (!INLINE_TAGS[group]) return;
  const element = make(INLINE_TAGS[group]);
  if (group === 3) slice(book, element, from, to);
  else showInline(book, element, from, to, depth + 1);
  parent.append(element);
}

function slice(book, parent, start, end) {
  if (end <= start) return;
  const node = document.createTextNode(book.text.slice(start, end));
  node.startsAt = start;
  book.nodes.push(node);
  parent.append(node);
}
