// The article form shows of each sidebar box only the fields its kind needs. Without script all fields stand there and
// all is saved.

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
