/** What the page needs to open a token, or to make one of a text that was edited; loaded when it is needed. */
export { readToken, type SharedRun, writeToken } from '../run/token.ts';
