// The keyboard: digits answer, arrows move, U C L M F I / and ?, Ctrl+Enter completes.

function onKey(room, event) {
  if (event.defaultPrevented || event.isComposing || !room.view) return;
  const { target } = event;
  if (!room.root.contains(target) && (room.scratch || target !== document.body)) return;
  if (room.root.querySelector("dialog[open]")) return;
  if (used(room, event, target)) event.preventDefault();
}

function used(room, event, target) {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { room.complete(); return true; }
  if (room.view.finished) return false;
  if (target.matches("input, textarea")) return inField(room, event, target);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (room.cursor && cursorKey(room, event)) return true;
  if (arrow(room, event, target)) return true;
  if (/^\d$/.test(event.key)) return digit(room, event.key);
  const act = LETTERS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  return act ? act(room, event) !== false : false;
}

const LETTERS = {
  u: (room) => toggleUnable(room, currentSlot(room)),
  c: (room) => openComment(room, currentSlot(room)),
  l: (room) => room.later(),
  i: (room) => showInstructions(room),
  f: (room) => traceSelection(room),
  m: (room) => { const slot = spansNow(room); return slot ? wordCursor(room, slot) : false; },
  s: (room) => (sourceBody(room) ? hideSource(room) : false),
  "?": (room) => showKeys(room),
  "/": (room) => { const field = room.root.querySelector('[data-act="search"]'); if (!field) return false; field.focus(); field.select(); return true; },
  "+": (room) => { const slot = currentSlot(room); return slot?.question.omissions ? addMissing(room, slot) : false; },
  Delete: (room) => clearAnswer(room, currentSlot(room)),
  Backspace: (room) => clearAnswer(room, currentSlot(room)),
  Enter: (room) => false,
  Escape: (room) => { const slot = currentSlot(room); if (slot) closeUnable(room, slot); document.getSelection().removeAllRanges(); },
  PageDown: (room, event) => scrollPane(room, event.shiftKey, 0.85),
  PageUp: (room, event) => scrollPane(room, event.shiftKey, -0.85),
};

function inField(room, event, target) {
  const slot = slotOf(room, target);
  if (target.dataset.act === "find-place" && finderKey(room, slot, target, event)) return true;
  if (target.dataset.act === "search" && event.key === "Enter") { stepHit(room, event.shiftKey ? -1 : 1); return true; }
  if (target.dataset.act === "search" && event.key === "Escape") { target.value = ""; search(room, ""); focusSlot(room, room.form.current); return true; }
  if (event.key === "Escape") { if (slot) focusSlot(room, slot, ":scope"); else target.blur(); return true; }
  const oneLine = target.matches("input[type=text]") || target.value === "";
  if (oneLine && (event.key === "ArrowDown" || event.key === "ArrowUp")) { moveSlot(room, event.key === "ArrowDown" ? 1 : -1); return true; }
  return oneLine && event.key === "Enter" && slot ? (moveSlot(room, 1), true) : false;
}

function cursorKey(room, event) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };
  if (steps[event.key]) { moveCursor(room, steps[event.key], event.shiftKey); return true; }
  if (event.key === "Escape") { leaveCursor(room); return true; }
  const { slot } = room.cursor;
  const list = slot.question.points;
  const point = event.key === "Enter" ? list[0] || { value: "" } : list.find((_, n) => keyOf(list, n) === event.key);
  if (!point || (event.key === "Enter" && list.length > 1)) return false;
  showSelected(room);
  leaveCursorWith(room, slot, point.value);
  return true;
}

function leaveCursorWith(room, slot, label) {
  const chosen = room.selected;
  leaveCursor(room);
  room.selected = chosen;
  addMark(room, slot, label);
  room.selected = null;
}

function arrow(room, event, target) {
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  const by = event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 1;
  if (!event.key.startsWith("Arrow") || target.closest(".pane-body, .wide, pre")) return false;
  if (!sideways) { moveSlot(room, by); return true; }
  const slot = currentSlot(room);
  if (slot?.question.kind === "sentences") { goToSentence(room, slot, sentenceAt(room, slot) + by); return true; }
  const card = room.cards.get(slot?.id);
  const group = target.closest('[role="radiogroup"], .points') || (card === target ? card.querySelector(".body .points") : null);
  if (!group) return false;
  if (card === target) { (group.querySelector('[aria-checked="true"]') || group.querySelector("button:enabled"))?.focus(); return true; }
  const all = [...group.querySelectorAll("button:enabled")];
  all[(all.indexOf(target) + by + all.length) % all.length]?.focus();
  return true;
}

