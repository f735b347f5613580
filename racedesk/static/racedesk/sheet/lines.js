// The lines of a sheet and every step back. A line is an object of texts by column that is never changed, only replaced:
// a step is then no more than a list of the lines as they were.

export const MOST = 1_000; // lines, as the server says too

const EMPTY = Object.freeze({});

export class Lines extends EventTarget {
  #lines;
  #past = [];
  #future = [];
  revision = 0;

  constructor(lines) {
    super();
    this.#lines = lines.map((line) => Object.freeze({ ...line }));
  }

  get all() {
    return this.#lines;
  }

  get count() {
    return this.#lines.length;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  text(row, column) {
    return this.#lines[row]?.[column] ?? "";
  }

  // One step: the sheet as a whole becomes another one.
  become(lines) {
    this.#past.push(this.#lines);
    this.#future = [];
    this.#show(lines.map((line) => Object.freeze(line)));
  }

  // One step: cells as [row, column, text]; lines that are not there yet are made.
  write(cells) {
    const changed = cells.filter(([row, column, text]) => this.text(row, column) !== text);
    if (changed.length) this.become(written(this.#lines, changed));
  }

  insert(at, lines = [EMPTY]) {
    this.become([...this.#lines.slice(0, at), ...lines, ...this.#lines.slice(at)]);
  }

  remove(from, count) {
    this.become([...this.#lines.slice(0, from), ...this.#lines.slice(from + count)]);
  }

  // Returns whether there was room to move.
  move(from, count, by) {
    const to = from + by;
    if (to < 0 || to + count > this.count) return false;
    const rest = [...this.#lines.slice(0, from), ...this.#lines.slice(from + count)];
    this.become([...rest.slice(0, to), ...this.#lines.slice(from, from + count), ...rest.slice(to)]);
    return true;
  }

  undo() {
    if (!this.canUndo) return;
    this.#future.push(this.#lines);
    this.#show(this.#past.pop());
  }

  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.#lines);
    this.#show(this.#future.pop());
  }

  // The same values in our notation: no step of the person, and nothing that has to be judged again.
  amend(cells) {
    if (!cells.length) return;
    this.#lines = written(this.#lines, cells);
    this.dispatchEvent(new Event("amended"));
  }

  #show(lines) {
    this.#lines = lines;
    this.revision += 1;
    this.dispatchEvent(new Event("changed"));
  }
}

function written(lines, cells) {
  const next = [...lines];
  for (const [row, column, text] of cells) {
    while (next.length <= row) next.push(EMPTY);
    next[row] = { ...next[row], [column]: text };
    if (!text) delete next[row][column];
  }
  return next;
}

export const isEmpty = (line) => Object.values(line).every((text) => !text);
export const isBare = (line) => Object.entries(line).every(([column, text]) => column === "number" || !text);
