/**
 * Living under the content security policy: style elements carry the nonce of this response, and no script may
 * write HTML.
 */

import { setNonce } from 'get-nonce';

/** The nonce that the server put into the page; empty where no policy is set, as on the dev server. */
export function styleNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce ?? '';
}

/**
 * Lets libraries fill `<style>` elements under Trusted Types.
 *
 * Mantine sets the rules of a style element through `innerHTML`, which `require-trusted-types-for 'script'`
 * refuses. A style element holds text and no markup, so setting its text means exactly the same and is allowed;
 * no policy that would bless real HTML is needed.
 */
export function prepareStyles(): void {
  setNonce(styleNonce());
  Object.defineProperty(HTMLStyleElement.prototype, 'innerHTML', {
    configurable: true,
    get(this: HTMLStyleElement) {
      return this.textContent;
    },
    set(this: HTMLStyleElement, rules: unknown) {
      this.textContent = String(rules);
    },
  });
}
