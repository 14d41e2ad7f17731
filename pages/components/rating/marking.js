// Questions about words of the output: error spans with label and severity, what is missing, sentences.

const textOf = (room, slot) => {
  const output = slot.output || room.view.outputs[0];
  return output ? room.root.querySelector(`.text[data-output="${output.key}"]`) : null;
};
const short = (words, most = 90) => (words.length > most ? `${words.slice(0, most - 20)} … ${words.slice(-15)}` : words);
const marksOf = (form, slot) => answerTo(form, slot).value || [];

BODIES.spans = {
  build(form, slot) {
    const { question } = slot;
    const body = make("div", { class: "marking" });
    body.append(make("p", { class: "hint" }, matchMedia("(pointer: coarse)").matches ? "Tap the first and the last word in the answer" : "Select words in the answer", question.points.length ? ", then choose what they are:" : ", then mark them:"));
    const labels = question.points.length ? question.points : [{ value: "", label: "Mark" }];
    const tools = make("div", { class: "tools" }, button("mark-words", { class: "quiet", "aria-keyshortcuts": "m" }, "Select by keyboard ", key("M")));
    if (question.omissions) tools.append(button("missing", { class: "quiet" }, "Something is missing ", key("+")));
    tools.append(button("nothing", { class: "quiet", "aria-pressed": "false" }, "Nothing to mark ", key("0")));
    const group = buildPoints("label", labels, { class: "points column", "aria-label": `${question.text}: label for the selected words` }, "checkbox");
    for (const one of group.children) { one.removeAttribute("role"); one.removeAttribute("aria-checked"); }
    body.append(group, tools, make("ol", { class: "marks", "aria-label": "Marks so far" }));
    return body;
  },
  refresh(form, slot, body, answer) {
    const list = body.querySelector(".marks");
    const marks = answer.value || [];
    // Rebuilt only when their number changes, so that typing a note keeps its field.
    const shape = marks.map((mark) => `${mark.start ?? "missing"}-${mark.end}-${mark.label}`).join();
    if (list.dataset.shape !== shape) {
      list.dataset.shape = shape;
      list.replaceChildren(...marks.map((mark, n) => buildMark(slot, mark, n)));
    }
    marks.forEach((mark, n) => {
      check(list.children[n].querySelector(".severities"), mark.severity ?? []);
      const note = list.children[n].querySelector("textarea");
      if (note) fill(note, mark.missing);
    });
    const nothing = answer.value !== undefined && !marks.length;
    body.querySelector('[data-act="nothing"]').setAttribute("aria-pressed", String(nothing));
  },
};

function buildMark(slot, mark, n) {
  const { question } = slot;
  const label = question.points.find((point) => point.value === mark.label);
  const row = make("li", { class: "mark", "data-n": n });
  const name = mark.missing === undefined ? `“${short(mark.quote)}”` : "Missing:";
  const head = mark.missing === undefined ? button("show-mark", { class: "quoted" }, name) : make("span", {}, name);
  row.append(make("div", { class: "mark-head" }, label ? make("b", {}, label.label) : null, head, button("unmark", { class: "quiet", "aria-label": `Remove mark ${n + 1}` }, "✕")));
  if (mark.missing !== undefined) {
    row.append(make("textarea", { class: "words", "data-act": "missing-words", rows: "2", maxlength: "2000", "aria-label": `What is missing, mark ${n + 1}` }));
    if (question.points.length) row.append(buildPoints("missing-label", question.points, { class: "points inline", "aria-label": "What kind" }));
    check(row.querySelector(".points"), mark.label ?? []);
  }
  if (question.severities.length) row.append(buildPoints("severity", question.severities, { class: "points inline severities", "aria-label": `How severe is mark ${n + 1}` }));
  return row;
}

