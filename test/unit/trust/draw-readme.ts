/**
 * `npm run draw`: plays the runs that reference/trust/README.md walks through and writes their
 * diagrams between its markers; with `--check` it only says whether they are current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { establish, renew, revoke } from './deeds.ts';
import { drawn } from './exchange-diagram.ts';
import { ACME, BRAVO, createWorld, type World } from './pair.ts';

const README = new URL('../../../reference/trust/README.md', import.meta.url);

function trusted(): World {
  const world = createWorld();
  establish(world);
  return world;
}

const plays: { readonly [marker: string]: () => string } = {
  establishment() {
    const world = createWorld();
    return drawn(world, () => establish(world));
  },
  renewal() {
    const world = trusted();
    return drawn(world, () => renew(world, ACME, BRAVO));
  },
  revocation() {
    const world = trusted();
    return drawn(world, () => revoke(world, BRAVO, ACME, { reason: 'policy_violation' }));
  },
};

/** The text with every diagram as the present code plays it. */
export function redrawn(text: string): string {
  return Object.entries(plays).reduce((current, [marker, play]) => {
    const pattern = new RegExp(`(<!-- ${marker} -->\n)[^]*?(<!-- /${marker} -->)`);
    return current.replace(pattern, (_, start: string, end: string) => {
      return `${start}\n\`\`\`mermaid\n${play()}\n\`\`\`\n\n${end}`;
    });
  }, text);
}

export function readReadme(): string {
  return readFileSync(README, 'utf8');
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split('/').slice(-2).join('/'))) {
  const text = readReadme();
  const current = redrawn(text);
  if (text === current) console.log('the diagrams of reference/trust/README.md are current');
  else if (process.argv.includes('--check')) {
    console.error('reference/trust/README.md is not current: npm run draw');
    process.exitCode = 1;
  } else writeFileSync(README, current);
}
