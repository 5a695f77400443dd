/** Where a verb writes, and how it ends. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  exit(status: number): void;
}
