// Arrow keys walk through the pictures of the library; without this the Tab key does.
const grid = document.querySelector("[data-grid]");

grid?.addEventListener("keydown", (event) => {
  const links = [...grid.querySelectorAll("li > a")];
  const here = links.indexOf(document.activeElement);
  if (here < 0) return;
  const top = links[0].offsetTop;
  const columns = Math.max(1, links.filter((link) => link.offsetTop === top).length);
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -here, End: links.length - 1 - here };
  const there = links[here + (steps[event.key] ?? NaN)];
  if (there) {
    event.preventDefault();
    there.focus();
  }
});
