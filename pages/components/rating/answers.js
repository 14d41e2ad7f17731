// The answers on one form: which questions are asked, what was answered, what is missing.
// The server checks everything again (annotate/answers.py); this only spares the rater a round trip.

/** A form for `view`: its slots (a question, or a question about one output) and its answers. */
function newForm(view) {
  const answers = new Map(Object.entries(structuredClone(view.answers || {})));
  return { view, slots: slotsOf(view), answers, current: null, touched: false, complaining: false };
}

function slotsOf(view) {
  if (view.finished) return [];
  const slots = [];
  const single = (question) => slots.push({ id: question.key, question, output: null });
  const each = view.questions.filter((question) => question.per_output);
  let done = !each.length;
  for (const question of view.questions) {
    if (!question.per_output) { single(question); continue; }
    if (done) continue;
    done = true;
    for (const output of view.outputs) {
      for (const one of each) slots.push({ id: `${one.key}@${output.key}`, question: one, output });
    }
  }
  return slots;
}

const answerTo = (form, slot) => form.answers.get(slot.id) || {};

function isShown(form, slot, depth = 0) {
  const condition = slot.question.shown_if;
  if (!condition || depth > 20) return true;
  const [key, values] = condition;
  const parent = form.slots.find((other) => other.question.key === key && (other.output === null || other.output === slot.output));
  if (!parent || !isShown(form, parent, depth + 1)) return false;
  const said = [answerTo(form, parent).value].flat().map((value) => value?.verdict ?? value);
  return said.some((value) => values.includes(String(value)));
}

const shownSlots = (form) => form.slots.filter((slot) => isShown(form, slot));

function hasValue(question, answer) {
  const { value } = answer;
  if (value === undefined || value === null) return false;
  if (question.kind === "text") return [value].flat().some((line) => String(line).trim() !== "");
  return question.kind !== "number" || String(value).trim() !== "";
}

const isAnswered = (form, slot) => {
  const answer = answerTo(form, slot);
  return Boolean(answer.unable) || hasValue(slot.question, answer);
};

const wantsComment = (question, answer) => {
  if (answer.unable) return answer.unable === "other";
  if (!hasValue(question, answer)) return false;
  if (question.comment === "required") return true;
  if (question.comment !== "extremes") return false;
  const ends = question.points.length ? [question.points[0], question.points.at(-1)] : [];
  return ends.some((point) => point.value === String(answer.value));
};

/** What keeps this slot from being complete, as a sentence; null when nothing does. */
function complaint(form, slot) {
  if (!isShown(form, slot)) return null;
  const { question } = slot;
  const answer = answerTo(form, slot);
  if (!isAnswered(form, slot)) {
    if (!question.required) return null;
    return question.unable.length ? "Please answer, or say why you cannot." : "Please answer.";
  }
  if (wantsComment(question, answer) && !(answer.comment || "").trim()) {
    return answer.unable ? "Please say in a comment why." : "This answer needs a comment: please say why.";
  }
  return answer.unable ? null : unfinished(form, slot, answer.value);
}

function unfinished(form, slot, value) {
  const check = UNFINISHED[slot.question.kind];
  return check ? check(slot.question, value, form, slot) : null;
}

const UNFINISHED = {
  number({ low, high, points }, value) {
    const number = Number(String(value).trim().replace(",", "."));
    if (!Number.isFinite(number)) return "Please write a number.";
    const outside = (low !== null && number < low) || (high !== null && number > high);
    return !points.length && outside ? `Please write a number ${bounds(low, high)}.` : null;
  },
  ranking(question, value, form) {
    const left = form.view.outputs.length - value.flat().length;
    return left ? `Please place all: ${left} ${left === 1 ? "is" : "are"} left.` : null;
  },
  spans(question, value) {
    if (value.some((mark) => mark.missing !== undefined && !mark.missing.trim())) return "Please say what is missing.";
    if (question.severities.length && value.some((mark) => !mark.severity)) return "Please say how severe each mark is.";
    return value.some((mark) => !mark.label && question.points.length) ? "Please choose a label for each mark." : null;
  },
  sentences(question, value, form, slot) {
    const left = sentencesOf(form, slot).length - value.filter(Boolean).length;
    if (left) return `Please judge every sentence: ${left} ${left === 1 ? "is" : "are"} left.`;
    const bare = (mark) => question.severities.length && mark.value !== question.points[0].value && !mark.severity;
    return value.some(bare) ? "Please say how severe each flagged sentence is." : null;
  },
  checklist(question, value, form) {
    const left = form.view.criteria.filter((criterion) => value[criterion.key] === undefined).length;
    return left ? `Please go through the whole list: ${left} ${left === 1 ? "is" : "are"} left.` : null;
  },
  placement(question, value) {
    if (value.verdict === "move" && !value.place) return "Please choose the place where it belongs.";
    if (value.verdict === "ambiguous" && (value.between || []).length < 2) return "Please choose the two places (or more) between which it stands.";
    return value.verdict === "none" && !(value.name || "").trim() ? "Please propose a name." : null;
  },
};

function bounds(low, high) {
  if (low !== null && high !== null) return `from ${low} to ${high}`;
  return low !== null ? `of ${low} or more` : `of ${high} or less`;
}

const sentencesOf = (form, slot) => {
  const output = slot.output || form.view.outputs[0];
  return output && output.sentences ? output.sentences : [];
};

/** Change one answer: `change` is merged into it; undefined takes a part away. */
function setAnswer(form, slot, change) {
  const answer = { ...answerTo(form, slot), ...change };
  for (const key of Object.keys(answer)) if (answer[key] === undefined || answer[key] === "") delete answer[key];
  if (Object.keys(answer).length) form.answers.set(slot.id, answer);
  else form.answers.delete(slot.id);
  form.touched = true;
}

/** What is sent: the answers to the questions that are asked, and to no other. */
const payload = (form) =>
  Object.fromEntries(shownSlots(form).filter((slot) => form.answers.has(slot.id)).map((slot) => [slot.id, form.answers.get(slot.id)]));

const firstIncomplete = (form) => form.slots.find((slot) => complaint(form, slot) !== null);
