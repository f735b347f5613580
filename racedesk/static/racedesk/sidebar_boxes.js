// The boxes beside a story: added by kind, ordered by buttons, keyboard and pointer, removed with a way back. Beneath it
// stays Django's formset: positions and delete marks are ordinary fields, and without script all of them are to be seen.

const FIELDS = {
  classification: ["session", "checkpoint", "class_name", "cars", "limit"],
  lap_times: ["session", "cars", "limit"],
  next_event: ["series"],
  schedule: ["event"],
  standing: ["season", "table", "event", "competitor", "limit", "told"],
  title: ["season", "table", "told"],
  free: ["text"],
};
const OPTIONAL = [...new Set(Object.values(FIELDS).flat())];

const group = document.getElementById("sidebar-group");
const words = group?.querySelector(".box-words")?.dataset;
const empty = document.getElementById("sidebar-empty");
const menu = group?.querySelector(".add-box");

const boxes = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
const shown = () => boxes().filter((box) => !box.hidden && !box.classList.contains("is-removed"));
const field = (box, name) => box.querySelector(`[name$='-${name}']`);

function fill(text, values) {
  return Object.entries(values).reduce((filled, [name, value]) => filled.replace(`{${name}}`, value), text);
}

function say(text, values) {
  group.querySelector(".boxes-said").textContent = fill(text, values);
}

function nameOf(box) {
  const kind = field(box, "kind");
  const words = kind.value ? kind.selectedOptions[0].textContent : "";
  const heading = field(box, "heading")?.value.trim();
  const name = words.charAt(0).toUpperCase() + words.slice(1);
  return heading ? `${name}: ${heading}` : name;
}

function showFields(box) {
  const wanted = FIELDS[field(box, "kind").value] ?? [];
  for (const name of OPTIONAL) {
    const row = box.querySelector(`.form-row.field-${name}`);
    if (row) row.hidden = !wanted.includes(name);
  }
  const name = nameOf(box);
  if (name) box.querySelector(".box-name").textContent = name;
  for (const button of box.querySelectorAll(".box-tools [data-box]")) {
    button.setAttribute("aria-label", fill(words[button.dataset.box], { name }));
    button.title = button.getAttribute("aria-label");
  }
}

