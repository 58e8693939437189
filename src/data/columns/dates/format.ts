/**
 * A format of dates, made of the usual letters: `YYYY-MM-DD`, `M/D/YY H:mm`, `MMM D, YYYY`. `MMM` is the
 * short name of a month, `ddd` that of a weekday, `S` are digits of a fraction of a second, `A` is AM or PM,
 * `ZZ` an offset from UTC.
 */
export interface DateFormat {
  readonly text: string;
  /** Days since 1970-01-01 UTC; undefined for a text in another format, and for a day that does not exist. */
  read(cell: string): number | undefined;
  write(days: number): string;
}

/** Milliseconds in a day. */
export const DAY = 86_400_000;

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const short = (name: string) => name.slice(0, 3);
const any = (names: readonly string[]) => `(${names.join('|')})`;

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Milliseconds. */
  fraction: number;
  /** Whether the time is after noon; undefined on a 24-hour clock. */
  afternoon?: boolean;
  /** Minutes ahead of UTC. */
  offset: number;
}

interface Token {
  readonly pattern: string;
  take(text: string, to: Fields): void;
  give(at: Date): string;
}

const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** Digits of a field with one or two places; `width` of them are written. */
const digits = (field: 'month' | 'day' | 'hour' | 'minute' | 'second', width: number): Token => ({
  pattern: width === 2 && field !== 'month' && field !== 'day' ? '(\\d{2})' : '(\\d{1,2})',
  take: (text, to) => {
    to[field] = Number(text);
  },
  give: at => pad(GIVE[field](at), width),
});

const GIVE = {
  month: (at: Date) => at.getUTCMonth() + 1,
  day: (at: Date) => at.getUTCDate(),
  hour: (at: Date) => at.getUTCHours(),
  minute: (at: Date) => at.getUTCMinutes(),
  second: (at: Date) => at.getUTCSeconds(),
};

const monthToken = (form: (name: string) => string): Token => ({
  pattern: any(MONTHS.map(form)),
  take: (text, to) => {
    to.month = MONTHS.findIndex(name => short(name).toLowerCase() === short(text).toLowerCase()) + 1;
  },
  give: at => form(MONTHS[at.getUTCMonth()]!),
});

/** Two digits of a year mean 1969 to 2068. */
const century = (year: number) => year + (year < 69 ? 2000 : 1900);
const twelve = (hour: number) => hour % 12 || 12;

const TOKENS: Readonly<Record<string, Token>> = {
  YYYY: {
    pattern: '(\\d{4})',
    take: (text, to) => {
      to.year = Number(text);
    },
    give: at => pad(at.getUTCFullYear(), 4),
  },
  YY: {
    pattern: '(\\d{2})',
    take: (text, to) => {
      to.year = century(Number(text));
    },
    give: at => pad(at.getUTCFullYear() % 100, 2),
  },
  MMMM: monthToken(name => name),
  MMM: monthToken(short),
  MM: digits('month', 2),
  M: digits('month', 1),
  DD: digits('day', 2),
  D: digits('day', 1),
  HH: digits('hour', 2),
  H: digits('hour', 1),
  hh: { ...digits('hour', 2), give: at => pad(twelve(at.getUTCHours()), 2) },
  h: { ...digits('hour', 1), give: at => String(twelve(at.getUTCHours())) },
  mm: digits('minute', 2),
  ss: digits('second', 2),
  A: {
    pattern: '([AaPp][Mm])',
    take: (text, to) => {
      to.afternoon = /^p/i.test(text);
    },
    give: at => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
  },
  ddd: {
    pattern: any(WEEKDAYS.map(short)),
    take: () => {},
    give: at => short(WEEKDAYS[at.getUTCDay()]!),
  },
  ZZ: {
    pattern: '([+-]\\d{2}:?\\d{2})',
    take: (text, to) => {
      const size = 60 * Number(text.slice(1, 3)) + Number(text.slice(-2));
      to.offset = text.startsWith('-') ? -size : size;
    },
    give: () => '+00:00',
  },
};

/** A fraction of a second with this number of digits, rounded to milliseconds. */
const fraction = (width: number): Token => ({
  pattern: `(\\d{${width}})`,
  take: (text, to) => {
    to.fraction = Math.round(1000 * Number(`0.${text}`));
  },
  give: at => pad(at.getUTCMilliseconds(), 3).padEnd(width, '0').slice(0, width),
});

const TOKEN = /YYYY|YY|MMMM|MMM|MM|M|ddd|DD|D|HH|H|hh|h|mm|ss|S+|A|ZZ|./g;
const tokenOf = (text: string): Token | string =>
  /^S+$/.test(text) ? fraction(text.length) : (TOKENS[text] ?? text);

/** The format of a text of letters. */
export function dateFormat(text: string): DateFormat {
  const parts = (text.match(TOKEN) ?? []).map(tokenOf);
  const tokens = parts.filter(part => typeof part !== 'string');
  const source = parts.map(part => (typeof part === 'string' ? escaped(part) : part.pattern)).join('');
  const pattern = new RegExp(`^${source}$`, 'i');
  return Object.freeze({
    text,
    read: (cell: string) => {
      const match = pattern.exec(cell);
      if (!match) return undefined;
      const fields: Fields = {
        year: 1970,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        fraction: 0,
        offset: 0,
      };
      for (const [i, token] of tokens.entries()) token.take(match[i + 1]!, fields);
      return daysOf(fields);
    },
    write: (days: number) => {
      const at = new Date(Math.round(days * DAY));
      if (Number.isNaN(at.getTime())) return '';
      return parts.map(part => (typeof part === 'string' ? part : part.give(at))).join('');
    },
  });
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function daysOf({ year, month, day, hour, minute, second, fraction, afternoon, offset }: Fields) {
  const clock = afternoon === undefined ? hour : (hour % 12) + (afternoon ? 12 : 0);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || clock > 23 || minute > 59 || second > 59 || (afternoon !== undefined && hour > 12))
    return undefined;
  return (date.getTime() + ((clock * 60 + minute - offset) * 60 + second) * 1000 + fraction) / DAY;
}
