import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';
import { HistoryReader, parseHistory } from '../../../src/guarantees/history-reader.ts';
import { HistoryJudge } from '../../../src/guarantees/judge.ts';

const CONTRACT = `{"type":"join","user":"bob","channel":"c1","time":0}
{"type":"send","message":"m1","user":"alice","channel":"c1","time":10}
{"type":"persist","message":"m1","time":12}
{"type":"ack","message":"m1","user":"alice","time":13}
{"type":"deliver","message":"m1","user":"bob","channel":"c1","time":15}
{"type":"refuse","message":"m2","user":"alice","time":16}
{"type":"leave","user":"bob","channel":"c1","time":20}
{"type":"lost","message":"m1","time":21}
{"type":"end","quiescent":true,"time":99}
`;

/** The problems of a text, as they are printed; a judge takes the events. */
function problems(text: string): string[] {
  const judge = new HistoryJudge();
  const reader = new HistoryReader('h.jsonl', (event) => judge.push(event));
  reader.push(text);
  try {
    reader.finish();
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the reader of histories', () => {
  test('reads the events of the contract', () => {
    const events = parseHistory(CONTRACT, 'h.jsonl');
    expect(events.map((event) => event.type)).toEqual([
      'join',
      'send',
      'persist',
      'ack',
      'deliver',
      'refuse',
      'leave',
      'lost',
      'end',
    ]);
    expect(events[1]).toEqual({ type: 'send', message: 'm1', user: 'alice', channel: 'c1', time: 10 });
  });

  test('reads the same in chunks of any size', () => {
    for (const size of [1, 7, 64, 1000]) {
      const events: HistoryEvent[] = [];
      const reader = new HistoryReader('h.jsonl', (event) => events.push(event));
      for (let at = 0; at < CONTRACT.length; at += size) reader.push(CONTRACT.slice(at, at + size));
      reader.finish();
      expect(events).toEqual(parseHistory(CONTRACT, 'h.jsonl'));
    }
  });

  test('takes an empty history, empty lines, Windows line ends, a byte order mark, a last line without an end, and further fields', () => {
    expect(parseHistory('', 'h')).toEqual([]);
    expect(parseHistory('\n \n', 'h')).toEqual([]);
    const line = '{"type":"lost","message":"m1","time":0.25,"server":{"name":["a",1]}}';
    expect(parseHistory(`\uFEFF${line}\r\n\r\n${line}`, 'h')).toHaveLength(2);
  });

  test.each<[string, string]>([
    ['{"type":"lost","message":"m1","time":0', 'h.jsonl:1:39: the line ends too early; write , or }'],
    ['{"type":"lost" "message":"m1"}', 'h.jsonl:1:16: "\\"" is not JSON here; write , or }'],
    ["{'type':'lost'}", 'h.jsonl:1:2: "\'" is not JSON here; write a "key"'],
    [
      '{"type":"lost","message":"m1","time":01}',
      'h.jsonl:1:38: "0" is not JSON here; write a value: "text", a number, true or false',
    ],
    ['{"type":lost}', 'h.jsonl:1:9: "l" is not JSON here; write a value: "text", a number, true or false'],
    [
      '{"type":"lost","message":"m1","time":0} {}',
      'h.jsonl:1:41: "{" is not JSON here; end the line here: one event a line',
    ],
    [
      '{"type":"lost","message":"m1',
      'h.jsonl:1:26: "\\"" is not JSON here; close this text with ", and escape with \\ as JSON does',
    ],
    [
      '["lost"]',
      'h.jsonl:1:1: an event is an object; write {"type":"send","message":"m1","user":"alice","channel":"c1","time":10}',
    ],
    [
      '  null',
      'h.jsonl:1:3: an event is an object; write {"type":"send","message":"m1","user":"alice","channel":"c1","time":10}',
    ],
    [
      '{"type": "sent","time":0}',
      'h.jsonl:1:10: there is no type "sent"; use join, leave, send, persist, ack, deliver, refuse, give-up, lost, accept, online, offline, presence, end',
    ],
    [
      '{"type": "toString","time":0}',
      'h.jsonl:1:10: there is no type "toString"; use join, leave, send, persist, ack, deliver, refuse, give-up, lost, accept, online, offline, presence, end',
    ],
    [
      '{"time":0}',
      'h.jsonl:1:1: "type" is missing; use join, leave, send, persist, ack, deliver, refuse, give-up, lost, accept, online, offline, presence, end',
    ],
    [
      '{"type":"ack","message":"m1","time":0}',
      'h.jsonl:1:1: "user" is missing; write {"type":"ack","message":"...","user":"...","time":0}',
    ],
    [
      '{"type":"lost","message": 7,"time":0}',
      'h.jsonl:1:27: "message" is not a string; write {"type":"lost","message":"...","time":0}',
    ],
    ['{"type":"lost","message":"","time":0}', 'h.jsonl:1:26: "message" is empty; give it a name'],
    [
      '{"type":"lost","message":"m1","time":"0"}',
      'h.jsonl:1:38: "time" is not a number; write {"type":"lost","message":"...","time":0}',
    ],
    [
      '{"type":"lost","message":"m1","time":-1}',
      'h.jsonl:1:38: "time" is -1; give milliseconds from 0 to 9000000000000',
    ],
    [
      '{"type":"end","quiescent":1,"time":0}',
      'h.jsonl:1:27: "quiescent" is not a boolean; write {"type":"end","quiescent":true,"time":0}',
    ],
  ])('says of %s where it is wrong and what would be right', (line, problem) => {
    expect(problems(line)).toEqual([problem]);
  });

  test('says where time goes back, where something follows the end, and where a message is sent anew by another', () => {
    const lost = (time: number) => `{"type":"lost","message":"m1","time":${time}}`;
    expect(problems(`${lost(3)}\n${lost(2)}`)).toEqual([
      'h.jsonl:2:38: time goes back from 3 to 2; events are in real-time order',
    ]);
    expect(problems(`{"type":"end","quiescent":true,"time":3}\n${lost(3)}`)).toEqual([
      'h.jsonl:2:9: lost after the end; "end" is the last event',
    ]);
    const sent = (user: string) => `{"type":"send","message":"m1","user":"${user}","channel":"c1","time":0}`;
    expect(problems(`${sent('alice')}\n${sent('bob')}`)).toEqual([
      'h.jsonl:2:26: "m1" is of "alice", by an earlier line; each message has a name of its own',
    ]);
  });

  test('tells the first twenty problems, and of how many more there are', () => {
    const told = problems('{"type":"lost"}\n'.repeat(25));
    expect(told).toHaveLength(20);
    expect(told[0]).toMatch(/^h\.jsonl:1:1: "message" is missing/);
    expect(told[19]).toMatch(/^h\.jsonl:20:1: .* \(and 5 more lines are wrong\)$/);
  });

  test('finds the column of what is wrong deep inside a line, and gives up where it is nested too deeply', () => {
    expect(problems('{"type":"lost","x":{"y":[1,{"z":tru}]},"message":"m1","time":0}')).toEqual([
      'h.jsonl:1:33: "t" is not JSON here; write a value: "text", a number, true or false',
    ]);
    expect(problems(`${'['.repeat(5000)}!`)).toEqual([
      'h.jsonl:1:102: "[" is not JSON here; nest less deeply',
    ]);
  });
});
