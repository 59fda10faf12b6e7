/** What the demo prints. Chinese first, English beside it: whoever watches reads one of them. */

const interactive = process.stdout.isTTY;
const paint = (code: string, text: string): string =>
  interactive ? `\u001b[${code}m${text}\u001b[0m` : text;

const bold = (text: string): string => paint('1', text);
const dim = (text: string): string => paint('2', text);

const nameColumns = 19;

export interface Name {
  zh: string;
  en: string;
}

/** A heading, in both languages. */
export function title(zh: string, en: string): void {
  console.log(`\n${bold(zh)}  ${bold(en)}`);
}

/** A remark below a heading. */
export function note(zh: string, en: string): void {
  console.log(dim(`  ${zh}\n  ${en}`));
}

/** A line of a platform that went well. */
export function done(name: Name, text: string): void {
  clearProgress();
  console.log(`  ${paint('32', '✔')} ${nameOf(name)}${text}`);
}

/** A line of a platform, or of the whole, that did not. */
export function failed(name: Name, text: string): void {
  clearProgress();
  console.log(`  ${paint('31', '✘')} ${nameOf(name)}${text}`);
}

function nameOf({ zh, en }: Name): string {
  return padded(`${zh} ${en}`, nameColumns);
}

let progressShown = false;

/** A bar that redraws itself on a terminal; in a log file nothing is printed. */
export function progress(done: number, total: number, text: string): void {
  if (!interactive) return;
  const width = 32;
  const filled = total > 0 ? Math.round((Math.min(done, total) / total) * width) : 0;
  process.stdout.write(`\r  ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}\u001b[K`);
  progressShown = true;
}

/** Takes the bar away. */
export function clearProgress(): void {
  if (progressShown) process.stdout.write('\r\u001b[K');
  progressShown = false;
}

/** Rows of cells in aligned columns; East Asian widths are respected. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, columnsOf(cell));
    });
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => padded(cell, (widths[column] ?? 0) + 3)).join('')}`.trimEnd());
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(1, columns - columnsOf(text)));
}

/** How many columns a terminal uses: CJK characters and full-width signs take two. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text)
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        char,
      )
        ? 2
        : 1;
  return columns;
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
export const count = (value: number): string => value.toLocaleString('en-US');
