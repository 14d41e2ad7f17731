// Texts to read: Markdown, tables, lists and turns, built from elements and text nodes only, so that
// nothing in a text can run or load anything. Every text node is an exact slice of the text that it
// shows (`node.startsAt`, in UTF-16 units): a selection on the screen is a place in the text.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const HEADING = /^[ ]{0,3}(#{1,6})[ \t]+/;
const FENCE = /^[ ]{0,3}(```|~~~)/;
const RULE = /^[ ]{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^[ ]{0,3}>[ ]?/;
const BULLET = /^([ \t]*)([-*+•]|\d{1,3}[.)])[ \t]+(?=\S)/;
const TABLE_RULE = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const SPEAKER = /^[ \t]*(?:\[([^\]\n]{1,30})\]:?|(?:\*\*)?([A-Z][\w .'’-]{0,29}?)(?:\*\*)?:(?:\*\*)?)[ \t]+(?=\S)/;
/** Show `text` inside `host`; afterwards `host.book` = {text, nodes} says where everything stands. */
function showText(host, text, { dialogue = false } = {}) {
  const book = { text, nodes: [], level: 2, depths: [] };
  const lines = linesOf(text);
  const turns = turnsOf(text, lines, dialogue);
  const page = document.createDocumentFragment();
  if (turns) showTurns(book, turns, page);
  else showBlocks(book, lines, page);
  host.replaceChildren(page);
  host.book = book;
}

function linesOf(text) {
  const lines = [];
  for (let start = 0; start <= text.length; ) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}

const lineText = (book, line) => book.text.slice(line.start, line.end);

function turnsOf(text, lines, dialogue) {
  const turns = [];
  let filled = 0;
  for (const line of lines) {
    const words = text.slice(line.start, line.end);
    if (!words.trim()) { if (turns.length) turns.at(-1).lines.push(line); continue; }
    filled += 1;
    const found = SPEAKER.exec(words);
    if (found) turns.push({ who: (found[1] || found[2]).trim(), lines: [{ start: line.start + found[0].length, end: line.end }] });
    else if (turns.length) turns.at(-1).lines.push(line);
    else return null;
  }
  const speakers = new Set(turns.map((turn) => turn.who.toLowerCase()));
  if (turns.length < 2 || speakers.size > 6) return null;
  const alternates = turns.length >= 4 && speakers.size <= turns.length / 2 && turns.length >= filled / 2;
  return dialogue || alternates ? turns : null;
}

function showTurns(book, turns, parent) {
  const first = turns[0].who.toLowerCase();
  for (const turn of turns) {
    const said = make("div", { class: "said" });
    showBlocks(book, turn.lines, said);
    const side = turn.who.toLowerCase() === first ? "turn" : "turn other";
    parent.append(make("div", { class: side }, make("div", { class: "who" }, turn.who), said));
  }
}

function showBlocks(book, lines, parent) {
  for (let at = 0; at < lines.length; ) at = showBlock(book, lines, at, parent);
}

/** Append the block that begins at line `at`; return the line after it. */
function showBlock(book, lines, at, parent) {
  const line = lineText(book, lines[at]);
  if (!line.trim()) return at + 1;
  if (FENCE.test(line)) return showFence(book, lines, at, parent);
  if (HEADING.test(line)) return showHeading(book, lines[at], at, parent);
  if (RULE.test(line)) { parent.append(make("hr")); return at + 1; }
  if (startsTable(book, lines, at)) return showTable(book, lines, at, parent);
  if (QUOTE.test(line)) return showQuote(book, lines, at, parent);
  if (BULLET.test(line)) return showList(book, lines, at, parent);
  return showParagraph(book, lines, at, parent);
}

function startsTable(book, lines, at) {
  if (at + 1 >= lines.length || !lineText(book, lines[at]).includes("|")) return false;
  const rule = lineText(book, lines[at + 1]);
  return rule.includes("-") && rule.includes("|") && rule.length < 2000 && TABLE_RULE.test(rule);
}

function showParagraph(book, lines, at, parent) {
  const paragraph = make("p");
  const begin = at;
  do {
    if (at > begin) slice(book, paragraph, lines[at - 1].end, lines[at - 1].end + 1);
    showInline(book, paragraph, lines[at].start, lines[at].end);
    at += 1;
  } while (at < lines.length && continues(book, lines, at));
  parent.append(paragraph);
  return at;
}

function continues(book, lines, at) {
  const line = lineText(book, lines[at]);
  const other = [FENCE, HEADING, RULE, QUOTE, BULLET].some((sign) => sign.test(line));
  return line.trim() !== "" && !other && !startsTable(book, lines, at);
}

function showHeading(book, line, at, parent) {
  const sign = HEADING.exec(lineText(book, line));
  const depth = sign[1].length;
  if (!book.depths.includes(depth)) book.depths.push(depth);
  const rank = [...book.depths].sort().indexOf(depth);
  book.level = Math.min(3 + rank, book.level + 1, 6);
  const heading = make("div", { role: "heading", "aria-level": book.level, class: `heading h${depth}` });
  showInline(book, heading, line.start + sign[0].length, line.end);
  parent.append(heading);
  return at + 1;
}

function showFence(book, lines, at, parent) {
  const fence = FENCE.exec(lineText(book, lines[at]))[1];
  let last = at + 1;
  while (last < lines.length && !lineText(book, lines[last]).trimStart().startsWith(fence)) last += 1;
  const block = make("pre", { tabindex: "0" });
  if (last > at + 1) slice(book, block, lines[at + 1].start, lines[last - 1].end);
  parent.append(block);
  return last + 1;
}

function showQuote(book, lines, at, parent) {
  const inner = [];
  for (; at < lines.length; at += 1) {
    const sign = QUOTE.exec(lineText(book, lines[at]));
    if (!sign) break;
    inner.push({ start: lines[at].start + sign[0].length, end: lines[at].end });
  }
  const quote = make("blockquote");
  showBlocks(book, inner, quote);
  parent.append(quote);
  return at;
}

function showList(book, lines, at, parent) {
  const open = []; // lists being written, outermost first: {indent, list, item}
  for (; at < lines.length; at += 1) {
    const line = lineText(book, lines[at]);
    const sign = BULLET.exec(line);
    if (sign && !RULE.test(line)) showListItem(book, lines[at], sign, open, parent);
    else if (line.trim() && /^[ \t]/.test(line)) {
      slice(book, open.at(-1).item, lines[at].start - 1, lines[at].start);
      showInline(book, open.at(-1).item, lines[at].start, lines[at].end);
    } else if (line.trim() || !listGoesOn(book, lines, at)) break;
  }
  return at;
}

function listGoesOn(book, lines, at) {
  while (at < lines.length && !lineText(book, lines[at]).trim()) at += 1;
  return at < lines.length && BULLET.test(lineText(book, lines[at]));
}

function showListItem(book, line, sign, open, parent) {
  const indent = sign[1].replaceAll("\t", "    ").length;
  while (open.length > 1 && indent < open.at(-1).indent) open.pop();
  const numbered = /\d/.test(sign[2]);
  if (!open.length || (indent > open.at(-1).indent + 1 && open.length < 8)) {
    const list = make(numbered ? "ol" : "ul");
    (open.length ? open.at(-1).item : parent).append(list);
    open.push({ indent, list, item: null });
  } else if (numbered !== (open.at(-1).list.tagName === "OL")) {
    const list = make(numbered ? "ol" : "ul");
    open.at(-1).list.parentNode.append(list);
    open.at(-1).list = list;
  }
  const item = make("li", numbered ? { value: parseInt(sign[2], 10) } : {});
  showInline(book, item, line.start + sign[0].length, line.end);
  open.at(-1).list.append(item);
  open.at(-1).item = item;
}

function showTable(book, lines, at, parent) {
  const head = make("tr");
  showCells(book, lines[at], head, "th");
  const body = make("tbody");
  for (at += 2; at < lines.length && lineText(book, lines[at]).includes("|"); at += 1) {
    const row = make("tr");
    showCells(book, lines[at], row, "td");
    body.append(row);
  }
  const table = make("table", {}, make("thead", {}, head), body);
  parent.append(make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Table" }, table));
  return at;
}

function showCells(book, line, row, tag) {
  for (const { start, end } of cellsOf(book, line)) {
    const cell = make(tag, tag === "th" ? { scope: "col" } : {});
    showInline(book, cell, start, end);
    row.append(cell);
  }
}

function cellsOf(book, line) {
  const words = lineText(book, line);
  const edges = [-1];
  for (let k = 0; k < words.length; k += 1) if (words[k] === "|" && words[k - 1] !== "\\") edges.push(k);
  const cells = [...edges, words.length].slice(1).map((edge, k) => {
    const cell = words.slice(edges[k] + 1, edge);
    const lead = cell.length - cell.trimStart().length;
    const start = line.start + edges[k] + 1 + lead;
    return { start, end: start + cell.trim().length };
  });
  const blank = (cell) => cell.end === cell.start;
  return cells.filter((cell, k) => !(blank(cell) && (k === 0 || k === cells.length - 1)));
}
