// What opens over the room: the keys, the instructions, declining, and feedback in training.

const KEYS = [
  ["1 – 9", "choose that point of the question at hand, and go on to the next"],
  ["↑ ↓", "the question before, the question after"],
  ["← →", "along the points of a question, or from sentence to sentence"],
  ["Delete", "take the answer back"],
  ["U", "unable to assess, then a digit for the reason"],
  ["C", "comment; Esc leads back"],
  ["Ctrl + ⏎", "complete this item and open the next"],
  ["L", "later: put this item at the end"],
  ["/", "search in the source; ⏎ next hit, Shift + ⏎ the one before"],
  ["S", "hide or show the source"],
  ["F", "find the selected words of an answer in the source"],
  ["M", "select words by keyboard (where marks are asked for)"],
  ["0", "nothing to mark (where marks are asked for)"],
  ["+", "something is missing (where it is asked for)"],
  ["Page ↑ ↓", "scroll the answer; with Shift the source"],
  ["I", "the study’s instructions"],
];

function openDialog(room, title, ...body) {
  const close = button("close", { class: "quiet", "aria-label": "Close" }, "✕");
  const dialog = make("dialog", { class: "sheet", "aria-labelledby": "room-dialog" }, make("div", { class: "sheet-head" }, make("h2", { id: "room-dialog" }, title), close), ...body);
  const back = document.activeElement;
  dialog.addEventListener("close", () => {
    // This comes a moment after the closing: who has gone on to a field by then keeps it.
    const gone = !room.root.contains(document.activeElement) || dialog.contains(document.activeElement);
    dialog.remove();
    if (gone && room.root.contains(back)) back.focus();
    else if (gone) focusSlot(room, room.form.current);
  });
  room.root.append(dialog);
  dialog.showModal();
  return dialog;
}

function showKeys(room) {
  const rows = KEYS.map(([keys, words]) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, keys)), make("td", {}, words)));
  openDialog(room, "Keys", make("table", { class: "keys" }, make("tbody", {}, ...rows)));
}

function showInstructions(room) {
  openDialog(room, "Instructions", reading(room.study.instructions || "This study has no written instructions."));
}

/** Ask why, then give the item back. */
function askDecline(room) {
  const reasons = ["I know this patient or wrote this text", "Outside my specialty", "The content distresses me", "Other"];
  const list = reasons.map((reason, n) => make("label", { class: "reason" }, make("input", { type: "radio", name: "room-decline", value: reason }), ` ${reason}`));
  const words = make("textarea", { class: "words", rows: "2", maxlength: "1000", "aria-label": "In your words (optional)", placeholder: "In your words (optional)" });
  const send = button("decline-now", { class: "primary", disabled: true }, "Decline this item");
  const dialog = openDialog(room, "Decline this item", make("p", {}, "It will be taken off your list, and the study lead will see your reason."), make("fieldset", {}, make("legend", {}, "Why?"), ...list), words,
    make("div", { class: "sheet-foot" }, button("close", { class: "quiet" }, "Keep it"), send));
  dialog.addEventListener("change", () => { send.disabled = !dialog.querySelector("input:checked"); });
  send.addEventListener("click", () => {
    const reason = [dialog.querySelector("input:checked").value, words.value.trim()].filter(Boolean).join(": ");
    dialog.close();
    room.decline(reason);
  });
}

/** Training: what was agreed beside what was said. */
function showFeedback(room, feedback, goOn) {
  const rows = feedback.answers.map((row) => make("tr", { class: row.agrees ? "agrees" : "differs" },
    make("th", { scope: "row" }, row.question), make("td", {}, row.yours), make("td", {}, row.agreed), make("td", {}, row.agrees ? "✓ agrees" : "differs")));
  const head = make("tr", {}, ...["Question", "You said", "Agreed answer", ""].map((word) => (word ? make("th", { scope: "col" }, word) : make("td", {}))));
  const dialog = openDialog(room, "How this one was agreed", make("p", {}, feedback.words), make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": "Answers" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))),
    make("div", { class: "sheet-foot" }, button("close", { class: "primary" }, "Go on")));
  dialog.addEventListener("close", goOn);
  dialog.querySelector(".primary").focus();
}

/** A line across the room, with buttons; only the newest is shown. */
function notice(room, words, ...choices) {
  const line = room.root.querySelector(".notice");
  line.hidden = !words;
  line.replaceChildren(make("span", {}, words || ""), ...choices.map(([label, act]) => {
    const choice = make("button", { type: "button", class: "choice" }, label);
    choice.addEventListener("click", act);
    return choice;
  }));
}
