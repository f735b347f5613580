// Text is kept before it is saved: in this browser at once, on the server a few seconds after the last key. A closed
// browser, a lost connection or an ended login lose nothing; the server offers what was kept when the form is opened again.

const LOCALLY = 300; // milliseconds after a key
const PAUSE = 3_000; // after the last key
const LATEST = 15_000; // while somebody types without a pause
const AGAIN = 10_000; // after a failure
const UNSAVED = ".errornote:not([hidden]), .conflict"; // a form that came back: what it holds is stored nowhere

const form = document.getElementById("article_form");
const work = document.getElementById("form-work")?.dataset;
let key = form?.elements.form_key?.value;
const place = work && `racedesk:text:${work.person}:${work.article}:`;
const status = form?.querySelector(".keep-status");

let changes = 0; // counts what was typed
let keptChanges = 0; // of which the server has this much
let keptText; // what the server has, or the form held when it was opened
let since = 0; // when the first unkept change was made
let localTimer;
let timer;
let isAsking = false;
let wasOut = false; // the login ended: the next one brings another token
let isLocal = false; // the browser has all that was typed
let isLeaving = false; // the form is on its way: what arrives beside it may be older
let taking = []; // proposals are on their way into the text: a copy of it without them would be another text
let held; // what the form held before somebody else took it over: fields that are locked are in no FormData

function pairs() {
  if (held && form.classList.contains("read-first")) return held;
  const fields = [...new FormData(form), ...taking];
  return fields.filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
}

// Scripts of the page change fields too, without changing what the form holds.
const text = () => JSON.stringify(pairs());

function keepLocally() {
  clearTimeout(localTimer);
  // What is read first cannot be written, and its switched-off fields would look like authors and boxes taken away.
  if (form.classList.contains("read-first")) return;
  const now = text();
  if (now === keptText) {
    drop(place + key); // an older copy would take the place of what the server has
    return;
  }
  try {
    localStorage.setItem(place + key, now);
    isLocal = true;
  } catch {
    isLocal = false; // The browser has no room or gives none: the server's copy has to do.
  }
}

function drop(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // as above
  }
}

function body(fields) {
  const data = new URLSearchParams(fields);
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return data;
}

async function post(fields) {
  const ask = () => fetch(work.keep, { method: "POST", body: body(fields), redirect: "manual", cache: "no-store" });
  if (!wasOut) {
    const answer = await ask();
    wasOut = answer.type === "opaqueredirect";
    if (answer.status !== 403) return answer;
  }
  // A login in another tab made the token of this page void.
  const page = await fetch(form.querySelector("[data-ask]").dataset.ask, { redirect: "manual", cache: "no-store" });
  if (page.type === "opaqueredirect" || !page.ok) return page;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  form.elements.csrfmiddlewaretoken.value = fresh.querySelector("[name='csrfmiddlewaretoken']").value;
  wasOut = false;
  return ask();
}

// Says where the text is, and never that it is where it is not.
function tellFailure(words) {
  status.textContent = isLocal ? words : work.nowhereWords;
}

// The form was saved under its key, and the answer never arrived: on under another one. The first says what was saved.
function goOn({ new_key: fresh }) {
  drop(place + key);
  held = held && renamed(held, key, fresh);
  form.elements.saved_key.value = key;
  form.elements.form_key.value = fresh;
  key = fresh;
  keepLocally();
}

function renamed(fields, old, fresh) {
  const rest = fields.filter(([name]) => !["form_key", "saved_key"].includes(name));
  return [...rest, ["form_key", fresh], ["saved_key", old]];
}

function notice(name, isThere) {
  const element = form.querySelector(`[data-not-sent="${name}"]`);
  if (element) element.hidden = !isThere;
}

function tellStale({ version, saved_by: who }) {
  const note = form.querySelector(".form-stale");
  const isStale = version > Number(form.elements.lock_version?.value || 0);
  if (note && isStale) note.querySelector(".hold-who").textContent = who;
  if (note) note.hidden = !isStale;
}

async function keep() {
  clearTimeout(timer);
  if (isAsking) return;
  const count = changes;
  const fields = pairs();
  if (JSON.stringify(fields) === keptText) {
    keptChanges = count;
    drop(place + key);
    return;
  }
  isAsking = true;
  let wait = AGAIN;
  try {
    const answer = await post(fields);
    notice("logged-out", answer.type === "opaqueredirect");
    const told = answer.ok || answer.status === 409 ? await answer.json() : {};
    notice("other-person", told.error === "person");
    if (told.saved) {
      if (!isLeaving) {
        goOn(told);
        wait = 1_000;
      }
    } else if (answer.ok) {
      keptChanges = count;
      keptText = JSON.stringify(fields);
      document.dispatchEvent(new CustomEvent("desk:kept"));
      since = Date.now();
      status.textContent = told.is_stored ? "" : work.keptWords.replace("{at}", told.kept_at);
      tellStale(told);
      if (count === changes) drop(place + key);
    } else if (answer.status === 429) wait = 1_500;
    else tellFailure(answer.type === "opaqueredirect" ? work.localWords : work.refusedWords);
  } catch {
    tellFailure(work.localWords);
  }
  isAsking = false;
  if (keptChanges < changes) timer = setTimeout(keep, keptChanges < count ? wait : PAUSE);
}

function touch() {
  if (form.classList.contains("read-first")) return;
  if (keptChanges === changes) since = Date.now();
  changes += 1;
  clearTimeout(localTimer);
  localTimer = setTimeout(keepLocally, LOCALLY);
  clearTimeout(timer);
  timer = setTimeout(keep, Math.max(0, Math.min(PAUSE, since + LATEST - Date.now())));
}

async function handed(fields) {
  const answer = await post(fields).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

// What an earlier opening of this form left in the browser and the server has not got: it shall offer it.
async function handOver() {
  const left = Object.keys(localStorage).filter((name) => name.startsWith(place) && name !== place + key);
  let isNew = false;
  for (const name of left) {
    const fields = JSON.parse(localStorage.getItem(name));
    let told = await handed(fields);
    // It may have been saved and written on: what is stored by now is not kept a second time.
    if (told?.saved) told = await handed(renamed(fields, name.slice(place.length), told.new_key));
    if (!told) continue;
    isNew ||= !told.is_stored;
    drop(name);
  }
  if (isNew && text() === keptText) location.reload();
}

if (form && work && form.querySelector("[name='_continue']")) {
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  document.addEventListener("formset:removed", touch);
  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    editor.on("update", () => editor.isFocused && touch());
  });
  window.addEventListener("load", () => {
    const isUnsaved = form.querySelector(UNSAVED) !== null;
    keptText = isUnsaved ? "" : text();
    if (isUnsaved) touch();
    // The search boxes speak through jQuery only, and announce what they find when they are made.
    window.django.jQuery(form).on("change", touch);
    handOver().catch(() => {});
  });
  form.addEventListener("submit", (event) => setTimeout(() => {
    isLeaving ||= !event.defaultPrevented; // the first time it is held back, see keep_text.js
    taking = event.submitter?.name === "_propose" ? [["_propose", "1"]] : [];
    setTimeout(() => { isLeaving = false; taking = []; }, AGAIN);
  }));
  window.addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("desk:keep-now", () => {
    held = pairs();
    if (keptChanges === changes) return;
    keepLocally();
    keep();
  });
  window.addEventListener("pagehide", () => {
    clearTimeout(timer);
    if (keptChanges < changes) keepLocally();
  });
}
