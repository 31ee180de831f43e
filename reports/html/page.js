// What the page can do beyond reading: search, filters, links into closed parts, and the keyboard.
// Everything is in the page already; this only hides, opens and scrolls.
{
  const filters = document.querySelector('#filters');
  const search = document.querySelector('#search');
  const layer = document.querySelector('#layer');
  const level = document.querySelector('#level');
  const expand = document.querySelector('#expand');
  const found = document.querySelector('#found');
  const boxes = [...filters.querySelectorAll('[name=verdict]')];
  const groups = [...document.querySelectorAll('.group')];
  const items = [...document.querySelectorAll('.item')];

  /** Words of an item: its line, why, the requirements it names and the messages it exchanged. */
  const wordsOf = (item) =>
    [...item.querySelectorAll('summary, .because, .broken, .path, .plain, .hangs a')]
      .map((element) => element.textContent)
      .concat(item.closest('.group')?.querySelector('summary')?.textContent ?? '')
      .join(' ')
      .toLowerCase();
  const words = new Map();
  const haystack = (item) => {
    if (!words.has(item)) words.set(item, wordsOf(item));
    return words.get(item);
  };

  const wanted = () => {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    return (item) =>
      shown.has(item.dataset.verdict) &&
      (!layer.value || item.dataset.layer === layer.value) &&
      (!level.value || item.dataset.levels.includes(level.value)) &&
      terms.every((term) => haystack(item).includes(term));
  };

  const filtering = () =>
    Boolean(search.value.trim() || layer.value || level.value) || boxes.some((b) => !b.checked);

  const amount = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

  let openBefore = null;
  const apply = () => {
    const active = filtering();
    const matches = wanted();
    for (const item of items) item.hidden = !matches(item);
    if (active && !openBefore) openBefore = new Set(groups.filter((group) => group.open));
    for (const group of groups) {
      const any = group.querySelector('.item:not([hidden])') !== null;
      group.hidden = !any;
      if (active) group.open = any;
      else if (openBefore) group.open = openBefore.has(group);
    }
    if (!active) openBefore = null;
    const left = items.filter((item) => !item.hidden);
    const cases = left.filter((item) => item.classList.contains('case')).length;
    const rows = amount(left.length - cases, 'requirement');
    found.textContent = active ? `${rows}, ${amount(cases, 'case')}` : '';
  };

  const clear = () => {
    filters.reset();
    apply();
  };

  let pending = 0;
  const soon = () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(apply);
  };

  /** `#case-trust/…`, `#T-CHAL-06`, and a bare case id as the command line prints it. */
  const follow = () => {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // A stray per cent sign: look for it as it is.
    }
    const target = document.getElementById(id) ?? document.getElementById(`case-${id}`);
    if (!target) return;
    if (target.closest('[hidden]')) clear();
    for (let part = target; part; part = part.parentElement?.closest('details')) {
      if (part.localName === 'details') part.open = true;
    }
    const item = target.parentElement?.closest('details');
    const place = item ? item.querySelector('summary') : target;
    place.scrollIntoView({ block: 'start' });
    if (item) place.focus({ preventScroll: true });
  };

  const stops = () =>
    [...document.querySelectorAll('.group > summary, .item > summary, .reading > summary')].filter(
      (summary) => summary.checkVisibility(),
    );
  const move = (step) => {
    const all = stops();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };

  const expandAll = () => {
    const parts = [...groups, ...items].filter((part) => !part.hidden);
    const open = parts.some((part) => !part.open);
    for (const part of parts) part.open = open;
    expand.textContent = open ? 'Collapse all' : 'Expand all';
  };

  const keys = {
    '/': () => search.focus(),
    j: () => move(1),
    k: () => move(-1),
    e: expandAll,
    Escape: clear,
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches('input[type=search], select');
    if (typing && event.key !== 'Escape') return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    if (typing) event.target.blur();
    act();
  });

  // An opened item is one that a reader may want to send to somebody: the address follows it.
  document.addEventListener('click', (event) => {
    const summary = event.target.closest('.item > summary, .reading > summary');
    const body = summary?.parentElement.querySelector(':scope > .body');
    if (body?.id && !summary.parentElement.open) {
      history.replaceState(null, '', `#${encodeURIComponent(body.id).replaceAll('%2F', '/')}`);
    }
  });

  for (const line of document.querySelectorAll('.rerun')) {
    const copy = document.createElement('button');
    copy.type = 'button';
    copy.textContent = 'Copy';
    copy.addEventListener('click', async () => {
      const code = line.querySelector('code');
      try {
        await navigator.clipboard.writeText(code.textContent);
        copy.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);
      }
    });
    line.append(copy);
  }

  filters.addEventListener('input', soon);
  // Enter in the search goes to the first thing found.
  filters.addEventListener('submit', (event) => {
    event.preventDefault();
    apply();
    const first = items.find((item) => !item.hidden)?.querySelector('summary');
    first?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: 'center' });
  });
  expand.addEventListener('click', expandAll);
  addEventListener('hashchange', follow);
  filters.hidden = false;
  document.querySelector('.keys').hidden = false;
  follow();
}
