import { Skeleton, Table, Text } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listRoles } from '@parley/kit/api';
import { keys } from '../../app/keys';
import { PaneProblem } from '../../app/PaneState';
import { findWords } from '../../app/words';
import classes from '../Settings.module.css';

/** The one table of permissions, as the server keeps it. */
export function RolesTable() {
  const { t } = useTranslation();
  const roles = useQuery({ queryKey: keys.roles, queryFn: listRoles });
  if (roles.isPending) return <Skeleton h={320} radius="lg" />;
  if (roles.isError) return <PaneProblem error={roles.error} onRetry={roles.refetch} />;
  const rows = roles.data.items;
  const permissions = [...new Set(rows.flatMap((row) => row.permissions))];
  return (
    <>
      <Text c="dimmed" mb="md">
        {t('team.rolesIntro')}
      </Text>
      {/* A box that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.tableBox} tabIndex={0} role="region" aria-label={t('team.roles')}>
        <Table verticalSpacing={9} horizontalSpacing="md" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('team.permission')}</Table.Th>
              {rows.map((row) => (
                <Table.Th key={row.role} scope="col" ta="center">
                  {t(`roles.${row.role}.name`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {permissions.map((permission) => (
              <Table.Tr key={permission}>
                <Table.Th scope="row" fw={450}>
                  {findWords(`permissions.${permission}`) ?? permission}
                </Table.Th>
                {rows.map((row) => (
                  <Table.Td key={row.role} ta="center">
                    {row.permissions.includes(permission) ? (
                      <IconCheck size={18} stroke={2} className={classes.yes} role="img" aria-label={t('team.has')} />
                    ) : (
                      <IconMinus size={16} stroke={2} className={classes.no} role="img" aria-label={t('team.hasNot')} />
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}
