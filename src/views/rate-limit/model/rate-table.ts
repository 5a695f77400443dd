import type { Table } from '../../save/table.ts';
import type { Stage } from '../../stage.ts';
import { rateLabOf } from './rate-lab.ts';
import { requestName } from './words.ts';

/** A row for each request: when it came, what every algorithm decided, and what the one that is drawn large counted. */
export function rateTable(stage: Stage): Table {
  const lab = rateLabOf(stage);
  const { requests, lanes, chosen, settings } = lab.timeline.current;
  return {
    columns: [
      'request',
      'time_us',
      'limit_requests',
      'window_us',
      ...lanes.map(({ algorithm }) => `${algorithm.replaceAll('-', '_')}_verdict`),
      `${chosen.algorithm.replaceAll('-', '_')}_why`,
    ],
    // Whoever predicts could read the verdicts here.
    rows: requests.map(({ timeUs }, place) => {
      const isShown = place < lab.shown;
      return [
        requestName(place),
        timeUs,
        settings.limit,
        settings.windowUs,
        ...lanes.map(({ decisions }) =>
          isShown ? (decisions[place]?.allowed === true ? 'allowed' : 'refused') : null,
        ),
        isShown ? (chosen.decisions[place]?.words ?? null) : null,
      ];
    }),
  };
}
