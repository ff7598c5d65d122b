import 'react';

declare module 'react' {
  // The custom properties that components set where styles are.
  interface CSSProperties {
    '--list-width'?: string;
  }
}
