import { describe, expect, it } from 'vitest';
import { richText } from './richText';

const text = (words: string) => ({ kind: 'text', text: words });

describe('chat markup', () => {
  it('reads bold, italic, struck and code', () => {
    expect(richText('a *b _c_* ~d~', true)).toEqual([
      text('a '),
      { kind: 'bold', pieces: [text('b '), { kind: 'italic', pieces: [text('c')] }] },
      text(' '),
      { kind: 'struck', pieces: [text('d')] },
    ]);
    expect(richText('`*x*`', true)).toEqual([{ kind: 'code', text: '*x*' }]);
  });

  it('leaves sums and names alone', () => {
    expect(richText('2*3*4 and snake_case_name', true)).toEqual([text('2*3*4 and snake_case_name')]);
    expect(richText('*not bold*', false)).toEqual([text('*not bold*')]);
  });

  it('links addresses without the stop after them, and nothing but http', () => {
    expect(richText('see https://a.example/x_y_z?q=1.', true)).toEqual([
      text('see '),
      { kind: 'link', text: 'https://a.example/x_y_z?q=1', href: 'https://a.example/x_y_z?q=1' },
      text('.'),
    ]);
    expect(richText('www.shop.example', true)).toEqual([
      { kind: 'link', text: 'www.shop.example', href: 'https://www.shop.example' },
    ]);
     
    expect(richText('javascript:alert(1)', true)).toEqual([text('javascript:alert(1)')]);
  });
});
