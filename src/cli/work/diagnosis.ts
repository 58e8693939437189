import type { LevelMeasures } from '../../diagnosis/index.ts';
import type { LevelPanel } from '../../report/index.ts';
import type { RunDiagnosis } from '../../run/diagnose.ts';

const columns: readonly (readonly [name: string, of: (level: LevelMeasures) => number | undefined])[] = [
  ['noise', level => level.noise],
  ['loss', level => level.loss.value],
  ['trained', level => level.trained?.value],
  ['ideal', level => level.ideal?.value],
  ['gaussian', level => level.gaussian.value],
  ['parzen', level => level.parzen?.value],
  ['fisher', level => level.fisher?.value],
  ['low density', level => level.regions?.[0]],
  ['curl', level => level.curl],
  ['divergence', level => level.divergence],
];

/** The measures as a table with a line for each level, then what is wrong in words. */
export function levelTable(diagnosis: RunDiagnosis): string {
  const { levels, prior, divergenceBound, findings } = diagnosis;
  const columnsUsed = columns.filter(([, of]) => levels.some(level => of(level) !== undefined));
  const rows = [
    columnsUsed.map(([name]) => name),
    ...levels.map(level => columnsUsed.map(([, of]) => cell(of(level)))),
  ];
  const widths = columnsUsed.map((_, j) => Math.max(...rows.map(row => row[j]!.length)));
  const lines = rows.map(row => row.map((text, j) => text.padStart(widths[j]!)).join('  '));
  const words = [
    ...(prior ? [`KL(p_T ‖ prior): ${prior.nats.toPrecision(2)} nats`] : []),
    ...(divergenceBound === undefined
      ? []
      : [
          `KL(data ‖ model) is at most ${(divergenceBound + (prior?.nats ?? 0)).toPrecision(2)} nats by its errors`,
        ]),
    ...(findings.length === 0 ? ['Nothing is wrong.'] : []),
    ...findings.map(({ what, remedy }) => `${what}. ${remedy}.`),
  ];
  return `${[...lines, '', ...words].join('\n')}\n`;
}

const cell = (value: number | undefined) => (value === undefined ? '' : value.toPrecision(3));

/** The pictures of a diagnosis: losses, distance to the truth, curl and the scatter of the divergence. */
export function panelsOf({ levels }: RunDiagnosis): LevelPanel[] {
  const curve = (name: string, of: (level: LevelMeasures) => number | undefined) => ({
    name,
    values: levels.map(of),
  });
  const hasFisher = levels.some(({ fisher }) => fisher);
  return [
    {
      title: 'loss ‖ε − ε̂‖²/D',
      curves: [
        curve('fresh rows', level => level.loss.value),
        ...(levels[0]?.trained ? [curve('rows trained on', level => level.trained?.value)] : []),
        ...(hasFisher ? [curve('irreducible', level => level.ideal?.value)] : []),
        curve('Gaussian', level => level.gaussian.value),
        ...(levels[0]?.parzen ? [curve('Parzen', level => level.parzen?.value)] : []),
      ],
    },
    ...(hasFisher
      ? [
          {
            title: 'Fisher divergence to the truth, times σ²/D',
            curves: [
              curve('low density', level => level.regions?.[0]),
              curve('middle', level => level.regions?.[1]),
              curve('high density', level => level.regions?.[2]),
            ],
          },
        ]
      : []),
    { title: 'share of curl', curves: [curve('curl', level => level.curl)] },
    {
      title: 'scatter of one probe of the divergence, over D',
      curves: [curve('std', level => level.divergence)],
    },
  ];
}