/** A finger's tap takes up a word of the output, a second one all words up to it, one inside lets go. */
function tapWord(room, host, event) {
  const point = spansSlot(room, host) && caretAt(event.clientX, event.clientY);
  if (!point || point.node.startsAt === undefined || !host.contains(point.node)) return false;
  const word = [...point.node.data.matchAll(/[\p{L}\p{N}](?:\S*[\p{L}\p{N}%])?/gu)].find((one) => one.index <= point.offset && point.offset <= one.index + one[0].length);
  if (!word) return false;
  const { text } = host.book;
  const start = point.node.startsAt + word.index;
  const end = start + word[0].length;
  const held = room.selected?.host === host ? [units(text, room.selected.place.start), units(text, room.selected.place.end)] : [end, start];
  document.getSelection().removeAllRanges();
  if (start < held[0] || end > held[1]) document.getSelection().addRange(rangeOfUnits(host, Math.min(start, held[0]), Math.max(end, held[1])));
  showSelected(room);
  return true;
}

/** Turn the selection in the output into a mark of this slot. */
function addMark(room, slot, label) {
  const place = room.selected && room.selected.host === textOf(room, slot) ? room.selected.place : null;
  if (!place) { room.say("Select words in the answer first."); return; }
  const mark = { ...place, ...(label ? { label } : {}) };
  const same = (one) => one.start === mark.start && one.end === mark.end && one.label === mark.label;
  const marks = marksOf(room.form, slot);
  if (!marks.some(same)) room.change(slot, { value: [...marks, mark], unable: undefined });
  room.selected = null;
  document.getSelection().removeAllRanges();
  showSelected(room);
  room.say(`Marked “${short(place.quote)}”. ${slot.question.severities.length ? "How severe?" : ""}`);
}

function changeMark(room, slot, n, change) {
  const marks = marksOf(room.form, slot).map((mark, k) => (k === n ? { ...mark, ...change } : mark));
  room.change(slot, { value: marks });
}

function removeMark(room, slot, n) {
  const marks = marksOf(room.form, slot).filter((_, k) => k !== n);
  room.change(slot, { value: marks.length ? marks : undefined });
}

/** Colour every mark, and the sentence at hand, in the texts. */
function paintMarks(room) {
  const painted = { marks: [], severe: [], flagged: [], now: [] };
  for (const slot of shownSlots(room.form)) {
    const host = textOf(room, slot);
    if (!host || !host.book) continue;
    if (slot.question.kind === "spans") paintSpans(room, slot, host, painted);
    if (slot.question.kind === "sentences") paintSentences(room, slot, host, painted);
  }
  for (const [name, ranges] of Object.entries(painted)) colour(`room-${name}`, ranges.filter(Boolean));
}

function paintSpans(room, slot, host, painted) {
  const worst = slot.question.severities.at(-1)?.value;
  for (const mark of marksOf(room.form, slot)) {
    if (mark.start !== undefined) (worst && mark.severity === worst ? painted.severe : painted.marks).push(rangeOf(host, mark.start, mark.end));
  }
}

function paintSentences(room, slot, host, painted) {
  const first = slot.question.points[0].value;
  const marks = marksOf(room.form, slot);
  sentencesOf(room.form, slot).forEach(([start, end], n) => {
    if (room.form.current === slot && n === sentenceAt(room, slot)) painted.now.push(rangeOf(host, start, end));
    else if (marks[n] && marks[n].value !== first) painted.flagged.push(rangeOf(host, start, end));
  });
}

const sentenceAt = (room, slot) => Math.min(room.sentence.get(slot.id) ?? 0, sentencesOf(room.form, slot).length - 1);

