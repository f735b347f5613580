// Draws the sheet as one table: a grid with a single stop for the tab key. Cells are text until one is edited.

const SHOWN_BEHIND = "class_position"; // class and crew stand behind this column and are not typed
const STANDING = 2; // columns that stay where they are, place and number
const NUMERIC = new Set(["class_position", "laps", "best_lap_number", "grid"]);

export class Table {
  active = { row: 0, place: 0 };
  anchor = null; // the other corner of a selection
  findings = new Map(); // "row:column" to what speaks against the cell
  proposals = new Map();
  fastest = -1;

  constructor(element, lines, { columns, cars, words }) {
    this.element = element;
    this.body = element.tBodies[0];
    this.lines = lines;
    this.words = words;
    this.cars = cars;
    this.places = placesOf(columns, words);
    this.#drawHead();
    this.draw();
  }

  get column() {
    return this.places[this.active.place];
  }

  // The columns that can be typed into, in order.
  get typed() {
    return this.places.filter((one) => !one.shown);
  }

  cell(row = this.active.row, place = this.active.place) {
    return this.body.rows[row]?.cells[place + 1];
  }

  rectangle() {
    const { row, place } = this.active;
    const other = this.anchor ?? this.active;
    return {
      top: Math.min(row, other.row), bottom: Math.max(row, other.row),
      left: Math.min(place, other.place), right: Math.max(place, other.place),
    };
  }

  // The selected cells that can be typed into, row by row.
  *selected() {
    const { top, bottom, left, right } = this.rectangle();
    for (let row = top; row <= bottom; row += 1) {
      for (let place = left; place <= right; place += 1) {
        if (!this.places[place].shown) yield [row, this.places[place].key];
      }
    }
  }

  judge({ findings, proposals, fastest }) {
    this.findings = new Map();
    for (const one of findings) {
      const key = `${one.row - 1}:${one.column}`;
      const known = this.findings.get(key);
      if (!known || (known.weight !== "error" && one.weight === "error")) this.findings.set(key, { ...one });
      else known.reason += ` ${one.reason}`;
    }
    this.proposals = new Map(proposals.map(([row, column, text]) => [`${row - 1}:${column}`, text]));
    this.fastest = fastest ? fastest.row - 1 : -1;
    this.draw();
  }

