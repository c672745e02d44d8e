// The map: points in a canvas, names, outlines and a card over it, colours below it. Where points lie is fetched once for
// each map; how far one has zoomed and moved is kept, whatever else changes, for as long as the tab is there.

const MARGIN = 20; // pixels around what is seen that are drawn too: points there need not be cut
const EDGE = 28; // pixels left free at the edges where all is shown
const MOST = 300; // times
const NEAR = 14; // pixels
const GAP = 16; // pixels between a point and its card
const REST_MS = 250; // after it a movement has ended
const CARD_MS = 70; // so long points the hand at a point before it is asked what that is
const WAYS = [["in", "add"], ["out", "remove"], ["whole", "fit_screen"], ["lasso", "lasso_select"], ["box", "select"]];

const charts = new WeakMap();
const fetched = {}; // by address: the places of points, and the grid of them
const only = {}; // by address and field: the colours that alone stand out

const made = (name, kind, text = "") => Object.assign(document.createElement(name), { className: kind, textContent: text });
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

class Chart {
  constructor(root) {
    const find = (name) => root.querySelector(name);
    Object.assign(this, { root, mode: "", near: -1, view: null });
    [this.field, this.canvas, this.names, this.card] = [".field", "canvas", ".names", ".card"].map(find);
    [this.tools, this.legend, this.inSight] = [".tools", ".legend", ".in-sight"].map(find);
    this.shapes = Object.fromEntries(["chosen", "drawn", "at", "near"].map((name) => [name, find(`svg .${name}`)]));
    this.context = this.canvas.getContext("2d", { willReadFrequently: true }); // pixels are written, not drawn
    this.buttons = {};
    this.tools.replaceChildren();
    for (const [name, icon] of WAYS) {
      const button = made("button", "");
      button.type = "button";
      button.append(made("span", "symbol", icon));
      button.firstChild.setAttribute("aria-hidden", "true");
      button.onclick = () => this.does[name]();
      this.buttons[name] = button;
      this.tools.append(button);
    }
    this.card.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.pick({ row: Number(this.card.dataset.row), open: true });
    };
    const whole = () => this.show({ ...this.home(), zoom: 1 });
    whole.shown = () => !this.view || this.view.zoom <= 1;
    this.does = {
      pan: (x, y) => this.pan(x, y),
      zoom: (by, at) => this.zoom(by, at),
      in: () => this.zoom(STEP),
      out: () => this.zoom(1 / STEP),
      whole,
      mode: () => this.mode,
      choose: (mode) => this.choose(mode === this.mode ? "" : mode),
      lasso: () => this.does.choose("lasso"),
      box: () => this.does.choose("box"),
      drawing: (mode, corners) => this.shapes.drawn.setAttribute("d", path(corners)),
      drawn: (mode, corners) => this.drewAround(corners),
      point: (at) => this.point(at),
      press: (at, event) => this.press(at, event),
    };
    const forget = listen(this.field, this.does);
    const sized = new ResizeObserver(() => this.soon());
    sized.observe(this.field);
    this.end = () => {
      forget();
      sized.disconnect();
      clearTimeout(this.resting);
    };
  }

  // ---------------------------------------------------------------- what it shows

  async update(data, tell) {
    this.tell = tell;
    this.data = data;
    this.field.setAttribute("aria-label", data.texts.map);
    this.tools.setAttribute("aria-label", data.texts.tools);
    this.legend.setAttribute("aria-label", data.texts.legend);
    for (const [name, button] of Object.entries(this.buttons)) {
      button.title = data.texts[name];
      button.setAttribute("aria-label", data.texts[name]);
    }
    this.choose(this.mode);
    this.numbers = Uint8Array.from(atob(data.colours), (one) => one.charCodeAt(0));
    this.drawNames();
    fetched[data.places] ??= fetchPoints(data.places);
    let found;
    try {
      found = await fetched[data.places];
    } catch {
      delete fetched[data.places];
      this.inSight.textContent = data.texts.failed;
      return;
    }
    if (this.data !== data) return; // there is something newer
    if (this.places !== data.places) {
      this.places = data.places;
      this.view = kept(data.places) ?? { ...middle(found.ends), zoom: 1 };
    }
    this.found = found;
    this.settle();
  }

  // Which points stand out, in which colours.
  settle() {
    const { data, numbers, found } = this;
    const chosen = (only[`${data.places} ${data.by}`] ??= new Set());
    const count = Math.min(numbers.length, found.points.length / 2);
    const palette = data.palette.map((one) => pixel(one, data.ringed ? 1 : 0.85));
    const faint = pixel("#808080", 0.28);
    this.standsOut = new Uint8Array(count);
    this.shades = new Uint32Array(count);
    for (let row = 0; row < count; row++) {
      const colour = numbers[row] & 127;
      this.standsOut[row] = numbers[row] > 127 && (!chosen.size || chosen.has(colour)) ? 1 : 0;
      this.shades[row] = this.standsOut[row] ? palette[colour] : faint;
    }
    this.drawn = drawingOrder(numbers.subarray(0, count), this.standsOut);
    this.drawLegend(chosen);
    this.shapes.drawn.setAttribute("d", "");
    this.soon();
  }

  soon() {
    this.waits ||= requestAnimationFrame(() => {
      this.waits = 0;
      if (this.found && this.root.isConnected) this.paint();
    });
  }

  paint() {
    const { field, canvas, data, drawn, found } = this;
    const [wide, high] = [field.clientWidth, field.clientHeight];
    if (!wide || !high) return;
    const dense = devicePixelRatio || 1;
    const [width, height] = [wide, high].map((one) => Math.round((one + 2 * MARGIN) * dense));
    if (!this.image || this.image.width !== width || this.image.height !== height) {
      Object.assign(canvas, { width, height });
      canvas.style.width = `${width / dense}px`;
      canvas.style.height = `${height / dense}px`;
      this.image = this.context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.factors = this.scaled(wide, high);
    const [x, y] = this.factors;
    const across = [x[0] * dense, (x[1] + MARGIN) * dense];
    const up = [y[0] * dense, (y[1] + MARGIN) * dense];
    const larger = Math.min(2.5, Math.sqrt(this.view.zoom)); // who comes nearer sees larger points
    const size = (one) => Math.min(Math.max(one, 9), one * larger) * dense;
    const ring = data.ringed ? { wide: Math.max(1, dense), colour: pixel(this.ink()) } : null;
    const all = { order: drawn.order, shades: this.shades, across, up };
    this.pixels.fill(0);
    drawPoints(this.pixels, width, height, found.points, { ...all, from: 0, to: drawn.bright, diameter: size(data.sizes[0]) });
    drawPoints(this.pixels, width, height, found.points, {
      ...all, from: drawn.bright, to: drawn.order.length, diameter: size(data.sizes[1]), ring,
    });
    this.context.putImageData(this.image, 0, 0);
    this.placeNames(wide, high);
    this.placeShapes();
    Object.assign(this.root.dataset, { drawn: data.by, view: `${this.view.x},${this.view.y},${this.view.zoom}` });
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(wide, high), REST_MS);
  }

  // The colour of text, as the theme has it now.
  ink() {
    this.context.fillStyle = getComputedStyle(this.root).color;
    return this.context.fillStyle;
  }

  // What is said and kept once a movement has ended.
  rest(wide, high) {
    const { points } = this.found;
    const [[left, low], [right, top]] = [this.place([0, high]), this.place([wide, 0])];
    let count = 0;
    for (let k = 0; k < points.length; k += 2) {
      if (points[k] >= left && points[k] <= right && points[k + 1] >= low && points[k + 1] <= top) count++;
    }
    const { texts, language } = this.data;
    const written = (value) => value.toLocaleString(language, { maximumFractionDigits: 1 });
    const said = texts.inSight.replace("{count}", written(count)).replace("{total}", written(points.length / 2));
    const times = this.view.zoom > 1.01 ? ` · ${texts.zoomed.replace("{times}", written(this.view.zoom))}` : "";
    const groups = this.labels.filter((label) => label.seen).map((label) => label.one.textContent);
    const text = [said + times, groups.length ? ` · ${groups.join("; ")}` : ""];
    if (this.inSight.textContent !== text.join("")) this.inSight.replaceChildren(text[0], made("span", "", text[1]));
    keep(this.places, this.view);
  }

  // ---------------------------------------------------------------- where things are

  home() {
    return middle(this.found.ends);
  }

  // What takes a place on the map to pixels of the field, across and up; all of it is as wide and high as the field.
  scaled(wide, high) {
    const { left, right, low, top } = this.found.ends;
    const x = ((wide - 2 * EDGE) / (right - left || 1)) * this.view.zoom;
    const y = ((high - 2 * EDGE) / (top - low || 1)) * this.view.zoom;
    return [[x, wide / 2 - this.view.x * x], [-y, high / 2 + this.view.y * y]];
  }

  place([x, y]) {
    const [across, up] = this.factors;
    return [(x - across[1]) / across[0], (y - up[1]) / up[0]];
  }

  spot([x, y]) {
    const [across, up] = this.factors;
    return [x * across[0] + across[1], y * up[0] + up[1]];
  }

  at(row) {
    return this.spot([this.found.points[2 * row], this.found.points[2 * row + 1]]);
  }

  show(view) {
    const { left, right, low, top } = this.found.ends;
    this.view = { x: clamp(view.x, left, right), y: clamp(view.y, low, top), zoom: clamp(view.zoom, 1, MOST) };
    this.field.classList.toggle("zoomed", this.view.zoom > 1);
    if (this.near >= 0) this.point(null);
    this.soon();
  }

  pan(x, y) {
    if (!this.factors) return;
    const [across, up] = this.scaled(this.field.clientWidth, this.field.clientHeight);
    this.show({ ...this.view, x: this.view.x - x / across[0], y: this.view.y - y / up[0] });
  }

  // What is under the pointer stays there.
  zoom(by, at = [this.field.clientWidth / 2, this.field.clientHeight / 2]) {
    if (!this.factors) return;
    this.factors = this.scaled(this.field.clientWidth, this.field.clientHeight);
    const [x, y] = this.place(at);
    const zoom = clamp(this.view.zoom * by, 1, MOST);
    const share = this.view.zoom / zoom;
    if (zoom === 1) this.show({ ...this.home(), zoom });
    else this.show({ x: x + (this.view.x - x) * share, y: y + (this.view.y - y) * share, zoom });
  }

  // ---------------------------------------------------------------- what lies over the points

  drawNames() {
    this.names.replaceChildren(...this.data.names.map(([, , name]) => made("span", "", name)));
    this.labels = [...this.names.children].map((one, k) => ({
      one, place: this.data.names[k].slice(0, 2), wide: 0, high: 0, seen: false,
    }));
  }

  // The largest group has its name first; a name that would lie over another is left out.
  placeNames(wide, high) {
    const taken = [];
    const { offsetLeft, offsetTop, offsetHeight } = this.tools;
    for (const label of this.labels) {
      let [x, y] = this.spot(label.place);
      label.wide ||= label.one.offsetWidth;
      label.high ||= label.one.offsetHeight;
      const [half, tall] = [label.wide / 2 + 3, label.high / 2 + 2];
      label.seen = x >= 0 && x <= wide && y >= 0 && y <= high;
      if (label.seen) {
        const right = y - tall < offsetTop + offsetHeight ? offsetLeft : wide; // not below the tools
        [x, y] = [clamp(x, half, Math.max(half, right - half)), clamp(y, tall, high - tall)];
      }
      const free = taken.every((other) => Math.abs(x - other.x) >= half + other.half || Math.abs(y - other.y) >= tall + other.tall);
      label.one.style.visibility = free ? "visible" : "hidden";
      if (!free) continue;
      taken.push({ x, y, half, tall });
      label.one.style.transform = `translate(${Math.round(x - label.wide / 2)}px, ${Math.round(y - label.high / 2)}px)`;
    }
  }

  placeShapes() {
    const { outline, at } = this.data;
    const rows = this.found.points.length / 2;
    this.shapes.chosen.setAttribute("d", path(outline.map((one) => this.spot(one))));
    circle(this.shapes.at, at >= 0 && at < rows ? this.at(at) : null, 11);
    circle(this.shapes.near, this.near >= 0 ? this.at(this.near) : null, 8);
  }

  drawLegend(chosen) {
    const { legend, palette, scale, others, places, by } = this.data;
    const focus = document.activeElement?.dataset?.colour;
    const had = this.legend.contains(document.activeElement) ? focus : undefined;
    this.legend.replaceChildren();
    if (scale.length) {
      const bar = made("div", "scale");
      const colours = made("div", "bar");
      colours.style.background = `linear-gradient(to right, ${palette.slice(2).join(", ")})`;
      bar.append(colours);
      for (const [share, said] of scale) {
        const tick = made("span", "", said);
        tick.style.left = `${share * 100}%`;
        bar.append(tick);
      }
      this.legend.append(bar);
    }
    for (const [colour, said] of legend) {
      const button = made("button", "");
      button.type = "button";
      button.dataset.colour = colour;
      button.append(swatch(palette[colour]), said);
      button.setAttribute("aria-pressed", chosen.has(colour));
      button.onclick = () => {
        if (!chosen.delete(colour)) chosen.add(colour);
        only[`${places} ${by}`] = chosen;
        this.settle();
      };
      this.legend.append(button);
    }
    if (others) {
      const rest = made("span", "others");
      rest.append(swatch("#80808048"), others);
      this.legend.append(rest);
    }
    if (had !== undefined) this.legend.querySelector(`[data-colour="${had}"]`)?.focus({ preventScroll: true });
  }

  // ---------------------------------------------------------------- what is chosen

  choose(mode) {
    this.mode = mode;
    this.field.classList.toggle("drawing", mode !== "");
    for (const name of ["lasso", "box"]) this.buttons[name].setAttribute("aria-pressed", mode === name);
  }

  pick(what) {
    this.tell("picked", { places: this.places, ...what });
    this.choose("");
  }

  drewAround(corners) {
    const each = Math.ceil(corners.length / 500);
    this.pick({ outline: corners.filter((_, k) => k % each === 0).map((one) => this.place(one)) });
  }

  rowAt([x, y]) {
    if (!this.factors) return -1;
    const [across, up] = this.factors;
    return this.found.nearest.find(...this.place([x, y]), NEAR / across[0], NEAR / -up[0], this.standsOut);
  }

  press(at, event) {
    const row = this.rowAt(at);
    const finger = event.pointerType === "touch";
    if (row < 0) this.point(null);
    else if (this.mode || event.shiftKey) this.pick({ row });
    else if (event.ctrlKey || event.metaKey) this.ask(row).then((said) => open(this.address(said.id), "_blank", "noopener"), () => {});
    else if (finger && this.near !== row) this.point(at, true); // a finger points at nothing before it presses
    else this.pick({ row, open: true });
  }

  // ---------------------------------------------------------------- what is pointed at

  async point(at, held = false) {
    const row = at && this.found ? this.rowAt(at) : -1;
    if (row === this.near && !held) return;
    this.near = row;
    this.card.hidden = true;
    this.field.classList.toggle("pointing", row >= 0);
    circle(this.shapes.near, row >= 0 ? this.at(row) : null, 8);
    clearTimeout(this.asking);
    if (row < 0) return;
    this.asking = setTimeout(async () => {
      const said = await this.ask(row).catch(() => null);
      if (said && this.near === row) this.drawCard(row, said, held);
    }, held ? 0 : CARD_MS);
  }

  ask(row) {
    const address = `/points/${row}?${this.data.told}`;
    this.asked ??= {};
    this.asked[address] ??= fetch(address).then((answer) => {
      if (answer.ok) return answer.json();
      delete this.asked[address];
      throw new Error(answer.status);
    });
    return this.asked[address];
  }

  address(id) {
    return `/record?${new URLSearchParams({ id })}${this.data.asked ? "&" : ""}${this.data.asked}`;
  }

  drawCard(row, said, held) {
    const { card, field } = this;
    card.replaceChildren();
    if (said.picture) {
      const image = made("img", "");
      Object.assign(image, { src: said.picture, alt: said.shows });
      card.append(image);
    }
    card.append(made("strong", "", said.title), ...said.lines.map((line) => made("span", "", line)));
    card.href = this.address(said.id);
    card.dataset.row = row;
    card.classList.toggle("held", held);
    card.hidden = false;
    // beside the point where there is room, else below or above it
    const [x, y] = this.at(row);
    const [wide, high] = [field.clientWidth - card.offsetWidth, field.clientHeight - card.offsetHeight];
    const side = x + GAP <= wide ? x + GAP : x - GAP - card.offsetWidth;
    const below = y + GAP <= high ? y + GAP : y - GAP - card.offsetHeight;
    const [left, top] = side >= 0 ? [side, y - card.offsetHeight / 2] : [x - card.offsetWidth / 2, below];
    card.style.left = `${clamp(left, 0, Math.max(0, wide))}px`;
    card.style.top = `${clamp(top, 0, Math.max(0, high))}px`;
  }
}