BODIES.sentences = {
  build(form, slot) {
    const { question } = slot;
    const step = make("div", { class: "stepper" },
      button("sentence-back", { class: "quiet", "aria-label": "Previous sentence", "aria-keyshortcuts": "ArrowLeft" }, "‹ ", key("←")),
      make("span", { class: "count" }),
      button("sentence-on", { class: "quiet", "aria-label": "Next sentence", "aria-keyshortcuts": "ArrowRight" }, key("→"), " ›"),
      button("rest", { class: "quiet" }, `All others: ${question.points[0].label}`));
    const body = make("div", { class: "marking" }, step, make("blockquote", { class: "sentence" }), pointsFor(slot, "radio"));
    if (question.severities.length) body.append(buildPoints("sentence-severity", question.severities, { class: "points inline severities", "aria-label": "How severe" }));
    return body;
  },
  refresh(form, slot, body, answer) {
    const { room } = form;
    const all = sentencesOf(form, slot);
    const n = sentenceAt(room, slot);
    const marks = answer.value || [];
    const host = textOf(room, slot);
    const words = host?.book && all[n] ? rangeOf(host, ...all[n]) : null;
    const done = marks.filter(Boolean).length;
    body.querySelector(".count").textContent = `Sentence ${n + 1} of ${all.length} · ${done} judged`;
    body.querySelector(".sentence").textContent = words ? words.toString() : "";
    check(body.querySelector(".points"), marks[n]?.value ?? []);
    const severities = body.querySelector(".severities");
    if (severities) {
      severities.hidden = !marks[n] || marks[n].value === slot.question.points[0].value;
      check(severities, marks[n]?.severity ?? []);
    }
  },
};

function judgeSentence(room, slot, change, advance) {
  const all = sentencesOf(room.form, slot);
  const n = sentenceAt(room, slot);
  const marks = Array.from({ length: all.length }, (_, k) => marksOf(room.form, slot)[k] || null);
  marks[n] = change.value ? { value: change.value } : { ...marks[n], ...change };
  room.change(slot, { value: marks, unable: undefined });
  if (advance && n + 1 < all.length) goToSentence(room, slot, n + 1);
}

function judgeRest(room, slot) {
  const first = slot.question.points[0].value;
  const marks = sentencesOf(room.form, slot).map((_, n) => marksOf(room.form, slot)[n] || { value: first });
  room.change(slot, { value: marks, unable: undefined });
}

function goToSentence(room, slot, n) {
  const all = sentencesOf(room.form, slot);
  if (n < 0 || n >= all.length) return;
  room.sentence.set(slot.id, n);
  refreshCard(room, slot);
  paintMarks(room);
  const host = textOf(room, slot);
  const range = host && rangeOf(host, ...all[n]);
  if (range) reveal(host.closest(".pane-body"), range);
}

/** Select words in the output from the keyboard: arrows move, Shift extends, Enter marks, Escape leaves. */
function wordCursor(room, slot) {
  const host = textOf(room, slot);
  if (!host) return;
  const words = [];
  for (const node of host.book.nodes) for (const found of node.data.matchAll(/\S+/gu)) words.push({ node, from: found.index, to: found.index + found[0].length, text: found[0] });
  if (!words.length) return;
  room.cursor = { slot, host, words, anchor: 0, at: 0 };
  host.tabIndex = -1;
  host.focus({ preventScroll: true });
  moveCursor(room, 0, false);
  room.say("Selecting by keyboard. Arrows move by word, Shift and arrows select more, a digit or Enter marks, Escape leaves.");
}

function moveCursor(room, by, extend) {
  const { cursor } = room;
  cursor.at = Math.max(0, Math.min(cursor.words.length - 1, cursor.at + by));
  if (!extend) cursor.anchor = cursor.at;
  const [low, high] = [Math.min(cursor.anchor, cursor.at), Math.max(cursor.anchor, cursor.at)].map((n) => cursor.words[n]);
  document.getSelection().setBaseAndExtent(low.node, low.from, high.node, high.to);
  const range = document.createRange();
  range.setStart(cursor.words[cursor.at].node, cursor.words[cursor.at].from);
  range.setEnd(cursor.words[cursor.at].node, cursor.words[cursor.at].to);
  reveal(cursor.host.closest(".pane-body"), range);
  room.say(cursor.words[cursor.at].text);
}

function leaveCursor(room) {
  const { slot } = room.cursor;
  room.cursor = null;
  document.getSelection().removeAllRanges();
  focusSlot(room, slot);
}
