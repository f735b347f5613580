// "Fakten prüfen" beside the editor: the server reads what the form holds and says what the data make of it; from here a
// claim is shown in the text, its right value is written there, or a data node takes its place. Nothing is saved by that.

const SOON = 400; // milliseconds after a choice, or a correction of ours
const PAUSE = 3_500; // after the last key, where nothing keeps the text

const panel = document.getElementById("facts");
const form = document.getElementById("article_form");
const body = panel?.querySelector(".facts-body");
const said = panel?.querySelector(".facts-said"); // the counts, for who does not see them change
const told = panel?.querySelector(".check-told");
const MARK = "fact";

let editor = null;
let timer;
let order = 0; // of two answers the one that was asked for later counts
let checked = ""; // what the form held when it was last checked
let voidToken; // the login ended: nothing is asked with this one again before somebody wants it

function fields() {
  const sent = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(sent);
}

// Only what the check reads: a box of the sidebar needs none.
function asked() {
  const names = ["kicker", "title", "standfirst", "body", "language", "lead_event", "further_events", "lead_image"];
  const data = new FormData(form);
  return JSON.stringify(names.map((name) => data.getAll(name)));
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(check, wait);
}

async function check(isWanted = false) {
  clearTimeout(timer);
  if (form.classList.contains("read-first")) return;
  const now = asked();
  if (isWanted !== true && (now === checked || fields().get("csrfmiddlewaretoken") === voidToken)) return;
  const answer = await send(panel.dataset.check, fields());
  if (answer) checked = now;
}

// `reason`: the field whose words are sent and done with, if the answer is good.
async function send(address, data, reason) {
  const mine = ++order;
  try {
    // A login page is no answer, and is not fetched: it would make the token of the form void.
    const answer = await fetch(address, { method: "POST", body: data, redirect: "manual", cache: "no-store" });
    if (mine !== order) return false;
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      voidToken = data.get("csrfmiddlewaretoken");
      told.textContent = panel.dataset.loggedOut;
      return false;
    }
    if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
    const html = await answer.text();
    if (mine !== order) return false;
    if (answer.ok && reason) reason.value = "";
    put(html);
    return true;
  } catch {
    if (mine === order) told.textContent = panel.dataset.unreachable;
    return false;
  }
}

// What somebody writes beside a claim is written on when the lists come anew; nothing typed goes with its claim.
function typedNow() {
  const inputs = [...body.querySelectorAll(".fact-answer[open] input")];
  return inputs.map(({ id, value, selectionStart: at }) => ({ id, value, at, isFocused: id === document.activeElement.id }));
}

function typeAgain(typed) {
  let hasFocus = false;
  const orphans = [];
  for (const { id, value, at, isFocused } of typed) {
    const field = document.getElementById(id);
    if (field) {
      field.closest(".fact-answer").open = true;
      field.closest("[data-group]").open = true;
      field.value = value;
      if (isFocused) {
        field.focus();
        field.setSelectionRange(at, at);
        hasFocus = true;
      }
    } else if (value.trim()) orphans.push(`„${value}“`);
  }
  told.textContent = orphans.length ? `${panel.dataset.orphan} ${orphans.join(" ")}` : "";
  return hasFocus;
}

// The new lists, with what was open still open, what was written still there, and focus and place in the lists as they were.
function put(html) {
  const open = new Set([...body.querySelectorAll("details[open][data-group]")].map((one) => one.dataset.group));
  const known = new Set([...body.querySelectorAll("[data-group]")].map((one) => one.dataset.group));
  const scrolled = new Map([...body.querySelectorAll("[data-group]")].map((one) => [one.dataset.group, one.querySelector("ul").scrollTop]));
  const typed = typedNow();
  const focus = body.contains(document.activeElement) ? document.activeElement : null;
  const key = focus?.closest("[data-key]")?.dataset.key;
  const group = focus?.closest("[data-group]")?.dataset.group;
  const before = body.querySelector(".facts-summary")?.textContent;
  body.innerHTML = html; // of our own server, escaped there
  for (const one of body.querySelectorAll("[data-group]")) {
    if (known.has(one.dataset.group)) one.open = open.has(one.dataset.group);
  }
  wake();
  const isTyping = typeAgain(typed);
  for (const one of body.querySelectorAll("[data-group]")) one.querySelector("ul").scrollTop = scrolled.get(one.dataset.group) ?? 0;
  const after = body.querySelector(".facts-summary")?.textContent ?? "";
  said.textContent = after === before ? "" : after;
  if (focus && !isTyping) {
    const same = key && body.querySelector(`[data-key="${CSS.escape(key)}"] button`);
    const near = group && body.querySelector(`[data-group="${CSS.escape(group)}"] summary`);
    (same || near || panel.querySelector("[data-facts-now]"))?.focus({ preventScroll: true });
  }
}

