// Tiles that are put in order: dragged, or moved with the arrow keys. The server is told which one was put before which.

export default function ({ parentElement, data, setTriggerValue }) {
  const list = parentElement.querySelector(".order");
  const said = parentElement.querySelector(".order-said");
  list.setAttribute("aria-label", data.texts.list);
  let dragged = null;

  const tell = (tile) => {
    const next = tile.nextElementSibling;
    const place = [...list.children].indexOf(tile) + 1;
    said.textContent = data.texts.placed.replace("{place}", place).replace("{of}", list.children.length);
    setTriggerValue("moved", { item: tile.dataset.item, before: next ? next.dataset.item : null });
  };

  const make = ({ item, title, picture, note }) => {
    const tile = document.createElement("li");
    tile.className = "order-tile";
    tile.draggable = true;
    tile.tabIndex = 0;
    tile.dataset.item = item;
    tile.setAttribute("aria-label", `${title}. ${data.texts.keys}`);
    if (picture) {
      const image = document.createElement("img");
      Object.assign(image, { src: picture, alt: "", draggable: false });
      tile.append(image);
    }
    for (const [name, text] of [["title", title], ["note", note]]) {
      const line = document.createElement("span");
      line.className = name;
      line.textContent = text;
      if (text) tile.append(line);
    }
    return tile;
  };

  const wanted = JSON.stringify(data.items);
  if (list.shows !== wanted) {
    const kept = list.contains(document.activeElement) ? document.activeElement.dataset.item : null;
    list.shows = wanted;
    list.replaceChildren(...data.items.map(make));
    [...list.children].find((one) => one.dataset.item === kept)?.focus({ preventScroll: true });
  }

  list.ondragstart = (event) => {
    dragged = event.target.closest(".order-tile");
    dragged?.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  };
  list.ondragover = (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = event.target.closest(".order-tile");
    if (!over || over === dragged) return;
    const { left, width } = over.getBoundingClientRect();
    list.insertBefore(dragged, event.clientX < left + width / 2 ? over : over.nextElementSibling);
  };
  list.ondrop = (event) => event.preventDefault();
  list.ondragend = () => {
    dragged?.classList.remove("dragged");
    if (dragged) tell(dragged);
    dragged = null;
  };
  list.onkeydown = (event) => {
    const tile = event.target.closest(".order-tile");
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!tile || !by || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const others = [...list.children].filter((one) => one !== tile);
    const place = Math.min(Math.max([...list.children].indexOf(tile) + by, 0), others.length);
    list.insertBefore(tile, others[place] ?? null);
    tile.focus();
    tell(tile);
  };
}
