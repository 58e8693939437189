/** Rows of trees, some without a height: something to try the page with. */
export function exampleFile(): File {
  const random = (i: number) => (Math.sin(i * 12.9898) * 43758.5453) % 1;
  const lines = Array.from({ length: 600 }, (_, i) => {
    const [a, b, c] = [1, 2, 3].map(k => Math.abs(random(7 * i + k))) as [number, number, number];
    const kind = a < 0.45 ? 'oak' : a < 0.8 ? 'birch' : 'elm';
    const girth = { oak: 180, birch: 80, elm: 140 }[kind] * (0.5 + b);
    const height = 4 + 1.6 * Math.sqrt(girth) + 2.5 * (c - 0.5) + (kind === 'birch' ? 5 : 0);
    const age = Math.round(girth * { oak: 0.9, birch: 0.6, elm: 0.7 }[kind] + 12 * (c - 0.5));
    return [kind, girth.toFixed(0), i % 9 === 4 ? '' : height.toFixed(1), age].join(',');
  });
  return new File([['tree,girth,height,age', ...lines].join('\n')], 'trees.csv');
}