// Whoever only reads has no fields in which words could be shown.
function wake() {
  for (const one of body.querySelectorAll(".fact-acts[hidden]")) one.hidden = false;
  for (const one of body.querySelectorAll(".fact [data-show]")) one.hidden = !input(one.closest(".fact").dataset.field);
}

// ------------------------------------------------------------------ the place of words in the editor

// The words as the server reads them: blocks apart by an empty line, blanks folded; and where each sign stands.
function written(doc) {
  let text = "";
  const places = [];
  let isFresh = true;
  const add = (sign, from, to) => {
    if (/[ \t\r\n\f]/.test(sign) && (isFresh || text.at(-1) === " ")) return;
    if (isFresh && text) {
      places.push(null, null);
      text += "\n\n";
    }
    isFresh = false;
    text += /[\t\r\f]/.test(sign) ? " " : sign;
    places.push([from, to]);
  };
  const whole = (words, from, to) => {
    for (let at = 0; at < words.length; at += 1) add(words[at], from, to);
  };
  doc.descendants((node, place) => {
    if (node.isText) {
      for (let at = 0; at < node.text.length; at += 1) add(node.text[at], place + at, place + at + 1);
    } else if (node.type.name === "hardBreak") {
      text += "\n";
      places.push([place, place + 1]);
    } else if (node.type.name === "dataValue") whole(node.attrs.text, place, place + node.nodeSize);
    else {
      isFresh = true;
      if (node.isAtom && node.attrs.caption) whole(node.attrs.caption, place, place + node.nodeSize);
    }
    return true;
  });
  return { text, places };
}

function nth(text, words, number) {
  let at = text.indexOf(words);
  for (let count = 0; count < number && at >= 0; count += 1) at = text.indexOf(words, at + words.length);
  return at;
}

// `skip` and `keep`: signs at both ends that are none of our business.
function rangeInBody(words, number, skip = 0, keep = 0) {
  if (!editor || !words) return null;
  const { text, places } = written(editor.state.doc);
  const at = nth(text, words, number);
  if (at < 0) return null;
  const [first, last] = [places[at + skip], places[at + words.length - keep - 1]];
  return first && last ? { from: first[0], to: last[1] } : null;
}

// How many signs of the words stand at both ends of the new ones, too: emphasis and links there stay as they are.
function alike(before, after) {
  const [old, words] = [before, after].map((one) => one.replaceAll("\u00a0", " "));
  const most = Math.min(old.length, words.length);
  let [skip, keep] = [0, 0];
  while (skip < most && old[skip] === words[skip]) skip += 1;
  while (keep < most - skip && old.at(-1 - keep) === words.at(-1 - keep)) keep += 1;
  // Something comes in between: with one sign beside it, it stands in that one's emphasis.
  if (skip + keep === old.length) [skip, keep] = skip ? [skip - 1, keep] : [skip, Math.max(keep - 1, 0)];
  return { skip, keep };
}

function input(field) {
  return document.getElementById(`id_${field}`);
}

function rangeInLine(field, words, number) {
  const at = nth(input(field)?.value ?? "", words, number);
  return at < 0 ? null : { from: at, to: at + words.length };
}

function placeOf(item) {
  const { field, words, nth: number } = item.dataset;
  return field === "body" ? rangeInBody(words, Number(number)) : rangeInLine(field, words, Number(number));
}

