import { ActionIcon } from '@mantine/core';
import { IconMicrophone, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { playTime } from '@parley/kit/format';
import classes from './Body.module.css';

const speeds = [1, 1.5, 2] as const;

type Props = { url: string; isVoice: boolean; onGone: () => void };

/** Plays a voice note or another sound, with its time and three speeds. */
export function AudioPlayer({ url, isVoice, onGone }: Props) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setIsPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState(0);
  const toggle = () => {
    const sound = audio.current;
    if (!sound) return;
    if (sound.paused) void sound.play().catch(() => undefined);
    else sound.pause();
  };
  const faster = () => {
    const next = (speed + 1) % speeds.length;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = speeds[next] ?? 1;
  };
  const seek = (to: number) => {
    setAt(to);
    if (audio.current) audio.current.currentTime = to;
  };
  return (
    <div className={classes.audio} role="group" aria-label={t(isVoice ? 'kinds.voice' : 'kinds.audio')}>
      {/* What customers record has no caption track. */}
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onPlay={() => setIsPlaying(true)}
        onPause={() => setIsPlaying(false)}
        onEnded={() => seek(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) => setLength(event.currentTarget.duration)}
        onError={onGone}
      />
      <ActionIcon variant="filled" color="petrol" radius="xl" size={36} aria-label={t(isPlaying ? 'files.pause' : 'files.play')} onClick={toggle}>
        {isPlaying ? <IconPlayerPauseFilled size={17} /> : <IconPlayerPlayFilled size={17} className={classes.play} />}
      </ActionIcon>
      <div className={classes.track}>
        <input
          type="range"
          min={0}
          max={Number.isFinite(length) && length > 0 ? length : 1}
          step={0.1}
          value={at}
          aria-label={t('files.position')}
          aria-valuetext={playTime(at)}
          onChange={(event) => seek(Number(event.currentTarget.value))}
        />
        <span className={classes.cardSmall}>
          {isVoice && <IconMicrophone size={13} stroke={1.8} aria-hidden />}
          {playTime(isPlaying || at > 0 ? at : length)}
        </span>
      </div>
      <button type="button" className={classes.speed} aria-label={t('files.speed', { speed: speeds[speed] ?? 1 })} onClick={faster}>
        {speeds[speed]}×
      </button>
    </div>
  );
}
