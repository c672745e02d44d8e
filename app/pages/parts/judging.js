// One picture at a time, and a grade by one key: every press counts, however quickly they follow each other.
// The next pictures are here already, so that a press shows the next one at once; what the server has not dealt with yet
// is sent with every later press, each under a key of its own, so that none is lost and none counts twice.

const AHEAD = 8; // so many pictures are fetched before they are wanted
const session = Math.random().toString(36).slice(2);

let count = 0;
let topic = null; // what is judged; with another topic everything begins anew
let pending = []; // presses that the server has not dealt with
let judged = []; // what was judged or skipped here, for undo
let waiting = false; // for the server to say what comes back
let listening = () => {};
addEventListener("beforeunload", (event) => pending.length && event.preventDefault()); // these are not kept yet
const items = new Map(); // every record that was told, by its id
const pictures = new Map(); // every picture that was asked for

const fetched = (item) => {
  if (!pictures.has(item.id)) {
    const image = new Image();
    image.alt = item.alt;
    image.src = item.picture;
    pictures.set(item.id, image);
  }
  return pictures.get(item.id);
};

export default function ({ parentElement, data, setStateValue }) {
  const part = (name) => parentElement.querySelector(`.judging-${name}`);
  if (data.topic !== topic) {
    topic = data.topic;
    [pending, judged, waiting] = [[], [], false];
  }
  for (const item of data.items) items.set(item.id, item);
  const handled = new Set(data.handled);
  if (pending.some((one) => handled.has(one.key) && one.act === "undo")) waiting = false;
  pending = pending.filter((one) => !handled.has(one.key));

  // what is left, and how much is done, as it is once the server has dealt with everything
  const state = () => {
    let [queue, done] = [data.items.map((item) => item.id), data.done];
    for (const { act, record, grade } of pending) {
      if (!record) continue;
      if (act !== "skip") done += act === "undo" ? (grade === null ? 0 : -1) : 1;
      queue = queue.filter((one) => one !== record);
      if (act === "skip") queue.push(record);
      if (act === "undo") queue.unshift(record);
    }
    return { queue, done };
  };

  const show = () => {
    const { queue, done } = state();
    const item = items.get(queue[0]);
    parentElement.querySelector(".judging").dataset.pending = pending.length;
    parentElement.querySelector(".judging").hidden = data.of === 0;
    if (part("known").dataset.record !== (item?.id ?? "")) {
      part("known").dataset.record = item?.id ?? "";
      part("known").innerHTML = item ? item.known : "";
      part("picture").replaceChildren(...(item ? [fetched(item)] : []));
    }
    queue.slice(1, 1 + AHEAD).forEach((id) => fetched(items.get(id)));
    const over = !item && done >= data.of;
    part("status").textContent = over ? data.texts.over : data.texts.progress.replace("{done}", done.toLocaleString(data.language)).replace("{of}", data.of.toLocaleString(data.language));
    part("bar").max = Math.max(data.of, 1);
    part("bar").value = done;
    parentElement.querySelectorAll("[data-grade], [data-act=skip]").forEach((one) => (one.disabled = waiting || !item));
    parentElement.querySelector("[data-act=undo]").disabled = waiting || (!done && !judged.length);
    parentElement.querySelector(".judging").classList.toggle("judging-over", over);
  };

  const send = (press) => {
    count += 1;
    pending.push({ key: `${session}-${count}`, ...press });
    setStateValue("given", pending.slice());
    show();
  };
  const act = (what) => {
    if (waiting) return;
    if (what === "undo") {
      const last = judged.pop();
      waiting = !last;
      if (last || data.done) send({ act: "undo", record: last?.record ?? null, grade: last?.grade ?? null });
      return;
    }
    const item = items.get(state().queue[0]);
    if (!item || !fetched(item).complete) return; // nobody judges what is not there to be seen yet
    const grade = what === "skip" ? null : Number(what);
    judged.push({ record: item.id, grade });
    send({ act: what === "skip" ? "skip" : "grade", record: item.id, grade });
  };
  const key = (event) => {
    const pressed = event.key.toLowerCase();
    const what = data.grades.includes(Number(event.key)) && event.key.trim() ? event.key : { s: "skip", u: "undo", backspace: "undo" }[pressed];
    if (!what || event.repeat || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], [role=dialog]")) return;
    event.preventDefault();
    act(what);
  };

  for (const button of parentElement.querySelectorAll("button")) {
    const what = button.dataset.grade ?? button.dataset.act;
    button.querySelector("span").textContent = data.labels[what];
    button.onclick = () => act(what);
  }
  document.removeEventListener("keydown", listening);
  document.addEventListener("keydown", key);
  listening = key;
  show();
  return () => document.removeEventListener("keydown", key);
}
