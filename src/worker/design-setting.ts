/** One setting of the open design, as the design summary lists it. */
export interface DesignSetting {
  /** As in `--set` and in a `set` action: `design.delivery`. */
  readonly path: string;
  readonly value: string;
  /** What it would be if the scenario did not say. */
  readonly standard: string;
  readonly changed: boolean;
  /** The standard has no source: it is an assumption. */
  readonly isAssumption: boolean;
}
