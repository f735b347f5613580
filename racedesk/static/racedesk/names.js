// Gives the controls that other scripts put in a field's place, search boxes and the editor, the name of that field for
// those who listen to a page.

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

// The cross that empties a box of several choices stands in their list without being one of them.
function listCrosses() {
  for (const cross of document.querySelectorAll("ul > .select2-selection__clear")) {
    const line = document.createElement("li");
    cross.replaceWith(line);
    line.append(cross);
  }
}

// What moves in its own box and holds nothing to go to is moved with the arrow keys.
function reachWideTables() {
  for (const box of document.querySelectorAll(".results, .wide-table, .inline-group .tabular, #content .module")) {
    const isWide = box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === "auto";
    if (isWide && !box.querySelector("a, input, select, textarea, button")) box.tabIndex = 0;
  }
}

// The admin writes “Datum:” and “Zeit:” before the two fields of a moment, but as plain text.
function nameMoments() {
  for (const field of document.querySelectorAll("p.datetime input:not([aria-label])")) {
    const moment = field.closest(".form-row, td")?.querySelector("legend, label:not([for])")?.textContent ?? "";
    const part = field.previousSibling?.textContent ?? "";
    field.setAttribute("aria-label", `${moment} ${part}`.replaceAll(":", " ").replace(/\s+/g, " ").trim());
  }
}

// The editor's toolbar speaks English only; `articles.admin.editor_words` has what the desk reads.
function nameTools(editor, words) {
  for (const tool of editor.querySelectorAll(".prose-menubar [title]")) {
    const name = words[tool.title.toLowerCase()];
    if (!name) continue;
    tool.title = name;
    tool.setAttribute("aria-label", name);
  }
  for (const option of editor.querySelectorAll(".prose-menubar__option > *")) {
    const name = words[option.textContent.toLowerCase()];
    if (name) option.textContent = name;
  }
}

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  editor.view.dom.setAttribute("aria-label", nameOf(textarea));
  const words = JSON.parse(document.getElementById("editor-words").textContent);
  // The toolbar comes after the editor, and its first button anew with every kind of paragraph.
  const place = textarea.closest(".prose-editor");
  new MutationObserver(() => nameTools(place, words)).observe(place, { childList: true, subtree: true });
  nameTools(place, words);
});
document.addEventListener("change", nameSearchBoxes);
document.addEventListener("DOMContentLoaded", () => {
  nameMoments();
  reachWideTables();
  for (const head of document.querySelectorAll("th.original:empty")) {
    const cell = document.createElement("td");
    cell.className = "original";
    head.replaceWith(cell);
  }
  // Search boxes are made after this script ran, and with every row that is added.
  new MutationObserver((changes) => {
    const isSearchBox = (node) => node.classList?.contains("select2");
    if (changes.some((change) => [...change.addedNodes].some(isSearchBox))) nameSearchBoxes();
    listCrosses();
  }).observe(document.body, { childList: true, subtree: true });
});
