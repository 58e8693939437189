import { element, make } from '../dom.ts';

/** A table of words; `marked` says which cells stand out. */
export function fillTable(
  id: string,
  names: readonly string[],
  lines: readonly (readonly string[])[],
  marked: (row: number, column: number) => boolean = () => false,
): void {
  const head = make('tr');
  head.append(...names.map(name => make('th', name, { scope: 'col' })));
  const body = lines.map((line, row) => {
    const tr = make('tr');
    tr.append(
      ...line.map((text, column) => {
        const td = make('td', marked(row, column) ? '' : text);
        if (marked(row, column)) td.append(make('mark', text));
        return td;
      }),
    );
    return tr;
  });
  element(id).replaceChildren(head, ...body);
}
