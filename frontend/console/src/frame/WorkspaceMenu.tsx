import { Menu, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { switchWorkspace } from '@parley/kit/api';
import { Logo } from '../app/Logo';
import { showProblem } from '../app/problem';
import { useMe } from '../session/session';
import classes from './AppFrame.module.css';

/** Enters another workspace. Everything in memory belongs to the old one, so the page starts anew. */
async function enter(id: string): Promise<void> {
  try {
    await switchWorkspace(id);
    window.location.assign('/inbox');
  } catch (error) {
    showProblem(error);
  }
}

export function WorkspaceMenu() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Menu position="right-start" offset={10} width={240}>
      <Menu.Target>
        <button
          type="button"
          className={classes.railItem}
          aria-label={t('frame.workspaceMenu', { name: me.workspace.name })}
        >
          <Logo size={32} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('frame.workspaces')}</Menu.Label>
        {me.workspaces.map((workspace) => {
          const isHere = workspace.id === me.workspace.id;
          return (
            <Menu.Item
              key={workspace.id}
              rightSection={isHere ? <IconCheck size={16} aria-label={t('frame.current')} /> : null}
              onClick={() => void (isHere ? null : enter(workspace.id))}
            >
              <Text fw={isHere ? 600 : 400} truncate dir="auto">
                {workspace.name}
              </Text>
            </Menu.Item>
          );
        })}
        {me.is_demo && (
          <Text fz="xs" c="dimmed" px="sm" py={6}>
            {t('frame.demo')}
          </Text>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
