import { Accordion, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PaneProblem } from '../../app/PaneState';
import { useContact, useConversation } from '../queries';
import { ContactCard } from './ContactCard';
import { ConversationFacts } from './ConversationFacts';
import { PreviousConversations } from './PreviousConversations';
import classes from './Details.module.css';

/** Who this is, what this conversation is, and what was before. */
export function Details({ id }: { id: string }) {
  const { t } = useTranslation();
  const conversation = useConversation(id).data;
  if (!conversation) return <DetailsSkeleton />;
  return (
    <div className={classes.details}>
      <Contact contactId={conversation.contact.id} />
      <Accordion
        multiple
        defaultValue={['conversation', 'previous']}
        variant="default"
        classNames={{
          item: classes.item ?? '',
          control: classes.control ?? '',
          label: classes.label ?? '',
          content: classes.content ?? '',
        }}
      >
        <Accordion.Item value="conversation">
          <Accordion.Control>{t('details.conversation')}</Accordion.Control>
          <Accordion.Panel>
            <ConversationFacts conversation={conversation} />
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="previous">
          <Accordion.Control>{t('details.previous')}</Accordion.Control>
          <Accordion.Panel>
            <PreviousConversations conversation={conversation} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </div>
  );
}

function Contact({ contactId }: { contactId: string }) {
  const contact = useContact(contactId);
  if (contact.isPending) return <DetailsSkeleton />;
  if (contact.isError) return <PaneProblem error={contact.error} onRetry={contact.refetch} />;
  return <ContactCard key={contact.data.id} contact={contact.data} />;
}

function DetailsSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')} className={classes.head}>
      <Skeleton circle h={64} />
      <Skeleton h={16} w={150} mt={10} />
      <Skeleton h={12} w={210} mt={10} />
    </div>
  );
}
