import type { SandboxParts } from '../parts.js';
import type { PlatformSimulator } from '../platform.js';

/** What the page shows, from its address: one platform, and a part of the company they share. */
export interface PageSelection {
  platform: PlatformSimulator;
  departmentId: number;
  query: string;
  page: number;
}

/** Reads the selection from the page's address; the first platform where none is named. */
export function selectionOf(url: URL, { platforms }: SandboxParts): PageSelection {
  const number = (name: string, fallback: number): number => {
    const value = Number(url.searchParams.get(name) ?? fallback);
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  const named = platforms.find(({ id }) => id === url.searchParams.get('platform'));
  return {
    platform: named ?? (platforms[0] as PlatformSimulator),
    departmentId: number('department', 1),
    query: url.searchParams.get('q') ?? '',
    page: number('page', 1),
  };
}

/** The address of another selection; the page of people begins anew unless it is the change. */
export function address(selection: PageSelection, change: Partial<PageSelection>): string {
  const { platform, departmentId, query, page } = { ...selection, page: 1, ...change };
  const parameters = new URLSearchParams({ platform: platform.id });
  if (departmentId > 1) parameters.set('department', String(departmentId));
  if (query !== '') parameters.set('q', query);
  if (page > 1) parameters.set('page', String(page));
  return `/?${parameters.toString()}`;
}
