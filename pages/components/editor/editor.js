// A plain text area with numbered lines. It says what was typed after a short pause, and at once on leaving.

const PAUSE_MS = 400;

export default function mount({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".editor-host");
  host.tell = (text) => setStateValue("text", text);
  if (!host.editor && data) host.editor = newEditor(host, data);
  if (host.editor && data) host.editor.mark(data.wrong);
  return () => { clearTimeout(host.editor?.timer); host.editor = null; };
}

function newEditor(host, { label, start }) {
  const field = document.createElement("textarea");
  Object.assign(field, { value: start, spellcheck: false, wrap: "off", className: "editor-text" });
  field.setAttribute("aria-label", label);
  field.setAttribute("autocapitalize", "off");
  const numbers = document.createElement("ol");
  numbers.className = "editor-lines";
  numbers.setAttribute("aria-hidden", "true");
  host.replaceChildren(numbers, field);
  const editor = { field, numbers, timer: 0, told: start, wrong: [] };
  editor.mark = (wrong) => { editor.wrong = wrong; number(editor); };
  field.addEventListener("input", () => { number(editor); clearTimeout(editor.timer); editor.timer = setTimeout(() => tell(host, editor), PAUSE_MS); });
  field.addEventListener("blur", () => tell(host, editor));
  field.addEventListener("scroll", () => { numbers.scrollTop = field.scrollTop; });
  return editor;
}

function tell(host, editor) {
  clearTimeout(editor.timer);
  if (editor.field.value === editor.told) return;
  editor.told = editor.field.value;
  host.tell(editor.told);
}

/** As many numbers as lines; those that are wrong are marked. */
function number({ field, numbers, wrong }) {
  const count = field.value.split("\n").length;
  while (numbers.children.length > count) numbers.lastChild.remove();
  while (numbers.children.length < count) numbers.append(document.createElement("li"));
  [...numbers.children].forEach((line, n) => line.classList.toggle("wrong", wrong.includes(n + 1)));
  field.setAttribute("aria-invalid", String(wrong.length > 0));
  numbers.scrollTop = field.scrollTop;
}
