// The way in. Streamlit calls this again at every change of data or theme; the room is made only once.

export default function mount({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".room-host");
  const outside = (where) => setTriggerValue("leave", where);
  if (host.room) { host.room.outside = outside; if (data) renewScratch(host.room, data); }
  else if (data) host.room = newRoom(host, { ...data, outside });
  if (host.room) host.room.root.dataset.scheme = schemeOf(parentElement);
  return () => { host.room?.unbind(); host.room = null; };
}

/** "dark" or "light": what the page around has, which follows the reader's own setting. */
function schemeOf(element) {
  for (let at = element; at; at = at.parentElement) {
    const parts = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number);
    if (parts && (parts[3] ?? 1) > 0.5) return 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2] < 128 ? "dark" : "light";
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
