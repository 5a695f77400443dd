import { hasBucket, type RateLimitConfig } from '../../../algorithms/rate-limit/config.ts';
import { secondsText } from '../../../base/units.ts';

/** The command that decides the same requests with the same limiter, and says the same. */
export function commandLine(config: RateLimitConfig, timesUs: readonly number[]): string {
  const { algorithm, limit, windowUs, burst, boundary, leak, align, rounding, refusedCount } = config;
  const options = [
    `--algorithm ${algorithm}`,
    `--limit ${limit}`,
    `--window ${secondsText(windowUs)}s`,
    `--times ${timesUs.map((timeUs) => `${secondsText(timeUs)}s`).join(',')}`,
    ...(algorithm === 'sliding-window-log' && boundary !== 'inclusive' ? [`--boundary ${boundary}`] : []),
    ...(hasBucket(algorithm) && burst !== limit ? [`--burst ${burst}`] : []),
    ...(algorithm === 'leaky-bucket' && leak === 'queue' ? ['--leak queue'] : []),
    ...(algorithm === 'fixed-window' && align === 'first-request' ? ['--align first-request'] : []),
    ...(algorithm === 'sliding-window-counter' && rounding === 'floor' ? ['--rounding floor'] : []),
    ...(refusedCount === true ? ['--refused-count'] : []),
  ];
  return `npm run -s fanout -- rate-limit ${options.join(' ')}`;
}
