// Questions that are lists: ranking the outputs, an item's own checklist, a place in the taxonomy.

const titleOf = (form, outputKey) => form.view.outputs.find((output) => output.key === outputKey)?.title || outputKey;
// A ranking is a list of places, best first; a place is one output, or several that share it.
const placesOf = (form, slot) => (answerTo(form, slot).value || []).map((place) => [place].flat());
const asRanking = (places) => places.filter((place) => place.length).map((place) => (place.length === 1 ? place[0] : place));

BODIES.ranking = {
  build: () => make("div", { class: "ranking" },
    make("p", { class: "hint" }, "Best first: press the answers in order; drag, or use the arrows, to correct."),
    make("div", { class: "pool points row", role: "group", "aria-label": "Not ranked yet" }),
    make("ol", { class: "ranked", "aria-label": "Ranking, best first" })),
  refresh(form, slot, body) {
    const places = placesOf(form, slot);
    const ranked = places.flat();
    const shape = JSON.stringify(places);
    if (body.firstElementChild.dataset.shape === shape) return;
    const focus = document.activeElement?.closest?.(".ranked li")?.dataset.output;
    const act = document.activeElement?.dataset?.act;
    body.firstElementChild.dataset.shape = shape;
    body.querySelector(".pool").replaceChildren(...form.view.outputs.map((output, n) => buildPooled(output, n, ranked)));
    body.querySelector(".ranked").replaceChildren(...places.flatMap((place, n) => place.map((output, k) => buildRanked(form, slot, output, n, k))));
    if (focus) (body.querySelector(`li[data-output="${focus}"] [data-act="${act}"]:enabled`) || body.querySelector(`li[data-output="${focus}"] button:enabled`))?.focus();
  },
};

function buildPooled(output, n, ranked) {
  return button("rank", { class: "point", "data-value": output.key, "data-key": String(n + 1), "aria-keyshortcuts": String(n + 1), disabled: ranked.includes(output.key) }, key(String(n + 1)), make("span", {}, output.title));
}

function buildRanked(form, slot, output, n, k) {
  const title = titleOf(form, output);
  const row = make("li", { "data-output": output, class: k ? "tied" : "", value: n + 1 });
  row.append(make("span", { class: "grip", "aria-hidden": "true" }, "⠿"), make("span", { class: "muted" }, `${n + 1}.`), make("span", { class: "name" }, title));
  const tool = (act, sign, words) => button(act, { class: "quiet", "aria-label": `${title}: ${words}` }, sign);
  row.append(tool("rank-up", "▲", "one place better"), tool("rank-down", "▼", "one place worse"));
  if (slot.question.ties) row.append(tool("rank-tie", "=", k ? "no longer equal" : "equal with the one above"));
  row.append(tool("unrank", "✕", "take out"));
  return row;
}

function rank(room, slot, output, act) {
  const places = placesOf(room.form, slot);
  const at = places.findIndex((place) => place.includes(output));
  const alone = places.map((place) => place.filter((one) => one !== output));
  if (act === "rank") { if (at < 0) places.push([output]); }
  else if (act === "unrank") places.splice(0, places.length, ...alone);
  else if (act === "rank-tie") tie(places, at, output);
  else moveRank(places, at, output, act === "rank-up" ? -1 : 1);
  const value = asRanking(places);
  room.change(slot, { value: value.length ? value : undefined, unable: undefined });
  const now = placesOf(room.form, slot).findIndex((place) => place.includes(output));
  room.say(now < 0 ? `${titleOf(room.form, output)} taken out` : `${titleOf(room.form, output)}: place ${now + 1}`);
}

function tie(places, at, output) {
  const place = places[at];
  if (place.length > 1 && place[0] !== output) { places[at] = place.filter((one) => one !== output); places.splice(at + 1, 0, [output]); }
  else if (at > 0) { places[at - 1].push(...place); places.splice(at, 1); }
}

function moveRank(places, at, output, by) {
  const place = places[at];
  if (place.length > 1) { places[at] = place.filter((one) => one !== output); places.splice(by < 0 ? at : at + 1, 0, [output]); return; }
  const to = at + by;
  if (to >= 0 && to < places.length) [places[at], places[to]] = [places[to], places[at]];
}

/** Drag a ranked row by its grip with mouse, pen or finger. */
function dragRank(room, slot, row, event) {
  const list = row.parentNode;
  row.classList.add("dragged");
  row.setPointerCapture(event.pointerId);
  const move = (moved) => {
    const over = [...list.children].find((other) => other !== row && within(other, moved.clientY));
    if (!over) return;
    // The others step aside; moving the dragged row itself would end its hold on the pointer.
    const behind = row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_PRECEDING;
    for (let last = null; last !== over; ) {
      last = behind ? row.previousSibling : row.nextSibling;
      if (behind) row.after(last);
      else row.before(last);
    }
  };
  const drop = () => {
    row.classList.remove("dragged");
    row.removeEventListener("pointermove", move);
    const order = [...list.children].map((one) => one.dataset.output);
    list.closest(".ranking").dataset.shape = "";
    room.change(slot, { value: order });
    room.say(`${titleOf(room.form, row.dataset.output)}: place ${order.indexOf(row.dataset.output) + 1}`);
  };
  row.addEventListener("pointermove", move);
  row.addEventListener("lostpointercapture", drop, { once: true });
}

function within(element, y) {
  const box = element.getBoundingClientRect();
  return y > box.top + box.height * 0.3 && y < box.bottom - box.height * 0.3;
}

BODIES.checklist = {
  build(form, slot) {
    const points = slot.question.points.length ? slot.question.points : MET;
    const list = make("ol", { class: "checklist" });
    form.view.criteria.forEach((criterion, n) => {
      list.append(make("li", { "data-criterion": criterion.key, "data-n": n }, make("span", { id: cssId(slot, `criterion-${n}`) }, criterion.text),
        buildPoints("criterion", points, { class: "points inline", "aria-labelledby": cssId(slot, `criterion-${n}`) })));
    });
    return list;
  },
  refresh(form, slot, body, answer) {
    for (const row of body.querySelectorAll("li")) check(row.querySelector(".points"), answer.value?.[row.dataset.criterion] ?? []);
  },
};

const MET = [{ value: "met", label: "Met" }, { value: "not met", label: "Not met" }];

/** Answer one criterion; from the keyboard the next open one is taken up. */
function judgeCriterion(room, slot, criterion, value, advance) {
  room.change(slot, { value: { ...answerTo(room.form, slot).value, [criterion]: value }, unable: undefined });
  const rows = [...room.cards.get(slot.id).querySelectorAll(".checklist li")];
  const open = rows.find((row) => answerTo(room.form, slot).value[row.dataset.criterion] === undefined);
  if (advance && open) open.querySelector('[tabindex="0"]').focus();
  return !open;
}
