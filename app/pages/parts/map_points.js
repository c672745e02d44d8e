// Points, drawn into the pixels of a canvas: a disc for each, pixel by pixel. This needs no graphics card, and 100,000
// discs of three pixels take a few milliseconds of the processor.

const SMOOTH_UP_TO = 400000; // so many pixels may be mixed: then edges are smooth and points shine through

// A disc as the pixels that it covers: how far each lies behind the middle one, and how much of it is covered.
function disc(diameter, stride, smooth) {
  const [radius, reach] = [diameter / 2, Math.ceil(diameter / 2)];
  const [offsets, covers] = [[], []];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const cover = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x, y)));
      if (cover < (smooth ? 0.02 : 0.5)) continue;
      offsets.push(y * stride + x);
      covers.push(smooth ? Math.round(cover * 255) : 255);
    }
  }
  return { offsets: Int32Array.from(offsets), covers: Uint8Array.from(covers) };
}

// A CSS colour as a pixel: #rrggbb or #rrggbbaa, the bytes in the order of the memory.
function pixel(colour, opacity = 1) {
  const part = (at) => parseInt(colour.slice(at, at + 2), 16);
  const alpha = Math.round((colour.length > 7 ? part(7) : 255) * opacity);
  return ((alpha << 24) | (part(5) << 16) | (part(3) << 8) | part(1)) >>> 0;
}

// One pixel over another, as much of it as is covered.
function over(pixels, at, colour, cover) {
  const alpha = ((colour >>> 24) * cover) / 255;
  const under = pixels[at];
  const rest = ((under >>> 24) * (255 - alpha)) / 255;
  const whole = alpha + rest;
  if (whole < 1) return;
  const mix = (shift) => Math.round((((colour >>> shift) & 255) * alpha + ((under >>> shift) & 255) * rest) / whole);
  pixels[at] = ((Math.round(whole) << 24) | (mix(16) << 16) | (mix(8) << 8) | mix(0)) >>> 0;
}

// The rows of points in the order in which they are drawn: what does not stand out first, then colour after colour.
function drawingOrder(colours, standsOut) {
  const rank = (row) => (standsOut[row] ? 128 : 0) + (colours[row] & 127);
  const starts = new Uint32Array(257);
  for (let row = 0; row < colours.length; row++) starts[rank(row) + 1]++;
  for (let one = 0; one < 256; one++) starts[one + 1] += starts[one];
  const bright = starts[128]; // from here on points stand out
  const order = new Uint32Array(colours.length);
  for (let row = 0; row < colours.length; row++) order[starts[rank(row)]++] = row;
  return { order, bright };
}

// Draw some rows of points. `across` and `up` take a place to a pixel: `[factor, constant]` each. Points whose disc is
// not whole within the pixels are left out: whoever calls this has a margin.
function drawPoints(pixels, width, height, points, { order, from, to, shades, diameter, ring, across, up }) {
  const most = SMOOTH_UP_TO / diameter ** 2;
  let seen = 0;
  for (let k = from; k < to && seen <= most; k++) {
    const [x, y] = [points[2 * order[k]] * across[0] + across[1], points[2 * order[k] + 1] * up[0] + up[1]];
    if (x >= 0 && y >= 0 && x < width && y < height) seen++;
  }
  const smooth = seen <= most;
  const one = disc(diameter, width, smooth);
  const around = ring ? disc(diameter + ring.wide * 2, width, smooth) : null;
  const reach = Math.ceil(diameter / 2 + (ring ? ring.wide : 0)) + 1;
  const put = (shape, at, what) => {
    const { offsets, covers } = shape;
    if (!smooth) for (let k = 0; k < offsets.length; k++) pixels[at + offsets[k]] = what;
    else for (let k = 0; k < offsets.length; k++) over(pixels, at + offsets[k], what, covers[k]);
  };
  const [right, bottom] = [width - reach, height - reach];
  for (let k = from; k < to; k++) {
    const row = order[k];
    const x = (points[2 * row] * across[0] + across[1]) | 0;
    const y = (points[2 * row + 1] * up[0] + up[1]) | 0;
    if (x < reach || y < reach || x >= right || y >= bottom) continue;
    const at = y * width + x;
    if (around) put(around, at, ring.colour);
    put(one, at, shades[row]);
  }
}
