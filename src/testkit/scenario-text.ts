import { flowText } from './flow-text.ts';
import { designLines, durationMs } from './small-design.ts';
import { channelNames, type SmallFault, type SmallScenario, userNames } from './small-scenario.ts';

/** A small scenario as a scenario file writes it. */
export function scenarioText(of: SmallScenario): string {
  const steps = stepLines(of);
  return [
    'scenario: hunted',
    'title: Found by a hunt',
    'summary: The smallest run that was found to break a promise.',
    'teaches: []',
    'seed: 1',
    `duration: ${durationMs(of) / 1000}s`,
    'design:',
    ...designLines(of.design),
    'workload:',
    ...workloadLines(of),
    ...(steps.length > 0 ? ['script:'] : []),
    ...steps,
    '',
  ].join('\n');
}

/** What stands under `workload:` and `script:`. */
export function workloadLines(of: SmallScenario): readonly string[] {
  const members = `[${userNames.slice(0, of.users).join(', ')}]`;
  const channels = channelNames.slice(0, of.channels).map((name) => `${name}: ${members}`);
  return [
    `  users: ${members}`,
    `  channels: { named: { ${channels.join(', ')} } }`,
    '  messages: { perUserPerMinute: 0 }',
    '  churnPerSecond: 0',
  ];
}

export const stepLines = (of: SmallScenario): readonly string[] => [
  ...of.faults.map((fault) => `  - ${flowText(faultStep(fault))}`),
  ...of.messages.map(
    ({ atMs, from, to }) =>
      `  - { at: ${atMs}ms, send: { from: ${userNames[from]}, to: ${channelNames[to]} } }`,
  ),
];

function faultStep(fault: SmallFault): object {
  const at = `${fault.atMs}ms`;
  switch (fault.do) {
    case 'crash':
    case 'block':
      return { at, [fault.do]: fault.station, for: `${fault.forMs}ms` };
    case 'slow':
      return { at, slow: fault.station, factor: fault.factor, for: `${fault.forMs}ms` };
    case 'failover':
      return { at, failover: 'database', for: `${fault.forMs}ms` };
    case 'disconnect':
      return { at, disconnect: userNames[fault.user], for: `${fault.forMs}ms` };
    case 'leave':
    case 'join':
      return { at, [fault.do]: { user: userNames[fault.user], channel: channelNames[fault.channel] } };
    case 'cut':
      return { at, cut: { from: fault.between[0], to: fault.between[1] }, for: `${fault.forMs}ms` };
    case 'link': {
      const { between, loss, duplicate, reorder, delayMs } = fault;
      const bad = Object.entries({ loss, duplicate, reorder }).filter(([, share]) => share > 0);
      const link = {
        from: between[0],
        to: between[1],
        ...Object.fromEntries(bad),
        ...(delayMs > 0 ? { delay: `${delayMs}ms` } : {}),
      };
      return { at, link, for: `${fault.forMs}ms` };
    }
  }
}
