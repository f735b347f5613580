// Nothing written is lost. Before the form goes off the server is asked whether it can be reached and still knows the
// person: a redirect to the login would throw the text away. The answer brings a fresh form token, for a login in
// another tab makes the one in this page void. Without script the form is sent at once, as ever.

const IMPATIENCE = 10_000; // milliseconds until a form that seems stuck may be sent again

let form;
let isDirty = false;
let isSending = false;

function say(problem) {
  for (const notice of document.querySelectorAll("[data-not-sent]")) {
    notice.hidden = notice.dataset.notSent !== problem;
  }
}

async function ask(address) {
  try {
    const answer = await fetch(address, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return { problem: "logged-out" };
    if (!answer.ok) return { problem: "unreachable" };
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { token: page.querySelector("[name='csrfmiddlewaretoken']")?.value };
  } catch {
    return { problem: "unreachable" };
  }
}

async function send(button) {
  isSending = true;
  const { problem, token } = await ask(form.querySelector("[data-ask]").dataset.ask);
  say(problem);
  if (problem) {
    isSending = false;
    return;
  }
  if (token) form.elements.csrfmiddlewaretoken.value = token;
  // This one is sent: the listener below is gone, so that nothing holds it.
  form.removeEventListener("submit", hold);
  form.requestSubmit(button);
  form.addEventListener("submit", hold);
  setTimeout(() => { isSending = false; }, IMPATIENCE);
}

function hold(event) {
  if (event.submitter?.formAction?.includes("/preview/")) return; // shown, not sent
  event.preventDefault();
  if (form.classList.contains("read-first")) return; // somebody else is writing
  if (!isSending) send(event.submitter ?? form.querySelector("[name='_continue']"));
}

function touch() {
  isDirty = true;
}

// The admin's scripts announce every list once when the page is ready; that is no change of the person either.
function choose({ target }) {
  const values = (options) => [...options].map((one) => one.value).filter(Boolean).join();
  const asOpened = target.options && [...target.options].filter((one) => one.defaultSelected);
  if (!asOpened || values(target.selectedOptions) !== values(asOpened)) touch();
}

document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
  // What the editor sets right by itself on opening is no change of the person.
  editor.on("update", () => editor.isFocused && touch());
});
document.addEventListener("formset:removed", touch);
document.addEventListener("DOMContentLoaded", () => {
  form = document.getElementById("article_form");
  if (!form?.querySelector("[name='_continue']")) return;
  // Shown again with errors or beside another text: what it holds is stored nowhere.
  isDirty = form.querySelector(".errornote:not([hidden]), .conflict") !== null;
  form.addEventListener("submit", hold);
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  // The search boxes speak through jQuery only, and announce what they find when they are made.
  window.addEventListener("load", () => window.django.jQuery(form).on("change", choose));
  window.addEventListener("pageshow", () => { isSending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty && !isSending) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name='_continue']"));
  });
});
