/** What is wrong with a scenario, and where: one line a fault. */
export interface ScenarioFault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The scenario cannot be run. Nothing has been. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly faults: readonly ScenarioFault[];

  constructor(faults: readonly ScenarioFault[]) {
    super(faults.map(faultText).join('\n'));
    this.faults = faults;
  }
}

const faultText = ({ file, line, column, message }: ScenarioFault): string =>
  `${file}:${line}:${column}: ${message}`;
