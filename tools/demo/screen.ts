/** What the demo prints. Chinese first, English beside it: whoever watches reads one of them. */

const interactive = process.stdout.isTTY;
const paint = (code: string, text: string): string =>
  interactive ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = (text: string): string => paint('1', text);
export const dim = (text: string): string => paint('2', text);

export function title(zh: string, en: string): void {
  console.log(`\n${bold(zh)}  ${bold(en)}`);
}

export function done(zh: string, en: string): void {
  clearProgress();
  console.log(`  ${paint('32', '✔')} ${zh}\n    ${dim(en)}`);
}

export function failed(zh: string, en: string): void {
  clearProgress();
  console.log(`  ${paint('31', '✘')} ${zh}\n    ${en}`);
}

let progressShown = false;

/** A bar that redraws itself on a terminal; in a log file it prints nothing until it is full. */
export function progress(done: number, total: number, text: string): void {
  if (!interactive) return;
  const width = 32;
  const filled = total > 0 ? Math.round((Math.min(done, total) / total) * width) : 0;
  process.stdout.write(`\r  ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}\u001b[K`);
  progressShown = true;
}

function clearProgress(): void {
  if (progressShown) process.stdout.write('\r\u001b[K');
  progressShown = false;
}

export interface ReportRow {
  zh: string;
  en: string;
  value: string;
}

/** Two columns, aligned for East Asian widths. */
export function table(rows: readonly ReportRow[]): void {
  const labels = rows.map(({ zh, en }) => `${zh} ${en}`);
  const width = Math.max(...labels.map(columnsOf));
  rows.forEach(({ value }, index) => {
    const label = labels[index] ?? '';
    console.log(`  ${label}${' '.repeat(width - columnsOf(label))}  ${value}`);
  });
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
