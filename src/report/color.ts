export type Rgb = readonly [number, number, number];

/** `'#35618f'` → `[53, 97, 143]`. */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * Maps t in [0, 1] to a colour on a ramp with `stops` at equal distances. Values outside are clamped; NaN
 * counts as 0.
 */
export function ramp(stops: readonly string[]): (t: number) => Rgb {
  const colors = stops.map(rgb);
  const last = colors.length - 1;
  return t => {
    const place = (t > 0 ? Math.min(t, 1) : 0) * last;
    const i = Math.min(Math.floor(place), last - 1);
    const [low, high] = [colors[i]!, colors[i + 1]!];
    const mix = (c: 0 | 1 | 2) => Math.round(low[c] + (high[c] - low[c]) * (place - i));
    return [mix(0), mix(1), mix(2)];
  };
}
