/** Something that is made by the press of a plain button takes the button's place: focused, and then opened. */

import { useEffect, useRef, type RefObject } from 'react';

/** Gives the ref of the new button; `open` runs once, when the button has the focus that it shall get back later. */
export function useFirstPress(open: () => void): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current?.focus();
    open();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once
  }, []);
  return button;
}
