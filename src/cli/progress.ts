/** A progress bar on standard error, for what takes more than a second. */
export interface Progress {
  /** `share` in [0, 1]. */
  show(share: number, text: string): void;
  end(): void;
}

const WIDTH = 24;
const QUIET_MS = 1000;
const EVERY_MS = 100;

export function createProgress(shows: boolean, title: string): Progress {
  const begunMs = performance.now();
  let shownMs = 0;
  let wasShown = false;
  return {
    show(share, text) {
      const nowMs = performance.now();
      if (!shows || nowMs - begunMs < QUIET_MS || nowMs - shownMs < EVERY_MS) return;
      shownMs = nowMs;
      wasShown = true;
      const full = Math.round(share * WIDTH);
      process.stderr.write(
        `\r${title} [${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${text}`.padEnd(100).slice(0, 120),
      );
    },
    end() {
      if (wasShown) process.stderr.write(`\r${' '.repeat(100)}\r`);
    },
  };
}
