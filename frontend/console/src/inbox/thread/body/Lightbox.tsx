import { ActionIcon, Group, Modal, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconDownload, IconX, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attachment } from '@parley/kit/api';
import classes from './Lightbox.module.css';

type Props = { pictures: Attachment[]; startAt: number; onClose: () => void };

/** A picture over the whole window, with its neighbours. */
export function Lightbox({ pictures, startAt, onClose }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState(startAt);
  const [isLarge, setIsLarge] = useState(false);
  const picture = pictures[at];
  const go = (by: number) => {
    setIsLarge(false);
    setAt((before) => (before + by + pictures.length) % pictures.length);
  };
  useHotkeys([
    ['ArrowLeft', () => go(-1)],
    ['ArrowRight', () => go(1)],
  ]);
  if (!picture) return null;
  const name = picture.name ?? t('kinds.image');
  const url = picture.url ?? '';
  return (
    <Modal.Root opened onClose={onClose} fullScreen>
      <Modal.Overlay backgroundOpacity={0.85} />
      <Modal.Content className={classes.content ?? ''} aria-label={name}>
        <Modal.Body className={classes.body ?? ''}>
          <header className={classes.bar}>
            <Text truncate dir="auto">
              {name}
            </Text>
            <Group gap={4} wrap="nowrap">
              <ActionIcon aria-label={t(isLarge ? 'files.zoomOut' : 'files.zoomIn')} onClick={() => setIsLarge(!isLarge)}>
                {isLarge ? <IconZoomOut size={20} /> : <IconZoomIn size={20} />}
              </ActionIcon>
              <ActionIcon
                aria-label={t('files.download', { name })}
                component="a"
                href={url}
                download={picture.name ?? true}
              >
                <IconDownload size={20} />
              </ActionIcon>
              <ActionIcon aria-label={t('common.close')} onClick={onClose} data-autofocus>
                <IconX size={20} />
              </ActionIcon>
            </Group>
          </header>
          <div className={classes.stage} data-large={isLarge || undefined}>
            <img src={url} alt={name} />
          </div>
          {pictures.length > 1 && (
            <>
              <ActionIcon className={classes.previous ?? ''} size={44} aria-label={t('files.previous')} onClick={() => go(-1)}>
                <IconChevronLeft size={28} />
              </ActionIcon>
              <ActionIcon className={classes.next ?? ''} size={44} aria-label={t('files.next')} onClick={() => go(1)}>
                <IconChevronRight size={28} />
              </ActionIcon>
            </>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
