import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { rungeKutta } from './frames/runge-kutta.ts';

/**
 * The pair of Tsitouras (2011) on the probability-flow ODE: order 5 with an error estimate of order 4, and
 * smaller error constants than `rk45`. Six evaluations a step.
 */
export function tsit5(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('tsit5', {}, options);
  const b = [
    0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774,
  ];
  return rungeKutta({
    name: 'tsit5',
    order: 5,
    c: [0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1],
    a: [
      [],
      [0.161],
      [-0.008480655492356989, 0.335480655492357],
      [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
      [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
      [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
      b,
    ],
    b: [...b, 0],
    e: [
      -0.001780011052225777, -0.0008164344596567469, 0.007880878010261995, -0.1447110071732629,
      0.5823571654525552, -0.45808210592918697, 0.015151515151515152,
    ],
  });
}
