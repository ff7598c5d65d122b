import { Fragment, type ReactNode } from 'react';
import { richText, type Piece } from '@parley/kit/format';
import { useMembers } from '../../queries';
import classes from './Body.module.css';

type Props = { text: string; hasMarks: boolean; hasMentions?: boolean };

/** Words with the channel's own small markup and links. Nothing becomes HTML. */
export function RichText({ text, hasMarks, hasMentions = false }: Props) {
  return (
    <div className={classes.text} dir="auto">
      {draw(richText(text, hasMarks), hasMentions)}
    </div>
  );
}

function draw(pieces: Piece[], hasMentions: boolean): ReactNode {
  return pieces.map((piece, index) => <Fragment key={index}>{one(piece, hasMentions)}</Fragment>);
}

function one(piece: Piece, hasMentions: boolean): ReactNode {
  switch (piece.kind) {
    case 'text':
      return hasMentions ? <Mentions text={piece.text} /> : piece.text;
    case 'link':
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {piece.text}
        </a>
      );
    case 'code':
      return <code>{piece.text}</code>;
    case 'bold':
      return <strong>{draw(piece.pieces, hasMentions)}</strong>;
    case 'italic':
      return <em>{draw(piece.pieces, hasMentions)}</em>;
    case 'struck':
      return <s>{draw(piece.pieces, hasMentions)}</s>;
  }
}

/** Lets the names of members stand out where they are called with @. */
function Mentions({ text }: { text: string }) {
  const members = useMembers().data ?? [];
  const found = members.find((member) => text.includes(`@${member.display_name}`));
  if (!found) return text;
  const call = `@${found.display_name}`;
  const at = text.indexOf(call);
  return (
    <>
      {text.slice(0, at)}
      <span className={classes.mention}>{call}</span>
      <Mentions text={text.slice(at + call.length)} />
    </>
  );
}
