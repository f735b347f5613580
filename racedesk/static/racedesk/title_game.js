// The game of a title without a new page: every choice asks the server what follows and shows its answer. Nothing is
// worked out here; without script the form is sent by its button and the page says the same.

const CLASSES = { place: "pos", name: "", gained: "r", points: "r" };

function play(board) {
  const form = board.querySelector("form");
  const parts = Object.fromEntries([...board.querySelectorAll("[data-game]")].map((part) => [part.dataset.game, part]));
  let asked;

  // A line may end behind a slash: crews have long names.
  function write(element, words) {
    const pieces = words.split(/(?<=\/)/).flatMap((piece) => [document.createElement("wbr"), piece]);
    element.replaceChildren(...pieces.slice(1));
    return element;
  }

  function list(part, sentences) {
    part.replaceChildren(...sentences.map((words) => write(document.createElement("li"), words)));
  }

  function row(values) {
    const line = document.createElement("tr");
    for (const [name, className] of Object.entries(CLASSES)) {
      line.append(Object.assign(write(document.createElement("td"), String(values[name])), { className }));
    }
    return line;
  }

  function show({ headline = "", rows = [], sentences = [], errors = [] }) {
    list(parts.errors, errors);
    parts.errors.parentElement.hidden = !errors.length;
    write(parts.headline, headline);
    parts.rows.replaceChildren(...rows.map(row));
    list(parts.sentences, sentences);
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(`${board.dataset.titleGame}?${query}`, { signal: asked.signal });
      if (!answer.ok && answer.status !== 400) throw new Error(String(answer.status));
      show(await answer.json());
      window.history.replaceState(null, "", `?${query}`);
    } catch (error) {
      // A page that says what the choices say: the server's own.
      if (error.name !== "AbortError") form.submit();
    }
  }

  form.addEventListener("change", ask);
  form.querySelector("button").hidden = true;
}

for (const board of document.querySelectorAll("[data-title-game]")) play(board);