const slotById = (room, id) => room.form.slots.find((slot) => slot.id === id);
const slotOf = (room, element) => slotById(room, element.closest("[data-slot]")?.dataset.slot);
const currentSlot = (room) => (room.form.current && isShown(room.form, room.form.current) ? room.form.current : shownSlots(room.form)[0]);
const spansNow = (room) => { const slot = currentSlot(room); return slot?.question.kind === "spans" ? slot : shownSlots(room.form).find((one) => one.question.kind === "spans"); };

function moveSlot(room, by) {
  const shown = shownSlots(room.form);
  const at = shown.indexOf(currentSlot(room)) + by;
  if (at >= 0 && at < shown.length) focusSlot(room, shown[at]);
  else if (at >= shown.length) room.root.querySelector('[data-act="complete"]').focus();
}

const FIELD_KINDS = new Set(["text", "number"]);

/** Make a slot the one at hand: marked, in sight, and with the focus. */
function focusSlot(room, slot, part = "") {
  if (!slot || !room.cards.has(slot.id)) return;
  takeUp(room, slot);
  const card = room.cards.get(slot.id);
  // The card itself, not its first point: a focus ring there would look like an answer.
  const entry = (part === ":scope" ? card : part && card.querySelector(part)) || (FIELD_KINDS.has(slot.question.kind) && card.querySelector(".body .words")) || card;
  entry.focus({ preventScroll: true });
  inSight(room.root.querySelector(".cards"), card);
}

function inSight(frame, card) {
  const [box, view] = [card.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (box.top < view.top || box.height > view.height) frame.scrollTop += box.top - view.top - 8;
  else if (box.bottom > view.bottom) frame.scrollTop += box.bottom - view.bottom + 8;
}

function takeUp(room, slot) {
  if (room.form.current === slot) return;
  room.form.current = slot;
  for (const [id, card] of room.cards) card.classList.toggle("now", id === slot.id);
  askAbout(room, slot.output);
  if (slot.question.kind === "sentences") goToSentence(room, slot, sentenceAt(room, slot));
  else paintMarks(room);
}

/** After an answer: on to the next question without one; stay where all have one. */
function advance(room, slot) {
  const shown = shownSlots(room.form);
  const open = (one) => !isAnswered(room.form, one) && one.question.required;
  const next = shown.slice(shown.indexOf(slot) + 1).find(open) || shown.find(open);
  if (next && next !== slot) focusSlot(room, next);
  return next;
}

function digit(room, pressed) {
  const slot = currentSlot(room);
  if (!slot) return false;
  const card = room.cards.get(slot.id);
  const reasons = card.querySelector(".reasons:not([hidden])");
  const group = reasons && card.dataset.open === "unable" ? reasons : DIGIT_GROUPS[slot.question.kind]?.(room, slot, card);
  const chosen = group?.querySelector(`[data-key="${pressed}"]`);
  if (!chosen || chosen.disabled) return slot.question.kind === "spans" && pressed === "0" ? (nothingToMark(room, slot), true) : false;
  act(room, chosen, true);
  return true;
}

const DIGIT_GROUPS = {
  scale: (room, slot, card) => card.querySelector(".points"),
  ranking: (room, slot, card) => card.querySelector(".pool"),
  placement: (room, slot, card) => card.querySelector(".points"),
  spans(room, slot, card) {
    const bare = marksOf(room.form, slot).findLastIndex((mark) => slot.question.severities.length && !mark.severity);
    return room.selected || bare < 0 ? card.querySelector(".points") : card.querySelectorAll(".mark")[bare].querySelector(".severities");
  },
  sentences(room, slot, card) {
    const mark = marksOf(room.form, slot)[sentenceAt(room, slot)];
    const severities = card.querySelector(".severities:not([hidden])");
    return severities && mark && !mark.severity ? severities : card.querySelector(".points");
  },
  checklist(room, slot, card) {
    const here = document.activeElement?.closest?.(".checklist li");
    const open = [...card.querySelectorAll(".checklist li")].find((row) => answerTo(room.form, slot).value?.[row.dataset.criterion] === undefined);
    return (here || open)?.querySelector(".points");
  },
};
DIGIT_GROUPS.choice = DIGIT_GROUPS.scale;
DIGIT_GROUPS.multi = DIGIT_GROUPS.scale;

function scrollPane(room, source, share) {
  const body = room.root.querySelector(source ? ".pane.source .pane-body" : ".pane.output .pane-body");
  if (body) body.scrollTop += body.clientHeight * share;
}
