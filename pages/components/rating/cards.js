// One card a question: its words, its points, "unable to assess", comment and confidence.

const key = (words) => make("kbd", { "aria-hidden": "true" }, words);
const button = (act, attributes, ...children) => make("button", { type: "button", "data-act": act, ...attributes }, ...children);
const cssId = (slot, part) => `room-${slot.id.replace(/[^\w-]/g, "_")}-${part}`;

/** The key that picks the point at `place`: its own digit where every value is one, else its number. */
function keyOf(list, place) {
  const digits = list.every((point) => /^\d$/.test(point.value));
  if (digits) return list[place].value;
  return place < 9 ? String(place + 1) : place === 9 ? "0" : "";
}

const aboutId = (output) => `room-about-${output.key}`;

function buildCard(form, slot) {
  const { question } = slot;
  const title = make("h3", { class: "title", id: cssId(slot, "title") }, question.text);
  if (!question.required) title.append(make("span", { class: "optional" }, " (optional)"));
  const name = [slot.output ? aboutId(slot.output) : "", cssId(slot, "title")].join(" ").trim();
  const card = make("div", { class: "card", role: "group", "data-slot": slot.id, "data-kind": question.kind, tabindex: "-1", "aria-labelledby": name }, title);
  if (question.hint) card.append(make("p", { class: "hint", id: cssId(slot, "hint") }, question.hint));
  card.append(make("p", { class: "complaint", id: cssId(slot, "complaint"), hidden: true }));
  card.append(make("div", { class: "body" }, BODIES[question.kind].build(form, slot)), buildExtras(slot));
  return card;
}

function buildExtras(slot) {
  const { question } = slot;
  const extras = make("div", { class: "extras" });
  if (question.unable.length) extras.append(button("unable", { class: "quiet", "aria-expanded": "false", "aria-keyshortcuts": "u" }, "Unable to assess ", key("U")));
  if (question.comment !== "none") extras.append(button("comment", { class: "quiet", "aria-expanded": "false", "aria-keyshortcuts": "c" }, "Comment ", key("C")));
  if (question.confidence.length) extras.append(buildConfidence(question));
  const box = make("div", { class: "extra" }, extras);
  if (question.unable.length) {
    const reasons = question.unable.map((reason) => ({ value: reason, label: reason }));
    box.append(buildPoints("reason", reasons, { class: "points column reasons", "aria-label": `Why can you not assess: ${question.text}?`, hidden: true }));
  }
  box.append(make("textarea", { class: "words comment", "data-act": "comment-words", rows: "2", maxlength: "10000", hidden: true, "aria-label": `Comment on: ${question.text}`, placeholder: "Comment" }));
  return box;
}

function buildConfidence(question) {
  const sure = question.confidence.map((value) => button("confidence", { role: "radio", "aria-checked": "false", "data-value": value, tabindex: "-1" }, value));
  sure[0].tabIndex = 0;
  return make("span", { class: "sure", role: "radiogroup", "aria-label": `How sure are you: ${question.text}` }, make("span", { class: "muted", "aria-hidden": "true" }, "Sure?"), ...sure);
}

/** A group of points, one a button; `role` radio (one of them) or checkbox (any of them). */
function buildPoints(act, list, attributes, role = "radio") {
  const group = make("div", { role: role === "radio" ? "radiogroup" : "group", ...attributes });
  list.forEach((point, place) => {
    const shortcut = keyOf(list, place);
    group.append(button(act, {
      role, "aria-checked": "false", class: "point", "data-value": point.value, "data-key": shortcut,
      "aria-keyshortcuts": shortcut || null, tabindex: place && role === "radio" ? "-1" : "0",
    }, key(shortcut), labelled(point.label)));
  });
  return group;
}

/** "good: only minor details are missing": the word stands out from what it means. */
function labelled(label) {
  const at = label.indexOf(": ");
  return at > 0 && at < 24 ? make("span", {}, make("b", {}, label.slice(0, at)), label.slice(at)) : make("span", {}, label);
}

const fitsRow = (list) => list.length <= 5 && list.every((point) => point.label.length <= 12 && point.label.split(/\s/).every((word) => word.length <= 10));

