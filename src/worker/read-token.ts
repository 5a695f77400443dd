/** What the page needs to open a token; loaded when a link holds one. */
export { readToken, type SharedRun, TokenError } from '../scenario/token.ts';
