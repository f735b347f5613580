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
  for (const head of document.querySelectorAll("th.original:empty")) {
    const cell = document.createElement("td");
    cell.className = "original";
    head.replaceWith(cell);
  }
  // Search boxes are made after this script ran, and with every row that is added.
  new MutationObserver((changes) => {
    const isSearchBox = (node) => node.classList?.contains("select2");
    if (changes.some((change) => [...change.addedNodes].some(isSearchBox))) nameSearchBoxes();
  }).observe(document.body, { childList: true, subtree: true });
});
