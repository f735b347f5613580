// Keyboard, mouse and finger on the sheet. One input at a time is made, in the cell that is edited.

const PAGE = 10; // rows

export class Keys {
  #input = null;
  #leaving = false; // Escape was pressed: the next Tab leaves the table
  #dragging = false;

  constructor(table, lines, { words, act }) {
    this.table = table;
    this.lines = lines;
    this.words = words;
    this.act = act;
    const { body } = table;
    body.addEventListener("keydown", (event) => (this.#input ? this.#inInput(event) : this.#inTable(event)));
    body.addEventListener("mousedown", (event) => this.#press(event));
    body.addEventListener("mouseover", (event) => this.#drag(event));
    document.addEventListener("mouseup", () => { this.#dragging = false; });
    body.addEventListener("click", (event) => this.#click(event));
    body.addEventListener("dblclick", (event) => this.#at(event) && this.edit());
    body.addEventListener("focusin", (event) => this.#arrive(event));
    body.addEventListener("focusout", ({ target }) => target === this.#input && this.commit());
  }

  get isEditing() {
    return this.#input !== null;
  }

  // Opens the cell; `text` takes the place of what stands there.
  edit(text = null) {
    const { column } = this.table;
    if (column.shown || this.#input) return;
    const cell = this.table.cell();
    const { row } = this.table.active;
    const input = document.createElement("input");
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.maxLength = 200;
    input.enterKeyHint = "next";
    if (column.numeric) input.inputMode = "numeric";
    const number = this.lines.text(row, "number");
    input.ariaLabel = this.words.cell_label.replace("{column}", column.name).replace("{row}", row + 1)
      .replace("{car}", number ? `#${number}` : "–");
    input.setAttribute("aria-describedby", "sheet-message");
    input.value = text ?? this.lines.text(row, column.key);
    cell.replaceChildren(input);
    cell.sheetState = undefined;
    this.#input = input;
    input.focus();
    if (text === null) input.select();
  }

  // Takes over what stands in the input, one step.
  commit() {
    const input = this.#input;
    if (!input) return;
    const { row } = this.table.active;
    const { key } = this.table.column;
    this.#close();
    this.lines.write([[row, key, input.value.trim()]]);
    this.table.draw();
  }

  giveUp() {
    this.#close();
    this.table.draw();
    this.table.go(this.table.active.row, this.table.active.place);
  }

  #close() {
    const input = this.#input;
    this.#input = null; // before the input goes: its going is no reason to take it over once more
    input.parentElement?.replaceChildren();
  }

  #inInput(event) {
    const moves = { Enter: event.shiftKey ? [-1, 0] : [1, 0], Tab: event.shiftKey ? [0, -1] : [0, 1] };
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.giveUp();
    } else if (event.key in moves && !event.isComposing) {
      event.preventDefault();
      const [down, right] = moves[event.key];
      this.commit();
      this.#step(down, right);
    }
  }

  #inTable(event) {
    const { key, altKey, shiftKey } = event;
    const ctrl = event.ctrlKey || event.metaKey;
    if (key === "Tab") return this.#tab(event);
    this.#leaving = key === "Escape";
    if (key === "Escape") {
      this.table.go(this.table.active.row, this.table.active.place);
      return undefined;
    }
    const done = altKey ? this.#withAlt(key) : ctrl ? this.#withCtrl(key, shiftKey) : this.#plain(key, shiftKey);
    if (done) event.preventDefault();
    return undefined;
  }

  #withAlt(key) {
    if (key === "ArrowUp") this.act.move(-1);
    else if (key === "ArrowDown") this.act.move(1);
    else return false;
    return true;
  }

  #withCtrl(key, shift) {
    const { places, lines, active } = this.table;
    const name = key.length === 1 ? key.toLowerCase() : key;
    if (name === "z" && !shift) this.act.undo();
    else if (name === "y" || (name === "z" && shift)) this.act.redo();
    else if (name === "a") this.act.selectAll();
    else if (name === "Enter") this.act.takeProposals();
    else if (name === "Delete" || name === "Backspace") this.act.removeRows();
    else if (name === "s") this.act.save();
    else if (name === "Home") this.table.go(0, 0, { extend: shift });
    else if (name === "End") this.table.go(lines.count - 1, places.length - 1, { extend: shift });
    else if (name === "ArrowUp") this.table.go(0, active.place, { extend: shift });
    else if (name === "ArrowDown") this.table.go(lines.count - 1, active.place, { extend: shift });
    else return false;
    return true;
  }

  #plain(key, shift) {
    const { active, places } = this.table;
    const steps = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-PAGE, 0], PageDown: [PAGE, 0],
    };
    if (key in steps) this.table.go(active.row + steps[key][0], active.place + steps[key][1], { extend: shift });
    else if (key === "Home") this.table.go(active.row, 0, { extend: shift });
    else if (key === "End") this.table.go(active.row, places.length - 1, { extend: shift });
    else if (key === "Enter" || key === "F2") this.edit();
    else if (key === "Delete" || key === "Backspace") this.act.clear();
    else if (key === "Insert") this.act.insertRow();
    else if (key.length === 1) this.edit(key === " " ? null : key);
    else return false;
    return true;
  }

  // To the next cell of the row; from its end, or after Escape, out of the table: nobody is caught in it.
  #tab(event) {
    const { active, places } = this.table;
    const by = event.shiftKey ? -1 : 1;
    const leaves = this.#leaving || active.place + by < 0 || active.place + by >= places.length;
    this.#leaving = false;
    if (leaves) return;
    event.preventDefault();
    this.table.go(active.row, active.place + by);
  }

  #step(down, right) {
    const { active } = this.table;
    if (down > 0 && active.row + down >= this.lines.count && !isBlank(this.lines, active.row)) this.act.appendRow();
    let place = active.place + right;
    while (right && this.table.places[place]?.shown) place += right; // what cannot be typed is passed over
    this.table.go(active.row + down, place);
  }

  // Whatever brought the focus here, a screen reader or a script: this is the cell now.
  #arrive({ target }) {
    const at = target.tagName === "TD" && this.#at({ target });
    const { active } = this.table;
    if (at && (at.row !== active.row || at.place !== active.place)) this.table.go(at.row, at.place);
  }

  #at({ target }) {
    const cell = target.closest("td, th");
    const row = cell?.parentElement.rowIndex - 1;
    return cell && { row, place: cell.cellIndex - 1 };
  }

  #press(event) {
    if (event.target === this.#input || event.button !== 0) return;
    const at = this.#at(event);
    if (!at) return;
    event.preventDefault();
    this.commit();
    const { active } = this.table;
    this.wasActive = !event.shiftKey && active.row === at.row && active.place === at.place && document.activeElement === this.table.cell();
    if (at.place < 0) {
      this.table.go(at.row, this.table.places.length - 1);
      this.table.go(at.row, 0, { extend: true });
      return;
    }
    this.#dragging = true;
    this.table.go(at.row, at.place, { extend: event.shiftKey });
  }

  #drag(event) {
    if (!this.#dragging || event.buttons !== 1) return;
    const at = this.#at(event);
    if (at && at.place >= 0) this.table.go(at.row, at.place, { extend: true });
  }

  // A finger has no keys: a second touch on the cell opens it.
  #click(event) {
    if (event.target !== this.#input && this.wasActive && event.pointerType !== "mouse") this.edit();
  }
}

const isBlank = (lines, row) => Object.keys(lines.all[row] ?? {}).length === 0;
