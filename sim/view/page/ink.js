// Colours of the drawing: those of the page, light or dark.

const names = {
  page: '--page',
  paper: '--paper',
  sunk: '--sunk',
  ink: '--ink',
  soft: '--soft',
  line: '--line',
  edge: '--edge',
  link: '--link',
  past: '--past',
  future: '--future',
  mark: '--mark',
  message: '--message',
  timer: '--timer',
  log: '--log',
  person: '--person',
  fault: '--warn-fill',
  faultTint: '--warn-tint',
  faultInk: '--warn-ink',
  broken: '--fail-fill',
  brokenInk: '--fail-ink',
  held: '--pass-fill',
};

export function readInk() {
  const style = getComputedStyle(document.documentElement);
  return {
    ...Object.fromEntries(
      Object.entries(names).map(([name, property]) => [
        name,
        style.getPropertyValue(property).trim(),
      ]),
    ),
    sans: style.getPropertyValue('--sans'),
    mono: style.getPropertyValue('--mono'),
  };
}

/** Of what kinds of record each group is, and its colour. */
export const groups = [
  { name: 'messages', kinds: ['sent', 'received'], ink: 'message' },
  { name: 'timers and links', kinds: ['noticed'], ink: 'timer' },
  { name: 'logs and audits', kinds: ['logged', 'audited'], ink: 'log' },
  { name: 'users', kinds: ['said', 'shown'], ink: 'person' },
  {
    name: 'operators and faults',
    kinds: ['commanded', 'started', 'crashed', 'plan', 'threw'],
    ink: 'fault',
  },
];

export function inkOfKinds(eventNames, ink) {
  return eventNames.map(
    (event) => ink[groups.find(({ kinds }) => kinds.includes(event))?.ink ?? 'ink'],
  );
}
