import type { LocalizedText } from '@trainbridge/connector-kit';

export type Language = keyof LocalizedText;

/**
 * The language to answer in: `zh-CN` when any form of Chinese is what the `Accept-Language` header likes best among
 * the two we speak, otherwise `en`.
 */
export function preferredLanguage(acceptLanguage: string | string[] | undefined): Language {
  const header = Array.isArray(acceptLanguage) ? acceptLanguage.join(',') : acceptLanguage;
  if (!header) return 'en';
  let best: { language: Language; quality: number } = { language: 'en', quality: 0 };
  for (const part of header.slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const primary = tag.split('-')[0];
    const language: Language | null = primary === 'zh' ? 'zh-CN' : primary === 'en' ? 'en' : null;
    if (!language) continue;
    const quality = Number(
      parameters
        .find((parameter) => parameter.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    if (quality > best.quality) best = { language, quality };
  }
  return best.language;
}

/** The text in one language; a plain string is the same in both. */
export function localize(text: string | LocalizedText, language: Language): string {
  return typeof text === 'string' ? text : text[language];
}
