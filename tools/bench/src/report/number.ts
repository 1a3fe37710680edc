/** Numbers for people: three digits that matter. */
export const figure = (value: number): string => {
  if (!Number.isFinite(value)) return '-';
  if (value >= 100) return value.toFixed(0);
  return value.toPrecision(3);
};
