/** The points v with normal·v ≥ least. */
export interface HalfSpace {
  /** A number for each coordinate. */
  readonly normal: ArrayLike<number>;
  /** The least of normal·v. */
  readonly least: number;
}
