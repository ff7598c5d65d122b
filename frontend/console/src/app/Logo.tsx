/** Parley's mark: a speech bubble with two lines, drawn in the current scheme's brand colour. */
export function Logo({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        fill="var(--p-brand-solid)"
        d="M9 2h14a7 7 0 0 1 7 7v9a7 7 0 0 1-7 7h-7l-7.300 5.200A1 1 0 0 1 7 29.400V25A7 7 0 0 1 2 18V9a7 7 0 0 1 7-7Z"
      />
      <path fill="none" stroke="#fff" strokeWidth="2.600" strokeLinecap="round" d="M10 10.500h12M10 16h7" />
    </svg>
  );
}
