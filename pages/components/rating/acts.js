// What each control does: one listener for clicks, one for typing, bound once for the room's whole life.

function onClick(room, event) {
  const control = event.target.closest("[data-act]");
  if (control && room.root.contains(control) && control.matches("button, li")) { act(room, control, false); return; }
  const output = event.target.closest(".text[data-output]");
  if (!output || (event.pointerType === "touch" && tapWord(room, output, event))) return;
  if (document.getSelection().isCollapsed) pickSentence(room, output, event);
}

/** Do what a control stands for; `typed` when a digit key stood in for the click. */
function act(room, control, typed) {
  const slot = slotOf(room, control);
  if (slot) takeUp(room, slot);
  const value = control.dataset.value;
  (ACTS[control.dataset.act] || (() => {}))(room, slot, value, control, typed);
}

const ACTS = {
  pick(room, slot, value, control, typed) {
    if (slot.question.kind === "sentences") return pickForSentence(room, slot, value, typed);
    if (slot.question.kind === "multi") return toggle(room, slot, value);
    room.change(slot, { value, unable: undefined });
    closeUnable(room, slot);
    said(room, slot, typed ? advance(room, slot) : null);
  },
  unable: (room, slot) => toggleUnable(room, slot),
  reason(room, slot, value, control, typed) {
    const off = answerTo(room.form, slot).unable === value;
    room.change(slot, off ? { unable: undefined } : { unable: value, value: undefined });
    delete room.cards.get(slot.id).dataset.open;
    refreshCard(room, slot);
    said(room, slot, typed && value !== "other" ? advance(room, slot) : null);
    if (!off && value === "other") openComment(room, slot);
  },
  comment: (room, slot) => openComment(room, slot),
  confidence: (room, slot, value) => room.change(slot, { confidence: answerTo(room.form, slot).confidence === value ? undefined : value }),
  label: (room, slot, value) => addMark(room, slot, value),
  missing: (room, slot) => addMissing(room, slot),
  nothing: (room, slot) => nothingToMark(room, slot),
  "mark-words": (room, slot) => wordCursor(room, slot),
  "show-mark": (room, slot, value, control) => showMark(room, slot, numberOf(control)),
  unmark: (room, slot, value, control) => removeMark(room, slot, numberOf(control)),
  severity: (room, slot, value, control, typed) => { changeMark(room, slot, numberOf(control), { severity: value }); if (typed) focusSlot(room, slot); },
  "missing-label": (room, slot, value, control) => changeMark(room, slot, numberOf(control), { label: value }),
  "sentence-on": (room, slot) => goToSentence(room, slot, sentenceAt(room, slot) + 1),
  "sentence-back": (room, slot) => goToSentence(room, slot, sentenceAt(room, slot) - 1),
  "sentence-severity"(room, slot, value, control, typed) { judgeSentence(room, slot, { severity: value }, true); sentenceDone(room, slot, typed); },
  rest: (room, slot) => judgeRest(room, slot),
  criterion(room, slot, value, control, typed) {
    const done = judgeCriterion(room, slot, control.closest("li").dataset.criterion, value, typed);
    if (typed && done) advance(room, slot);
  },
  verdict: (room, slot, value, control, typed) => { giveVerdict(room, slot, value); if (typed && value === "confirm") advance(room, slot); },
  place: (room, slot, value, control) => choosePlace(room, slot, control.dataset.path),
  unplace: (room, slot, value, control) => dropPlace(room, slot, control.closest("li").dataset.path),
  trace: (room) => traceSelection(room),
  "found-on": (room) => stepHit(room, 1),
  "found-back": (room) => stepHit(room, -1),
  complete: (room) => room.complete(),
  later: (room) => room.later(),
  decline: (room) => askDecline(room),
  again: (room) => trainAgain(room),
  home: (room) => room.leave("mine"),
  previous: (room) => room.open(room.view.previous),
  next: (room) => room.open(room.view.next),
  instructions: (room) => showInstructions(room),
  help: (room) => showKeys(room),
  source: (room) => hideSource(room),
  smaller: (room) => textSize(room, -1),
  larger: (room) => textSize(room, 1),
  close: (room, slot, value, control) => control.closest("dialog").close(),
};
for (const name of ["rank", "unrank", "rank-up", "rank-down", "rank-tie"]) {
  ACTS[name] = (room, slot, value, control, typed) => {
    rank(room, slot, value || control.closest("li").dataset.output, name);
    if (typed && !complaint(room.form, slot)) advance(room, slot);
  };
}

const numberOf = (control) => Number(control.closest("[data-n]").dataset.n);

function said(room, slot, next) {
  const answer = answerTo(room.form, slot);
  const point = slot.question.points.find((one) => one.value === String(answer.value));
  const words = answer.unable ? `unable: ${answer.unable}` : point ? point.label : "";
  const comment = wantsComment(slot.question, answer) && !answer.comment ? " This answer needs a comment." : "";
  room.say(`${slot.question.text}: ${words}.${comment}${next && next !== slot ? ` Next: ${next.question.text}` : ""}`);
}

