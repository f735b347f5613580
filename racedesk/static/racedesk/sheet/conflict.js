// Somebody else was faster: shows what each changed, asks for every cell that both did, and goes on with one sheet.

export class Conflict {
  constructor(dialog, { words, goOn }) {
    Object.assign(this, { dialog, words, goOn });
    this.form = dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.value === "take") this.#take();
      dialog.close();
    });
    for (const button of dialog.querySelectorAll("[data-all]")) {
      button.addEventListener("click", () => this.#chooseAll(button.dataset.all));
    }
  }

  open(conflict) {
    this.conflict = conflict;
    this.#part("words").textContent = conflict.words;
    this.#clashes(conflict.clashes);
    this.#list("mine", conflict.mine);
    this.#list("theirs", conflict.theirs);
    this.dialog.showModal();
  }

  #clashes(clashes) {
    this.#part("clashes").hidden = clashes.length === 0;
    this.#part("no-clashes").hidden = clashes.length > 0;
    this.#part("choices").replaceChildren(...clashes.map((clash, at) => this.#choice(clash, at)));
  }

  #choice(clash, at) {
    const box = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = [clash.number && `#${clash.number}`, clash.name].filter(Boolean).join(" ");
    box.append(legend);
    if (clash.before) {
      const before = document.createElement("p");
      before.textContent = this.words.was.replace("{text}", clash.before);
      box.append(before);
    }
    for (const side of ["mine", "theirs"]) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "radio";
      input.name = `clash-${at}`;
      input.value = side;
      input.checked = side === "mine";
      const text = clash.column === "order" ? "" : clash[side] || this.words.nothing;
      label.append(input, " ", this.words[`take_${side}`], text ? `: ${text}` : "");
      box.append(label);
    }
    return box;
  }

  #chooseAll(side) {
    for (const input of this.form.querySelectorAll(`[data-part="choices"] input[value="${side}"]`)) input.checked = true;
  }

  #list(name, changes) {
    const items = changes.map((one) => {
      const item = document.createElement("li");
      item.textContent = `${one.car} ${one.column}: ${one.before || "–"} → ${one.after || "–"}`;
      return item;
    });
    if (!items.length) items.push(Object.assign(document.createElement("li"), { textContent: this.words.no_changes }));
    this.#part(name).replaceChildren(...items);
  }

  // The server put mine into the sheet wherever both changed; what is chosen otherwise becomes theirs.
  #take() {
    const { clashes, lines, their_lines: theirs } = this.conflict;
    let merged = lines.map((line) => ({ ...line }));
    clashes.forEach((clash, at) => {
      if (this.form.elements[`clash-${at}`].value === "mine") return;
      if (clash.column === "order") merged = inOrderOf(theirs, merged);
      else if (clash.column === "row") merged = withLineOf(theirs, merged, clash.number);
      else {
        const line = merged.find((one) => one.number === clash.number);
        if (line && clash.theirs) line[clash.column] = clash.theirs;
        else if (line) delete line[clash.column];
      }
    });
    this.goOn(merged, this.conflict);
  }

  #part(name) {
    return this.dialog.querySelector(`[data-part="${name}"]`);
  }
}

function inOrderOf(theirs, merged) {
  const at = new Map(theirs.map((line, place) => [line.number, place]));
  const known = merged.filter((line) => at.has(line.number)).sort((one, two) => at.get(one.number) - at.get(two.number));
  return merged.map((line) => (at.has(line.number) ? known.shift() : line));
}

function withLineOf(theirs, merged, number) {
  const rest = merged.filter((line) => line.number !== number);
  const place = theirs.findIndex((line) => line.number === number);
  if (place >= 0) rest.splice(Math.min(place, rest.length), 0, { ...theirs[place] });
  return rest;
}
