/** How each verdict looks. */
import type { Verdict } from '../../reports/results.ts';
import type { Terminal } from '../terminal.ts';

type Style = Parameters<Terminal['paint']>[0];

export const marks: { readonly [verdict in Verdict]: { mark: string; style: Style } } = {
  pass: { mark: '✓', style: 'green' },
  fail: { mark: '✗', style: 'red' },
  warn: { mark: '!', style: 'yellow' },
  'not-applicable': { mark: '-', style: 'gray' },
  untestable: { mark: '○', style: 'gray' },
  error: { mark: '⚠', style: 'magenta' },
};
