/** The operations of NCSN, over tensors to compute it or over shapes to list its weights. */
export interface Operations<H> {
  channels(h: H): number;
  conv(name: string, h: H, to: number, options?: ConvOptions): H;
  /** Conditional InstanceNorm++. */
  norm(name: string, h: H): H;
  act(h: H): H;
  add(a: H, b: H): H;
  /** The mean of each 2×2 pixels. */
  halve(h: H): H;
  /** The mean over the 5×5 pixels around each pixel, 0 beyond the edge. */
  pool(h: H): H;
  /** Bilinear interpolation to the sides of `like`. */
  stretch(h: H, like: H): H;
}

export interface ConvOptions {
  /** Pixels of the filter along a side; default 3. */
  readonly size?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Default 1. */
  readonly dilation?: number;
}

/** The multiple of the width and the dilation of each of the four stages. The second one halves the sides. */
const STAGES = [
  [1, 1],
  [2, 1],
  [2, 2],
  [2, 4],
] as const;

/**
 * NCSN (Song & Ermon 2019, appendix A): four stages of residual blocks, dilated from the third on, and a
 * RefineNet (Lin et al. 2017) back up, all normalised by the noise level.
 */
export function ncsnOf<H>(o: Operations<H>, x: H, channels: number, width: number): H {
  let h = o.conv('begin_conv', x, width);
  const outputs = STAGES.map(([multiple, dilation], level) => {
    for (const i of [0, 1]) {
      const halves = i === 0 && level > 0;
      h = residual(o, `res${level + 1}.${i}`, h, { to: width * multiple, halves, dilation });
    }
    return h;
  });
  let refined: H | undefined;
  for (let level = STAGES.length - 1; level >= 0; level--) {
    const inputs = refined === undefined ? [outputs[level]!] : [outputs[level]!, refined];
    const to = width * (STAGES[level - 1]?.[0] ?? 1);
    refined = refine(o, `refine${STAGES.length - level}`, inputs, to, level === 0 ? 3 : 1);
  }
  return o.conv('end_conv', o.act(o.norm('normalizer', refined!)), channels);
}

interface Residual {
  readonly to: number;
  /** Whether the sides are halved; a dilated block keeps them. */
  readonly halves: boolean;
  readonly dilation: number;
}

function residual<H>(o: Operations<H>, name: string, h: H, { to, halves, dilation }: Residual): H {
  const from = o.channels(h);
  const pooled = halves && dilation === 1;
  const [second, shortcut] = ['conv2', 'shortcut'].map(part => `${name}.${part}${pooled ? '.conv' : ''}`);
  const sized = (y: H) => (pooled ? o.halve(y) : y);
  const first = o.conv(`${name}.conv1`, o.act(o.norm(`${name}.normalize1`, h)), halves ? from : to, {
    dilation,
  });
  const branch = o.conv(second!, o.act(o.norm(`${name}.normalize2`, first)), to, { dilation });
  if (from === to && !halves) return o.add(h, branch);
  const size = dilation > 1 ? 3 : 1;
  return o.add(sized(o.conv(shortcut!, h, to, { size, dilation })), sized(branch));
}

/** Each input through residual units; their sum at the size of the first; a chain of pools; units again. */
function refine<H>(o: Operations<H>, name: string, inputs: readonly H[], to: number, units: number): H {
  const adapted = inputs.map((x, i) => residualUnits(o, `${name}.adapt_convs.${i}`, x, 2));
  const fused = adapted.map((x, i) => {
    if (adapted.length === 1) return x;
    const normed = o.norm(`${name}.msf.norms.${i}`, x);
    return o.stretch(o.conv(`${name}.msf.convs.${i}`, normed, to), adapted[0]!);
  });
  return residualUnits(o, `${name}.output_convs`, chained(o, `${name}.crp`, fused.reduce(o.add)), units);
}

function residualUnits<H>(o: Operations<H>, name: string, x: H, units: number): H {
  const channels = o.channels(x);
  let total = x;
  for (let i = 1; i <= units; i++) {
    let h = total;
    for (const j of [1, 2]) {
      const normed = o.act(o.norm(`${name}.${i}_${j}_norm`, h));
      h = o.conv(`${name}.${i}_${j}_conv`, normed, channels, { bias: false });
    }
    total = o.add(total, h);
  }
  return total;
}

function chained<H>(o: Operations<H>, name: string, x: H): H {
  let total = o.act(x);
  let path = total;
  for (const i of [0, 1]) {
    const pooled = o.pool(o.norm(`${name}.norms.${i}`, path));
    path = o.conv(`${name}.convs.${i}`, pooled, o.channels(x), { bias: false });
    total = o.add(total, path);
  }
  return total;
}
