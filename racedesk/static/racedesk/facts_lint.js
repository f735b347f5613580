// Remarks on the text beside the form: asked for what stands in the form, put into the text, shown in it, hidden. The list
// itself is made by the server, and stands there without script too.

const panel = document.getElementById("lint-panel");
const form = document.getElementById("article_form");
const LINES = ["kicker", "title", "standfirst"];
const ABOUT = ["language", "lead_event", "further_events", "lead_image"];
const said = panel?.querySelector(".lint-said");
const list = panel?.querySelector(".lint-list");
let order = 0; // of two answers the one that was asked for later counts

const field = (name) => document.getElementById(`id_${name}`);
const editor = () => form.querySelector(".tiptap.ProseMirror")?.editor;
const body = () => editor()?.getHTML() ?? field("body")?.value ?? "";

function tell(words) {
  said.textContent = words;
}

async function ask(address, more = {}) {
  const number = ++order;
  const sent = new FormData();
  for (const name of LINES) sent.append(name, field(name)?.value ?? "");
  const chosen = new FormData(form);
  for (const name of ABOUT) for (const value of chosen.getAll(name)) sent.append(name, value);
  for (const [name, value] of Object.entries({ body: body(), ...more })) sent.append(name, value);
  const token = form.querySelector("[name='csrfmiddlewaretoken']").value;
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body: sent, headers: { "X-CSRFToken": token }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      if (number === order) tell(panel.dataset.loggedOut);
      return false;
    }
    if (!answer.ok) throw new Error(answer.status);
    const html = await answer.text();
    if (number !== order) return false;
    list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    tell("");
    return true;
  } catch {
    if (number === order) tell(panel.dataset.failedWords);
    return false;
  } finally {
    if (number === order) panel.removeAttribute("aria-busy");
  }
}

// ------------------------------------------------------------------ finding words again

// Where the words stand in a line, by what stands around them.
function* spots(line, { before, text, after }) {
  for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1)) {
    if (line.slice(0, at).endsWith(before) && line.slice(at + text.length).startsWith(after)) yield at;
  }
}

// All places in the editor's text that fit; what is a value from the data fits nowhere.
function inEditor(place) {
  const found = [];
  editor()?.state.doc.descendants((node, start) => {
    if (!node.isTextblock) return true;
    let line = "";
    const where = [];
    node.forEach((child, offset) => {
      const words = child.isText ? child.text : child.type.name === "dataValue" ? child.attrs.text : "\n";
      for (let step = 0; step < words.length; step += 1) where.push(child.isText ? start + 1 + offset + step : null);
      line += words;
    });
    for (const at of spots(line, place)) {
      const taken = where.slice(at, at + place.text.length);
      if (taken.includes(null)) continue;
      found.push({ from: taken[0], to: taken.at(-1) + 1, start, end: start + node.nodeSize, isWhole: line.trim() === place.text });
    }
    return false;
  });
  return found;
}

function inFields(place) {
  return LINES.flatMap((name) => {
    const input = field(name);
    return input ? [...spots(input.value, place)].map((at) => ({ input, at, to: at + place.text.length })) : [];
  });
}

const isLocked = () => (editor() ? !editor().isEditable : Boolean(field("title")?.disabled || field("title")?.readOnly));

// Every place is found before the first is changed, and changed from the end, for the words around one may be another.
// How many were changed; two places that look the same are one each.
function put(places, suggestion) {
  const lines = new Map();
  const spans = new Map();
  for (const place of places) {
    for (const one of inFields(place)) lines.set(`${one.input.id} ${one.at}`, one);
    for (const one of inEditor(place)) spans.set(one.from, one);
  }
  for (const { input, at, to } of [...lines.values()].sort((one, other) => other.at - one.at)) {
    input.setRangeText(suggestion, at, to, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const inText = [...spans.values()].sort((one, other) => other.from - one.from);
  if (inText.length) {
    const { state, view } = editor();
    view.dispatch(inText.reduce((change, { from, to }) => change.insertText(suggestion, from, to), state.tr));
  }
  return lines.size + inText.length;
}

// A paragraph that stands twice: the last one goes, for the first is where it belongs.
function remove(places) {
  const whole = places.flatMap(inEditor).filter((one) => one.isWhole).at(-1);
  if (!whole) return 0;
  const { state, view } = editor();
  view.dispatch(state.tr.delete(whole.start, whole.end));
  return 1;
}

function show(place) {
  const [line] = inFields(place);
  if (line) {
    line.input.focus();
    line.input.setSelectionRange(line.at, line.to);
    line.input.scrollIntoView({ block: "center" });
    return true;
  }
  const [found] = inEditor(place);
  if (!found) return false;
  editor().chain().focus().setTextSelection({ from: found.from, to: found.to }).run();
  editor().view.domAtPos(found.from).node.parentElement?.scrollIntoView({ block: "center" });
  return true;
}

// ------------------------------------------------------------------ what the buttons do

// The focus goes on to the next remark, else to the button that asks again.
function goOn(place) {
  const buttons = [...list.querySelectorAll("li [data-lint]")];
  const items = [...list.querySelectorAll("li")];
  const next = items[Math.min(place, items.length - 1)]?.querySelector("[data-lint]");
  (next ?? buttons[0] ?? panel.querySelector("[data-lint='ask']")).focus();
}

const ACTS = {
  ask: () => ask(panel.dataset.remarks),
  "show-all": async () => {
    await ask(panel.dataset.hide, { digest: "none" });
    goOn(0);
  },
  hide: async (item, place) => {
    if (await ask(panel.dataset.hide, { digest: item.dataset.digest })) goOn(place);
  },
  show: (item) => {
    const shown = item.places.some(show);
    tell(shown ? "" : panel.dataset.goneWords);
  },
  apply: async (item, place) => {
    if (isLocked()) return tell(panel.dataset.lockedWords);
    const { suggestion } = item.dataset;
    const done = suggestion === "" ? remove(item.places) : put(item.places, suggestion);
    if (!done) return tell(panel.dataset.goneWords);
    if (await ask(panel.dataset.remarks)) tell(panel.dataset.appliedWords);
    goOn(place);
  },
};

if (panel && form) {
  panel.classList.add("is-awake");
  panel.addEventListener("click", (event) => {
    const act = event.target.closest("[data-lint]")?.dataset.lint;
    if (!act) return;
    const item = event.target.closest("li");
    const place = item ? [...list.querySelectorAll("li")].indexOf(item) : 0;
    if (item) item.places = JSON.parse(item.dataset.places);
    ACTS[act](item, place);
  });
}
