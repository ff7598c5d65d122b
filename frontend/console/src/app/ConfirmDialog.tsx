import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Question } from './confirm';

export function ConfirmDialog({ question, onClose }: { question: Question; onClose: () => void }) {
  const { t } = useTranslation();
  const confirm = () => {
    onClose();
    question.onConfirm();
  };
  return (
    <Modal opened onClose={onClose} title={question.title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Text>{question.text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('common.cancel')}
        </Button>
        <Button color="red" onClick={confirm}>
          {question.confirm}
        </Button>
      </Group>
    </Modal>
  );
}
