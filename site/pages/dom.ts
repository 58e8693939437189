/** The element with this id. */
export const element = <T extends HTMLElement = HTMLElement>(id: string): T =>
  document.getElementById(id) as T;

/** A new element with a text and attributes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = '',
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Shows what goes on below the buttons, or what went wrong. */
export function say(id: string, text: string, fault = false): void {
  const status = element(id);
  status.textContent = text;
  status.classList.toggle('fault', fault);
}

/** What a browser must have; the names of what is missing. */
export function missing(): string[] {
  const needs: readonly (readonly [string, boolean])[] = [
    ['WebAssembly', typeof WebAssembly === 'object'],
    ['workers', typeof Worker === 'function'],
    ['canvas', !!document.createElement('canvas').getContext('2d')],
  ];
  return needs.filter(([, there]) => !there).map(([name]) => name);
}

/** In the site, the documentation is a folder above. */
if (location.pathname.includes('/live/'))
  document.querySelector('header nav')?.append(make('a', 'Documentation', { href: '../' }));

/** Says on the page what is missing; whether all is there. */
export function canWork(status: string): boolean {
  const absent = missing();
  if (absent.length > 0) say(status, `This browser lacks ${absent.join(' and ')}. A newer one works.`, true);
  return absent.length === 0;
}

/** A place to which files are dropped, with a button that chooses them. */
export function dropZone(id: string, take: (files: readonly File[]) => void): void {
  const zone = element(id);
  const input = zone.querySelector('input')!;
  input.addEventListener('change', () => take([...(input.files ?? [])]));
  zone.querySelector('button')!.addEventListener('click', () => input.click());
  for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop'] as const)
    zone.addEventListener(kind, event => {
      event.preventDefault();
      zone.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
      if (kind === 'drop') take([...(event.dataTransfer?.files ?? [])]);
    });
}

/** Offers bytes or text as a file of this name. */
export function download(name: string, content: BlobPart, type = 'text/plain'): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  make('a', '', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
