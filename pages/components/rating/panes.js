// The frame on the screen: the bar, the panes with the texts, the search in the source, the form's foot.

const SIZES = [15, 16, 17, 18, 20, 22, 25];

function buildFrame() {
  const bar = make("header", { class: "bar" },
    button("home", { class: "quiet" }, "My ratings"),
    make("div", { class: "where" },
      button("previous", { class: "quiet step", "aria-label": "Previous item" }, "‹"),
      make("div", { class: "place" }, make("h1", {}), make("p", { class: "left" })),
      button("next", { class: "quiet step", "aria-label": "Next item, without completing this one" }, "›")),
    make("div", { class: "bar-tools" },
      button("source", { class: "quiet", "aria-pressed": "true", "aria-keyshortcuts": "s" }, "Source ", key("S")),
      button("instructions", { class: "quiet", "aria-keyshortcuts": "i" }, "Instructions ", key("I")),
      button("smaller", { class: "quiet", "aria-label": "Smaller text" }, "A−"), button("larger", { class: "quiet", "aria-label": "Larger text" }, "A+"),
      button("help", { class: "quiet", "aria-keyshortcuts": "?" }, "Keys ", key("?"))),
    make("div", { class: "progress", role: "progressbar", "aria-label": "Items completed", "aria-valuemin": "0" }, make("span", {})));
  const foot = make("footer", { class: "foot" },
    make("p", { class: "status", "data-state": "" }),
    make("div", { class: "foot-buttons" },
      button("later", { class: "quiet", "aria-keyshortcuts": "l" }, "Later ", key("L")),
      button("decline", { class: "quiet" }, "Decline …"),
      button("complete", { class: "primary", "aria-keyshortcuts": "Control+Enter" }, make("span", { class: "word" }, "Complete"), key("Ctrl + ⏎"))));
  return make("div", { class: "room" }, bar,
    make("div", { class: "notice", role: "alert", hidden: true }),
    make("div", { class: "panes", role: "group", "aria-label": "Texts" }),
    make("section", { class: "form", "aria-label": "Your answers" }, make("div", { class: "cards" }), foot),
    make("div", { class: "unseen", role: "status", "aria-live": "polite" }));
}

/** Fill the panes for a view: source with prompt, outputs, perhaps a reference and the taxonomy. */
function showPanes(room, view) {
  const host = room.root.querySelector(".panes");
  const panes = [];
  if (view.source || view.prompt) panes.push(sourcePane(room, view));
  if (view.taxonomy) panes.push(pane("taxonomy", "Taxonomy", buildTaxonomy(view.taxonomy)));
  for (const output of view.outputs) panes.push(outputPane(room, view, output));
  for (const reference of view.references || []) panes.push(pane("reference", "Reference", reading(reference)));
  if (!panes.length) panes.push(pane("output", "Item", reading(view.label || "")));
  host.replaceChildren(...panes);
  host.dataset.count = panes.length;
  room.root.classList.toggle("many", panes.length > 2);
  room.root.classList.remove("no-source");
  const toggle = room.root.querySelector('[data-act="source"]');
  toggle.hidden = panes.length < 2 || !view.source;
  toggle.setAttribute("aria-pressed", "true");
  room.sourcePage = null;
  for (const name of ["found", "found-now", "phrase"]) colour(`room-${name}`, []);
}

function reading(text, dialogue = false) {
  const host = make("div", { class: "text" });
  showText(host, text, { dialogue });
  return host;
}

function pane(name, title, ...body) {
  const id = `room-pane-${name}`;
  return make("section", { class: `pane ${name}`, "aria-labelledby": id },
    make("div", { class: "pane-head" }, make("h2", { id }, title)),
    make("div", { class: "pane-body", tabindex: "0", role: "group", "aria-labelledby": id }, ...body));
}

function sourcePane(room, view) {
  const itself = view.unit === "item"; // no output: what is read here is what is judged
  const parts = [];
  if (view.prompt && !itself) parts.push(make("h3", { class: "part" }, "The task"));
  if (view.prompt) parts.push(reading(view.prompt));
  if (itself) parts.at(-1)?.classList.add("named");
  else if (view.prompt && view.source) parts.push(make("h3", { class: "part" }, "Source"));
  if (view.source) parts.push(reading(view.source));
  const one = pane("source", itself ? "To judge" : view.source ? "Source" : "Task", ...parts);
  one.querySelector(".pane-head").append(make("div", { class: "search", role: "search" },
    make("input", { type: "search", "data-act": "search", "aria-label": "Search in the source", placeholder: "Search", "aria-keyshortcuts": "/", autocomplete: "off" }), key("/"),
    make("span", { class: "hits", role: "status" }),
    button("found-back", { class: "quiet", "aria-label": "Previous hit" }, "‹"), button("found-on", { class: "quiet", "aria-label": "Next hit" }, "›")));
  return one;
}

function outputPane(room, view, output) {
  const text = reading(output.text, view.unit === "conversation");
  text.dataset.output = output.key;
  const one = pane(`output output-${output.key}`, output.title, text);
  one.querySelector(".pane-head h2").id = one.querySelector(".pane-body").getAttribute("aria-labelledby").replaceAll(" ", "-");
  for (const part of [one, one.querySelector(".pane-body")]) part.setAttribute("aria-labelledby", one.querySelector("h2").id);
  one.append(make("div", { class: "selected", hidden: true }));
  return one;
}

