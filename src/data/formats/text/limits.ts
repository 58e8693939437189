/** The largest text table that is read. Time and memory grow in proportion to its size. */
export const TEXT_LIMITS = Object.freeze({
  /** Bytes of text after decompression: 1 GiB. */
  bytes: 2 ** 30,
  columns: 2 ** 18,
  /** Rows times columns. */
  cells: 2 ** 27,
});
