// A lost connection, said above every page and to screen readers. The rating room says its own.

const LOST = "No connection to the server at the moment. This page goes on by itself as soon as there is one.";
const BACK = "The connection is back.";
// So that neither a first page nor a moment's gap shows it.
const PAUSE_MS = 3000;

/** Streamlit calls this again at every change; the line is made once, and outlives the page that made it. */
export default function mount() {
  if (document.querySelector(".consilium-outage")) return;
  const line = document.createElement("div");
  line.className = "consilium-outage";
  line.setAttribute("role", "alert");
  document.body.append(line);
  let timer = 0;
  const say = (state, words) => { line.dataset.state = state; line.textContent = words; };
  const look = () => {
    const up = document.querySelector(".stApp")?.dataset.testConnectionState === "CONNECTED";
    if (!up && !timer && line.dataset.state !== "lost") timer = setTimeout(() => { if (!document.querySelector(".room")) say("lost", LOST); }, PAUSE_MS);
    if (!up) return;
    clearTimeout(timer);
    timer = 0;
    if (line.dataset.state === "lost") say("back", BACK);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-test-connection-state"] });
}
