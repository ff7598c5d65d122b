import { IconEraser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type {
  ChoiceContent,
  ContactsContent,
  FormContent,
  Interactive,
  LocationContent,
  Message,
  OrderContent,
  UnsupportedContent,
} from '@parley/kit/api';
import { useThread } from '../context';
import { Attachments } from './Attachments';
import { ChoiceCard, ContactCards, FormCard, LocationCard, OrderCard, UnsupportedCard } from './Cards';
import { InteractiveCard } from './InteractiveCard';
import { RichText } from './RichText';
import classes from './Body.module.css';

/** What a message is, shown as what it is. */
export function MessageBody({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { capabilities } = useThread();
  if (!message.is_readable) {
    return (
      <span className={classes.erased}>
        <IconEraser size={15} stroke={1.8} aria-hidden />
        {t('thread.erased')}
      </span>
    );
  }
  const showsText = message.text !== null && message.text !== '' && message.kind !== 'interactive';
  return (
    <>
      {message.attachments.length > 0 && <Attachments message={message} />}
      <Content message={message} />
      {showsText && message.kind !== 'choice' && (
        <RichText text={message.text ?? ''} hasMarks={capabilities?.formats !== 'plain'} />
      )}
    </>
  );
}

function Content({ message }: { message: Message }) {
  const { content } = message;
  if (message.kind === 'unsupported') return <UnsupportedCard content={content as UnsupportedContent | null} />;
  if (!content) return message.kind === 'choice' ? <RichText text={message.text ?? ''} hasMarks={false} /> : null;
  switch (message.kind) {
    case 'location':
      return <LocationCard content={content as LocationContent} />;
    case 'contacts':
      return <ContactCards content={content as ContactsContent} />;
    case 'choice':
      return <ChoiceCard content={content as ChoiceContent} />;
    case 'form':
      return <FormCard content={content as FormContent} />;
    case 'order':
      return <OrderCard content={content as OrderContent} />;
    case 'interactive':
      return <InteractiveCard content={content as Interactive} />;
    default:
      return null;
  }
}
