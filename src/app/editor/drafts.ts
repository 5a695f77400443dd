/** What was written into the editor and not reset, by scenario, kept in the browser. */

const KEY = 'fanout.draft.';

/** The kept text of a scenario; null when there is none, or the browser forbids storage. */
export function keptDraft(name: string): string | null {
  try {
    return window.localStorage.getItem(KEY + name);
  } catch {
    return null;
  }
}

/** Keeps a text, or forgets it (null). False when the browser would not. */
export function keepDraft(name: string, text: string | null): boolean {
  try {
    if (text === null) window.localStorage.removeItem(KEY + name);
    else window.localStorage.setItem(KEY + name, text);
    return true;
  } catch {
    return false;
  }
}
