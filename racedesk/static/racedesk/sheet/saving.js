// Saving: first shows every cell that changes and what is doubtful, then stores it as the next version.

export class Saving {
  #seen = "";
  #isBusy = false;
  #asked = 0;

  constructor(dialog, { words, ask, wish, snapshot, saved, overtaken, go }) {
    Object.assign(this, { dialog, words, ask, wish, snapshot, saved, overtaken, go });
    this.form = dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.value === "close") dialog.close();
      else this.#store();
    });
    for (const name of ["state", "release", "complete"]) {
      for (const one of this.#fields(name)) one.addEventListener("change", () => this.#preview());
    }
    this.form.elements.reason.addEventListener("input", () => this.#complain(""));
  }

  async open() {
    this.#complain("");
    this.#part("confirmed").hidden = true;
    this.form.elements.confirmed.checked = false;
    this.#part("changes").replaceChildren();
    this.#part("summary").textContent = this.words.looking;
    this.dialog.showModal();
    await this.#preview();
  }

  #fields(name) {
    const found = this.form.elements[name];
    return found instanceof RadioNodeList ? [...found] : [found];
  }

  #body(act) {
    const { elements } = this.form;
    return {
      ...this.wish(), act, state: elements.state.value, release: elements.release.value === "yes",
      complete: elements.complete.checked, reason: elements.reason.value, confirmed: elements.confirmed.checked,
      seen: this.#seen,
    };
  }

  async #preview() {
    this.#seen = "";
    this.#part("store").disabled = true; // until it is seen what would be stored
    this.#asked += 1;
    const mine = this.#asked;
    const answer = await this.ask("save", this.#body("preview"));
    if (mine === this.#asked) this.#heard(answer);
  }

  async #store() {
    const { elements } = this.form;
    if (this.#isBusy || !this.#seen) return;
    if (this.needsReason && !elements.reason.value.trim()) {
      this.#complain(this.words.reason_needed);
      elements.reason.focus();
      return;
    }
    if (!this.#part("confirmed").hidden && !elements.confirmed.checked) {
      this.#complain(this.words.confirm_first);
      elements.confirmed.focus();
      return;
    }
    this.#isBusy = true;
    const sent = this.snapshot();
    const answer = await this.ask("save", this.#body("save"));
    this.#isBusy = false;
    this.#heard(answer, sent);
  }

  #heard({ ok, problem, data }, sent) {
    if (problem) {
      this.#complain(this.words[problem.replace("-", "_")]);
    } else if (ok && data.saved) {
      this.dialog.close();
      this.saved(data, sent);
    } else if (data?.conflict) {
      this.dialog.close();
      this.overtaken(data.conflict);
    } else {
      if (data?.preview) this.#show(data.preview);
      this.#complain(data?.error ?? "");
    }
  }

  #show(preview) {
    this.#seen = preview.errors.length ? "" : preview.seen;
    this.needsReason = preview.needs_reason;
    const { elements } = this.form;
    elements.reason.required = preview.needs_reason;
    this.#part("reason-hint").hidden = !preview.needs_reason;
    this.#part("readers").textContent = preview.readers;
    this.#part("store").disabled = preview.errors.length > 0;
    this.#part("summary").textContent = this.#summary(preview);
    this.#changes(preview.changes);
    this.#list("errors", preview.errors);
    this.#list("doubts", preview.doubts);
    this.#part("confirmed").hidden = preview.doubts.length === 0;
  }

  #summary({ changes, lines, is_first: isFirst }) {
    if (changes.length) return this.words.changes.replace("{count}", changes.length);
    return isFirst ? this.words.first_version.replace("{count}", lines) : this.words.no_changes;
  }

  #changes(changes) {
    const table = this.#part("changes");
    table.hidden = changes.length === 0;
    const rows = changes.map((one) => {
      const row = document.createElement("tr");
      for (const key of ["car", "column", "before", "after"]) {
        const cell = document.createElement(key === "car" ? "th" : "td");
        if (key === "car") cell.scope = "row";
        cell.textContent = one[key];
        row.append(cell);
      }
      return row;
    });
    table.querySelector("tbody")?.remove();
    const body = document.createElement("tbody");
    body.append(...rows);
    if (!table.tHead) {
      const head = document.createElement("tr");
      head.append(...["car", "column", "before", "after"].map((key) => {
        const cell = document.createElement("th");
        cell.scope = "col";
        cell.textContent = this.words[`${key}_head`];
        return cell;
      }));
      table.createTHead().append(head);
    }
    table.append(body);
  }

  // Each leads to its cell.
  #list(name, findings) {
    const part = this.#part(name);
    part.hidden = findings.length === 0;
    part.querySelector("ul").replaceChildren(...findings.map((one) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sheet-link";
      button.textContent = this.words.finding.replace("{row}", one.row).replace("{reason}", one.reason);
      button.addEventListener("click", () => {
        this.dialog.close();
        this.go(one);
      });
      item.append(button);
      return item;
    }));
  }

  #complain(words) {
    const part = this.#part("complaint");
    part.textContent = words;
    part.hidden = !words;
  }

  #part(name) {
    return this.dialog.querySelector(`[data-part="${name}"]`);
  }
}