  draw() {
    const count = Math.max(this.lines.count, 1);
    while (this.body.rows.length > count) this.body.rows[count].remove();
    const fresh = document.createDocumentFragment();
    for (let row = this.body.rows.length; row < count; row += 1) fresh.append(this.#row(row));
    this.body.append(fresh);
    this.element.setAttribute("aria-rowcount", count + 1);
    const rows = this.body.rows;
    for (let row = 0; row < count; row += 1) {
      const cells = rows[row].cells;
      this.places.forEach((place, at) => this.#fill(cells[at + 1], row, place));
    }
    this.active.row = Math.min(this.active.row, count - 1);
    if (this.anchor) this.anchor.row = Math.min(this.anchor.row, count - 1);
    this.mark();
  }

  // Which cell is the one, and which are selected with it.
  mark() {
    for (const one of this.body.querySelectorAll("[tabindex='0'], [aria-selected='true']")) {
      one.tabIndex = -1;
      one.setAttribute("aria-selected", "false");
    }
    const { top, bottom, left, right } = this.rectangle();
    for (let row = top; row <= bottom; row += 1) {
      for (let place = left; place <= right; place += 1) this.cell(row, place)?.setAttribute("aria-selected", "true");
    }
    const cell = this.cell();
    if (cell) cell.tabIndex = 0;
  }

  go(row, place, { extend = false, focus = true } = {}) {
    const last = Math.max(this.lines.count, 1) - 1;
    if (extend) this.anchor ??= { ...this.active };
    else this.anchor = null;
    this.active = {
      row: Math.max(0, Math.min(row, last)), place: Math.max(0, Math.min(place, this.places.length - 1)),
    };
    this.mark();
    if (!focus) return;
    this.cell().focus({ preventScroll: true });
    this.#bringIntoView();
    this.element.dispatchEvent(new Event("sheet:moved"));
  }

  goTo(row, column) {
    this.go(row, Math.max(0, this.places.findIndex((one) => one.key === column)));
  }

  finding(row = this.active.row, key = this.column.key) {
    return this.findings.get(`${row}:${key}`);
  }

  proposal(row = this.active.row, key = this.column.key) {
    return this.lines.text(row, key) ? "" : (this.proposals.get(`${row}:${key}`) ?? "");
  }

  // Head and first columns stay where they are; what is chosen must not lie below them.
  #bringIntoView() {
    const cell = this.cell();
    const box = this.element.parentElement;
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    const head = this.element.tHead.getBoundingClientRect().height;
    const above = cell.getBoundingClientRect().top - box.getBoundingClientRect().top - head;
    if (above < 0) box.scrollTop += above;
    if (this.active.place < STANDING) return;
    const edge = this.body.rows[0].cells[STANDING].getBoundingClientRect().right;
    const before = cell.getBoundingClientRect().left - edge;
    if (before < 0) box.scrollLeft += before;
  }

  #drawHead() {
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", "1");
    const corner = document.createElement("th");
    corner.scope = "col";
    corner.textContent = this.words.row_head;
    corner.setAttribute("aria-colindex", "1");
    row.append(corner);
    this.places.forEach(({ head, name, key }, at) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.className = `column-${key.split("-")[0]}`;
      cell.setAttribute("aria-colindex", at + 2);
      if (name === head) cell.textContent = head;
      else {
        const full = document.createElement("span");
        full.className = "visually-hidden";
        full.textContent = name;
        const short = document.createElement("span");
        short.ariaHidden = "true";
        short.textContent = head;
        cell.append(short, full);
        cell.title = name;
      }
      row.append(cell);
    });
    this.element.tHead.replaceChildren(row);
    this.element.setAttribute("aria-colcount", this.places.length + 1);
  }

  #row(row) {
    const line = document.createElement("tr");
    line.setAttribute("aria-rowindex", row + 2);
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = row + 1;
    head.setAttribute("aria-colindex", "1");
    line.append(head);
    this.places.forEach((place, at) => {
      const cell = document.createElement("td");
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", at + 2);
      cell.setAttribute("aria-selected", "false");
      cell.tabIndex = -1;
      cell.className = `column-${place.key.split("-")[0]}`;
      if (place.shown) cell.setAttribute("aria-readonly", "true");
      line.append(cell);
    });
    return line;
  }

  #fill(cell, row, { key, shown }) {
    if (cell.firstElementChild?.tagName === "INPUT") return; // somebody is typing
    const text = shown ? this.#shownText(row, key) : this.lines.text(row, key);
    const finding = this.findings.get(`${row}:${key}`);
    const proposal = shown || text ? "" : (this.proposals.get(`${row}:${key}`) ?? "");
    const weight = finding ? (finding.weight === "error" ? "error" : finding.known ? "known" : "doubt") : "";
    const is_fastest = key === "best_lap" && row === this.fastest;
    const state = `${text}\n${proposal}\n${weight}\n${is_fastest}`;
    if (cell.sheetState === state) return;
    cell.sheetState = state;
    cell.textContent = text;
    cell.dataset.weight = weight;
    cell.classList.toggle("fastest", is_fastest);
    if (weight === "error") cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
    if (proposal) cell.append(this.#proposal(proposal));
  }

  #proposal(text) {
    const word = document.createElement("span");
    word.className = "visually-hidden";
    word.textContent = this.words.proposal.replace("{text}", text);
    const seen = document.createElement("span");
    seen.className = "proposal";
    seen.ariaHidden = "true";
    seen.textContent = text;
    const both = document.createDocumentFragment();
    both.append(seen, word);
    return both;
  }

  #shownText(row, key) {
    const number = this.lines.text(row, "number");
    const car = this.cars[number] ?? this.cars[number.split("/")[0]];
    return car?.[key] ?? "";
  }
}

function placesOf(columns, words) {
  const places = [];
  for (const column of columns) {
    places.push({ ...column, numeric: NUMERIC.has(column.key) });
    if (column.key === SHOWN_BEHIND) {
      places.push({ key: "class", head: words.class_head, name: words.class_head, shown: true });
      places.push({ key: "team", head: words.team_head, name: words.team_head, shown: true });
      places.push({ key: "crew", head: words.crew_head, name: words.crew_head, shown: true });
    }
  }
  return places;
}
