// What the rater does to an item as a whole, and what the server answers.

/** The room's own verbs. */
function doings(room) {
  return {
    change: (slot, change, how = {}) => change_(room, slot, change, how),
    complete: () => complete(room),
    later: () => putOff(room, "later", {}),
    decline: (reason) => putOff(room, "decline", { reason }),
    open: (assignment) => openItem(room, assignment),
    leave: (where) => leave(room, where),
    say: (words) => { const live = room.root.querySelector(":scope > .unseen"); live.textContent = ""; live.textContent = words; },
  };
}

/** Go to another page as soon as the server can show it; whoever goes on with an item meanwhile stays. */
async function leave(room, where) {
  if (room.scratch) { notice(room, "My ratings: a rater would see the list of items here."); return; }
  sendNow(room);
  const going = (room.going = {});
  while (room.going === going && !room.wire.closed) {
    if (connected()) room.outside(where);
    await new Promise((done) => { setTimeout(done, LEAVING_MS); });
    if (room.going === going && !room.wire.closed) notice(room, "No answer from the server yet. My ratings open as soon as there is one, if you wait here.");
  }
}

const LEAVING_MS = 1500;
const connected = () => document.querySelector(".stApp")?.dataset.testConnectionState === "CONNECTED";

function stay(room) {
  if (room.going) notice(room, "");
  room.going = null;
}

function change_(room, slot, change, { later = false } = {}) {
  const { form } = room;
  if (form.view.closed) { room.say(CLOSED); return; }
  stay(room);
  setAnswer(form, slot, change);
  delete form.faults?.[slot.id];
  refreshAll(room);
  clearTimeout(room.pause);
  room.pause = later ? setTimeout(() => sendNow(room), TEXT_PAUSE_MS) : 0;
  if (!later) post_(room, form);
  showState(room);
}

function sendNow(room) {
  if (!room.pause) return;
  clearTimeout(room.pause);
  room.pause = 0;
  post_(room, room.form);
}

function post_(room, form) {
  if (form.held || form.view.closed || room.scratch) return;
  room.wire.spoke = true;
  sendDraft(room.wire, { assignment: form.view.assignment, form, body: () => letter(form) });
}

/** What goes over the wire for a form; remembered until the server's answer, to know it again. */
function letter(form) {
  const answers = payload(form);
  const seconds = Math.round(((form.active || 0) - (form.counted || 0)) / 100) / 10;
  (form.sent ||= []).push({ json: canonical(answers), seconds });
  return { assignment: form.view.assignment, revision: form.view.revision, form: answers, active_seconds: Math.max(0, seconds) };
}

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value && typeof value === "object") return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
  return JSON.stringify(value ?? null);
}

function complete(room) {
  const { form, view } = room;
  if (view.finished || view.closed || form.leaving) return;
  const missing = shownSlots(form).filter((slot) => complaint(form, slot));
  if (missing.length) { complain(room, missing); return; }
  if (room.scratch) { notice(room, "Complete: a rater would go on to the next item. Nothing was kept."); return; }
  clearTimeout(room.pause);
  room.pause = 0;
  if (form.held) { showState(room); return; }
  form.leaving = true;
  room.wire.spoke = true;
  sendSubmit(room.wire, { assignment: view.assignment, form, number: view.number, body: () => letter(form) });
  room.opened = view.assignment;
  if (view.round === "training") { room.root.classList.add("waiting"); showState(room); return; }
  const ahead = room.ahead?.after === view.assignment ? room.ahead.view : null;
  room.ahead = null;
  if (ahead) showView(room, ahead);
  else openNext(room, view.assignment);
}

function complain(room, missing) {
  room.form.complaining = true;
  refreshAll(room);
  const [slot] = missing;
  const answered = isAnswered(room.form, slot) && !answerTo(room.form, slot).comment && wantsComment(slot.question, answerTo(room.form, slot));
  focusSlot(room, slot, answered ? "textarea.comment" : "");
  room.say(`${missing.length === 1 ? "One question is" : `${missing.length} questions are`} not complete. ${slot.question.text}: ${complaint(room.form, slot)}`);
}

async function openNext(room, after) {
  const from = room.view;
  room.root.classList.add("waiting");
  const reply = await untilAnswered(room, () => get(room.api, "next", { after, done: underWay(room, after) }));
  room.root.classList.remove("waiting");
  if (room.view === from && reply.status === 200) showView(room, reply.data.view);
}

/** The items whose submission the server may not have yet: they are not to come again. */
function underWay(room, besides) {
  const jobs = [room.wire.sending, ...room.wire.queue].filter((job) => job?.path === "submit" && job.assignment !== besides);
  return jobs.map((job) => job.assignment).join();
}

async function openItem(room, assignment) {
  if (!assignment) return;
  sendNow(room);
  const from = room.view;
  const unsent = waitingForm(room, assignment);
  if (unsent) { showForm(room, unsent); return; }
  room.root.classList.add("waiting");
  const reply = await untilAnswered(room, () => get(room.api, "item", { assignment }));
  room.root.classList.remove("waiting");
  if (room.view !== from) return;
  if (reply.status === 200) showView(room, reply.data.view);
  else notice(room, reply.data.message || "This item cannot be opened.");
}

/** The form of an item whose answers are still on their way: newer than what the server has. */
function waitingForm(room, assignment) {
  const jobs = [room.wire.sending, ...room.wire.queue].filter(Boolean);
  const form = jobs.find((job) => job.assignment === assignment)?.form;
  if (form) form.leaving = false;
  return form;
}

