/** The character between the whole part of a number and its fraction. */
export type DecimalMark = '.' | ',';

const NUMERAL =
  /^[+\-−(]?\s*[$€£¥₹]?\s*[+\-−]?(\d{1,3}([.,' \u00a0\u202f]\d{3})+|\d+|(?=[.,]\d))([.,]\d*)?(e[+-]?\d+)?\s*[%€$£)]?$/i;
const NO_VALUE = /^(|na|n\/a|n\.a\.|#n\/a|<na>|nat|null|none|nil|nan|\\n|\?|-|--|–|—|\.)$/i;

/** Whether a cell looks like a number in any notation. */
export const isNumeral = (cell: string): boolean => NUMERAL.test(cell);

/** Whether a cell means that there is no value: `NA`, `nan`, `?`, or an empty cell. */
export const isMissing = (cell: string): boolean => cell.length <= 5 && NO_VALUE.test(cell);

/** The same for a name; `None` can be a name. */
export const isMissingName = (cell: string): boolean => isMissing(cell) && !/^(none|nil)$/i.test(cell);

/** The same for a label; `-` and `.` can be names of classes. */
export const isMissingLabel = (cell: string): boolean => isMissing(cell) && !/^(-|--|\.)$/.test(cell);

const COMMA_FRACTION = /^[+\-−]?(\d+|[1-9]\d{0,2}([.' \u00a0\u202f]\d{3})+),\d+(e[+-]?\d+)?$/i;
const COMMA_GROUPS = /^[+\-−]?[1-9]\d{0,2}(,\d{3})+$/;
const POINT_FRACTION = /^[+\-−]?(\d*|[1-9]\d{0,2}([,' \u00a0\u202f]\d{3})+)\.\d+(e[+-]?\d+)?$/i;
const POINT_GROUPS = /^[+\-−]?[1-9]\d{0,2}(\.\d{3})+$/;

/** Finds the decimal mark of a table, one cell at a time. */
export function decimalWatch() {
  let [commas, points, groups] = [0, 0, 0];
  return {
    see: (cell: string): void => {
      const [comma, point] = [cell.includes(','), cell.includes('.')];
      if (comma && COMMA_GROUPS.test(cell)) groups++;
      else if (comma && COMMA_FRACTION.test(cell)) commas++;
      else if (point && POINT_FRACTION.test(cell) && !POINT_GROUPS.test(cell)) points++;
    },
    /**
     * If all commas could separate thousands, they are decimal commas if the delimiter is a semicolon: Excel
     * writes such tables.
     */
    mark: (delimiter: string): DecimalMark =>
      commas > points || (groups > 0 && points === 0 && delimiter === ';') ? ',' : '.',
  };
}
