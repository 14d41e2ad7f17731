// A room to look at: the same form on a sample, of which nothing leaves the page.

/** Show what a changed protocol makes of the sample; answers to questions that are as before stay. */
function renewScratch(room, { study, view }) {
  const drawn = JSON.stringify(view);
  if (!room.scratch || drawn === room.scratch) return;
  const before = new Map(room.view.questions.map((question) => [question.key, JSON.stringify(question)]));
  const same = new Set(view.questions.filter((question) => before.get(question.key) === JSON.stringify(question)).map((question) => question.key));
  const kept = [...room.form.answers].filter(([slot]) => same.has(slot.split("@")[0]) && JSON.stringify(room.view.outputs) === JSON.stringify(view.outputs));
  Object.assign(room, { study, scratch: drawn });
  showView(room, { ...view, answers: Object.fromEntries(kept) });
}

/** Whether the reader is elsewhere on the page, where the room must not take the focus away. */
const focusElsewhere = (room) => Boolean(room.scratch) && !room.root.contains(document.activeElement);
