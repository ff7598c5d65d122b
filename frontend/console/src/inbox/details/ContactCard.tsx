import { ActionIcon, Badge, CopyButton, TextInput, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconPencil, IconRosetteDiscountCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { renameContact, type Contact, type Identity } from '@parley/kit/api';
import { fullTime } from '@parley/kit/format';
import { ChannelGlyph } from '../../app/ChannelGlyph';
import { useLocale } from '../../app/i18n';
import { keys } from '../../app/keys';
import { PersonAvatar } from '../../app/PersonAvatar';
import { showProblem } from '../../app/problem';
import { useCan } from '../../session/session';
import { useInboxes } from '../queries';
import { Facts } from './Facts';
import { nameOf } from '../../app/words';
import classes from './Details.module.css';

export function ContactCard({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const inbox = useInboxes().data?.find((each) => each.id === contact.first_wrote_via?.inbox_id);
  const language = contact.locale
    ? new Intl.DisplayNames(locale, { type: 'language' }).of(contact.locale.replace('_', '-'))
    : null;
  const firstWrote = contact.first_wrote_at && fullTime(contact.first_wrote_at, locale);
  return (
    <section aria-label={t('details.contact')}>
      <div className={classes.head}>
        <PersonAvatar name={nameOf(contact)} id={contact.id} size={64} />
        <Name contact={contact} />
        {contact.is_restricted && (
          <Badge color="orange" variant="light">
            {t('details.restricted')}
          </Badge>
        )}
      </div>
      <ul className={classes.identities} aria-label={t('details.identities')}>
        {contact.identities.map((identity) => (
          <IdentityLine key={identity.id} identity={identity} />
        ))}
      </ul>
      <Facts
        facts={[
          [t('details.firstWrote'), firstWrote && (inbox ? t('details.firstWroteVia', { time: firstWrote, inbox: inbox.name }) : firstWrote)],
          [t('details.language'), language],
          [t('details.nameSource'), contact.name_source && sourceName(t, contact.name_source)],
        ]}
      />
    </section>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

function sourceName(t: Translate, source: string): string {
  if (source === 'member' || source === 'manual') return t('details.source.member');
  if (source === 'channel' || source === 'profile' || source === 'whatsapp') return t('details.source.channel');
  return source;
}

function IdentityLine({ identity }: { identity: Identity }) {
  const { t } = useTranslation();
  const shown = identity.display || identity.external_id;
  return (
    <li className={classes.identity}>
      <ChannelGlyph channel={identity.namespace.split(':')[0] ?? ''} />
      <span className="p-truncate" dir="ltr" title={identity.external_id}>
        {shown}
        {identity.username && shown !== `@${identity.username}` && <span className={classes.username}> @{identity.username}</span>}
      </span>
      {identity.is_verified && (
        <IconRosetteDiscountCheck size={17} stroke={1.7} className={classes.verified} aria-label={t('details.verified')} />
      )}
      <CopyButton value={shown}>
        {({ copied, copy }) => (
          <ActionIcon size={26} aria-label={t('details.copyIdentity', { identity: shown })} onClick={copy}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} stroke={1.7} />}
          </ActionIcon>
        )}
      </CopyButton>
    </li>
  );
}

/** The name, changed in place. */
function Name({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const canWrite = useCan('contacts.write');
  const [name, setName] = useState<string | null>(null);
  const renaming = useMutation({
    mutationFn: (next: string) => renameContact(contact.id, next),
    onSuccess: (fresh) => {
      client.setQueryData(keys.contact(contact.id), fresh);
      setName(null);
      // Rows and the thread carry the name too.
      void client.invalidateQueries({ queryKey: keys.lists });
      void client.invalidateQueries({ queryKey: ['conversation'] });
    },
    onError: showProblem,
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const next = name?.trim() ?? '';
    if (next && next !== contact.name) renaming.mutate(next);
    else setName(null);
  };
  if (name === null) {
    return (
      <div className={classes.name}>
        <h3 dir="auto">{nameOf(contact)}</h3>
        {canWrite && (
          <Tooltip label={t('details.rename')}>
            <ActionIcon size={26} aria-label={t('details.rename')} onClick={() => setName(contact.name ?? '')}>
              <IconPencil size={15} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    );
  }
  return (
    <form onSubmit={submit} className={classes.name}>
      <TextInput
        data-autofocus
        ref={(field) => field?.focus()}
        aria-label={t('details.name')}
        dir="auto"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setName(null)}
      />
      <ActionIcon type="submit" variant="light" color="petrol" loading={renaming.isPending} aria-label={t('common.save')}>
        <IconCheck size={17} />
      </ActionIcon>
      <ActionIcon aria-label={t('common.cancel')} onClick={() => setName(null)}>
        <IconX size={17} />
      </ActionIcon>
    </form>
  );
}
