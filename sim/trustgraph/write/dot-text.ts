/** An identifier of the DOT language: always quoted. */
export const dotId = (label: string) =>
  `"${label.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
