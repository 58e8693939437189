/** The published samplers in plain float64 on one array, for a score that is a function. */
export interface PublishedRun {
  readonly sde: 'vp' | 'sub-vp' | 've';
  readonly predictor: 'euler_maruyama' | 'reverse_diffusion' | 'ancestral_sampling' | 'none';
  readonly corrector: 'langevin' | 'ald' | 'none';
  readonly N: number;
  readonly snr: number;
  readonly nSteps: number;
  readonly eps: number;
  readonly denoise: boolean;
  readonly batch: number;
}

export type Score = (x: Float64Array, t: number) => Float64Array;

const [betaMin, betaMax, sigmaMin, sigmaMax] = [0.1, 20, 0.01, 50];

/** `draw()` returns the next noise in the order in which the samplers use it; x is the state at T. */
export function published(
  run: PublishedRun,
  score: Score,
  x: Float64Array,
  draw: () => Float64Array,
): Float64Array {
  const { sde, predictor, corrector, N, snr, nSteps, eps, denoise, batch } = run;
  const span = (from: number, to: number, i: number) => (N === 1 ? from : from + ((to - from) * i) / (N - 1));
  const beta = (k: number) => span(betaMin / N, betaMax / N, k);
  const sigma = (k: number) => (k < 0 ? 0 : Math.exp(span(Math.log(sigmaMin), Math.log(sigmaMax), k)));
  const meanNorm = (v: Float64Array) => {
    const size = v.length / batch;
    let total = 0;
    for (let b = 0; b < batch; b++) total += Math.hypot(...v.subarray(b * size, (b + 1) * size));
    return total / batch;
  };
  let mean = x;
  for (let i = 0; i < N; i++) {
    const t = span(1, eps, i);
    const k = Math.floor(t * (N - 1) + 1e-9);
    const alpha = sde === 'vp' ? 1 - beta(k) : 1;
    for (let j = 0; j < nSteps && corrector !== 'none'; j++) {
      const grad = score(x, t);
      const z = draw();
      const scale = corrector === 'ald' ? snr * deviation(sde, t) : (snr * meanNorm(z)) / meanNorm(grad);
      const step = scale ** 2 * 2 * alpha;
      mean = x.map((v, n) => v + step * grad[n]!);
      x = mean.map((v, n) => v + Math.sqrt(2 * step) * z[n]!);
    }
    if (predictor === 'none') {
      mean = x;
      continue;
    }
    const grad = score(x, t);
    const z = draw();
    const euler = predictor === 'euler_maruyama' || sde === 'sub-vp';
    const b = betaMin + t * (betaMax - betaMin);
    const growth = sigma(k) ** 2 - sigma(k - 1) ** 2;
    if (euler) {
      const g2 =
        sde === 'vp'
          ? b
          : sde === 've'
            ? 2 * deviation('ve', t) ** 2 * Math.log(sigmaMax / sigmaMin)
            : b * (1 - Math.exp(-2 * betaMin * t - (betaMax - betaMin) * t * t));
      const drift = (v: number, n: number) => (sde === 've' ? 0 : -0.5 * b * v) - g2 * grad[n]!;
      mean = x.map((v, n) => v - drift(v, n) / N);
      x = mean.map((v, n) => v + Math.sqrt(g2 / N) * z[n]!);
    } else if (predictor === 'reverse_diffusion') {
      const forward = (v: number) => (sde === 'vp' ? Math.sqrt(1 - beta(k)) * v - v : 0);
      const power = sde === 'vp' ? beta(k) : growth;
      mean = x.map((v, n) => v - (forward(v) - power * grad[n]!));
      x = mean.map((v, n) => v + Math.sqrt(power) * z[n]!);
    } else if (sde === 'vp') {
      mean = x.map((v, n) => (v + beta(k) * grad[n]!) / Math.sqrt(1 - beta(k)));
      x = mean.map((v, n) => v + Math.sqrt(beta(k)) * z[n]!);
    } else {
      mean = x.map((v, n) => v + growth * grad[n]!);
      x = mean.map((v, n) => v + Math.sqrt((sigma(k - 1) ** 2 * growth) / sigma(k) ** 2) * z[n]!);
    }
  }
  return denoise ? mean : x;
}

/** The standard deviation of x_t given x_0. */
export function deviation(sde: PublishedRun['sde'], t: number): number {
  if (sde === 've') return sigmaMin * (sigmaMax / sigmaMin) ** t;
  const variance = -Math.expm1(-0.5 * t * t * (betaMax - betaMin) - t * betaMin);
  return sde === 'vp' ? Math.sqrt(variance) : variance;
}
