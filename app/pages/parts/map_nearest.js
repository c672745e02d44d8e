// The point nearest to a place: points are kept by the cells of a grid, so that few of them are looked at.

const PER_CELL = 3;

class Nearest {
  constructor(points) {
    this.points = points;
    this.count = points.length / 2;
    this.side = Math.max(1, Math.min(512, Math.ceil(Math.sqrt(this.count / PER_CELL))));
    this.starts = new Uint32Array(this.side * this.side + 1);
    const cells = new Uint32Array(this.count);
    for (let row = 0; row < this.count; row++) {
      cells[row] = this.cell(points[2 * row + 1]) * this.side + this.cell(points[2 * row]);
      this.starts[cells[row] + 1]++;
    }
    for (let one = 0; one < this.side * this.side; one++) this.starts[one + 1] += this.starts[one];
    const next = this.starts.slice();
    this.rows = new Uint32Array(this.count);
    for (let row = 0; row < this.count; row++) this.rows[next[cells[row]]++] = row;
  }

  // Places lie between -1 and 1.
  cell(value) {
    return Math.min(this.side - 1, Math.max(0, Math.floor(((value + 1) / 2) * this.side)));
  }

  // The row nearest to a place, none of it farther than `wide` and `high`, in which distances are counted; -1: none is.
  // Those that stand out come before all others.
  find(x, y, wide, high, standsOut) {
    let [best, least] = [-1, Infinity];
    for (let line = this.cell(y - high); line <= this.cell(y + high); line++) {
      const first = this.starts[line * this.side + this.cell(x - wide)];
      const last = this.starts[line * this.side + this.cell(x + wide) + 1];
      for (let k = first; k < last; k++) {
        const row = this.rows[k];
        const apart = Math.hypot((this.points[2 * row] - x) / wide, (this.points[2 * row + 1] - y) / high);
        if (apart > 1) continue;
        const counted = standsOut[row] ? apart : apart + 1;
        if (counted < least) [best, least] = [row, counted];
      }
    }
    return best;
  }
}