/** Of several answers, outline the one that the question at hand is about, and bring it into sight. */
function askAbout(room, output) {
  const host = room.root.querySelector(".panes");
  const asked = output && host.querySelector(`.pane.output-${output.key}`);
  for (const one of host.children) one.classList.toggle("asked", one === asked);
  if (!asked) return;
  const [box, view] = [asked.getBoundingClientRect(), host.getBoundingClientRect()];
  const source = host.querySelector(".pane.source");
  const left = view.left + (source && getComputedStyle(source).position === "sticky" ? source.offsetWidth : 0) + 10;
  if (box.left < left) host.scrollLeft += box.left - left;
  else if (box.right > view.right) host.scrollLeft += box.right - view.right + 10;
  if (box.top < view.top) host.scrollTop += box.top - view.top - 7;
  else if (box.bottom > view.bottom) host.scrollTop += box.bottom - view.bottom + 7;
}

const sourceBody = (room) => room.root.querySelector(".pane.source .pane-body");

function sourcePage(room) {
  room.sourcePage ||= visible([...room.root.querySelectorAll(".pane.source .text")]);
  return room.sourcePage;
}

/** Search the source as the words are typed: all hits coloured, the first in sight. */
function search(room, words) {
  const body = sourceBody(room);
  if (!body) return;
  room.hits = words.trim().length > 1 ? findAll(sourcePage(room), words) : [];
  room.hit = -1;
  colour("room-phrase", []);
  colour("room-found", room.hits);
  colour("room-found-now", []);
  const line = room.root.querySelector(".hits");
  line.textContent = words.trim().length > 1 && !room.hits.length ? "none" : "";
  if (room.hits.length) stepHit(room, 1);
}

function stepHit(room, by) {
  if (!room.hits?.length) return;
  room.hit = (room.hit + by + room.hits.length) % room.hits.length;
  colour("room-found-now", [room.hits[room.hit]]);
  reveal(sourceBody(room), room.hits[room.hit]);
  room.root.querySelector(".hits").textContent = `${room.hit + 1} of ${room.hits.length}`;
}

/** Show in the source where the selected phrase of an output stands. */
function traceSelection(room) {
  const body = sourceBody(room);
  if (!room.cursor) showSelected(room);
  if (!body || !room.selected) return;
  const found = findPhrase(sourcePage(room), room.selected.place.quote);
  colour("room-phrase", found ? found.ranges : []);
  if (found) reveal(body, found.ranges[0]);
  const places = found ? found.ranges.length : 0;
  const said = !found ? "Not found in the source." : found.exact ? `Found in the source${places > 1 ? `, ${places} times` : ""}.` : "Not word for word; the nearest passage is marked.";
  const line = room.root.querySelector(".selected:not([hidden]) .traced");
  if (line) line.textContent = said;
  room.say(said);
}

/** The strip under an output while words are selected in it. */
function showSelected(room) {
  const before = room.selected;
  room.selected = null;
  for (const host of room.root.querySelectorAll(".text[data-output]")) {
    const place = selectionIn(host);
    if (place) room.selected = { host, place };
  }
  const { host, place } = room.selected || {};
  if (host && before && host === before.host && place.start === before.place.start && place.end === before.place.end) return;
  for (const strip of room.root.querySelectorAll(".selected")) strip.hidden = true;
  if (host) {
    const strip = host.closest(".pane").querySelector(".selected");
    strip.replaceChildren(...selectedTools(room, host));
    strip.hidden = strip.children.length === 0;
  }
}

function selectedTools(room, host) {
  const tools = [];
  const slot = spansSlot(room, host);
  for (const [n, point] of (slot ? slot.question.points : []).entries()) {
    tools.push(button("label", { class: "point", "data-slot": slot.id, "data-value": point.value }, key(keyOf(slot.question.points, n)), make("span", {}, point.label)));
  }
  if (slot && !slot.question.points.length) tools.push(button("label", { class: "point", "data-slot": slot.id, "data-value": "" }, key("⏎"), make("span", {}, "Mark")));
  if (sourceBody(room)) tools.push(button("trace", { class: "quiet", "aria-keyshortcuts": "f" }, "Find in the source ", key("F")), make("span", { class: "traced muted" }));
  return tools;
}

function spansSlot(room, host) {
  const fits = shownSlots(room.form).filter((slot) => slot.question.kind === "spans" && textOf(room, slot) === host);
  return fits.includes(room.form.current) ? room.form.current : fits[0];
}

function hideSource(room) {
  const hidden = room.root.classList.toggle("no-source");
  room.root.querySelector('[data-act="source"]').setAttribute("aria-pressed", String(!hidden));
  room.say(hidden ? "Source hidden" : "Source shown");
}

function textSize(room, by) {
  const now = Number(remembered("room-size")) || (window.innerWidth > 1500 ? 18 : 16);
  const at = Math.max(0, Math.min(SIZES.length - 1, SIZES.findIndex((size) => size >= now) + by));
  remember("room-size", String(SIZES[at]));
  room.root.style.setProperty("--size", `${SIZES[at]}px`);
}

function remembered(name) { try { return localStorage.getItem(name); } catch { return null; } }
function remember(name, value) { try { localStorage.setItem(name, value); } catch { /* private window: not remembered */ } }
