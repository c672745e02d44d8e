// Tiles: links to records, and what can be said of a record by one click.
//
// One part of the page draws all tiles: as parts of Streamlit's own, with a button each, two dozen of them take longer to
// appear than the search took. Every press is counted and told until the server has dealt with it, however quickly they
// follow each other; of several messages only the last need arrive.

const told = {}; // by the name of the grid: presses that the server may not have dealt with
let last = Date.now(); // presses are numbered upwards, also after the page was loaded anew

export default function ({ parentElement, data, setStateValue }) {
  const box = parentElement.querySelector(".tiles-box");
  if (box.drawn !== data.html) {
    const focus = document.activeElement?.closest?.("[data-does]");
    const held = focus && box.contains(focus) ? [focus.dataset.does, focus.closest("[data-id]").dataset.id] : null;
    box.innerHTML = box.drawn = data.html;
    if (held) {
      const [does, id] = held.map(CSS.escape);
      box.querySelector(`[data-id="${id}"] [data-does="${does}"]`)?.focus({ preventScroll: true });
    }
  }
  told[data.name] = (told[data.name] ?? []).filter(({ number }) => number > (data.done ?? 0));

  const tell = (does, id) => {
    last = Math.max(last + 1, Date.now());
    told[data.name] = [...told[data.name], { number: last, does, id }].slice(-50);
    setStateValue("pressed", told[data.name]);
  };
  box.onclick = (event) => {
    const id = event.target.closest("[data-id]")?.dataset.id;
    const button = event.target.closest("[data-does]");
    if (button) {
      const pressed = button.getAttribute("aria-pressed");
      if (pressed !== null) button.setAttribute("aria-pressed", pressed === "true" ? "false" : "true");
      tell(button.dataset.does, id);
      return;
    }
    const link = event.target.closest("a");
    if (!link || "plain" in link.dataset || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault(); // the page need not be loaded anew
    tell("open", link.dataset.opens ?? id);
  };
}
