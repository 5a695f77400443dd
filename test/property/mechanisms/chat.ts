import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

/** Small chats in which a few people write to two or three channels over bad links, and what the guarantees say at their end. */

export interface Send {
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
}

export interface Chat {
  readonly seed: number;
  readonly sends: readonly Send[];
  /** Lines of YAML under `design:`. */
  readonly design: readonly string[];
  /** Lines of YAML of the script, beside the sends. */
  readonly script?: readonly string[];
  readonly seconds?: number;
}

const USERS = ['alice', 'bob', 'carol', 'dan'] as const;
export const CHANNELS = ['general', 'random', 'private'] as const;

const LINES = [
  'gateway: { count: 1 }',
  'servers: { count: 3 }',
  'rateLimit: none',
  'network: { clients: [{ name: phone, share: 1, latency: { median: 20ms, p99: 200ms } }] }',
] as const;

function textOf({ seed, sends, design, script = [], seconds = 30 }: Chat): string {
  const own = new Set(design.map((line) => line.slice(0, line.indexOf(':'))));
  const lines = [...LINES.filter((line) => !own.has(line.slice(0, line.indexOf(':')))), ...design];
  const steps = sends.map(
    ({ from, to, atMs }) => `- { at: ${atMs}ms, send: { from: ${USERS[from]}, to: ${CHANNELS[to]} } }`,
  );
  return `scenario: chat
title: A chat
seed: ${seed}
duration: ${seconds}s
design:
${lines.map((line) => `  ${line}`).join('\n')}
workload:
  users: [${USERS.join(', ')}]
  channels: { named: { general: [alice, bob, carol, dan], random: [alice, bob, carol], private: [carol, dan, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
${[...steps, ...script].map((line) => `  ${line}`).join('\n')}
`;
}

export function runChat(chat: Chat): Run {
  const run = createRun(parseScenario(textOf(chat), 'chat.yaml'), { isLean: true });
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  return run;
}

/** The verdict on each guarantee at the end. */
export function verdictsOf(chat: Chat): Readonly<Record<string, string>> {
  const run = runChat(chat);
  return Object.fromEntries(run.judge.final(run.nowUs).map(({ name, verdict }) => [name, verdict]));
}
