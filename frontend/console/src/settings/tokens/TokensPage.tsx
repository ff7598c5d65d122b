import { Button, Skeleton, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deleteToken, listTokens, type ApiToken } from '@parley/kit/api';
import { dateOnly, fullTime } from '@parley/kit/format';
import { askToConfirm } from '../../app/confirm';
import { useLocale } from '../../app/i18n';
import { keys } from '../../app/keys';
import { PaneProblem, PaneState } from '../../app/PaneState';
import { showProblem } from '../../app/problem';
import { useCan } from '../../session/session';
import { Room } from '../Room';
import { NewTokenDialog } from './NewTokenDialog';
import classes from '../Settings.module.css';

export function TokensPage() {
  const { t } = useTranslation();
  const canManage = useCan('tokens.manage');
  const [isMaking, setIsMaking] = useState(false);
  const action = canManage && (
    <Button leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />} onClick={() => setIsMaking(true)}>
      {t('tokens.create')}
    </Button>
  );
  return (
    <Room title={t('tokens.title')} intro={t('tokens.intro')} needs="tokens.manage" action={action}>
      {canManage && <Tokens />}
      {isMaking && <NewTokenDialog onClose={() => setIsMaking(false)} />}
    </Room>
  );
}

function Tokens() {
  const { t } = useTranslation();
  const tokens = useQuery({ queryKey: keys.tokens, queryFn: listTokens, staleTime: 0 });
  if (tokens.isPending) return <Skeleton h={140} radius="lg" />;
  if (tokens.isError) return <PaneProblem error={tokens.error} onRetry={tokens.refetch} />;
  if (tokens.data.items.length === 0) {
    return <PaneState icon={IconKey} title={t('tokens.emptyTitle')} text={t('tokens.emptyText')} />;
  }
  return (
    <ul className={classes.rows}>
      {tokens.data.items.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
    </ul>
  );
}

function TokenRow({ token }: { token: ApiToken }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const client = useQueryClient();
  const revoke = () =>
    askToConfirm({
      title: t('tokens.revokeTitle', { name: token.name }),
      text: t('tokens.revokeText'),
      confirm: t('tokens.revoke'),
      onConfirm: () => {
        deleteToken(token.id).then(() => client.invalidateQueries({ queryKey: keys.tokens }), showProblem);
      },
    });
  const facts = [
    `${token.prefix}…`,
    t(`roles.${token.role}.name`),
    `${t('tokens.created')} ${dateOnly(token.created_at, locale)}`,
    `${t('tokens.lastUsed')} ${token.last_used_at ? fullTime(token.last_used_at, locale) : t('common.never')}`,
    ...(token.expires_at ? [`${t('tokens.until')} ${dateOnly(token.expires_at, locale)}`] : []),
  ];
  return (
    <li data-testid="token-row">
      <IconKey size={20} stroke={1.6} aria-hidden />
      <div className={classes.grow}>
        <Text fw={600} truncate dir="auto">
          {token.name}
        </Text>
        <div className={classes.small}>{facts.join(' · ')}</div>
      </div>
      <Button size="compact-sm" variant="subtle" color="red" aria-label={t('tokens.revokeOf', { name: token.name })} onClick={revoke}>
        {t('tokens.revoke')}
      </Button>
    </li>
  );
}
