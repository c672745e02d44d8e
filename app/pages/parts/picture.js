// A picture to be looked at closely: zoom by wheel, buttons and keys, its parts as boxes, and a part drawn by hand.
// The stage holds the picture and the boxes in shares of it; zooming and moving are one CSS transform of the stage.

const MOST = 12; // times
const STEP = 1.3;
const SMALLEST = 0.02; // of a side: less than that was a click
const NUDGE = 0.02;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const share = (value) => Math.round(clamp(value, 0, 1) * 1000) / 1000;

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".picture");
  const find = (name) => root.querySelector(`.${name}`);
  const [frame, stage, image, drawn, bar] = ["frame", "stage", "large", "drawn", "drawn-bar"].map(find);
  const button = Object.fromEntries([...root.querySelectorAll("[data-act]")].map((one) => [one.dataset.act, one]));
  const say = (text) => (find("said").textContent = text);

  // ---------------------------------------------------------------- what is shown

  if (root.dataset.shows !== data.source) {
    root.dataset.shows = data.source;
    root.look = { view: { scale: 1, x: 0, y: 0 }, part: null, drawing: false, parts: data.boxes.length <= 12 };
    image.src = data.source;
    image.style.backgroundImage = data.small ? `url("${data.small}")` : "";
  }
  const look = root.look;
  image.alt = data.alternative;
  if (data.width && data.height) {
    stage.style.aspectRatio = `${data.width} / ${data.height}`;
    stage.style.width = `min(100%, calc(70vh * ${data.width / data.height}))`;
  }
  for (const [name, text] of Object.entries(data.texts)) {
    const one = button[name];
    if (!one) continue;
    one.title = text;
    if (one.dataset.said) one.textContent = text;
    else one.setAttribute("aria-label", text);
  }
  frame.setAttribute("aria-label", data.texts.frame);
  button.alone.href = data.source;
  button.parts.hidden = !data.boxes.length;
  button.collect.hidden = !data.collects;

  stage.querySelectorAll(".part").forEach((one) => one.remove());
  data.boxes.forEach(({ box, said, best }) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = best ? "part best" : "part";
    one.title = said;
    one.setAttribute("aria-label", said);
    place(one, box);
    one.onclick = () => !moved && setTriggerValue("wanted", { box, act: "search" });
    stage.insertBefore(one, drawn);
  });

  function place(one, [left, top, right, bottom]) {
    Object.assign(one.style, {
      left: `${left * 100}%`,
      top: `${top * 100}%`,
      width: `${(right - left) * 100}%`,
      height: `${(bottom - top) * 100}%`,
    });
  }

  function show() {
    const { view } = look;
    const { width, height } = stage.getBoundingClientRect();
    const [w, h] = [width / (stage.scaled ?? 1), height / (stage.scaled ?? 1)];
    view.x = clamp(view.x, w * (1 - view.scale), 0);
    view.y = clamp(view.y, h * (1 - view.scale), 0);
    stage.scaled = view.scale;
    stage.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    stage.style.setProperty("--once", 1 / view.scale);
    root.classList.toggle("zoomed", view.scale > 1);
    root.classList.toggle("drawing", look.drawing);
    root.classList.toggle("with-parts", look.parts);
    button.draw.setAttribute("aria-pressed", look.drawing);
    button.parts.setAttribute("aria-pressed", look.parts);
    button.out.disabled = button.whole.disabled = view.scale <= 1;
    button.in.disabled = view.scale >= MOST;
    drawn.hidden = bar.hidden = !look.part;
    if (look.part) place(drawn, look.part);
  }

  function zoom(by, at) {
    const { view } = look;
    const box = frame.getBoundingClientRect();
    const inner = stage.getBoundingClientRect();
    const [x, y] = at ?? [box.left + box.width / 2, box.top + box.height / 2];
    const scale = clamp(view.scale * by, 1, MOST);
    const ratio = scale / view.scale;
    view.x -= (x - inner.left) * (ratio - 1);
    view.y -= (y - inner.top) * (ratio - 1);
    view.scale = scale;
    show();
    say(`${Math.round(scale * 100)} %`);
  }

  // ---------------------------------------------------------------- by hand

  let moved = false;
  let begun = null;

  const at = (event) => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return [share((event.clientX - left) / width), share((event.clientY - top) / height)];
  };
  frame.onpointerdown = (event) => {
    moved = false;
    if (event.button || (!look.drawing && look.view.scale <= 1)) return;
    if (look.drawing) event.preventDefault();
    begun = { at: at(event), x: event.clientX, y: event.clientY, view: { ...look.view } };
  };
  frame.onpointermove = (event) => {
    if (!begun) return;
    if (!moved && Math.hypot(event.clientX - begun.x, event.clientY - begun.y) < 4) return;
    if (!moved) frame.setPointerCapture(event.pointerId);
    moved = true;
    if (look.drawing) {
      const [[x, y], [other, down]] = [begun.at, at(event)];
      look.part = [Math.min(x, other), Math.min(y, down), Math.max(x, other), Math.max(y, down)];
    } else {
      look.view.x = begun.view.x + event.clientX - begun.x;
      look.view.y = begun.view.y + event.clientY - begun.y;
    }
    show();
  };
  frame.onpointerup = frame.onpointercancel = () => {
    if (begun && moved && look.drawing) {
      const [left, top, right, bottom] = look.part;
      if (right - left < SMALLEST || bottom - top < SMALLEST) look.part = null;
      else button.search.focus({ preventScroll: true });
      show();
    }
    begun = null;
  };
  frame.onwheel = (event) => {
    // a page that is scrolled past the picture is not stopped: the wheel zooms where one has clicked, or with Ctrl
    const wanted = event.ctrlKey || root.contains(document.activeElement) || look.view.scale > 1;
    if (!wanted || (event.deltaY > 0 && look.view.scale <= 1)) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, [event.clientX, event.clientY]);
  };
  frame.ondblclick = (event) => !look.drawing && zoom(look.view.scale > 1 ? 1 / MOST : 3, [event.clientX, event.clientY]);

  // ---------------------------------------------------------------- by buttons and keys

  const acts = {
    in: () => zoom(STEP),
    out: () => zoom(1 / STEP),
    whole: () => zoom(1 / MOST),
    draw: () => {
      look.drawing = !look.drawing;
      if (!look.drawing) look.part = null;
      else {
        frame.focus({ preventScroll: true });
        say(data.texts.drawing);
      }
      show();
    },
    parts: () => {
      look.parts = !look.parts;
      show();
    },
    search: () => look.part && setTriggerValue("wanted", { box: look.part, act: "search" }),
    collect: () => look.part && setTriggerValue("wanted", { box: look.part, act: "collect" }),
    drop: () => {
      look.part = null;
      show();
      frame.focus({ preventScroll: true });
    },
  };
  for (const [name, act] of Object.entries(acts)) button[name].onclick = act;

  function nudge([x, y], grow) {
    const [left, top, right, bottom] = look.part ?? [0.25, 0.25, 0.75, 0.75];
    if (!look.part) look.part = [left, top, right, bottom];
    else if (grow) look.part = [left, top, share(Math.max(right + x, left + NUDGE)), share(Math.max(bottom + y, top + NUDGE))];
    else {
      const [across, down] = [clamp(x, -left, 1 - right), clamp(y, -top, 1 - bottom)];
      look.part = [left + across, top + down, right + across, bottom + down].map(share);
    }
    show();
  }
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  root.onkeydown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    const named = { "+": "in", "=": "in", "-": "out", 0: "whole", d: "draw", p: "parts" }[event.key];
    if (event.key === "Escape" && (look.part || look.drawing)) {
      look.drawing = false;
      look.part = null;
      show();
    } else if (arrow && look.drawing) nudge(arrow.map((way) => way * NUDGE), event.shiftKey);
    else if (arrow && look.view.scale > 1 && event.target === frame) {
      look.view.x -= arrow[0] * 60;
      look.view.y -= arrow[1] * 60;
      show();
    } else if (event.key === "Enter" && event.target === frame && look.part) acts.search();
    else if (named && !button[named].hidden && !button[named].disabled) acts[named]();
    else return;
    event.preventDefault();
  };
  show();
}
