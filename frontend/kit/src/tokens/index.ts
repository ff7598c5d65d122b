/** The identity in numbers: what scripts need of it. Everything else is a variable in tokens.css. */

/** Petrol, from a breath to nearly black. */
export const petrol = [
  '#ebf6f8',
  '#d5eaef',
  '#a9d5df',
  '#79bfce',
  '#4fb6cb',
  '#1f93ab',
  '#107a91',
  '#0b6b7f',
  '#085668',
  '#063f4d',
] as const;

/** Warm stone for the light scheme's lines and fills. */
export const stone = [
  '#f9f8f5',
  '#f3f0ea',
  '#eae7e0',
  '#dcd7cc',
  '#cdc6b9',
  '#ada596',
  '#837d71',
  '#5c676b',
  '#465357',
  '#1a2426',
] as const;

/** Night for the dark scheme, from text to canvas. */
export const night = [
  '#e8edee',
  '#b6c1c5',
  '#93a0a5',
  '#6d7a80',
  '#3c484d',
  '#283135',
  '#1e2629',
  '#161c1f',
  '#11171a',
  '#0c1113',
] as const;

export const fontStack =
  'Inter, "SF Pro Text", "Segoe UI Variable Text", system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "Liberation Sans", sans-serif';
export const monoStack = 'ui-monospace, "SF Mono", "Cascadia Code", "Liberation Mono", monospace';

/** Where the number of columns changes, in CSS pixels. */
export const breakpoints = { phone: 720, narrow: 1024, wide: 1280 } as const;
