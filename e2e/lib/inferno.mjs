// The heat map's colours, made here from their published anchors: a uniform cubic B-spline over eleven of them.
const ANCHORS = [0x000004, 0x170b3a, 0x420a68, 0x6b176e, 0x932667, 0xbb3654, 0xdd513a, 0xf3771a, 0xfca50a, 0xf6d644, 0xfcffa4]
  .map((color) => [color >> 16, (color >> 8) & 255, color & 255]);

/** The colour at `part` of the way from the first to the last, as one of 256. */
export function inferno(part) {
  const t = Math.round(Math.min(Math.max(part, 0), 1) * 255) / 255;
  const spans = ANCHORS.length - 1;
  const i = Math.min(Math.floor(t * spans), spans - 1);
  const u = t * spans - i;
  return [0, 1, 2].map((channel) => {
    const at = (k) => ANCHORS[k][channel];
    const [b, c] = [at(i), at(i + 1)];
    const a = i > 0 ? at(i - 1) : 2 * b - c;
    const d = i < spans - 1 ? at(i + 2) : 2 * c - b;
    const value = ((1 - u) ** 3 * a + (4 - 6 * u ** 2 + 3 * u ** 3) * b + (1 + 3 * u + 3 * u ** 2 - 3 * u ** 3) * c + u ** 3 * d) / 6;
    return Math.round(Math.min(Math.max(value, 0), 255));
  });
}
