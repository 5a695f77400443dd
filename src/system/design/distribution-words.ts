import { formatDuration, formatExact } from '../../base/units.ts';
import type { Design, Duration, SizeDistribution } from './design.ts';

/** Distributions for people. */

/** `median 2 ms, 99 % within 15 ms`. */
export function durationInWords(duration: Duration): string {
  switch (duration.kind) {
    case 'constant':
      return formatDuration(duration.us);
    case 'uniform':
      return `${formatDuration(duration.minUs)} to ${formatDuration(duration.maxUs)}`;
    case 'exponential':
      return `mean ${formatDuration(duration.meanUs)}, exponential`;
    case 'lognormal':
      return `median ${formatDuration(duration.medianUs)}, 99 % within ${formatDuration(duration.p99Us)}`;
    case 'empirical': {
      const { samplesUs } = duration;
      const range = `${formatDuration(Math.min(...samplesUs))} to ${formatDuration(Math.max(...samplesUs))}`;
      return `${samplesUs.length} measured samples, ${range}`;
    }
  }
}

/** `3 to 32`, `2 to 5,000 by Zipf 1.2`. */
export function sizeInWords(size: SizeDistribution): string {
  switch (size.kind) {
    case 'constant':
      return formatExact(size.size);
    case 'uniform':
      return `${formatExact(size.min)} to ${formatExact(size.max)}`;
    case 'zipf':
      return `${formatExact(size.min)} to ${formatExact(size.max)} by Zipf ${size.exponent}`;
  }
}

/** `4g 70 % (median 25 ms, 99 % within 50 ms), ...`. */
export function clientsInWords(clients: Design['network']['clients']): string {
  return clients
    .map((c) => `${c.name} ${formatExact(c.share * 100)} % (${durationInWords(c.latency)})`)
    .join(', ');
}