function pointsFor(slot, role) {
  const list = slot.question.points;
  return buildPoints("pick", list, { class: `points ${fitsRow(list) ? "row" : "column"}`, "aria-labelledby": cssId(slot, "title"), "aria-describedby": `${cssId(slot, "hint")} ${cssId(slot, "complaint")}` }, role);
}

function check(group, chosen) {
  if (!group) return;
  const picked = [chosen].flat().map(String);
  const all = [...group.querySelectorAll("[aria-checked]")];
  for (const one of all) one.setAttribute("aria-checked", picked.includes(one.dataset.value) ? "true" : "false");
  if (group.getAttribute("role") !== "radiogroup") return;
  const entry = all.find((one) => one.getAttribute("aria-checked") === "true") || all[0];
  for (const one of all) one.tabIndex = one === entry ? 0 : -1;
}

const BODIES = {
  scale: {
    build: (form, slot) => pointsFor(slot, "radio"),
    refresh: (form, slot, body, answer) => check(body.firstElementChild, answer.value ?? []),
  },
  multi: {
    build: (form, slot) => pointsFor(slot, "checkbox"),
    refresh: (form, slot, body, answer) => check(body.firstElementChild, answer.value ?? []),
  },
  number: {
    build(form, slot) {
      const { low, high } = slot.question;
      const limits = low === null && high === null ? "" : bounds(low, high);
      return make("div", { class: "number" }, make("input", { type: "text", inputmode: "decimal", class: "words", "data-act": "words", maxlength: "40", "aria-labelledby": cssId(slot, "title"), "aria-describedby": cssId(slot, "complaint"), autocomplete: "off" }), make("span", { class: "muted" }, limits));
    },
    refresh: (form, slot, body, answer) => fill(body.querySelector("input"), answer.value),
  },
  text: {
    build(form, slot) {
      const lines = slot.question.entries;
      const shared = { class: "words", "data-act": "words", autocomplete: "off", "aria-describedby": cssId(slot, "complaint") };
      if (!lines) return make("textarea", { ...shared, rows: "3", maxlength: "20000", "aria-labelledby": cssId(slot, "title") });
      const list = make("ol", { class: "lines" });
      for (let n = 1; n <= lines; n += 1) list.append(make("li", {}, make("input", { ...shared, type: "text", maxlength: "500", "aria-label": `${slot.question.text}, line ${n}` })));
      return list;
    },
    refresh(form, slot, body, answer) {
      const said = [answer.value ?? []].flat();
      body.querySelectorAll(".words").forEach((field, n) => fill(field, said[n]));
    },
  },
};
BODIES.choice = BODIES.scale;

function fill(field, words) {
  const text = words === undefined || words === null ? "" : String(words);
  if (document.activeElement !== field && field.value !== text) field.value = text;
}

/** Bring a card up to its answer. */
function refreshCard(room, slot) {
  const { form } = room;
  const card = room.cards.get(slot.id);
  const answer = answerTo(form, slot);
  card.hidden = !isShown(form, slot);
  card.classList.toggle("answered", isAnswered(form, slot));
  card.classList.toggle("unable", Boolean(answer.unable));
  BODIES[slot.question.kind].refresh(form, slot, card.querySelector(".body"), answer);
  refreshExtras(form, slot, card, answer);
  const wrong = form.complaining ? complaint(form, slot) : null;
  const line = card.querySelector(".complaint");
  line.textContent = wrong || form.faults?.[slot.id] || "";
  line.hidden = !line.textContent;
  card.classList.toggle("wrong", !line.hidden);
}

function refreshExtras(form, slot, card, answer) {
  const reasons = card.querySelector(".reasons");
  if (reasons) {
    const open = Boolean(answer.unable) || card.dataset.open === "unable";
    reasons.hidden = !open;
    card.querySelector('[data-act="unable"]').setAttribute("aria-expanded", String(open));
    check(reasons, answer.unable ?? []);
  }
  check(card.querySelector(".sure"), answer.confidence ?? []);
  const words = card.querySelector("textarea.comment");
  const wanted = wantsComment(slot.question, answer);
  const open = wanted || Boolean(answer.comment) || card.dataset.comment === "open";
  words.hidden = !open;
  words.placeholder = wanted ? "Please say why (needed for this answer)" : "Comment";
  words.toggleAttribute("required", wanted);
  fill(words, answer.comment);
  card.querySelector('[data-act="comment"]')?.setAttribute("aria-expanded", String(open));
}
