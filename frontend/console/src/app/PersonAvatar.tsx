import { Avatar } from '@mantine/core';
import { initials } from '@parley/kit/format';
import classes from './PersonAvatar.module.css';

const HUES = 8;

/** A stable number for an id, so that a person keeps one colour. */
function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}

type Props = { name: string; id: string; size?: number; className?: string | undefined };

/** Initials on a quiet ground. The name stands beside it or in a label, so this is decoration. */
export function PersonAvatar({ name, id, size = 36, className }: Props) {
  return (
    <Avatar
      size={size}
      className={`${classes.avatar} ${className ?? ''}`}
      data-hue={hueOf(id)}
      aria-hidden
      radius="34%"
      styles={{ placeholder: { fontSize: Math.max(9, size * 0.36), fontWeight: 650 } }}
    >
      {initials(name)}
    </Avatar>
  );
}
