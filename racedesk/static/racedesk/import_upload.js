// Files may be dropped anywhere on the form; without this the file field itself takes them.
const form = document.querySelector("form[data-drop]");
const input = form?.querySelector("input[type=file]");

if (input) {
  let depth = 0;
  const mark = (on) => form.classList.toggle("dropping", on);
  form.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; mark(true); });
  form.addEventListener("dragleave", () => { depth -= 1; mark(depth > 0); });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    mark(false);
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.focus();
    }
  });
}
