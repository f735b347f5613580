// Who has the form open: this page says so every few seconds, shows who else has it, and hands it over when asked. It
// protects nobody's text by itself; the version that a form began with does that on the server.

const form = document.getElementById("article_form");
const work = document.getElementById("form-work")?.dataset;
const banner = form?.querySelector(".form-hold");
const HELD = "data-held";

let isMine = false;
let wasMine = false;
let isComingAgain = false;
let isLost = false; // it was taken over, and what that says stays
let voidToken;
let editor;

function body(act) {
  return new URLSearchParams({
    act, form_key: form.elements.form_key.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  });
}

function show(name, { holder = "", since = "" } = {}) {
  banner.hidden = !name;
  for (const part of banner.querySelectorAll("[data-hold]")) {
    part.hidden = part.dataset.hold !== name;
    if (part.hidden) continue;
    const who = part.querySelector(".hold-who");
    const at = part.querySelector(".hold-since");
    if (who && holder) who.textContent = holder;
    if (at && since) at.textContent = since;
  }
  banner.querySelector("[data-take]").hidden = !["other", "lost", "own"].includes(name);
}

// Everything stays readable and can be copied; what would write waits.
function readFirst(isReading) {
  form.classList.toggle("read-first", isReading);
  editor?.setEditable(!isReading);
  for (const one of form.elements) {
    if (one.type === "hidden" || one.type === "fieldset" || banner.contains(one) || one.closest(".story-preview, .kept-offer")) continue;
    if (one.classList.contains("preview-toggle")) continue;
    const name = one.matches("textarea, input:not([type='checkbox'], [type='radio'], [type='submit'])") ? "readOnly" : "disabled";
    if (isReading && !one[name]) {
      one[name] = true;
      one.setAttribute(HELD, name);
    } else if (!isReading && one.hasAttribute(HELD)) {
      one[one.getAttribute(HELD)] = false;
      one.removeAttribute(HELD);
    }
  }
}

function isOld({ version }) {
  return version > Number(form.elements.lock_version.value || 0);
}

function heard(told, act) {
  isMine = told.mine;
  if (isMine) {
    const isBack = form.classList.contains("read-first");
    if (isBack && isOld(told)) {
      if (act === "take") location.reload();
      show("stale", { holder: told.saved_by });
      return;
    }
    if (isBack) readFirst(false);
    if (isBack || !wasMine) show(isBack && act !== "take" ? "free" : "");
    wasMine = true;
    isLost = false;
    return;
  }
  // What stands here is kept before the form is closed.
  if (!form.classList.contains("read-first")) document.dispatchEvent(new CustomEvent("desk:keep-now"));
  if (wasMine) {
    show(told.own ? "own" : "lost", told);
    wasMine = false;
    isLost = true;
  } else if (!isLost) show(told.own ? "own" : "other", told);
  readFirst(true);
}

async function ask(act) {
  const token = form.elements.csrfmiddlewaretoken.value;
  if (token === voidToken) return; // logged out; the text is sent first, and brings a new token
  try {
    const answer = await fetch(work.hold, { method: "POST", body: body(act), redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") voidToken = token;
    if (answer.ok) heard(await answer.json(), act);
  } catch {
    // Without a connection nobody is asked and nobody is kept from writing.
  }
}

if (form && banner && form.elements.form_key) {
  document.addEventListener("prose-editor:ready", ({ detail }) => {
    editor = detail.editor;
    if (form.classList.contains("read-first")) editor.setEditable(false);
  });
  banner.querySelector("[data-take]").addEventListener("click", () => ask("take"));
  banner.querySelector("[data-hold='stale'] a").addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  setInterval(() => ask("beat"), Number(work.beat) * 1_000);
  // After a save this form comes again: nobody shall slip in between.
  form.addEventListener("submit", ({ submitter }) => { isComingAgain = ["_continue", "_propose"].includes(submitter?.name); });
  window.addEventListener("pagehide", () => isMine && !isComingAgain && navigator.sendBeacon(work.hold, body("release")));
  window.addEventListener("pageshow", ({ persisted }) => {
    isComingAgain = false;
    if (persisted) ask("open");
  });
  window.addEventListener("load", () => ask("open"));
  document.addEventListener("desk:beat", () => ask("beat"));
}
