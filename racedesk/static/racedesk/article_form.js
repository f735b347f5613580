// The article form: shows of each sidebar box only the fields its kind needs, and gives the controls that other scripts
// put in a field's place the name of that field. Without script all fields stand there and all is saved.

const FIELDS = {
  classification: ["session", "checkpoint", "class_name", "cars", "limit"],
  lap_times: ["session", "cars", "limit"],
  next_event: ["series"],
  schedule: ["event"],
  free: ["text"],
};
const OPTIONAL = [...new Set(Object.values(FIELDS).flat())];

function showFields(box) {
  const kind = box.querySelector("select[name$='-kind']");
  if (!kind) return;
  const wanted = FIELDS[kind.value] ?? [];
  for (const field of OPTIONAL) {
    const row = box.querySelector(`.field-${field}`);
    if (row) row.hidden = !wanted.includes(field);
  }
}

function boxes() {
  return document.querySelectorAll("#sidebar-group .inline-related");
}

document.addEventListener("change", (event) => {
  const box = event.target.closest("#sidebar-group .inline-related");
  if (box && event.target.name?.endsWith("-kind")) showFields(box);
});
document.addEventListener("formset:added", () => boxes().forEach(showFields));
document.addEventListener("DOMContentLoaded", () => boxes().forEach(showFields));

function nameOf(field) {
  const label = document.querySelector(`label[for="${field.id}"]`);
  return label?.textContent.replace(/:\s*$/, "").trim() || field.getAttribute("aria-label");
}

function nameSearchBoxes() {
  for (const field of document.querySelectorAll("select.admin-autocomplete")) {
    const box = field.nextElementSibling?.querySelector(".select2-selection");
    if (!box || !nameOf(field)) continue;
    // The chosen value is said after the name.
    const chosen = field.multiple ? "" : field.selectedOptions[0]?.textContent ?? "";
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", `${nameOf(field)} ${chosen}`.trim());
    box.querySelector("input, textarea, [role='textbox']")?.setAttribute("aria-label", nameOf(field));
  }
}

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  editor.view.dom.setAttribute("aria-label", nameOf(textarea));
});
document.addEventListener("change", nameSearchBoxes);
document.addEventListener("DOMContentLoaded", () => {
  for (const head of document.querySelectorAll("th.original:empty")) head.replaceWith(document.createElement("td"));
  // Search boxes are made after this script ran, and with every row that is added.
  new MutationObserver((changes) => {
    const isSearchBox = (node) => node.classList?.contains("select2");
    if (changes.some((change) => [...change.addedNodes].some(isSearchBox))) nameSearchBoxes();
  }).observe(document.body, { childList: true, subtree: true });
});
