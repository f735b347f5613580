// The story as readers would see it, beside the form: made by the server of what stands in the form, unsaved, and shown in
// a frame without scripts. Each new version comes in a frame of its own, so that the page's history stays short and
// nothing flickers.

const PAUSE = 1_500; // milliseconds after the last key
const OPEN = "racedesk:preview-width";

const form = document.getElementById("article_form");
const work = document.getElementById("form-work")?.dataset;
const pane = document.getElementById("story-preview");
const toggle = form?.querySelector(".preview-toggle");
const stage = pane?.querySelector(".preview-stage");

let width = 360;
let timer;
let order = 0; // of two answers the one that was asked for later counts

function remember(value) {
  try {
    if (value) localStorage.setItem(OPEN, value);
    else localStorage.removeItem(OPEN);
  } catch {
    // no room, no memory
  }
}

function remembered() {
  try {
    return Number(localStorage.getItem(OPEN)) || 0;
  } catch {
    return 0;
  }
}

// The frame is as wide as the chosen window, and shrunk to the room there is.
function fit() {
  const scale = Math.min(1, stage.clientWidth / width);
  for (const frame of stage.children) {
    frame.style.width = `${width}px`;
    frame.style.height = `${stage.clientHeight / scale}px`;
    frame.style.left = `${(stage.clientWidth - width * scale) / 2}px`;
    frame.style.transform = `scale(${scale})`;
  }
}

function put(html) {
  const old = stage.querySelector("iframe:not(.is-coming)");
  for (const late of stage.querySelectorAll(".is-coming")) late.remove();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-same-origin"); // no scripts, no forms, no windows
  frame.title = stage.dataset.title;
  frame.className = "is-coming";
  frame.addEventListener("load", () => {
    const inside = frame.contentDocument;
    // Links lead away from the draft, into pages that do not let themselves be framed.
    inside.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (link && !link.hash) event.preventDefault();
    });
    frame.contentWindow.scrollTo(0, old?.contentWindow.scrollY ?? 0);
    frame.classList.remove("is-coming");
    old?.remove();
    pane.dataset.shown = order;
  });
  frame.srcdoc = html;
  stage.append(frame);
  fit();
}

async function refresh() {
  clearTimeout(timer);
  if (pane.hidden) return;
  order += 1;
  const mine = order;
  const failed = pane.querySelector(".preview-failed");
  try {
    const data = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const answer = await fetch(work.preview, { method: "POST", body: data, redirect: "manual", cache: "no-store" });
    if (mine !== order) return;
    failed.hidden = answer.ok;
    if (answer.ok) put(await answer.text());
  } catch {
    failed.hidden = false;
  }
}

function later() {
  if (pane.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

function setWidth(wanted) {
  width = wanted;
  for (const button of pane.querySelectorAll("[data-width]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.width) === width));
  }
  document.body.classList.toggle("is-previewing-wide", width > 500);
  remember(width);
  fit();
}

function open(isOpen) {
  pane.hidden = !isOpen;
  document.body.classList.toggle("is-previewing", isOpen);
  toggle.setAttribute("aria-expanded", String(isOpen));
  remember(isOpen ? width : 0);
  if (isOpen) {
    fit();
    refresh();
  }
}

if (form && pane && toggle) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    open(pane.hidden);
    if (!pane.hidden) pane.scrollIntoView({ block: "nearest" });
  });
  pane.querySelector("[data-close]").addEventListener("click", () => {
    open(false);
    toggle.focus();
  });
  pane.querySelector("[data-refresh]").addEventListener("click", refresh);
  pane.addEventListener("click", ({ target }) => target.dataset.width && setWidth(Number(target.dataset.width)));
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => editor.on("update", later));
  window.addEventListener("load", () => {
    window.django.jQuery(form).on("change", later);
    if (remembered()) {
      setWidth(remembered());
      open(true);
    }
  });
  new ResizeObserver(fit).observe(stage);
}
