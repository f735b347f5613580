// Files dropped anywhere on the page, sent one by one, each with its fate. Without this the form sends them all at once.
const form = document.querySelector("form[data-pictures]");
const list = document.querySelector("[data-arrivals]");
const input = form?.querySelector("input[type=file]");
const button = form?.querySelector("input[type=submit]");

const lineFor = (file) => {
  const line = document.createElement("li");
  line.className = "arrival arrival-waiting";
  const picture = document.createElement("span");
  picture.className = "thumbnail";
  const words = document.createElement("span");
  line.append(picture, words);
  list.append(line);
  const say = (name, state, text, address, thumbnail) => {
    line.className = `arrival arrival-${state}`;
    const head = document.createElement(address ? "a" : "strong");
    head.textContent = name;
    if (address) head.href = address;
    words.replaceChildren(head, document.createElement("br"), text);
    if (thumbnail) {
      const shown = document.createElement("img");
      shown.className = "thumbnail";
      shown.alt = "";
      shown.src = thumbnail;
      line.firstElementChild.replaceWith(shown);
    }
  };
  say(file.name, "waiting", list.dataset.waiting);
  return say;
};

const send = async (file, say) => {
  const body = new FormData(form);
  body.delete(input.name);
  body.append(input.name, file);
  say(file.name, "waiting", list.dataset.sending);
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body, headers: { Accept: "application/json" } });
    const { arrivals, problems } = await answer.json();
    const [one] = arrivals;
    if (one) say(one.name, one.state, one.words, one.address, one.thumbnail);
    else say(file.name, "refused", problems.join(" "));
  } catch {
    say(file.name, "refused", list.dataset.failed);
  }
};

const sendAll = async (files) => {
  if (!files.length) return;
  list.closest("section").hidden = false;
  button.disabled = true;
  const waiting = [...files].map((file) => [file, lineFor(file)]);
  for (const [file, say] of waiting) await send(file, say);
  button.disabled = false;
  input.value = "";
};

if (form) {
  let depth = 0;
  const mark = (on) => form.classList.toggle("dropping", on);
  document.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; mark(true); });
  document.addEventListener("dragleave", () => { depth -= 1; mark(depth > 0); });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    mark(false);
    sendAll(event.dataTransfer.files);
  });
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    sendAll(input.files);
  });
}
