import type { DesignSettings } from './small-scenario.ts';

const MOST_KEPT = 200;

/** What is made of the settings of a design, kept: a hunt makes thousands of scenarios of one object of settings, or draws equal ones again. */
export function perDesign<T extends object>(
  make: (settings: DesignSettings) => T,
): (settings: DesignSettings) => T {
  const byObject = new WeakMap<DesignSettings, T>();
  const byText = new Map<string, T>();
  return (settings) => {
    const known = byObject.get(settings);
    if (known !== undefined) return known;
    const text = JSON.stringify(settings);
    const made = byText.get(text) ?? make(settings);
    byObject.set(settings, made);
    if (byText.size >= MOST_KEPT) byText.clear();
    byText.set(text, made);
    return made;
  };
}
