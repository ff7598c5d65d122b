/** The second line of a row: who said what, in a few words. */

import { useTranslation } from 'react-i18next';
import type { Conversation, MessageKind } from '@parley/kit/api';
import { useMe } from '../../session/session';
import { nameOf } from '../../app/words';

export type Preview = { prefix: string | null; text: string };

/** The words for what a message is, where its own words are missing. */
export function useKindName(): (kind: MessageKind) => string {
  const { t } = useTranslation();
  return (kind) => t(`kinds.${kind}`);
}

export function usePreview(row: Conversation): Preview {
  const { t } = useTranslation();
  const me = useMe();
  const kindName = useKindName();
  const last = row.last_message;
  if (!last) return { prefix: null, text: t('inbox.noMessages') };
  const text = last.preview ?? kindName(last.kind);
  if (last.direction === 'in') return { prefix: null, text };
  if (last.author.type === 'bot') return { prefix: t('inbox.prefixBot'), text };
  const isMine = last.author.id === me.member.id;
  return { prefix: isMine ? t('inbox.prefixYou') : t('inbox.prefixOther', { name: nameOf(last.author) }), text };
}
