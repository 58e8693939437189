/**
 * On a trained mixture its densities are nearer those of rk45 at 1e-5 than rk45 at 1e-3 is, in half the time.
 */
export const cheapFlow = Object.freeze({ solver: 'heun', steps: 40, grid: 'karras' } as const);
