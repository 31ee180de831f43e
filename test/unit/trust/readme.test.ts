import { expect, test } from 'vitest';
import { readReadme, redrawn } from './draw-readme.ts';

test('the diagrams of the README are what the code plays now', () => {
  const text = readReadme();
  expect(text).toContain('sequenceDiagram');
  expect(redrawn(text)).toBe(text);
});
