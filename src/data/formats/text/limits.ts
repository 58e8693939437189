/** The largest table of text that is read; time and memory grow in proportion to its size. */
export const TEXT_LIMITS = Object.freeze({
  /** of text, unpacked: 1 GiB */
  bytes: 2 ** 30,
  columns: 2 ** 18,
  /** rows times columns */
  cells: 2 ** 27,
});
