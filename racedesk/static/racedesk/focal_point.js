// The focal point set by click or arrow keys, with every crop shown as it will be; and the list of sizes kept fresh
// while they are made. Without this two number fields and the crops as they were cut last do the same.
const desk = document.querySelector("[data-focal]");
const fields = ["x", "y"].map((axis) => document.querySelector(`input#id_focal_${axis}`));

if (desk && fields.every(Boolean)) {
  const point = desk.querySelector(".focal__point");
  const whole = desk.querySelector(".focal__whole img");
  const [width, height] = [Number(desk.dataset.width), Number(desk.dataset.height)];
  const bounded = (value, most) => Math.min(Math.max(value, 0), most);
  const cuts = [...desk.querySelectorAll(".focal__cuts img")].map((image) => {
    const [across, down] = image.dataset.ratio.split("/").map(Number);
    image.src = image.dataset.whole;
    return { image, spare: [width - Math.min(width, height * across / down), height - Math.min(height, width * down / across)] };
  });

  const show = () => {
    const focus = fields.map((field) => bounded(Number(field.value) || 0, 100));
    point.style.left = `${focus[0]}%`;
    point.style.top = `${focus[1]}%`;
    point.setAttribute("aria-label", desk.dataset.label.replace("[x]", focus[0]).replace("[y]", focus[1]));
    for (const { image, spare } of cuts) {
      const place = [width, height].map((length, axis) => {
        const start = bounded(length * focus[axis] / 100 - (length - spare[axis]) / 2, spare[axis]);
        return spare[axis] ? `${100 * start / spare[axis]}%` : "50%";
      });
      image.style.objectPosition = place.join(" ");
    }
  };
  const move = (x, y) => {
    [x, y].forEach((value, axis) => { fields[axis].value = Math.round(bounded(value, 100)); });
    show();
  };

  point.hidden = false;
  whole.addEventListener("click", (event) => {
    const box = whole.getBoundingClientRect();
    move(100 * (event.clientX - box.left) / box.width, 100 * (event.clientY - box.top) / box.height);
    point.focus();
  });
  point.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1;
    const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const by = steps[event.key];
    if (!by) return;
    event.preventDefault();
    move(Number(fields[0].value) + by[0], Number(fields[1].value) + by[1]);
  });
  fields.forEach((field) => field.addEventListener("input", show));
  show();
}

const refresh = async () => {
  const shown = document.querySelector("[data-progress=open]");
  if (!shown) return;
  try {
    const page = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-progress]");
    if (fresh) shown.replaceWith(document.importNode(fresh, true));
  } catch {
    // The next round asks again.
  }
  setTimeout(refresh, 2000);
};
setTimeout(refresh, 2000);
