// A place in the taxonomy: confirm, move (type-ahead over the whole tree), ambiguous between, not in it.

const VERDICTS = [
  { value: "confirm", label: "Belongs here" },
  { value: "move", label: "Move it to …" },
  { value: "ambiguous", label: "Ambiguous, between …" },
  { value: "none", label: "Not in the taxonomy" },
];
const LEVELS = ["category", "subcategory", "task"];
const placeOfPath = (view, path) => view.taxonomy.places.find((place) => place.path === path);

BODIES.placement = {
  build(form, slot) {
    const { view } = form;
    const body = make("div", { class: "placement" });
    const assigned = view.taxonomy.assigned.some((place) => place.level === slot.question.level);
    const verdicts = assigned ? VERDICTS : VERDICTS.map((one) => (one.value === "move" ? { ...one, label: "It belongs to …" } : one)).slice(1);
    body.append(buildPoints("verdict", verdicts, { class: "points column", "aria-labelledby": cssId(slot, "title"), "aria-describedby": cssId(slot, "complaint") }));
    body.append(make("ul", { class: "chosen", "aria-label": "Chosen places" }), buildFinder(slot));
    body.append(make("input", { type: "text", class: "words name", "data-act": "place-name", maxlength: "200", "aria-label": "Proposed name", placeholder: "What would you call it?", autocomplete: "off" }));
    return body;
  },
  refresh(form, slot, body, answer) {
    const value = answer.value || {};
    const wants = value.verdict === "move" || value.verdict === "ambiguous";
    const chosen = value.verdict === "move" ? [value.place].filter(Boolean) : value.verdict === "ambiguous" ? value.between || [] : [];
    check(body.querySelector('[role="radiogroup"]'), value.verdict ?? []);
    body.querySelector(".finder").hidden = !wants;
    const name = body.querySelector("input.name"); // a place in the list has a name too
    name.hidden = value.verdict !== "none";
    fill(name, value.name);
    body.querySelector(".chosen").replaceChildren(...chosen.map((path) => buildChosen(form.view, path)));
  },
};

function buildChosen(view, path) {
  const place = placeOfPath(view, path);
  return make("li", { "data-path": path }, make("span", {}, place ? place.label : path), button("unplace", { class: "quiet", "aria-label": `Take out ${place ? place.label : path}` }, "✕"));
}

function buildFinder(slot) {
  const list = cssId(slot, "places");
  const input = make("input", {
    type: "text", role: "combobox", class: "words", "data-act": "find-place", "aria-expanded": "false", "aria-controls": list,
    "aria-autocomplete": "list", "aria-label": "Find a place in the taxonomy", placeholder: "Type a few letters", autocomplete: "off",
  });
  return make("div", { class: "finder", hidden: true }, input, make("ul", { id: list, role: "listbox", "aria-label": "Places", hidden: true }));
}

/** List the places that hold every word that was typed; those whose name begins with one come first. */
function listPlaces(room, slot, input) {
  const list = input.parentNode.querySelector('[role="listbox"]');
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const taken = answerTo(room.form, slot).value?.between || [];
  const depth = LEVELS.indexOf(slot.question.level);
  const fitting = room.view.taxonomy.places.filter((place) => LEVELS.indexOf(place.level) >= depth && !taken.includes(place.path) && words.every((word) => place.search.includes(word)));
  const starts = (place) => (words.length && place.name.toLowerCase().startsWith(words[0]) ? 0 : 1);
  fitting.sort((a, b) => starts(a) - starts(b));
  list.replaceChildren(...fitting.slice(0, 40).map((place, n) => make("li", { role: "option", id: `${list.id}-${n}`, "aria-selected": "false", "data-act": "place", "data-path": place.path },
    make("span", { class: "name" }, place.name), make("span", { class: "muted" }, place.above ? ` · ${place.above}` : ""))));
  if (!fitting.length) list.append(make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, "Nothing fits. Say “Not in the taxonomy” and propose a name."));
  showPlaces(input, true);
  pointAt(input, fitting.length ? 0 : -1);
}

function showPlaces(input, open) {
  input.parentNode.querySelector('[role="listbox"]').hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  if (open) inSight(input.closest(".cards"), input.parentNode);
  else input.removeAttribute("aria-activedescendant");
}

function pointAt(input, n) {
  const options = [...input.parentNode.querySelectorAll("[data-path]")];
  if (!options.length) return;
  const at = (n + options.length) % options.length;
  options.forEach((option, k) => option.setAttribute("aria-selected", String(k === at)));
  input.setAttribute("aria-activedescendant", options[at].id);
  options[at].scrollIntoView({ block: "nearest" });
}

/** Keys within the type-ahead; true when the key was used. */
function finderKey(room, slot, input, event) {
  const open = input.getAttribute("aria-expanded") === "true";
  const options = [...input.parentNode.querySelectorAll("[data-path]")];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (open) pointAt(input, at + (event.key === "ArrowDown" ? 1 : -1));
    else listPlaces(room, slot, input);
    return true;
  }
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    if (open && at >= 0) choosePlace(room, slot, options[at].dataset.path);
    return true;
  }
  if (event.key === "Escape" && open) { showPlaces(input, false); return true; }
  return false;
}

function choosePlace(room, slot, path) {
  const value = answerTo(room.form, slot).value || {};
  const several = value.verdict === "ambiguous";
  room.change(slot, { value: several ? { ...value, between: [...(value.between || []), path] } : { ...value, place: path } });
  const input = room.cards.get(slot.id).querySelector('[data-act="find-place"]');
  input.value = "";
  showPlaces(input, false);
  room.say(`${placeOfPath(room.view, path)?.label || path} chosen`);
}

function dropPlace(room, slot, path) {
  const { place, between, ...value } = answerTo(room.form, slot).value || {};
  const left = (between || []).filter((one) => one !== path);
  room.change(slot, { value: value.verdict === "ambiguous" ? { ...value, between: left } : value });
}

function giveVerdict(room, slot, verdict) {
  const card = room.cards.get(slot.id);
  const finder = card.querySelector('[data-act="find-place"]');
  finder.value = ""; // letters typed for another verdict would find nothing
  showPlaces(finder, false);
  room.change(slot, { value: { verdict }, unable: undefined });
  if (verdict === "none") card.querySelector("input.name").focus();
  else if (verdict !== "confirm") finder.focus();
}

/** The pane beside: where the item was put, with the definitions, and the whole tree to read. */
function buildTaxonomy(taxonomy) {
  const body = make("div", { class: "taxonomy" });
  if (taxonomy.assigned.length) {
    const list = make("dl", { class: "assigned" });
    for (const level of taxonomy.assigned) list.append(make("dt", {}, level.level), make("dd", {}, make("b", {}, level.name), level.definition ? make("p", {}, level.definition) : null));
    body.append(list);
  }
  for (const category of taxonomy.tree) {
    const inside = make("dl", {});
    for (const sub of category.subcategories) {
      inside.append(make("dt", {}, sub.name), make("dd", {}, sub.definition || "", sub.tasks.length ? make("ul", {}, ...sub.tasks.map((task) => make("li", {}, task))) : null));
    }
    body.append(make("details", {}, make("summary", {}, category.name), category.definition ? make("p", {}, category.definition) : null, inside));
  }
  return body;
}