async function fetchPoints(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  const points = new Float32Array(await answer.arrayBuffer());
  const ends = { left: Infinity, right: -Infinity, low: Infinity, top: -Infinity };
  for (let k = 0; k < points.length; k += 2) {
    ends.left = Math.min(ends.left, points[k]);
    ends.right = Math.max(ends.right, points[k]);
    ends.low = Math.min(ends.low, points[k + 1]);
    ends.top = Math.max(ends.top, points[k + 1]);
  }
  return { points, ends, nearest: new Nearest(points) };
}

const middle = ({ left, right, low, top }) => ({ x: (left + right) / 2, y: (low + top) / 2 });
const path = (corners) => (corners.length > 1 ? `M${corners.map((one) => one.map(Math.round).join(" ")).join("L")}Z` : "");

function circle(one, at, radius) {
  one.setAttribute("r", at ? radius : 0);
  if (at) [["cx", at[0]], ["cy", at[1]]].forEach(([name, value]) => one.setAttribute(name, value));
}

function swatch(colour) {
  const one = made("i", "");
  one.style.background = colour;
  return one;
}

const KEPT = "map seen ";

function keep(places, view) {
  try {
    sessionStorage.setItem(KEPT + places, JSON.stringify(view));
  } catch {
    // where nothing may be kept, nothing is
  }
}

function kept(places) {
  try {
    const view = JSON.parse(sessionStorage.getItem(KEPT + places));
    return view && [view.x, view.y, view.zoom].every(Number.isFinite) ? view : null;
  } catch {
    return null;
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".map-chart");
  if (!charts.has(root)) charts.set(root, new Chart(root));
  const chart = charts.get(root);
  chart.update(data, setTriggerValue);
  return () => {
    chart.end();
    charts.delete(root);
  };
}
