import { describe, expect, it } from 'vitest';
import type { Capabilities } from '@parley/kit/api';
import { refusal } from './uploads';

const capabilities = {
  media: {
    image: { max_bytes: 5_000_000, types: ['image/jpeg', 'image/png'] },
    document: { max_bytes: 100_000_000, types: ['application/pdf', 'image/tiff'] },
  },
} as unknown as Capabilities;

describe('what the channel takes', () => {
  it('is known before the upload', () => {
    expect(refusal({ type: 'image/png', size: 100 }, capabilities)).toBeNull();
    expect(refusal({ type: 'image/png', size: 6_000_000 }, capabilities)).toEqual({ key: 'tooLarge', limit: 5_000_000 });
    expect(refusal({ type: 'application/x-msdownload', size: 100 }, capabilities)).toEqual({ key: 'notTaken' });
    expect(refusal({ type: 'video/mp4', size: 100 }, capabilities)).toEqual({ key: 'notTaken' });
  });

  it('sends as a document what is no picture to the channel', () => {
    expect(refusal({ type: 'image/tiff', size: 6_000_000 }, capabilities)).toBeNull();
  });

  it('is left to the server while the channel is unknown', () => {
    expect(refusal({ type: 'video/mp4', size: 1e12 }, null)).toBeNull();
  });
});
