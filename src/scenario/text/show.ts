const LONGEST = 48;

/** A value of the input as a message names it: short, on one line, without control characters. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(printable(value)) : String(value);
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST - 3)}...${typeof value === 'string' ? '"' : ''}`;
}

/** Without the characters that would disturb a terminal or turn its text round. */
function printable(text: string): string {
  return text
    .slice(0, LONGEST + 1)
    .replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '?')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?');
}
