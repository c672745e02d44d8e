// A small histogram with one or two ends that can be moved: what lies outside of them is drawn pale.
//
// Under the bars lie the browser's own sliders, so that keys, touch and screen readers work. While an end is moved the
// text beside it tells what that would mean; the server hears of it when the end is let go.

const SVG = "http://www.w3.org/2000/svg";

export default function ({ parentElement, data, setStateValue }) {
  const box = parentElement.querySelector(".histogram");
  const count = data.bars.length;
  const drawn = JSON.stringify([data.bars, data.names]);
  if (box.drawn !== drawn) {
    box.drawn = drawn;
    const highest = Math.max(1, ...data.bars);
    const bars = document.createElementNS(SVG, "svg");
    bars.setAttribute("viewBox", `0 0 ${count} 100`);
    bars.setAttribute("preserveAspectRatio", "none");
    bars.setAttribute("aria-hidden", "true");
    data.bars.forEach((one, place) => {
      const bar = document.createElementNS(SVG, "rect");
      const high = one ? Math.max(4, (100 * Math.sqrt(one)) / Math.sqrt(highest)) : 0;
      for (const [name, value] of Object.entries({ x: place + 0.08, width: 0.84, y: 100 - high, height: high })) {
        bar.setAttribute(name, value);
      }
      bars.append(bar);
    });
    const ends = data.names.map((name) => {
      const end = document.createElement("input");
      Object.assign(end, { type: "range", min: 0, max: count, step: 1 });
      end.setAttribute("aria-label", name);
      return end;
    });
    const area = document.createElement("div");
    area.className = "area";
    area.append(bars, ...ends);
    const said = document.createElement("output");
    box.replaceChildren(area, said);
  }
  const ends = [...box.querySelectorAll("input")];
  const show = () => {
    const values = ends.map((end) => Number(end.value));
    const [low, high] = values.length > 1 ? [Math.min(...values), Math.max(...values)] : [values[0], count];
    box.querySelectorAll("rect").forEach((bar, place) => bar.classList.toggle("out", place < low || place >= high));
    const texts = values.length > 1 ? [data.said[low], data.said[high]] : [data.said[low]];
    box.querySelector("output").textContent = texts.join(" – ");
    ends.forEach((end, number) => end.setAttribute("aria-valuetext", data.said[values[number]]));
    return values.length > 1 ? [low, high] : [low];
  };
  // moves are counted: what the server said before it had heard of the last one does not take that back
  if ((data.moves ?? 0) >= (box.moves ?? 0)) ends.forEach((end, number) => (end.value = data.ends[number]));
  ends.forEach((end) => {
    end.oninput = show;
    end.onchange = () => {
      box.moves = Math.max(box.moves ?? 0, data.moves ?? 0) + 1;
      setStateValue("moved", { ends: show(), moves: box.moves });
    };
  });
  box.classList.toggle("off", data.off);
  show();
}
