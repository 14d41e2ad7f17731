// Talking to the server: one post at a time, in order, sent again until the server has committed it.
// What could not be sent yet waits in memory; a submission carries a key, so that twice is once.

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const PATIENCE_MS = 15000;

/** An outbox for `api`; `hear` is told {saved, refused, conflict, gone, signedOut} and when `state` changes. */
function newWire(api, hear) {
  const wire = { api, hear, queue: [], sending: null, tries: 0, timer: 0, state: "saved", closed: false };
  wire.onOnline = () => { if (wire.tries) { wire.tries = 0; pump(wire); } };
  window.addEventListener("online", wire.onOnline);
  return wire;
}

const pending = (wire) => wire.queue.length + (wire.sending ? 1 : 0);

/** Queue a draft; one that waits for the same assignment is replaced, since this one holds all it said. */
function sendDraft(wire, job) {
  wire.queue = wire.queue.filter((other) => !(other.path === "draft" && other.assignment === job.assignment));
  wire.queue.push({ ...job, path: "draft" });
  pump(wire);
}

function sendSubmit(wire, job) {
  wire.queue = wire.queue.filter((other) => !(other.path === "draft" && other.assignment === job.assignment));
  wire.queue.push({ ...job, path: "submit", key: crypto.randomUUID ? crypto.randomUUID() : randomKey() });
  pump(wire);
}

const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function setState(wire, state) {
  if (wire.state === state) return;
  wire.state = state;
  wire.hear.state(state);
}

async function pump(wire) {
  clearTimeout(wire.timer);
  if (wire.sending || wire.closed) return;
  if (!wire.queue.length) { setState(wire, "saved"); return; }
  if (!wire.tries) setState(wire, "saving");
  const job = wire.queue.shift();
  wire.sending = job;
  const body = { ...job.body(), ...(job.key ? { key: job.key } : {}) };
  const reply = await post(wire.api, job.path, body);
  wire.sending = null;
  if (wire.closed) return;
  if (again(reply)) retry(wire, job, reply);
  else settle(wire, job, body, reply);
}

const again = (reply) => reply.status === 0 || reply.status === 401 || reply.status === 429 || reply.status >= 500;

function retry(wire, job, reply) {
  const newer = job.path === "draft" && wire.queue.some((other) => other.assignment === job.assignment);
  if (!newer) wire.queue.unshift(job);
  setState(wire, reply.status === 401 ? "signed out" : "unsaved");
  const wait = RETRY_MS[Math.min(wire.tries, RETRY_MS.length - 1)];
  wire.tries += 1;
  wire.timer = setTimeout(() => pump(wire), wait);
}

function settle(wire, job, body, reply) {
  wire.tries = 0;
  if (reply.status === 200) wire.hear.saved(job, reply.data, body);
  else if (reply.status === 409) wire.hear.conflict(job, reply.data, body);
  else if (reply.status === 422) wire.hear.refused(job, reply.data, body);
  else wire.hear.gone(job, reply.data, body);
  pump(wire);
}

/** Post JSON. {status: 0} means that no answer came: lost, or too late. */
async function post(api, path, body) {
  return ask(`${api}/${path}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-Consilium": "1" } });
}

async function get(api, path, query) {
  return ask(`${api}/${path}?${new URLSearchParams(query)}`, { headers: { "X-Consilium": "1" } });
}

async function ask(url, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, { ...options, credentials: "same-origin", cache: "no-store", redirect: "error", signal: stop.signal });
    const json = (response.headers.get("content-type") || "").includes("application/json");
    const data = json ? await response.json() : {};
    // A proxy's or a hotel's page in HTML is no answer of ours.
    return { status: response.status === 200 && !json ? 0 : response.status, data };
  } catch {
    return { status: 0, data: {} };
  } finally {
    clearTimeout(timer);
  }
}

/** Send what waits while the page goes away; the browser finishes it. */
function flush(wire) {
  for (const job of wire.queue) {
    const body = JSON.stringify({ ...job.body(), ...(job.key ? { key: job.key } : {}) });
    if (body.length < 60000) fetch(`${wire.api}/${job.path}`, { method: "POST", body, keepalive: true, credentials: "same-origin", headers: { "Content-Type": "application/json", "X-Consilium": "1" } }).catch(() => {});
  }
}
