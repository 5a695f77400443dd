/** What every engine has although the language does not name it: browsers, workers and Node alike. */

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(encoding?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}

interface ErrorConstructor {
  /** V8's: how many calls an error remembers. */
  stackTraceLimit?: number | undefined;
}
