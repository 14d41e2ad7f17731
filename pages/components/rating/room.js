// The room: shows one item, keeps its answers, sends them, and has the next item ready.

const TEXT_PAUSE_MS = 350;

function newRoom(host, data) {
  const room = { root: buildFrame(), study: data.study, api: data.api, home: data.home, view: null, form: null, cards: new Map(), sentence: new Map(), ahead: null, opened: null, outside: data.outside, scratch: data.scratch ? JSON.stringify(data.view) : "" };
  room.wire = newWire(data.api, hearing(room));
  Object.assign(room, doings(room));
  room.root.classList.toggle("scratch", Boolean(room.scratch));
  host.replaceChildren(room.root);
  bind(room);
  textSize(room, 0);
  showView(room, data.view);
  return room;
}

/** Listeners, once for the room's life; `room.unbind` takes them away. */
function bind(room) {
  const off = new AbortController();
  const on = (target, name, act) => target.addEventListener(name, act, { signal: off.signal });
  on(room.root, "click", (event) => onClick(room, event));
  on(room.root, "input", (event) => onInput(room, event));
  on(room.root, "focusin", (event) => onFocusIn(room, event));
  on(room.root, "pointerdown", (event) => onPointerDown(room, event));
  on(document, "keydown", (event) => onKey(room, event));
  on(document, "selectionchange", () => { clearTimeout(room.selecting); room.selecting = setTimeout(() => room.cursor || showSelected(room), 120); });
  on(document, "visibilitychange", () => { if (document.hidden) sendNow(room); else lookAhead(room, true); });
  on(window, "pagehide", () => { sendNow(room); flush(room.wire); });
  on(window, "beforeunload", (event) => { if (pending(room.wire) || room.form?.held) event.preventDefault(); });
  for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "scroll"]) document.addEventListener(name, () => active(room), { signal: off.signal, passive: true, capture: true });
  room.unbind = () => { off.abort(); room.wire.closed = true; clearTimeout(room.wire.timer); window.removeEventListener("online", room.wire.onOnline); };
}

/** Active time: pauses longer than the idle limit do not count. Stored with the answers, never shown. */
function active(room) {
  const now = performance.now();
  const { form } = room;
  if (form?.seen) form.active = (form.active || 0) + Math.min(now - form.seen, room.study.idle_seconds * 1000);
  if (form) form.seen = now;
}

function showView(room, view) {
  showForm(room, { ...newForm(view), room });
}

function showForm(room, form) {
  const { view } = form;
  Object.assign(room, { view, form, cursor: null, selected: null });
  form.room = room;
  form.seen = performance.now();
  room.sentence.clear();
  room.going = null;
  notice(room, "");
  room.root.classList.toggle("finished", Boolean(view.finished));
  showPlace(room, view);
  if (view.finished) { showFinished(room, view); return; }
  showPanes(room, view);
  showCards(room, form);
  remindSubmitted(room, view);
  const first = shownSlots(form).find((slot) => !isAnswered(form, slot)) || shownSlots(form)[0];
  if (focusElsewhere(room)) { if (first) takeUp(room, first); return; }
  focusSlot(room, first);
  room.say(`Item ${view.number} of ${view.total}. First question: ${first ? first.question.text : ""}`);
  if (!room.scratch) keepPlace(view);
  // A submission that is under way brings the item after this one with its answer.
  if (!underWay(room)) lookAhead(room);
}

function showCards(room, form) {
  const cards = room.root.querySelector(".cards");
  room.cards = new Map(form.slots.map((slot) => [slot.id, buildCard(form, slot)]));
  const parts = [];
  let output = null;
  for (const slot of form.slots) {
    if (slot.output && slot.output !== output) parts.push(make("div", { class: "of" }, make("h2", { class: "about", id: aboutId(slot.output) }, slot.output.title)));
    output = slot.output;
    if (output) parts.at(-1).append(room.cards.get(slot.id));
    else parts.push(room.cards.get(slot.id));
  }
  cards.replaceChildren(...parts);
  cards.scrollTop = 0;
  refreshAll(room);
}

