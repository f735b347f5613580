// Follows one car through a chart by keyboard: the chart is one stop of the Tab key, arrow keys go from car to car, the
// name of the car is said. Without script the chart, its summary and its table are all there.

const NEXT = new Set(["ArrowDown", "ArrowRight"]);
const PREVIOUS = new Set(["ArrowUp", "ArrowLeft"]);

function follow(figure) {
  const chart = figure.querySelector("svg.chart");
  const said = figure.querySelector("[data-chart-said]");
  const cars = [...(chart?.querySelectorAll(".car") ?? [])];
  if (!cars.length) return;
  let current = -1;

  // An image has no parts for those who listen; a group has.
  chart.setAttribute("role", "group");
  for (const car of cars) {
    car.setAttribute("role", "img");
    car.setAttribute("aria-label", car.querySelector("title").textContent);
    car.setAttribute("tabindex", "-1");
  }
  cars[0].setAttribute("tabindex", "0");

  function show(index) {
    cars[current]?.classList.remove("is-followed");
    cars[current]?.setAttribute("tabindex", "-1");
    current = (index + cars.length) % cars.length;
    const car = cars[current];
    car.classList.add("is-followed");
    car.setAttribute("tabindex", "0");
    chart.classList.add("is-following");
    said.textContent = car.getAttribute("aria-label");
    return car;
  }

  function stop() {
    cars[current]?.classList.remove("is-followed");
    chart.classList.remove("is-following");
    said.textContent = "";
  }

  chart.addEventListener("keydown", (event) => {
    const first = event.key === "Home";
    if (NEXT.has(event.key)) show(current + 1).focus();
    else if (PREVIOUS.has(event.key)) show(current - 1).focus();
    else if (first || event.key === "End") show(first ? 0 : cars.length - 1).focus();
    else if (event.key === "Escape") stop();
    else return;
    event.preventDefault();
  });
  chart.addEventListener("focusin", (event) => {
    const index = cars.indexOf(event.target.closest(".car"));
    if (index !== -1 && index !== current) show(index);
    else if (index !== -1) show(current);
  });
  chart.addEventListener("focusout", (event) => {
    if (!chart.contains(event.relatedTarget)) stop();
  });
  // A tap on a line or its label keeps the car in sight.
  chart.addEventListener("click", (event) => event.target.closest(".car")?.focus());
}

for (const figure of document.querySelectorAll("[data-chart]")) follow(figure);
