// What a hand does on the map: dragging, two fingers, the wheel and keys, as what is wanted by it.

const CLICK = 4; // pixels: who moves less has clicked
const PAUSE_MS = 400; // after it the wheel is turned for something else
const STEP = 1.4;
const ARROW = 60; // pixels

// `does` has: pan(x, y), zoom(by, at), whole(), whole.shown(), mode() ("", "lasso" or "box"), choose(mode), drawing(mode,
// corners), drawn(mode, corners), point(at or null), press(at, event); `at` and corners are in pixels of the field. Gives
// what ends it.
function listen(field, does) {
  const down = new Map(); // pointers that are down: where they are
  let began = null; // where the first went down, and what it draws
  let moved = false;
  const at = (event) => {
    const { left, top } = field.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const box = ([x, y], [right, low]) => [[x, y], [right, y], [right, low], [x, low]];
  const between = () => {
    const [[x, y], [other, low]] = [...down.values()];
    return { middle: [(x + other) / 2, (y + low) / 2], apart: Math.hypot(x - other, y - low) || 1 };
  };

  field.onpointerdown = (event) => {
    if (event.button || event.target.closest("a")) return;
    down.set(event.pointerId, at(event));
    moved = down.size > 1;
    const mode = does.mode() || (event.shiftKey ? "lasso" : "");
    began = { from: at(event), mode: down.size > 1 ? "" : mode, corners: [at(event)] };
    does.drawing("", []);
  };
  field.onpointermove = (event) => {
    const [here, last] = [at(event), down.get(event.pointerId)];
    if (!last) {
      does.point(event.pointerType === "touch" ? null : here);
      return;
    }
    if (!moved && Math.hypot(here[0] - began.from[0], here[1] - began.from[1]) < CLICK) return;
    if (!field.hasPointerCapture(event.pointerId)) field.setPointerCapture(event.pointerId);
    if (!moved) does.point(null);
    moved = true;
    if (down.size === 2) {
      const before = between();
      down.set(event.pointerId, here);
      const now = between();
      does.zoom(now.apart / before.apart, now.middle);
      does.pan(now.middle[0] - before.middle[0], now.middle[1] - before.middle[1]);
      return;
    }
    down.set(event.pointerId, here);
    if (!began.mode) {
      // to where it went down, not the few pixels less after which it counts as moved
      const from = began.panned ? last : began.from;
      began.panned = true;
      does.pan(here[0] - from[0], here[1] - from[1]);
      return;
    }
    if (began.mode === "box") began.corners = box(began.from, here);
    else began.corners.push(here);
    does.drawing(began.mode, began.corners);
  };
  const up = (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    if (event.type === "pointerup" && !moved) does.press(at(event), event);
    else if (event.type === "pointerup" && began.mode && began.corners.length > 2) does.drawn(began.mode, began.corners);
    else does.drawing("", []);
    began = null;
  };
  field.onpointerup = field.onpointercancel = up;
  field.onpointerleave = (event) => event.pointerType !== "touch" && does.point(null); // a finger leaves when it is lifted

  // The wheel zooms; where all is shown and it is turned on, or where the page was being scrolled, the page scrolls.
  let [turned, zooms] = [0, false];
  const scrolled = () => ([turned, zooms] = [performance.now(), false]);
  addEventListener("scroll", scrolled, true);
  field.onwheel = (event) => {
    const now = performance.now();
    if (now - turned > PAUSE_MS) zooms = event.deltaY < 0 || !does.whole.shown();
    turned = now;
    if (!zooms && !event.ctrlKey) return;
    event.preventDefault();
    const turn = event.deltaY * (event.deltaMode ? 20 : 1); // some browsers count lines
    does.zoom(Math.exp(-Math.min(100, Math.max(-100, turn)) / (event.ctrlKey ? 100 : 300)), at(event)); // Ctrl: two fingers
  };

  const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  field.onkeydown = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) does.pan(arrow[0] * ARROW, arrow[1] * ARROW);
    else if (event.key === "+" || event.key === "=") does.zoom(STEP);
    else if (event.key === "-") does.zoom(1 / STEP);
    else if (event.key === "0") does.whole();
    else if (event.key === "l") does.choose("lasso");
    else if (event.key === "b") does.choose("box");
    else if (event.key === "Escape") does.choose("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return () => removeEventListener("scroll", scrolled, true);
}
