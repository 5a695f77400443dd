import type { SeatState, StationKind } from '../worker/protocol.ts';

/**
 * The colours of both themes, in one place. The hues are Okabe and Ito's (Color Universal Design, 2008), darkened on
 * white where the published value falls short of 3:1. A test holds every mark to 3:1 and every text to 4.5:1 against its
 * ground, and every pair of seat states apart for the three kinds of colour blindness.
 */
export interface Palette {
  readonly name: 'light' | 'dark';
  readonly ground: string;
  /** Panels beside the stage. */
  readonly panel: string;
  /** Hovered and selected rows. */
  readonly raised: string;
  /** Hairlines: they separate, they carry nothing. */
  readonly line: string;
  readonly text: string;
  readonly textQuiet: string;
  /** What can be pressed, focus, selection. */
  readonly accent: string;
  readonly onAccent: string;
  readonly good: string;
  readonly bad: string;
  readonly unknown: string;
  readonly seats: Readonly<Record<SeatState, string>>;
  readonly stations: Readonly<Record<StationKind, string>>;
  /** Two lines in one plot. */
  readonly first: string;
  readonly second: string;
}

export const DARK: Palette = {
  name: 'dark',
  ground: '#0e1116',
  panel: '#14181f',
  raised: '#212833',
  line: '#2c3440',
  text: '#e8ecf1',
  textQuiet: '#a3adba',
  accent: '#6cbcf0',
  onAccent: '#06121c',
  good: '#2bbf94',
  bad: '#ff8a4c',
  unknown: '#a3adba',
  seats: {
    empty: '#20262f',
    online: '#5c7289',
    'just-received': '#ffc14d',
    'just-sent': '#ffffff',
    resuming: '#3f9fe8',
    refused: '#d98ab3',
    buffering: '#8fe3c4',
    'server-down': '#3a424e',
    offline: '#848478',
  },
  stations: {
    gateway: '#d98ab3',
    'ws-server': '#56b4e9',
    pubsub: '#e69f00',
    'chat-service': '#2bbf94',
    database: '#f0e442',
    limiter: '#ff8a4c',
    sequencer: '#b39ddb',
  },
  first: '#56b4e9',
  second: '#e69f00',
};

export const LIGHT: Palette = {
  name: 'light',
  ground: '#ffffff',
  panel: '#f6f7f9',
  raised: '#e6eaef',
  line: '#d3d9e0',
  text: '#14181f',
  textQuiet: '#525c69',
  accent: '#0064a6',
  onAccent: '#ffffff',
  good: '#00765a',
  bad: '#b34700',
  unknown: '#525c69',
  seats: {
    empty: '#eceff3',
    online: '#7f96ad',
    'just-received': '#c25a00',
    'just-sent': '#000000',
    resuming: '#1f86d6',
    refused: '#9c2f86',
    buffering: '#00523c',
    'server-down': '#c3cad3',
    offline: '#787878',
  },
  stations: {
    gateway: '#b0497f',
    'ws-server': '#0072b2',
    pubsub: '#a86400',
    'chat-service': '#00805f',
    database: '#807300',
    limiter: '#b34700',
    sequencer: '#6a4fb0',
  },
  first: '#0072b2',
  second: '#a86400',
};

/** '#rrggbb' as a canvas pixel in an ImageData's Uint32 view (little-endian: alpha, blue, green, red). */
export function pixelOf(hex: string): number {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return ((0xff << 24) | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}

/** A colour between two, share in [0, 1] of the second, mixed in sRGB as a canvas does. */
export function mix(from: string, to: string, share: number): string {
  const a = Number.parseInt(from.slice(1), 16);
  const b = Number.parseInt(to.slice(1), 16);
  const channel = (shift: number): number =>
    Math.round(((a >>> shift) & 255) * (1 - share) + ((b >>> shift) & 255) * share);
  return `#${((channel(16) << 16) | (channel(8) << 8) | channel(0)).toString(16).padStart(6, '0')}`;
}

/** The palette as CSS custom properties: `--ground`, `--seat-just-received`, `--station-pubsub`, ... */
export function cssProperties(palette: Palette): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(palette)) {
    if (name === 'name') continue;
    if (typeof value === 'string')
      properties[`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`] = value;
    else {
      const prefix = name === 'seats' ? 'seat' : 'station';
      for (const [key, colour] of Object.entries(value as Record<string, string>))
        properties[`--${prefix}-${key}`] = colour;
    }
  }
  return properties;
}