function refreshAll(room) {
  for (const slot of room.form.slots) refreshCard(room, slot);
  paintMarks(room);
}

function showPlace(room, view) {
  const { root } = room;
  root.querySelector("h1").textContent = view.finished ? room.study.title : `${view.round === "training" ? "Training item" : "Item"} ${view.number} of ${view.total}`;
  root.querySelector(".left").textContent = [view.finished ? "" : room.study.title, view.left].filter(Boolean).join(" · ");
  const bar = root.querySelector(".progress");
  bar.setAttribute("aria-valuenow", view.done ?? 0);
  bar.setAttribute("aria-valuemax", view.total ?? 0);
  bar.setAttribute("aria-valuetext", `${view.done ?? 0} of ${view.total ?? 0} completed`);
  bar.firstElementChild.style.width = `${(100 * (view.done ?? 0)) / Math.max(1, view.total ?? 1)}%`;
  root.querySelector('[data-act="previous"]').disabled = !view.previous;
  root.querySelector('[data-act="next"]').disabled = !view.next;
  root.querySelector('[data-act="complete"]').hidden = Boolean(view.closed);
  root.querySelector('[data-act="complete"] .word').textContent = view.submitted ? "Save changes" : "Complete";
  for (const name of ["later", "decline"]) root.querySelector(`[data-act="${name}"]`).hidden = Boolean(view.submitted || view.closed) || view.round === "training" || Boolean(room.scratch);
  showState(room);
}

const CLOSED = "The study is closed: answers can be read, no longer changed.";

function remindSubmitted(room, view) {
  if (view.closed) notice(room, CLOSED);
  else if (view.submitted) notice(room, "You completed this item. You can change your answers; the first ones stay on record.");
}

function showFinished(room, view) {
  const words = make("div", { class: "ending" }, make("h2", {}, view.headline), make("p", {}, view.words), view.again ? button("again", { class: "primary" }, "Do the training again") : null, button("home", { class: view.again ? "" : "primary" }, "My ratings"));
  room.root.querySelector(".panes").replaceChildren(words);
  room.root.querySelector(".cards").replaceChildren();
  room.cards = new Map();
  room.say(view.headline);
}

/** The place is in the address: a refresh and the back button come back to it. */
function keepPlace(view) {
  const address = new URL(location.href);
  address.searchParams.set("item", view.assignment);
  history.replaceState(history.state, "", address);
}

const STATES = {
  saving: "Saving …",
  saved: "Saved",
  unsaved: "Not saved yet. Your answers are kept here and sent again until they are.",
  "signed out": "Not saved yet: you are signed out. Open your personal link in another tab; this page then goes on by itself.",
  conflict: "Not saved: this item was changed in another window.",
};

function showState(room) {
  const state = room.form?.held ? "conflict" : pending(room.wire) || room.pause ? (room.wire.state === "saved" ? "saving" : room.wire.state) : "saved";
  const nothing = state === "saved" && (room.view?.closed || (!room.form?.answers.size && !room.wire.spoke));
  const line = room.root.querySelector(".status");
  line.dataset.state = nothing ? "" : state;
  line.textContent = nothing ? "" : STATES[state];
  if (state !== room.stateSaid && (state === "unsaved" || state === "signed out" || room.stateSaid === "unsaved")) room.say(STATES[state]);
  if (state !== "saving") room.stateSaid = state;
  if (room.view?.finished && room.wire.spoke) notice(room, state === "saved" ? "All your answers are saved." : STATES[state]);
}

/** Fetch the next item while this one is rated, so that it opens at once. */
async function lookAhead(room, renew = false) {
  const { view } = room;
  if (!view || view.finished || view.round === "training" || room.scratch) return;
  if (room.ahead?.after === view.assignment && !(renew && Date.now() - room.ahead.at > 120000)) return;
  const reply = await get(room.api, "next", { after: view.assignment, done: underWay(room, view.assignment) });
  if (room.view === view && reply.status === 200) room.ahead = { after: view.assignment, view: reply.data.view, at: Date.now() };
}
