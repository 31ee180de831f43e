/** Every pair as CSV (RFC 4180). */
import type { PairForm } from './pairs-file.ts';

const PIECE_CHARACTERS = 1 << 20;
const HEADER = 'source,target,hops,score,level\n';

export function createCsvPairs(isNew: boolean): PairForm {
  const encoder = new TextEncoder();
  let text = isNew ? HEADER : '';
  const take = () => {
    const bytes = encoder.encode(text);
    text = '';
    return bytes;
  };
  return {
    add(source, target, hops, score, level) {
      text += `${quote(source)},${quote(target)},${hops},${score},${level}\n`;
    },
    piece: (all) => (text.length > (all ? 0 : PIECE_CHARACTERS) ? take() : null),
    state: () => null,
    end: take,
  };
}

const quote = (label: string) =>
  /[",\r\n]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label;
