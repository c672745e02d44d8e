// From one result to the next: buttons and arrow keys that count every press, however quickly they follow each other.
// The browser says which result is wanted, not "one further": of several such messages only the last need arrive.

let pressed = 0; // presses so far; the server repeats the number of the last that it has dealt with
let wanted = null; // the rank that is wanted by presses that it has not dealt with yet
let listening = () => {}; // Streamlit calls this module at every change of its data, and cleans up only at the end

export default function ({ parentElement, data, setStateValue }) {
  if ((data.pressed ?? pressed) >= pressed) wanted = null;
  const [back, on] = parentElement.querySelectorAll("button");
  const where = parentElement.querySelector("span");
  parentElement.querySelector("nav").setAttribute("aria-label", data.texts.steps);
  back.textContent = `‹ ${data.texts.back}`;
  on.textContent = `${data.texts.on} ›`;

  const show = () => {
    const rank = wanted ?? data.rank;
    const [at, of] = [rank, data.of].map((one) => one.toLocaleString(data.texts.language));
    where.textContent = data.texts.place.replace("{rank}", at).replace("{of}", of);
    back.disabled = rank <= 1;
    on.disabled = rank >= data.of;
  };
  const step = (by) => {
    const rank = (wanted ?? data.rank) + by;
    if (rank < 1 || rank > data.of) return;
    wanted = rank;
    pressed += 1;
    setStateValue("wanted", { rank, pressed });
    show();
  };
  const key = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    // in these the arrows do something of their own
    if (event.target.closest?.("input, textarea, select, video, audio, [contenteditable], [role=tablist], [role=toolbar]")) return;
    step(by);
  };

  back.onclick = () => step(-1);
  on.onclick = () => step(1);
  document.removeEventListener("keydown", listening);
  document.addEventListener("keydown", key);
  listening = key;
  show();
  return () => document.removeEventListener("keydown", listening);
}
