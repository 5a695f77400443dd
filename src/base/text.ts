/** Text that others wrote (names from a scenario), made fit to be printed in one line. */

/** What breaks a line, in any of its forms. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]/g;
/** Control characters, lone surrogates, and marks that turn the direction of the text after them. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** The text in one line, trimmed, without anything that is not drawn: such characters become U+FFFD, so that one sees they were there. */
export function oneLine(text: string): string {
  return text.replace(BREAKS, ' ').replace(UNPRINTABLE, '\uFFFD').trim();
}

/** At most `max` code points (3 at least); a longer text keeps its beginning and its end, since names often differ at the end. */
export function shorten(text: string, max: number): string {
  const points = [...text];
  if (points.length <= max) return text;
  const head = Math.ceil((max - 1) / 2);
  const tail = max - 1 - head;
  return `${points.slice(0, head).join('')}\u2026${points.slice(points.length - tail).join('')}`;
}

/** `4,988`: a whole number with its thousands set apart. */
export function groupDigits(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 server`, `97 servers`, `4,988 clients`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${groupDigits(n)} ${n === 1 ? one : many}`;
}
