// Shows how far the files are without loading the page anew; without script the page loads itself.
const place = document.querySelector("#batch");

async function look() {
  const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#batch");
    if (fresh) {
      const chosen = new Set([...place.querySelectorAll("input[name=file]:checked")].map((box) => box.value));
      for (const box of fresh.querySelectorAll("input[name=file]")) box.checked = chosen.has(box.value);
      const focused = place.contains(document.activeElement) && document.activeElement.id;
      place.replaceChildren(...fresh.childNodes);
      if (focused) document.getElementById(focused)?.focus();
      if (!("busy" in fresh.dataset)) return;
    }
  } else if (answer && answer.type === "opaqueredirect") {
    location.reload(); // the login has expired: it leads back here
    return;
  }
  setTimeout(look, place.dataset.refresh * 1000);
}

if (place && "busy" in place.dataset) setTimeout(look, place.dataset.refresh * 1000);