// Tells the form that it was changed, as typing would: positions are set by script.
function touched(box) {
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function number() {
  const list = shown();
  list.forEach((box, index) => {
    field(box, "position").value = index + 1;
    box.querySelector("[data-box='up']").disabled = index === 0;
    box.querySelector("[data-box='down']").disabled = index === list.length - 1;
  });
}

function announceMove(box) {
  const list = shown();
  say(words.moved, { name: nameOf(box), at: list.indexOf(box) + 1, all: list.length });
}

function move(box, step) {
  const list = shown();
  const other = list[list.indexOf(box) + step];
  if (!other) return;
  const focus = document.activeElement;
  if (step < 0) other.before(box);
  else other.after(box);
  number();
  // A node that moves loses the focus; a button that ended its way gives it to its neighbour.
  const target = box.contains(focus) && !focus.disabled ? focus : box.querySelector(".box-tools button:not(:disabled)");
  target?.focus();
  announceMove(box);
  touched(box);
}

function deleteMark(box) {
  const mark = field(box, "DELETE");
  if (mark) return mark;
  // A new box has no mark of its own.
  const made = document.createElement("input");
  made.type = "checkbox";
  made.hidden = true;
  made.name = field(box, "kind").name.replace(/kind$/, "DELETE");
  box.append(made);
  return made;
}

function remove(box) {
  deleteMark(box).checked = true;
  box.classList.add("is-removed");
  const note = box.querySelector(".box-removed");
  note.hidden = false;
  note.querySelector("span").textContent = fill(words.removed, { name: nameOf(box) });
  note.querySelector("button").focus();
  number();
  say(words.removed, { name: nameOf(box) });
  touched(box);
}

function undo(box) {
  deleteMark(box).checked = false;
  box.classList.remove("is-removed");
  box.querySelector(".box-removed").hidden = true;
  box.querySelector("[data-box='remove']").focus();
  number();
  say(words.back, { name: nameOf(box) });
  touched(box);
}

function add(kind) {
  let box = boxes().find((one) => one.hidden);
  if (box) {
    box.hidden = false;
    empty.before(box);
  } else {
    group.querySelector(".add-row a").click();
    box = boxes().at(-1);
    prepare(box);
  }
  const choice = field(box, "kind");
  choice.value = kind;
  showFields(box);
  number();
  menu.open = false;
  say(words.added, { name: nameOf(box) });
  const first = field(box, FIELDS[kind][0]);
  (first.nextElementSibling?.querySelector(".select2-selection") ?? first).focus();
  touched(choice);
}

// --- pulling at the handle, by mouse, pen or finger ---

function startPull(event) {
  const handle = event.target.closest(".box-drag");
  const box = handle?.closest(".inline-related");
  if (!box || event.button !== 0) return;
  event.preventDefault();
  const before = shown().indexOf(box);
  box.classList.add("is-pulled");
  const pull = ({ clientY }) => {
    for (const other of shown()) {
      if (other === box) continue;
      const { top, height } = other.getBoundingClientRect();
      const follows = box.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (follows && clientY > top + height / 2) other.after(box);
      else if (!follows && clientY < top + height / 2) {
        other.before(box);
        break;
      }
    }
  };
  const stop = () => {
    document.removeEventListener("pointermove", pull);
    document.removeEventListener("pointerup", stop);
    document.removeEventListener("pointercancel", stop);
    box.classList.remove("is-pulled");
    number();
    if (shown().indexOf(box) === before) return;
    announceMove(box);
    touched(box);
  };
  document.addEventListener("pointermove", pull);
  document.addEventListener("pointerup", stop);
  document.addEventListener("pointercancel", stop);
}

// --- what the chosen session has ---

async function offerChoices(box) {
  const session = field(box, "session").value;
  if (box.dataset.session === session) return;
  box.dataset.session = session;
  const answer = session && (await fetch(`${group.dataset.choices}?session=${session}`).catch(() => null));
  const choices = answer?.ok ? await answer.json() : { classes: [], cars: [], checkpoints: [] };
  if (box.dataset.session !== session) return;
  suggest(box, "class_name", choices.classes);
  suggest(box, "checkpoint", choices.checkpoints);
  offerCars(box, choices.cars);
}

async function offerTables(box) {
  const season = field(box, "season")?.value ?? "";
  if ((box.dataset.season ?? "") === season) return;
  box.dataset.season = season;
  const answer = season && (await fetch(`${group.dataset.choices}?season=${season}`).catch(() => null));
  const choices = answer?.ok ? await answer.json() : { tables: [] };
  if (box.dataset.season === season) suggest(box, "table", choices.tables);
}

function suggest(box, name, values) {
  const input = field(box, name);
  const id = `${input.id}-choices`;
  document.getElementById(id)?.remove();
  const list = document.createElement("datalist");
  list.id = id;
  // A value alone, or with the words that explain it.
  list.append(...values.map((value) => Object.assign(document.createElement("option"), value.key ? { value: value.key, label: value.name } : { value })));
  input.setAttribute("list", id);
  input.after(list);
}

const numbersIn = (text) => text.split(/[,;\s]+/).map((one) => one.replace(/^#+/, "")).filter(Boolean);

function offerCars(box, cars) {
  box.querySelector(".box-cars")?.remove();
  if (!cars.length) return;
  const input = field(box, "cars");
  const list = document.createElement("details");
  list.className = "box-cars";
  list.append(Object.assign(document.createElement("summary"), { textContent: words.cars }));
  const chosen = numbersIn(input.value);
  let part;
  let last;
  for (const car of cars) {
    if (car.class !== last || !part) {
      part = document.createElement("fieldset");
      part.append(Object.assign(document.createElement("legend"), { textContent: car.class || "–" }));
      list.append(part);
      last = car.class;
    }
    const label = document.createElement("label");
    const tick = Object.assign(document.createElement("input"), {
      type: "checkbox", value: car.number, checked: chosen.includes(car.number),
    });
    const number = Object.assign(document.createElement("b"), { textContent: car.number });
    label.append(tick, " ", number, ` ${car.name}`);
    part.append(label);
  }
  list.addEventListener("change", ({ target }) => {
    const numbers = numbersIn(input.value).filter((one) => one !== target.value);
    if (target.checked) numbers.push(target.value);
    input.value = numbers.join(", ");
  });
  input.closest(".form-row").append(list);
}

// --- setting it up ---

function prepare(box) {
  for (const part of box.querySelectorAll(".box-tools, .box-drag")) part.hidden = false;
  box.querySelector(".form-row.field-position").hidden = true;
  showFields(box);
  if (field(box, "session").value) offerChoices(box);
  if (field(box, "season")?.value) offerTables(box);
}

function isBlank(box) {
  return !box.classList.contains("has_original") && !field(box, "kind").value && !box.querySelector(".errorlist");
}

function start() {
  group.classList.add("by-script");
  menu.hidden = false;
  // A form shown again comes in the order of its fields, not of its boxes.
  const place = (box) => Number(field(box, "position").value || Number.MAX_SAFE_INTEGER);
  for (const box of boxes().sort((one, other) => place(one) - place(other))) empty.before(box);
  for (const box of boxes()) {
    box.hidden = isBlank(box);
    prepare(box);
    if (field(box, "DELETE")?.checked) {
      box.classList.add("is-removed");
      box.querySelector(".box-removed").hidden = false;
      box.querySelector(".box-removed span").textContent = fill(words.removed, { name: nameOf(box) });
    }
  }
  group.querySelector(".boxes-help").hidden = false;
  number();
}

if (group && empty && menu) {
  const act = { up: (box) => move(box, -1), down: (box) => move(box, 1), remove, undo };
  group.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-box], [data-add]");
    if (button?.dataset.add) add(button.dataset.add);
    else if (button) act[button.dataset.box](button.closest(".inline-related"));
  });
  group.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open && menu.contains(event.target)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const box = event.target.closest(".inline-related:not(.empty-form)");
    // In a list these keys open it.
    if (!step || !event.altKey || event.ctrlKey || event.metaKey || !box || event.target.closest("select, .select2")) return;
    event.preventDefault();
    move(box, step);
  });
  group.addEventListener("pointerdown", startPull);
  group.addEventListener("input", ({ target }) => {
    const box = target.closest(".inline-related");
    if (box && /-heading$/.test(target.name)) showFields(box);
  });
  group.addEventListener("change", ({ target }) => {
    const box = target.closest(".inline-related");
    if (box && /-kind$/.test(target.name)) showFields(box);
  });
  // The search boxes speak through jQuery only.
  window.django.jQuery(group).on("change", "select[name$='-session']", ({ target }) => {
    offerChoices(target.closest(".inline-related"));
  });
  window.django.jQuery(group).on("change", "select[name$='-season']", ({ target }) => {
    offerTables(target.closest(".inline-related"));
  });
  // Rows and their buttons are made by the admin's scripts when the page is ready.
  window.django.jQuery(start);
}
