import { US_PER_HOUR } from '../base/units.ts';
import { MAX_CLASSES } from '../system/state/user-word.ts';

/**
 * What a scenario may ask for at most. A scenario can come from a stranger, in a link: whatever is read of it must end quickly
 * and in little memory. How much memory its world needs is judged later, by whoever builds the world.
 */

/** UTF-16 code units of the text. The largest of the shipped scenarios has about 5,000. */
export const MAX_TEXT_LENGTH = 256 * 1024;
/** Tokens of YAML (words, punctuation, white space) in the text: bounds the time of the YAML parser. */
export const MAX_TOKENS = 12_000;
/** Lists and maps inside each other. */
export const MAX_DEPTH = 16;
/** Problems reported of one text; the last line says how many are left out. */
export const MAX_PROBLEMS = 20;

export const MAX_DURATION_US = 300 * 24 * US_PER_HOUR;
/** Durations of single things: services, delays, time-outs, windows. */
export const MAX_WAIT_US = 7 * 24 * US_PER_HOUR;
export const MAX_SEED = 0xffff_ffff;

export const MAX_USERS = 5_000_000;
export const MAX_CHANNELS = 10_000_000;
/** Memberships of all channels together, by the mean of the drawn sizes. */
export const MAX_MEMBERSHIPS = 60_000_000;
/** Users with a name, and channels with named members. */
export const MAX_NAMED = 1_000;
export const MAX_NAMED_CHANNELS = 200;
export const MAX_GROUP_KINDS = 50;

export const MAX_GATEWAYS = 100;
export const MAX_SERVERS = 1_000;
export const MAX_SHARDS = 1_000;
/** Measured samples of one duration. */
export const MAX_SAMPLES = 1_000;
export const MAX_WORKERS = 10_000;
export const MAX_QUEUE = 10_000_000;
/** A client knows when its last answer came by 32 bits of microseconds, and is asked again within this. */
export const MAX_HOLD_US = 600_000_000;
export const MAX_BYTES = 1024 ** 3;
/** OWASP's WebSocket cheat sheet says 64 KB at most for a message; more than this no frame here carries. */
export const MAX_MESSAGE_BYTES = 1024 ** 2;
export const MAX_RATE_LIMIT = 1_000_000;
/** Limits that one request must be within. */
export const MAX_RATE_LIMITS = 8;
/** The class of a user's link is three bits of the user's word. */
export const MAX_CLIENT_CLASSES = MAX_CLASSES;

export const MAX_STEPS = 500;
export const MAX_REPEATS = 100_000;
/** Users that one side of a bad link names; `clients` means all of them. */
export const MAX_LINK_USERS = 16;
export const MAX_WORLDS = 16;
export const MAX_SETTINGS = 50;
export const MAX_EXPECTATIONS = 200;
export const MAX_CHOICES = 8;
export const MAX_TEACHES = 20;

/** Characters of a name, a title, a sentence, and a paragraph of narration. */
export const MAX_NAME_LENGTH = 40;
export const MAX_TITLE_LENGTH = 120;
export const MAX_SUMMARY_LENGTH = 600;
export const MAX_NARRATION_LENGTH = 4_000;
