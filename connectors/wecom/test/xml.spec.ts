import { describe, expect, it } from 'vitest';
import { parseXml as parseWithin, textOf } from '../src/events/xml.js';

const parseXml = (text: string) => parseWithin(text, { elements: 5_000, entities: 5_000 });

const refused = expect.objectContaining({ code: 'input_invalid' }) as unknown;
const fails = (text: string): unknown => {
  try {
    return parseXml(text);
  } catch (error) {
    return error;
  }
};

describe('XML', () => {
  it('keeps every value as text', () => {
    expect(parseXml('<xml><A>007</A><B>1e3</B><C>true</C><D> x </D><E/></xml>')).toMatchObject({
      A: '007',
      B: '1e3',
      C: 'true',
      D: 'x',
    });
  });

  it('leaves CDATA as it is, and knows the five entities of XML outside of it', () => {
    const content = parseXml(
      '<xml><A><![CDATA[a &amp; <b> <!DOCTYPE x> <?php ?>]]></A><B>a &amp; &lt;b&gt; &quot;&apos;</B></xml>',
    );
    expect(textOf(content, 'A')).toBe('a &amp; <b> <!DOCTYPE x> <?php ?>');
    expect(textOf(content, 'B')).toBe('a & <b> "\'');
  });

  it('joins CDATA that was split around its own end mark', () => {
    expect(textOf(parseXml('<xml><A><![CDATA[x]]]]><![CDATA[>y]]></A></xml>'), 'A')).toBe('x]]>y');
  });

  it('leaves entities that nobody declared as they stand', () => {
    expect(textOf(parseXml('<xml><A>&bomb;</A></xml>'), 'A')).toBe('&bomb;');
  });

  it.each([
    ['a DOCTYPE', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['a DOCTYPE in other letters', '<!doctype xml><xml><A>1</A></xml>'],
    ['a DOCTYPE after a comment', '<!-- --><!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>'],
    ['a DOCTYPE hidden behind CDATA', '<xml><![CDATA[x]]><!DOCTYPE xml><A>1</A></xml>'],
    ['an entity in the middle', '<xml><!ENTITY a "b"><A>&a;</A></xml>'],
    ['a parameter entity', '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x">%p;]><xml/>'],
    ['an open CDATA', '<xml><A><![CDATA[x</A></xml>'],
    ['an open comment', '<xml><!-- <A>1</A></xml>'],
    ['an open element', '<xml><A>1</xml>'],
    ['an end without a beginning', '<xml></A></xml>'],
    ['another root', '<html><A>1</A></html>'],
    ['text only', '<xml>hello</xml>'],
    ['nothing', ''],
    ['elements 30 levels deep', `<xml>${'<a>'.repeat(30)}x${'</a>'.repeat(30)}</xml>`],
    ['attributes', '<xml a="b"><A>1</A></xml>'],
    ['a tag of an odd name', '<xml><a:b>1</a:b></xml>'],
    ['more elements than allowed', `<xml>${'<a>1</a>'.repeat(8_000)}</xml>`],
    ['more entities than allowed', `<xml><A>${'&lt;'.repeat(5_001)}</A></xml>`],
    ['too much of it', `<xml><A>${'x'.repeat(600_000)}</A></xml>`],
  ])('%s is refused', (_name, text) => {
    expect(fails(text)).toEqual(refused);
  });

  it('a declaration is named as what it is', () => {
    expect(() => parseXml('<!DOCTYPE xml><xml><A>1</A></xml>')).toThrow(/declares a DOCTYPE or entities/);
  });

  it.each([
    ['many opening marks', `<xml>${'<'.repeat(400_000)}</xml>`],
    ['many CDATA beginnings', `<xml>${'<![CDATA['.repeat(50_000)}</xml>`],
    ['many comments', `<xml>${'<!--'.repeat(100_000)}</xml>`],
    ['many elements', `<xml>${'<a></a>'.repeat(70_000)}</xml>`],
    ['many attributes', `<xml ${'a="b" '.repeat(60_000)}></xml>`],
    ['many entities', `<xml><A>${'&amp;'.repeat(90_000)}</A></xml>`],
  ])('%s take no time', (_name, text) => {
    const began = performance.now();
    fails(text);
    expect(performance.now() - began).toBeLessThan(100);
  });

  it('an own value is told from one every object has', () => {
    expect(textOf({}, 'toString')).toBeUndefined();
    expect(textOf({ A: { B: 'x' } }, 'A')).toBeUndefined();
    expect(textOf({ A: '' }, 'A')).toBeUndefined();
  });
});
