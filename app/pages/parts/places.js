// Where a page is scrolled to, and which changes are one entry of the browser's history.
//
// Streamlit scrolls a box of its own, which the browser does not look after: another record or page of results would
// be shown from the middle, and Back would not lead to where one was.

const PAUSE_MS = 2000; // after it the next step of a slider is an entry of its own
const STEPPED = "[data-testid=stSlider], [data-testid=stNumberInput], .histogram";
const PLACE = "scrolled ";

let there = null; // the address that is drawn
let left = null; // the address that was drawn before it
let waiting = true; // for what the address tells now to be drawn; until then nobody has scrolled
let returning = false; // by Back, Forward or Reload
let gesture = null; // what a person does with one slider, until a pause

const box = () => document.querySelector("[data-testid=stMain]");
const address = () => location.pathname + location.search;
const parts = (url) => {
  const one = new URL(url, location.href);
  return { path: one.pathname, said: one.searchParams };
};

// What is looked at, as far as a change of it is another page to read: a filter leaves one where one is.
const view = (url) => {
  const { path, said } = parts(url);
  return JSON.stringify([path, ...["id", "page", "q", "like", "picture"].map((name) => said.getAll(name))]);
};

// The record that was looked at before, where the results that it came from are shown again.
const came = (from, to) => {
  if (!from || !parts(from).said.has("id") || parts(to).said.has("id")) return null;
  const search = (url) => [...parts(url).said].filter(([name]) => name !== "id" && name !== "page").sort().join("\n");
  return search(from) === search(to) ? parts(from).said.get("id") : null;
};

const tile = (id) =>
  [...document.querySelectorAll("[class*=st-key-tiles-] a")].find((one) => parts(one.href).said.get("id") === id);

const push = history.pushState.bind(history);
history.pushState = (state, unused, url) => {
  const goes = new URL(url, location.href).href;
  if (goes === location.href) {
    history.replaceState(state, unused, url);
    return;
  }
  if (view(goes) !== view(location.href)) {
    waiting = true;
    box()?.scrollTo(0, 0);
  }
  // on the way to another page Streamlit tells its address first as one of the page that is left: nobody was ever there
  const between = there !== null && address() !== there && parts(goes).path !== location.pathname;
  if (gesture?.told || between) {
    history.replaceState(state, unused, url);
    return;
  }
  if (gesture) gesture.told = true;
  push(state, unused, url);
};

addEventListener("popstate", () => {
  waiting = returning = true;
  gesture = null;
});

// the rail of filters is a drawer on a phone, which Streamlit opens by a button in its head
document.addEventListener("click", (event) => {
  if (event.target.closest?.(".st-key-open-rail button")) {
    document.querySelector("[data-testid=stExpandSidebarButton]")?.click();
  }
});

const touched = (event) => {
  const widget = event.target.closest?.(STEPPED);
  if (!widget) {
    gesture = null;
  } else if (gesture?.widget !== widget || event.timeStamp - gesture.last > PAUSE_MS) {
    gesture = { widget, told: false, last: event.timeStamp };
  } else {
    gesture.last = event.timeStamp;
  }
};
addEventListener("keydown", touched, true);
addEventListener("pointerdown", touched, true);

addEventListener(
  "scroll",
  (event) => {
    if (!waiting && event.target === box()) sessionStorage.setItem(PLACE + address(), event.target.scrollTop);
  },
  true,
);

const settle = (url, frames = 60) => {
  const found = tile(came(left, url));
  const place = returning || found ? Number(sessionStorage.getItem(PLACE + url) ?? 0) : box().scrollTop;
  if (frames && place > box().scrollHeight - box().clientHeight) {
    requestAnimationFrame(() => url === address() && settle(url, frames - 1)); // not all is laid out yet
    return;
  }
  box().scrollTo(0, place);
  if (found) {
    const { top, bottom } = found.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) found.scrollIntoView({ block: "center" });
    if (document.activeElement === document.body) found.focus({ preventScroll: true });
  }
  waiting = returning = false;
  document.body.dataset.drawn = url;
};

// Called when the page that `data` tells of was drawn to its end.
export default function ({ data }) {
  document.documentElement.lang = data.language; // so that it is read aloud in it
  for (const [name, value] of Object.entries(data.cookies)) {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=strict`;
  }
  const drawn = [...new URLSearchParams(data.query)].sort().join("\n");
  const url = address();
  if (drawn !== [...parts(url).said].sort().join("\n")) return;
  if (url !== there) {
    if (there === null) returning = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
    [left, there] = [there, url];
  }
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (url !== address()) return;
    if (waiting) settle(url);
    else document.body.dataset.drawn = url;
  }));
}
