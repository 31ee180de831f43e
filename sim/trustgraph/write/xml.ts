/** Text inside XML. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Control characters have no place in XML 1.0, not even escaped. */
export const escapeXml = (value: string) =>
  value.replace(/[&<>"]/g, (each) => entities[each] ?? each).replace(/\p{Cc}/gu, '\ufffd');
