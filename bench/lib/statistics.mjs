export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b), half = sorted.length >> 1;
  if (!sorted.length) return NaN;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Five digits; null for what is no number. */
export const digits = (number) => (Number.isFinite(number) ? Number(number.toPrecision(5)) : null);

export const spread = (numbers) => ({
  median: digits(median(numbers)), min: digits(Math.min(...numbers)), max: digits(Math.max(...numbers)), n: numbers.length,
});
