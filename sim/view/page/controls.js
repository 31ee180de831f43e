// Hands on the page: buttons, keys, wheel and fingers.
import { clampLanes } from './layout.js';
import { recordAt } from './pane.js';

/** A drag shorter than that is a click. */
const STILL_PIXELS = 4;

export function listen(hands) {
  const { by } = hands;
  onButtons(hands);
  onKeys(hands);
  for (const pane of hands.panes) onCanvas(hands, pane);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', hands.repaint);
  new ResizeObserver(hands.relay).observe(by('panes'));
}

function onButtons({ by, ...hands }) {
  const search = by('search');
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') hands.find(search.value, event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') search.blur();
  });
  const clicks = {
    back: () => hands.step(-1),
    forward: () => hands.step(1),
    cause: () => hands.follow('cause'),
    effect: () => hands.follow('effect'),
    nearer: () => hands.zoom(1.6),
    farther: () => hands.zoom(1 / 1.6),
    whole: () => hands.move(0, 0),
    previous: () => hands.find(search.value, -1),
    next: () => hands.find(search.value, 1),
    mermaid: () => openMermaid(by, hands.mermaid()),
    copy: () => navigator.clipboard?.writeText(by('diagram').value),
    close: () => by('exported').close(),
  };
  for (const [id, act] of Object.entries(clicks)) by(id).addEventListener('click', act);
  by('by-time').addEventListener('change', ({ target }) => hands.toggleTime(target.checked));
  by('concerned').addEventListener('change', ({ target }) => hands.toggleConcerned(target.checked));
  for (const box of document.querySelectorAll('[name=group]')) {
    box.addEventListener('change', () => hands.show(box.value, box.checked));
  }
  for (const button of document.querySelectorAll('button[data-tick]')) {
    button.addEventListener('click', () => hands.goTo(Number(button.dataset.tick)));
  }
}

function openMermaid(by, text) {
  by('diagram').value = text;
  by('exported').showModal();
  by('diagram').select();
}

function onKeys({ by, ...hands }) {
  const acts = {
    ArrowRight: () => hands.step(1),
    ArrowLeft: () => hands.step(-1),
    ArrowDown: () => hands.stepInLane(1),
    ArrowUp: () => hands.stepInLane(-1),
    c: () => hands.follow('cause'),
    e: () => hands.follow('effect'),
    '+': () => hands.zoom(1.6),
    '-': () => hands.zoom(1 / 1.6),
    '/': () => by('search').focus(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.target.closest('input, textarea, dialog') || event.ctrlKey || event.metaKey) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function onCanvas(hands, pane) {
  const { canvas } = pane;
  const placeOf = ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  let held = null;
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    const { firstLane } = pane;
    held = { ...placeOf(event), start: hands.view.start, firstLane, isDragged: false };
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!held) return;
    const { x, y } = placeOf(event);
    held.isDragged ||= Math.hypot(x - held.x, y - held.y) > STILL_PIXELS;
    if (!held.isDragged) return;
    hands.move(held.start - (x - held.x) / hands.view.scale);
    scrollTo(pane, held.firstLane - (y - held.y) / 26);
  });
  canvas.addEventListener('pointerup', (event) => {
    const isClick = held && !held.isDragged;
    held = null;
    const row = isClick ? recordAt(pane, hands.view, placeOf(event)) : null;
    if (row !== null) hands.select(pane.run.number, row, { isCentred: false });
  });
  canvas.addEventListener('pointercancel', () => {
    held = null;
  });
  canvas.addEventListener('wheel', (event) => onWheel(event, hands, pane, placeOf), {
    passive: false,
  });
}

function onWheel(event, hands, pane, placeOf) {
  const { deltaX, deltaY, ctrlKey, metaKey, shiftKey } = event;
  if (ctrlKey || metaKey) {
    event.preventDefault();
    return hands.zoom(deltaY < 0 ? 1.2 : 1 / 1.2, placeOf(event).x);
  }
  const across = shiftKey && deltaX === 0 ? deltaY : deltaX;
  if (Math.abs(across) > Math.abs(deltaY) || shiftKey) {
    event.preventDefault();
    return hands.move(hands.view.start + across / hands.view.scale);
  }
  // Where all lanes are in view the page scrolls, as everywhere.
  const before = pane.firstLane;
  scrollTo(pane, before + Math.sign(deltaY));
  if (pane.firstLane === before) return;
  event.preventDefault();
  hands.redraw();
}

function scrollTo(pane, lane) {
  pane.firstLane = Math.round(lane);
  clampLanes(pane);
}