function light({ from, to }) {
  if (!("highlights" in CSS)) return;
  const range = document.createRange();
  const [start, end] = [editor.view.domAtPos(from), editor.view.domAtPos(to)];
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  CSS.highlights.set(MARK, new Highlight(range));
}

function show(item) {
  const place = placeOf(item);
  if (!place) {
    lost();
    return;
  }
  if (item.dataset.field !== "body") {
    const line = input(item.dataset.field);
    line.focus();
    line.setSelectionRange(place.from, place.to);
    line.scrollIntoView({ block: "center" });
    return;
  }
  editor.chain().setTextSelection(place).focus().run();
  light(place);
  const { node } = editor.view.domAtPos(place.from);
  (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).scrollIntoView({ block: "center" });
}

function lost() {
  told.textContent = panel.dataset.lost;
}

// ------------------------------------------------------------------ what is done about a claim

function changed() {
  form.dispatchEvent(new Event("change", { bubbles: true })); // so that it is kept and previewed
  later(SOON);
}

function correct(item, words) {
  const place = placeOf(item);
  if (!place) {
    lost();
    return;
  }
  if (item.dataset.field === "body") {
    const { skip, keep } = alike(item.dataset.words, words);
    const { from, to } = rangeInBody(item.dataset.words, Number(item.dataset.nth), skip, keep) ?? place;
    editor.view.dispatch(editor.state.tr.insertText(words.slice(skip, words.length - keep), from, to));
  } else {
    const line = input(item.dataset.field);
    line.setRangeText(words, place.from, place.to);
    line.dispatchEvent(new Event("input", { bubbles: true }));
  }
  changed();
}

function bind(item) {
  const { bindWords, bindNth, reference, value, text } = item.dataset;
  const place = rangeInBody(bindWords, Number(bindNth));
  const node = editor?.schema.nodes.dataValue;
  if (!place || !node) {
    lost();
    return;
  }
  const marks = editor.state.doc.resolve(place.from).marksAcross(editor.state.doc.resolve(place.to)) ?? [];
  editor.view.dispatch(
    editor.state.tr.replaceWith(place.from, place.to, node.create({ reference, value, text }, null, marks)),
  );
  changed();
}

function answer(item, act) {
  const reason = item.querySelector("input[name$='-reason']");
  if (act === "waive" && !reason.value.trim()) {
    reason.focus();
    return;
  }
  const data = fields();
  data.set("in_form", "1");
  data.set(act, item.dataset.key);
  if (reason) data.set(reason.name, reason.value);
  send(panel.dataset.claims, data, reason);
}

function act({ target }) {
  const button = target.closest("button");
  const item = target.closest("[data-key]");
  if (!button || !item) return;
  const isReading = form.classList.contains("read-first"); // somebody else has the form
  if (isReading && !("show" in button.dataset)) return;
  if ("show" in button.dataset) show(item);
  else if ("correct" in button.dataset) correct(item, button.dataset.correct);
  else if ("bind" in button.dataset) bind(item);
  else if ("answer" in button.dataset) answer(item, button.dataset.answer);
}

if (panel && form && body) {
  wake();
  const now = panel.querySelector("[data-facts-now]");
  if (now) {
    now.hidden = false;
    now.addEventListener("click", () => check(true));
    form.addEventListener("input", ({ target }) => !panel.contains(target) && later(PAUSE));
    form.addEventListener("change", ({ target }) => !panel.contains(target) && later(SOON));
    document.addEventListener("desk:kept", () => later(0));
    window.addEventListener("load", () => {
      checked = asked();
      window.django.jQuery(form).on("change", () => later(SOON));
    });
  }
  body.addEventListener("click", act);
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault(); // else it would send a form
    answer(event.target.closest("[data-key]"), "waive");
  });
  document.addEventListener("prose-editor:ready", ({ detail }) => {
    if (detail.textarea.id !== "id_body") return;
    ({ editor } = detail);
    editor.on("update", () => {
      if ("highlights" in CSS) CSS.highlights.delete(MARK);
      if (editor.isFocused) later(PAUSE);
    });
  });
}