async function untilAnswered(room, request) {
  for (let tries = 0; ; tries += 1) {
    const reply = await request();
    if (!again(reply) || room.wire.closed) return reply;
    notice(room, reply.status === 401 ? STATES["signed out"] : "No connection. The page goes on by itself as soon as there is one.");
    await new Promise((done) => { setTimeout(done, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]); });
  }
}

/** Later and decline: the draft first, then the word, then the next item. */
async function putOff(room, how, more) {
  const { view } = room;
  if (view.finished || view.submitted || view.closed || view.round === "training" || room.form.leaving || room.scratch) return;
  sendNow(room);
  room.form.leaving = true;
  room.root.classList.add("waiting");
  const reply = await untilAnswered(room, () => post(room.api, how, { assignment: view.assignment, done: underWay(room), ...more }));
  room.root.classList.remove("waiting");
  room.ahead = null;
  if (reply.status === 200) { showView(room, reply.data.view); room.say(how === "later" ? "Put at the end." : "Declined."); }
  else { room.form.leaving = false; notice(room, reply.data.message || "That was not possible."); }
}

async function trainAgain(room) {
  const reply = await untilAnswered(room, () => post(room.api, "again", {}));
  if (reply.status === 200) showView(room, reply.data.view);
}

/** What the wire tells the room. */
function hearing(room) {
  return {
    state: () => showState(room),
    saved: (job, data) => { acknowledge(job.form, data.revision); if (job.path === "submit") submitted(room, job, data); showState(room); },
    conflict: (job, data) => conflict(room, job, data),
    refused: (job, data) => refused(room, job, data),
    gone: (job, data) => gone(room, job, data),
  };
}

function acknowledge(form, revision) {
  form.view.revision = revision;
  const last = form.sent.at(-1);
  form.counted = (form.counted || 0) + last.seconds * 1000;
  form.sent = [];
}

function submitted(room, job, data) {
  job.form.view.submitted = true;
  job.form.leaving = false;
  room.root.classList.remove("waiting");
  if (data.feedback && room.view === job.form.view) { showFeedback(room, data.feedback, () => showView(room, data.view)); return; }
  Object.assign(room.view, { done: data.done, left: data.left });
  showPlace(room, room.view);
  if (room.view === job.form.view) remindSubmitted(room, room.view);
  if (data.ahead && room.view.assignment === data.next) room.ahead = { after: data.next, view: data.ahead, at: Date.now() };
  else if (!underWay(room)) lookAhead(room);
  // The item that was opened ahead may have been given to someone else meanwhile.
  const wrong = room.opened === job.assignment && room.view.assignment !== data.next && !room.form.touched && !room.view.submitted;
  if (wrong && room.view !== job.form.view && !pending(room.wire)) openNext(room, job.assignment);
}

function conflict(room, job, data) {
  const { form } = job;
  const mine = (form.sent || []).find((sent) => sent.json === canonical(data.form));
  form.view.revision = data.revision;
  form.sent = [];
  if (mine) { // our own write, whose answer was lost
    form.counted = (form.counted || 0) + mine.seconds * 1000;
    if (job.path === "submit") room.wire.queue.unshift(job); else post_(room, form);
    return;
  }
  form.held = true;
  form.leaving = false;
  const back = room.form === form ? () => {} : () => showForm(room, form);
  if (room.form !== form) notice(room, `Item ${job.form.view.number} was changed in another window and is not saved.`, ["Look at it", () => { back(); askConflict(room, job, data); }]);
  else askConflict(room, job, data);
  showState(room);
}

function askConflict(room, job, data) {
  const { form } = job;
  const release = (answers) => {
    form.held = false;
    form.answers = new Map(Object.entries(answers));
    showForm(room, form);
    if (answers !== data.form) post_(room, form);
    showState(room);
  };
  notice(room, "This item was changed in another window. Which answers are right?",
    ["Those from the other window", () => release(data.form)], ["Those on this screen", () => release(Object.fromEntries(form.answers))]);
}

function refused(room, job, data) {
  const { form } = job;
  form.faults = data.faults || {};
  form.leaving = false;
  form.sent = [];
  room.root.classList.remove("waiting");
  const words = data.message || "These answers were not accepted.";
  if (room.form === form) { refreshAll(room); notice(room, words); showState(room); return; }
  notice(room, `Item ${form.view.number} is not complete: ${words}`, ["Go back to it", () => { showForm(room, form); refreshAll(room); }]);
}

/** The study paused or closed, or the item was taken away: what was sent last is not kept, and that is said. */
async function gone(room, job, data) {
  const { form } = job;
  form.leaving = form.touched = room.wire.spoke = false;
  const words = data.message || "That item is no longer on your list.";
  if (room.form !== form) { notice(room, `Item ${form.view.number}: ${words} ${TOO_LATE}`); return; }
  room.root.classList.remove("waiting");
  const reply = await untilAnswered(room, () => get(room.api, "item", { assignment: form.view.assignment }));
  if (room.form !== form) return;
  // A closed study still shows the item, with what was kept of it.
  if (reply.status === 200) showView(room, reply.data.view);
  else await openNext(room, form.view.assignment);
  notice(room, room.view.headline === words ? TOO_LATE : `${words} ${TOO_LATE}`);
}

const TOO_LATE = "Your last change came too late to be kept; what was saved before it stays.";