function toggle(room, slot, value) {
  const chosen = answerTo(room.form, slot).value || [];
  const order = slot.question.points.map((point) => point.value);
  const now = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
  now.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  room.change(slot, { value: now.length ? now : undefined, unable: undefined });
}

function pickForSentence(room, slot, value, typed) {
  const severe = slot.question.severities.length && value !== slot.question.points[0].value;
  judgeSentence(room, slot, { value }, !severe);
  if (!severe) sentenceDone(room, slot, typed);
}

function sentenceDone(room, slot, typed) {
  if (typed && !complaint(room.form, slot)) advance(room, slot);
}

/** A click in the output takes up the sentence under it. */
function pickSentence(room, host, event) {
  const slot = shownSlots(room.form).find((one) => one.question.kind === "sentences" && textOf(room, one) === host);
  const point = slot && caretAt(event.clientX, event.clientY);
  if (!point || !host.contains(point.node)) return;
  const place = points(host.book.text, placeOf(host, point.node, point.offset));
  const n = sentencesOf(room.form, slot).findIndex(([start, end]) => start <= place && place <= end);
  if (n < 0) return;
  focusSlot(room, slot);
  goToSentence(room, slot, n);
}

function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const at = document.caretPositionFromPoint(x, y);
    return at && { node: at.offsetNode, offset: at.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}

function toggleUnable(room, slot) {
  if (!slot || !slot.question.unable.length) return;
  const card = room.cards.get(slot.id);
  const open = card.dataset.open !== "unable" && !answerTo(room.form, slot).unable;
  if (open) card.dataset.open = "unable";
  else { delete card.dataset.open; if (answerTo(room.form, slot).unable) room.change(slot, { unable: undefined }); }
  refreshCard(room, slot);
  focusSlot(room, slot, open ? ".reasons button" : "");
  if (open) room.say("Why can you not assess this? Choose a reason.");
}

function closeUnable(room, slot) {
  const card = room.cards.get(slot.id);
  if (card.dataset.open) { delete card.dataset.open; refreshCard(room, slot); }
}

function openComment(room, slot) {
  if (!slot || slot.question.comment === "none") return;
  room.cards.get(slot.id).dataset.comment = "open";
  refreshCard(room, slot);
  focusSlot(room, slot, "textarea.comment");
}

function clearAnswer(room, slot) {
  if (slot) room.change(slot, { value: undefined, unable: undefined, confidence: undefined });
}

function addMissing(room, slot) {
  const marks = [...marksOf(room.form, slot), { missing: "" }];
  room.change(slot, { value: marks, unable: undefined });
  room.cards.get(slot.id).querySelectorAll(".mark")[marks.length - 1].querySelector("textarea").focus();
}

function nothingToMark(room, slot) {
  if (marksOf(room.form, slot).length) { room.say("There are marks; remove them first."); return; }
  const off = answerTo(room.form, slot).value !== undefined;
  room.change(slot, { value: off ? undefined : [], unable: undefined });
  if (!off) advance(room, slot);
}

function showMark(room, slot, n) {
  const mark = marksOf(room.form, slot)[n];
  const host = textOf(room, slot);
  const range = mark && host && rangeOf(host, mark.start, mark.end);
  if (range) reveal(host.closest(".pane-body"), range);
}

function onInput(room, event) {
  const field = event.target;
  if (field.dataset.act === "search") { search(room, field.value); return; }
  const slot = slotOf(room, field);
  if (!slot) return;
  if (field.dataset.act === "find-place") listPlaces(room, slot, field);
  else FIELDS[field.dataset.act]?.(room, slot, field);
}

const LATER = { later: true };
const FIELDS = {
  words(room, slot, field) {
    const all = [...field.closest(".body").querySelectorAll(".words")].map((one) => one.value);
    const value = slot.question.entries ? (all.some((line) => line.trim()) ? all : undefined) : field.value;
    room.change(slot, { value: value === "" ? undefined : value, unable: undefined }, LATER);
  },
  "comment-words": (room, slot, field) => room.change(slot, { comment: field.value }, LATER),
  "missing-words": (room, slot, field) => {
    const marks = marksOf(room.form, slot).map((mark, n) => (n === numberOf(field) ? { ...mark, missing: field.value } : mark));
    room.change(slot, { value: marks }, LATER);
  },
  "place-name": (room, slot, field) => room.change(slot, { value: { ...answerTo(room.form, slot).value, name: field.value } }, LATER),
};

function onFocusIn(room, event) {
  if (!room.view || room.view.finished) return;
  const slot = slotOf(room, event.target);
  if (slot) takeUp(room, slot);
}

function onPointerDown(room, event) {
  const grip = event.target.closest(".grip");
  const row = grip?.closest("li");
  if (row) { event.preventDefault(); dragRank(room, slotOf(room, row), row, event); }
  // A click on a label must not take the selection away before it is used.
  if (event.target.closest('[data-act="label"], [data-act="trace"]')) event.preventDefault();
}
